"""The admin API as somebody uses it, between the twins of gateway and Chatwoot. Test files import its fixture."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Event
from typing import Any

import httpx
import pytest
from standalone_world import ADMIN, StandaloneWorld, world_in

from wuzapi_chatwoot.bridge.model.addresses import Address
from wuzapi_chatwoot.bridge.ports.chatwoot_setup import Inbox
from wuzapi_chatwoot.testkit.twins.fake_chatwoot import FakeChatwoot
from wuzapi_chatwoot.testkit.twins.fake_chatwoot_setup import FakeChatwootSetup
from wuzapi_chatwoot.testkit.twins.fake_gateway import FakeGateway
from wuzapi_chatwoot.testkit.twins.fake_gateway_setup import FakeGatewayAccount

OWN = Address.of_phone("+12025550100")
PICTURE = "data:image/png;base64,FIRST"
GATEWAY_ADMIN = "Fictional-Gateway-Admin-Token"
NEW = {
	"name": "workshop",
	"gateway_url": "http://gateway.example/",
	"gateway_admin_token": GATEWAY_ADMIN,
	"chatwoot_url": "http://chatwoot.example/",
	"chatwoot_token": "Fictional-Chatwoot-Token",
	"account_id": 3,
}
API = "/admin/api/sessions"


@pytest.fixture
def world(tmp_path) -> Iterator[StandaloneWorld]:
	"""Without a session."""
	with world_in(tmp_path / "data", sessions={}) as world:
		yield world


class Administrator:
	"""Every answer is looked through for secrets."""

	def __init__(self, world: StandaloneWorld) -> None:
		self.world = world

	def get(self, path: str = "") -> httpx.Response:
		return self._clean(self.world.http.get(API + path, headers=ADMIN))

	def post(self, path: str = "", body: Any = None, **fields: Any) -> httpx.Response:
		given = fields if body is None else body
		return self._clean(self.world.http.post(API + path, json=given, headers=ADMIN))

	def does(self, path: str, **fields: Any) -> dict[str, Any]:
		answer = self.post(path, **fields)
		assert answer.status_code == 200, answer.text
		return answer.json()

	def asks(self, path: str = "") -> dict[str, Any]:
		answer = self.get(path)
		assert answer.status_code == 200, answer.text
		return answer.json()

	def refused(self, path: str, **fields: Any) -> tuple[int, str]:
		answer = self.post(path, **fields)
		assert answer.status_code >= 400, answer.text
		assert list(answer.json()) == ["detail"]
		return answer.status_code, answer.json()["detail"]

	# ---- steps that most tests begin with

	def sets_up(self, **changes: Any) -> dict[str, Any]:
		name = changes.get("name", NEW["name"])
		self.world.gateways.setdefault(name, FakeGateway())
		self.world.chatwoots.setdefault(name, FakeChatwoot(account_id=3, inbox_id=1, clock=self.world.clock))
		body = {key: value for key, value in {**NEW, **changes}.items() if value is not None}
		return self.does("", **body)

	@property
	def user(self) -> FakeGatewayAccount:
		"""On the gateway; the only one."""
		[account] = self.world.users.accounts.values()
		return account

	def pairs(self) -> None:
		self.does("/workshop/connect")
		self.user.show_qr(PICTURE)
		self.user.pair(OWN)
		self.user.used_address = OWN

	@property
	def secrets(self) -> list[str]:
		kept = [self.world.host.sessions.kept(name) for name in self.world.host.sessions.names]
		told = ["Fictional-", GATEWAY_ADMIN]
		for each in filter(None, kept):
			told += [each.gateway_token.value, each.signing_key.value, each.webhook_token.value]
			told += [each.chatwoot_token.value]
			told += [each.chatwoot_secret.value] if each.chatwoot_secret else []
			told += [past.secret.value for past in (*each.past_signing_keys, *each.past_chatwoot_secrets)]
		return told

	def _clean(self, answer: httpx.Response) -> httpx.Response:
		for secret in self.secrets:
			assert secret not in answer.text
		return answer


class HeldChatwoot(FakeChatwootSetup):
	"""Waits before it makes or removes an inbox, until it is let go."""

	def __init__(self, **given: Any) -> None:
		super().__init__(**given)
		self.reached, self.go = Event(), Event()

	def create_inbox(self, name: str, callback: str) -> Inbox:
		self._wait()
		return super().create_inbox(name, callback)

	def delete_inbox(self, id: int) -> None:
		self._wait()
		super().delete_inbox(id)

	def _wait(self) -> None:
		self.reached.set()
		assert self.go.wait(30), "nobody has let it go"


def states_of(report: dict[str, Any]) -> dict[str, str]:
	return {step["name"]: step["state"] for step in report["steps"]}


def failed(report: dict[str, Any]) -> tuple[str, str]:
	"""The step that failed, and its sentence."""
	assert not report["complete"]
	[step] = [step for step in report["steps"] if step["state"] == "failed"]
	return step["name"], step["sentence"]
