"""One sandbox for all fault tests, and a new bridge for each."""

import pytest
from faults.traffic import Traffic
from processes import Installation, dismiss_guardian

# The gateway repeats a webhook after 50, 100, 200, … ms: fourteen tries last for some minutes. A shuffle window of
# any length makes WhatsApp's time stamps differ: within one second nothing else could tell the order, once a webhook
# has had to be repeated.
HABITS = {"gateway_webhook_tries": 14, "gateway_webhook_first_delay_ms": 50, "shuffle_window_ms": 1}
RECOVERIES = pytest.StashKey()
SETTINGS = {"fetch_seconds": 1, "settle_seconds": 0.5, "workers": 16}


@pytest.fixture(scope="session", autouse=True)
def guardian():
	yield
	dismiss_guardian()


@pytest.fixture(scope="session")
def installation(guardian, tmp_path_factory):
	with Installation(tmp_path_factory.mktemp("faults"), "--seed", "11") as installation:
		yield installation


@pytest.fixture
def begin(installation):
	"""Start a bridge with these settings and let every customer write once."""

	def begin(customers=8, **settings):
		bridge = installation.new_bridge(**{**SETTINGS, **settings})
		installation.sandbox.switch(**HABITS)
		bridge.start()
		return Traffic.begin(installation.sandbox, bridge, customers)

	yield begin
	installation.clear()


@pytest.fixture
def recovered(request):
	"""Keep how long a recovery took, to be shown when all tests are over."""
	times = request.config.stash.setdefault(RECOVERIES, [])
	return lambda seconds: times.append((request.node.name, seconds))


def pytest_terminal_summary(terminalreporter, config):
	times = config.stash.get(RECOVERIES, [])
	if times:
		terminalreporter.section("seconds from the end of the fault until all was there", sep="-")
	for name, seconds in times:
		terminalreporter.line(f"{seconds:6.1f}  {name}")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
	report = yield
	if report.failed and "installation" in item.funcargs:
		report.sections.extend(item.funcargs["installation"].outputs)
	return report
