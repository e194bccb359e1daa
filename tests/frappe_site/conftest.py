"""The site's processes, for tests that need a bench: run by `make test-frappe`, not collected without one."""

import os
import random
import sys
from itertools import count
from pathlib import Path

import pytest
from faults.traffic import Traffic
from frappe_site.customer import Customer

ON_A_BENCH = bool(os.environ.get("FRAPPE_BENCH") and os.environ.get("SITE"))
collect_ignore_glob = [] if ON_A_BENCH else ["*"]

# As in the fault tests of the standalone host: the gateway repeats its webhooks for some minutes.
HABITS = {"gateway_webhook_tries": 14, "gateway_webhook_first_delay_ms": 50, "shuffle_window_ms": 1}
# Webhooks of a burst are answered in any order, and on a busy machine the last of them long after the first: two web
# workers answer eight at once. What comes later than the settle window comes too late for its place.
SETTLE_SECONDS = 2
NUMBERS = count(447700903001)
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


@pytest.fixture(scope="module")
def shop(stack):
	"""A session with one worker, for all tests of a module: each has a customer of its own."""
	stack.begin(1, settle_seconds=0.1)
	yield stack
	stack.stop_workers()
	assert stack.faults() == []


@pytest.fixture
def customer(shop):
	"""Somebody new. Switches and settings are afterwards as they were."""
	switches = shop.sandbox.control("switches")
	customer = Customer(shop.sandbox, shop, str(next(NUMBERS)))
	yield customer
	shop.sandbox.control("switches", switches)
	customer.put_settings_back()


@pytest.fixture
def chance():
	"""Randomness that can be had again: the seed is shown when a test fails."""
	seed = random.SystemRandom().randrange(10_000)
	print(f"seed {seed}")
	return random.Random(seed)


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
	stack = item.funcargs.get("stack") or item.funcargs.get("shop")
	if stack is None and "customer" in item.funcargs:
		stack = item.funcargs["customer"].bridge
	if report.failed and stack is not None:
		report.sections.extend(stack.outputs)
	return report
