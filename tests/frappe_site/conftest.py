"""The site's processes, for tests that need a bench: run by `make test-frappe`, not collected without one."""

import os
import sys
from pathlib import Path

import pytest
from faults.traffic import Traffic

ON_A_BENCH = bool(os.environ.get("FRAPPE_BENCH") and os.environ.get("SITE"))
collect_ignore_glob = [] if ON_A_BENCH else ["*"]

# As in the fault tests of the standalone host: the gateway repeats its webhooks for some minutes.
HABITS = {"gateway_webhook_tries": 14, "gateway_webhook_first_delay_ms": 50, "shuffle_window_ms": 1}
# Webhooks of a burst are answered in any order, and on a busy machine the last of them long after the first: two web
# workers answer eight at once. What comes later than the settle window comes too late for its place.
SETTLE_SECONDS = 2
FIGURES = pytest.StashKey()


@pytest.fixture(scope="session")
def stack(tmp_path_factory):
	# Not at the top: where there is no bench, this file is read all the same.
	sys.path.append(str(Path(__file__).parent))
	from frappe_stack import Stack

	bench, site = Path(os.environ["FRAPPE_BENCH"]).resolve(), os.environ["SITE"]
	with Stack(bench, site, tmp_path_factory.mktemp("stack")) as stack:
		yield stack


@pytest.fixture
def begin(stack):
	"""Start so many workers, and let every customer write once."""

	def begin(customers=8, workers=2, **session):
		stack.begin(workers, **{"settle_seconds": SETTLE_SECONDS, **session})
		stack.sandbox.switch(**HABITS)
		return Traffic.begin(stack.sandbox, stack, customers)

	yield begin
	stack.stop_workers()


@pytest.fixture
def figures(request):
	"""Keep what a test has measured, to be shown when all are over."""
	kept = request.config.stash.setdefault(FIGURES, [])
	return lambda figure: kept.append(f"{request.node.name}: {figure}")


def pytest_terminal_summary(terminalreporter, config):
	kept = config.stash.get(FIGURES, [])
	if kept:
		terminalreporter.section("on a Frappe site", sep="-")
	for line in kept:
		terminalreporter.line(line)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
	report = yield
	if report.failed and "stack" in item.funcargs:
		report.sections.extend(item.funcargs["stack"].outputs)
	return report
