"""The commands as somebody runs them, where the service listens. Test files import its fixtures."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pytest
import requests
import responses
from click.testing import CliRunner, Result
from standalone.admin_world import GATEWAY_ADMIN, Administrator
from standalone_world import StandaloneWorld, world_in

from wuzapi_chatwoot.standalone_host.__main__ import main

URL = "http://127.0.0.1:8080"
ADD = (
	*("sessions", "add", "workshop", "--gateway-url", "http://gateway.example"),
	*("--chatwoot-url", "http://chatwoot.example", "--account", "3"),
)
TOKENS = {"GATEWAY_ADMIN_TOKEN": GATEWAY_ADMIN, "CHATWOOT_TOKEN": "Fictional-Chatwoot-Token"}


class Terminal:
	"""Runs commands where the service listens."""

	def __init__(self, world: StandaloneWorld) -> None:
		self.world = world
		self.admin = Administrator(world)
		self.calls: list[str] = []

	def __call__(self, *arguments: str, input: str | None = None, **variables: str) -> Result:
		with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
			for method in ("GET", "POST"):
				mock.add_callback(
					method, re.compile(URL + "/.*"), self._served, content_type="application/json"
				)
			env = {"ADMIN_TOKEN": "Fictional-Admin-Token", **variables}
			result = CliRunner().invoke(main, arguments, input=input, env=env)
		for secret in self.admin.secrets:
			assert secret not in result.output
		return result

	def json(self, *arguments: str, **variables: str) -> object:
		return json.loads(self(*arguments, "--json", **variables).stdout)

	def _served(self, request: requests.PreparedRequest) -> tuple[int, dict[str, str], bytes]:
		self.calls.append(f"{request.method} {request.path_url}")
		answer = self.world.http.request(
			request.method, request.path_url, content=request.body, headers=dict(request.headers)
		)
		return answer.status_code, {}, answer.content


@pytest.fixture
def terminal(tmp_path) -> Iterator[Terminal]:
	with world_in(tmp_path / "data", sessions={}) as world:
		yield Terminal(world)


@pytest.fixture
def ready(terminal: Terminal) -> Terminal:
	"""With a session that is set up."""
	terminal.admin.sets_up()
	return terminal
