"""One sandbox and one bridge for all; every test has a customer of its own, and leaves the switches as they were."""

from itertools import count

import pytest
from end_to_end.scene import Scene
from processes import Installation

NUMBERS = count(447700902001)


@pytest.fixture(scope="session")
def installation(tmp_path_factory):
	with Installation(tmp_path_factory.mktemp("end-to-end"), "--seed", "5") as installation:
		# Nothing is fetched here after the start, so that calls can be counted.
		installation.new_bridge(settle_seconds=0.05, fetch_seconds=3600).start()
		yield installation
		assert installation.bridge.faults() == []


@pytest.fixture
def scene(installation):
	switches = installation.sandbox.control("switches")
	yield Scene(installation.sandbox, installation.bridge, str(next(NUMBERS)))
	installation.sandbox.control("switches", switches)


@pytest.fixture
def sandbox(scene):
	return scene.sandbox


@pytest.fixture
def bridge(scene):
	return scene.bridge


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
	report = yield
	if report.failed and item.funcargs.get("installation"):
		report.sections.extend(item.funcargs["installation"].outputs)
	return report
