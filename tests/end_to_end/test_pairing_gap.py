"""Pairing over real HTTP, with the second that a connect takes: nothing but time is not real. No webhook reaches the bridge.

What a second connect right after a pairing does is the sandbox's trap (`tests/sandbox/test_gateway_line.py`).
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from processes import free_port, until
from standalone_world import ADMIN, TestClient, settings_in

from wuzapi_chatwoot.bridge.model.addresses import Address
from wuzapi_chatwoot.bridge.model.errors import Permanent
from wuzapi_chatwoot.bridge.model.events import SessionChanged, SessionState
from wuzapi_chatwoot.bridge.self_test.start_self_test import start_self_test
from wuzapi_chatwoot.gateways.wuzapi.event_names import EVENTS
from wuzapi_chatwoot.sandbox import defaults
from wuzapi_chatwoot.sandbox.options import GATEWAY_ADMIN_TOKEN
from wuzapi_chatwoot.sandbox.process import SandboxProcess
from wuzapi_chatwoot.standalone_host.web.app import create_app
from wuzapi_chatwoot.standalone_host.wiring.host import wire
from wuzapi_chatwoot.testkit.twins.clock import FixedClock

PHONE, FORMER = "447700903011", "447700903012"


class Number:
	"""A session at the sandbox's gateway, set up by the real clients."""

	def __init__(self, folder: Path, sandbox: SandboxProcess) -> None:
		self.sandbox, self.clock = sandbox, FixedClock()
		settings = settings_in(folder / "data", public_url=f"http://127.0.0.1:{free_port()}")
		object.__setattr__(settings, "sessions", {})
		self.host = wire(settings, clock=self.clock)
		self.http = TestClient(create_app(self.host))
		body = {
			"name": "workshop",
			"gateway_url": sandbox.gateway,
			"gateway_admin_token": GATEWAY_ADMIN_TOKEN,
			"chatwoot_url": sandbox.chatwoot,
			"chatwoot_token": defaults.CHATWOOT_TOKEN,
			"account_id": defaults.ACCOUNT_ID,
		}
		assert self("", body)["complete"]
		kept = self.host.sessions.kept("workshop")
		assert kept is not None
		self.key, self.token = kept.signing_key, kept.gateway_token

	def __call__(self, path: str, body: Any = None) -> Any:
		method = "GET" if body is None else "POST"
		answer = self.http.request(method, f"/admin/api/sessions{path}", json=body, headers=ADMIN)
		assert answer.status_code == 200, answer.text
		return answer.json()

	def gateway(self, method: str, path: str, body: Any = None) -> requests.Response:
		headers = {"token": self.token.value}
		return requests.request(method, self.sandbox.gateway + path, json=body, headers=headers, timeout=30)

	@property
	def status(self) -> dict[str, Any]:
		return self.gateway("GET", "/session/status").json()["data"]

	@property
	def id(self) -> str:
		return str(self.status["id"])

	def looks(self) -> None:
		"""The watchdog."""
		watcher = self.host.watcher
		watcher._look_at(self.host.bridge.sessions()["workshop"], watcher._of("workshop"))

	def told(self, state: SessionState, **more: Any) -> None:
		"""By a webhook."""
		self.host.store.note_session_change("workshop", SessionChanged(state, **more), self.clock.now())

	def phase(self) -> str:
		"""As the page and the terminal do: whoever reads `off` connects."""
		phase = str(self("/workshop/pairing")["phase"])
		if phase == "off":
			self("/workshop/connect", {})
		self.looks()
		return phase

	def pairs(self, phone: str = PHONE) -> None:
		self("/workshop/connect", {})
		until(lambda: self.phase() == "scan", "a code")
		self.clock.advance(27)
		self.sandbox.control("phone/scan", {"user": self.id, "phone": phone})

	def until_connected(self) -> None:
		until(lambda: self.phase() == "connected", "connected", 20, 0.1)


@pytest.fixture(scope="module")
def sandbox() -> Iterator[SandboxProcess]:
	with SandboxProcess("--seed", "5") as process:
		yield process


@pytest.fixture
def number(tmp_path: Path, sandbox: SandboxProcess) -> Iterator[Number]:
	sandbox.control("reset", {})
	number = Number(tmp_path, sandbox)
	yield number
	number.host.health.close()
	number.host.store.close()


def test_a_code_that_is_scanned_after_half_a_minute_pairs_the_number(number: Number) -> None:
	number.pairs()
	assert not number.status["connected"]
	number.until_connected()
	answer = number.gateway("POST", "/chat/send/text", {"Phone": "447700900123", "Body": "Good morning"})
	assert answer.status_code == 200, answer.text
	# Neither a second client nor a second device.
	[seen] = [each for each in number.sandbox.control("gateway/users")["users"] if each["id"] == number.id]
	assert (seen["logged_in"], seen["clients"]) == (True, 1)


def events_of(number: Number) -> tuple[set[str], set[str]]:
	stored = number.gateway("GET", "/webhook").json()["data"]["subscribe"]
	return set(stored), set(number.status["events"].split(","))


def test_an_old_release_goes_on_telling_of_everything(number: Number) -> None:
	number.sandbox.switch(gateway_before_june_2026=True)
	number.pairs()
	# Also while the code is on screen, and right after it was taken.
	assert events_of(number) == (set(EVENTS), set(EVENTS))
	number.until_connected()
	# A restart after which the gateway has lost sight of the session: the watchdog connects it again.
	number.sandbox.control("gateway/restart", {"user": number.id, "first_try_fails": True})
	until(lambda: not number.status["connected"], "the gateway has lost it")
	number.looks()
	number.clock.advance(600)
	number.looks()
	assert events_of(number) == (set(EVENTS), set(EVENTS))
	until(lambda: number.status["connected"], "connected again")


def test_the_number_that_was_paired_before_gets_no_test_message(number: Number) -> None:
	number.pairs(FORMER)
	number.until_connected()
	# From its database the gateway now knows the number, and goes on naming it through the next pairing.
	number.sandbox.control("gateway/restart", {})
	until(lambda: number.status["loggedIn"], "back")
	number.sandbox.control("phone/unlink", {"user": number.id})
	number.told(SessionState.LOGGED_OUT)
	number.pairs()
	number.told(SessionState.STARTING, address=Address.of_phone(PHONE))
	number.until_connected()
	assert number.status["jid"].startswith(FORMER)

	assert number("/workshop/pairing")["number"] == "+44 7700 903011"
	with pytest.raises(
		Permanent, match=r"its number is \+44 7700 903012, but .* is \+44 7700 903011: nothing was sent"
	):
		start_self_test(number.host.bridge, number.host.bridge.sessions()["workshop"])
	written = number.sandbox.control("counters")["gateway"]["messages"]
	assert written.get("sent_by_api", 0) == 0
