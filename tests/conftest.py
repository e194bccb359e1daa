"""For all tests: how many examples Hypothesis makes, and which tests may run side by side.

Two marks come by folder, so that nobody forgets one; a single file of another folder sets `pytestmark` itself:

	browser     needs Chromium
	processes   starts the bridge or the sandbox as a process of its own

And one by hand, which pytest-cov knows:

	no_cover    covers no line that others do not, and takes four times as long while coverage looks on

Tests without a mark run in the process of pytest alone: each has folders and free ports of its own, and any of them may
run beside any other. Those with a mark share what is dear to start: a worker of pytest-xdist takes whole files
(`--dist loadfile`; the mark `xdist_group` does nothing with pytest 9.2, see issue 1386 of pytest-xdist).
"""

from __future__ import annotations

import gc
import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

HERE = Path(__file__).parent
FOLDERS = {
	"faults": "processes",
	"browser": "browser",
	"end_to_end": "processes",
	"sandbox": "processes",
	"desk": "browser",
}
# Files that wait much and work little, in the order in which they begin; the others fill up the time beside them.
FIRST = (
	"test_silence.py",
	"test_stops.py",
	"test_waiting_files.py",
	"test_sessions_standalone.py",
	"test_outages.py",
)

# The same examples every time, so that a change and not luck decides whether tests pass.
_common = {"derandomize": True, "deadline": None, "suppress_health_check": [HealthCheck.too_slow]}
settings.register_profile("usual", max_examples=25, **_common)
# `make test-thorough`: many, and others every time.
settings.register_profile("thorough", max_examples=500, **{**_common, "derandomize": False})
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "usual"))


def pytest_configure(config: pytest.Config) -> None:
	config.addinivalue_line("markers", "browser: needs Chromium")
	config.addinivalue_line("markers", "processes: starts the bridge or the sandbox as a process of its own")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
	for item in items:
		if mark := FOLDERS.get(folder_of(item)):
			item.add_marker(mark)
	items.sort(key=_place)


def _place(item: pytest.Item) -> tuple[int, int]:
	first = FIRST.index(item.path.name) if item.path.name in FIRST else len(FIRST)
	folders = [*FOLDERS, folder_of(item)]
	return first, folders.index(folder_of(item))


def folder_of(item: pytest.Item) -> str:
	return item.path.relative_to(HERE).parts[0] if HERE in item.path.parents else ""


def pytest_collection_finish() -> None:
	"""The collector goes through what a test makes, not through all that was imported and collected before it."""
	gc.collect()
	gc.freeze()
