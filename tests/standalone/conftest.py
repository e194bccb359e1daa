"""Fixtures of the standalone host's tests."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from standalone_world import StandaloneWorld, world_in

from wuzapi_chatwoot.standalone_host.config.settings_fields import Environment, SessionFields, SessionsFile

VARIABLES = {
	name.upper() for model in (Environment, SessionFields, SessionsFile) for name in model.model_fields
}


@pytest.fixture(autouse=True)
def alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
	"""Neither the machine's environment nor a `.env` of the checkout has a say."""
	folder = tmp_path / "cwd"
	folder.mkdir()
	monkeypatch.chdir(folder)
	for name in VARIABLES:
		monkeypatch.delenv(name, raising=False)
		monkeypatch.delenv(name.lower(), raising=False)
	return folder


@pytest.fixture(params=["environment", ".env"])
def where(request: pytest.FixtureRequest) -> str:
	return request.param


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch, alone: Path):
	"""Put variables where they are to be read from."""

	def put(variables: dict[str, str], where: str = "environment") -> None:
		if where == ".env":
			(alone / ".env").write_text("".join(f"{key}='{value}'\n" for key, value in variables.items()))
		else:
			for key, value in variables.items():
				monkeypatch.setenv(key, value)

	return put


@pytest.fixture
def sessions_file(given, alone: Path):
	"""Write a sessions file and name it."""

	def write(text: str | bytes) -> Path:
		path = alone / "sessions.toml"
		path.write_bytes(text if isinstance(text, bytes) else text.encode())
		given({"SESSIONS_FILE": "sessions.toml"})
		return path

	return write


@pytest.fixture
def world(tmp_path: Path) -> Iterator[StandaloneWorld]:
	with world_in(tmp_path / "data") as world:
		yield world


@pytest.fixture(autouse=True)
def usual_logs() -> Iterator[None]:
	"""Logging as it was: `set_up_logs` changes it for the whole process."""
	root = logging.getLogger()
	handlers, level = list(root.handlers), root.level
	yield
	structlog.reset_defaults()
	for handler in [each for each in root.handlers if each not in handlers]:
		root.removeHandler(handler)
	root.setLevel(level)
