"""How `make test-frappe` judges its parts, and what it says to people in the wrong place. Needs no bench."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

FOLDER = Path(__file__).resolve().parents[1] / "frappe_site"


@pytest.fixture(scope="module")
def all_parts() -> ModuleType:
	spec = importlib.util.spec_from_file_location("all_parts", FOLDER / "all_parts.py")
	assert spec is not None
	assert spec.loader is not None
	module = importlib.util.module_from_spec(spec)
	sys.modules["all_parts"] = module
	spec.loader.exec_module(module)
	return module


@pytest.mark.parametrize(
	("code", "output", "passed"),
	[
		(0, b"...\nRan 3 tests in 1.2s\n\nOK\n", True),
		(1, b"F..\nRan 3 tests in 1.2s\n\nFAILED (failures=1)\n", False),
		(0, b"Testing is disabled for the site!\n", False),
		(0, b"Ran 0 tests in 0.0s\n\nOK\n", False),
		(1, b"Traceback (most recent call last):\n", False),
	],
)
def test_a_part_passes_when_its_tests_ran_and_passed(
	all_parts: ModuleType, code: int, output: bytes, passed: bool
) -> None:
	assert all_parts.judged("part", code, output).passed is passed


def test_all_parts_run_and_one_that_failed_is_the_result(
	all_parts: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
	results = iter([False, True])
	monkeypatch.setattr(all_parts.prepare, "main", lambda *_: None)
	monkeypatch.setattr(all_parts.prepare, "build", lambda *_: None)
	monkeypatch.setattr(all_parts, "in_the_package", lambda *_: all_parts.Part("one", passed=True))
	monkeypatch.setattr(all_parts, "with_pytest", lambda name, *_: all_parts.Part(name, passed=next(results)))
	monkeypatch.setattr(all_parts, "own_redis", lambda folder: _nothing())
	assert all_parts.main(tmp_path, "test.localhost") == 1
	lines = capsys.readouterr().out.split("\n")
	assert [line.split()[0] for line in lines if line.startswith("  ")] == ["passed", "FAILED", "passed"]


def test_the_wrong_checkout_is_told_where_to_go(tmp_path: Path) -> None:
	bench = tmp_path / "bench"
	(bench / "sites" / "test.localhost").mkdir(parents=True)
	(bench / "sites" / "test.localhost" / "site_config.json").write_text("{}")
	(bench / "apps" / "wuzapi_chatwoot").mkdir(parents=True)
	run = subprocess.run(
		[sys.executable, FOLDER / "prepare.py", bench, "test.localhost"], capture_output=True, text=True
	)
	assert run.returncode == 1
	assert "run make test-frappe there" in run.stderr
	assert str(bench / "apps" / "wuzapi_chatwoot") in run.stderr


class _nothing:
	def __enter__(self) -> str:
		return "redis://127.0.0.1:1"

	def __exit__(self, *_: object) -> None:
		pass
