"""A sandbox that lacks a package says so at its start, not with a 500 at the first file."""

from __future__ import annotations

import subprocess
import sys

import pytest

from wuzapi_chatwoot.sandbox import __main__ as program
from wuzapi_chatwoot.sandbox import requirements

_WITHOUT = """
import importlib.util, sys
find = importlib.util.find_spec
importlib.util.find_spec = lambda name, *rest: None if name == "python_multipart" else find(name, *rest)
import runpy
sys.argv = ["sandbox"]
runpy.run_module("wuzapi_chatwoot.sandbox", run_name="__main__")
"""


def test_without_the_multipart_parser_it_does_not_start() -> None:
	run = subprocess.run([sys.executable, "-c", _WITHOUT], capture_output=True, text=True, timeout=60)
	assert run.returncode == 1
	assert "pip install" in run.stderr
	assert "python-multipart" in run.stderr
	assert run.stdout == ""


def test_all_that_is_missing_is_named(
	monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
	monkeypatch.setattr(requirements, "find_spec", lambda name: None)
	assert program.main([]) == 1
	assert "python-multipart, httpx, uvicorn, starlette" in capsys.readouterr().err


def test_nothing_is_missing_here() -> None:
	requirements.require_packages()
