"""`make test` leaves no test out, runs every part and fails when any of them does."""

from __future__ import annotations

import importlib.util
import subprocess
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest

FILE = Path(__file__).resolve().parents[1] / "all_parts.py"


@pytest.fixture
def all_parts() -> ModuleType:
	spec = importlib.util.spec_from_file_location("all_parts_of_make_test", FILE)
	assert spec is not None
	assert spec.loader is not None
	module = importlib.util.module_from_spec(spec)
	spec.loader.exec_module(module)
	return module


def test_every_test_is_in_exactly_one_part(all_parts: ModuleType) -> None:
	choices = [
		command[command.index("-m") + 1]
		for part in all_parts.OF_MAKE_TEST
		for command in all_parts.PARTS[part]
		if command[0] == "pytest"
	]
	one, other = sorted(choices, key=len)
	assert other == f"not ({one})"


def test_every_part_runs_and_one_that_failed_is_the_result(
	all_parts: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
	ran: list[str] = []

	def run(command: list[object], **_: object) -> SimpleNamespace:
		ran.append(Path(str(command[0])).name)
		return SimpleNamespace(returncode=int(ran[-1] == "mypy"))

	monkeypatch.setattr(subprocess, "run", run)
	assert all_parts.main([]) == 1
	assert ran == ["ruff", "ruff", "lint-imports", "mypy", "pytest", "pytest"]
	lines = [line.split()[:2] for line in capsys.readouterr().out.splitlines() if line.startswith("  ")]
	assert lines == [
		["passed", "lint"],
		["FAILED", "types"],
		["passed", "in-process"],
		["passed", "processes"],
	]


def test_all_passed_is_success(all_parts: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
	monkeypatch.setattr(subprocess, "run", lambda *_, **__: SimpleNamespace(returncode=0))
	assert all_parts.main([]) == 0
