"""One sandbox for all fault tests, and a new bridge for each."""

from functools import partial

import pytest
from faults.traffic import Traffic
from processes import Installation, until

# The gateway repeats a webhook after 50, 100, 200, … ms: fourteen tries last for some minutes. A shuffle window of
# any length makes WhatsApp's time stamps differ: within one second nothing else could tell the order, once a webhook
# has had to be repeated.
HABITS = {"gateway_webhook_tries": 14, "gateway_webhook_first_delay_ms": 50, "shuffle_window_ms": 1}
RECOVERED = "seconds until all was there"
SETTINGS = {"fetch_seconds": 1, "settle_seconds": 0.5, "workers": 16}


@pytest.fixture(scope="session")
def installation(tmp_path_factory):
	with Installation(tmp_path_factory.mktemp("faults"), "--seed", "11") as installation:
		yield installation


@pytest.fixture
def begin(installation):
	"""Start a bridge with these settings and let every customer write once."""

	yield partial(_begin, installation)
	installation.clear()


def _begin(installation, customers=8, **settings):
	bridge = installation.new_bridge(**{**SETTINGS, **settings})
	installation.sandbox.switch(**HABITS)
	bridge.start()
	return Traffic.begin(installation.sandbox, bridge, customers)


@pytest.fixture
def silence(tmp_path_factory):
	"""Traffic in which three answers of each side never came.

	Getting over that takes time, and nothing but time: so it begins before all others, beside which it waits.
	"""
	with Installation(tmp_path_factory.mktemp("silence")) as installation:
		traffic = _begin(installation)
		lost = {"count": 3, "mode": "hang"}
		traffic.sandbox.switch(
			chatwoot_store_then_timeout=lost, gateway_store_then_timeout=lost, auto_deliver=False
		)
		traffic.burst(5)
		until(lambda: _all_hang(traffic), "three answers of each side do not come")
		# The bridge's patience with a gateway is long, and rightly so. This one ends it by starting again.
		traffic.sandbox.switch(gateway_down=True)
		traffic.sandbox.switch(gateway_down=False)
		yield traffic


def _all_hang(traffic):
	switches = traffic.sandbox.control("switches")
	return not any(switches[f"{side}_store_then_timeout"]["count"] for side in ("chatwoot", "gateway"))


@pytest.fixture
def recovered(request):
	"""Keep how long a recovery took, to be shown when all tests are over."""
	return lambda seconds: request.node.user_properties.append((RECOVERED, seconds))


def pytest_terminal_summary(terminalreporter):
	times = [
		(report.nodeid.rpartition("::")[2].partition("@")[0], seconds)
		for report in terminalreporter.getreports("passed")
		if report.when == "call"
		for name, seconds in report.user_properties
		if name == RECOVERED
	]
	if times:
		terminalreporter.section("seconds from the end of the fault until all was there", sep="-")
	for name, seconds in times:
		terminalreporter.line(f"{seconds:6.1f}  {name}")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
	report = yield
	if report.failed and item.funcargs.get("installation"):
		report.sections.extend(item.funcargs["installation"].outputs)
	return report
