"""For all tests: the same examples every time, so that a change and not luck decides whether they pass."""

from hypothesis import HealthCheck, settings

settings.register_profile(
	"repeatable", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("repeatable")
