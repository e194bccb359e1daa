"""Versions: those that were tested stand in `constraints.txt`, and nothing older than its last known fault may be installed."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

if sys.version_info >= (3, 11):
	import tomllib
else:
	import tomli as tomllib

ROOT = Path(__file__).resolve().parents[2]
# What went wrong before, by package: a fault that somebody outside can use against us.
SOUND_SINCE = {
	# .netrc credentials sent to another host; certificates unchecked for the rest of a session
	"requests": "2.32.4",
	# a crafted Range header, and large forms, stop the service
	"starlette": "0.49.1",
	# malformed boundaries stop the service; a file's name leads out of the upload folder
	"python-multipart": "0.0.22",
	# chunked bodies read in two ways
	"h11": "0.16",
}


def numbers(version: str) -> tuple[int, ...]:
	return tuple(int(each) for each in re.findall(r"\d+", version))


def name_of(requirement: str) -> str:
	return re.split(r"[\[<>=~! ;]", requirement)[0].lower().replace("_", "-")


def requirements() -> list[str]:
	extras = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
	mine = [each for name, extra in extras.items() if name != "bench" for each in extra]
	return [*(ROOT / "requirements.txt").read_text().split(), *mine]


def constraints() -> dict[str, str]:
	lines = (ROOT / "constraints.txt").read_text().splitlines()
	pairs = [line.split("==") for line in lines if line and not line.startswith("#")]
	return {name_of(name): version.partition(";")[0] for name, version in pairs}


def test_every_requirement_has_a_tested_version_within_its_range():
	tested = constraints()
	for requirement in requirements():
		name = name_of(requirement)
		if name == "wuzapi-chatwoot" or "python_version" in requirement:
			continue
		assert name in tested, requirement
		floor = re.search(r">=([\d.]+)", requirement)
		assert floor is None or numbers(tested[name]) >= numbers(floor[1]), requirement


@pytest.mark.parametrize(("name", "version"), SOUND_SINCE.items())
def test_nothing_older_than_its_last_known_fault_is_installed(name, version):
	floors = [
		found[1]
		for requirement in requirements()
		if name_of(requirement) == name and (found := re.search(r">=([\d.]+)", requirement))
	]
	assert floors
	assert all(numbers(floor) >= numbers(version) for floor in floors)


@pytest.mark.parametrize("name", ["Makefile", "deploy/Dockerfile"])
def test_the_tested_versions_are_used(name):
	installs = [
		line for line in (ROOT / name).read_text().splitlines() if "pip install" in line and "[" in line
	]
	assert installs
	assert all("-c constraints.txt" in line for line in installs)
