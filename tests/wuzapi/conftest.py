"""What the WuzAPI tests share: the recorded payloads and what each must become."""

from __future__ import annotations

import copy
import json
import runpy
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
import responses
from responses import matchers

from wuzapi_chatwoot.bridge.model.events import Event
from wuzapi_chatwoot.bridge.model.records import Secret, Session
from wuzapi_chatwoot.bridge.ports.connector import WebhookRequest
from wuzapi_chatwoot.bridge.ports.gateway import Gateway
from wuzapi_chatwoot.gateways.wuzapi import WuzapiGateway, connector, pooled_http
from wuzapi_chatwoot.gateways.wuzapi.client.address_books import AddressBooks
from wuzapi_chatwoot.gateways.wuzapi.client.named_files import NamedFiles

HERE = Path(__file__).parent
PAYLOADS = HERE.parent / "payloads" / "wuzapi-webhooks"
CHATWOOT_PAYLOADS = HERE.parent / "payloads" / "chatwoot-webhooks"


@dataclass(frozen=True)
class Recorded:
	name: str
	body: bytes
	event: Event
	media: bytes | None

	@property
	def hook(self) -> dict[str, Any]:
		return json.loads(self.body)


def _expectations() -> list[Recorded]:
	events: dict[str, Event] = {}
	media: dict[str, bytes] = {}
	for file in sorted((HERE / "expected").glob("*.py")):
		names = runpy.run_path(str(file))
		events |= names["EXPECTED"]
		media |= names.get("MEDIA_BYTES", {})
	return [
		Recorded(name, (PAYLOADS / name).read_bytes(), event, media.get(name))
		for name, event in sorted(events.items())
	]


RECORDED = _expectations()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
	"""A test that takes `recorded` runs once for every payload that has an expectation."""
	if "recorded" in metafunc.fixturenames:
		metafunc.parametrize("recorded", RECORDED, ids=[recorded.name for recorded in RECORDED])


@pytest.fixture(scope="session")
def all_recorded() -> list[Recorded]:
	return RECORDED


@pytest.fixture(scope="session")
def payloads() -> Path:
	return PAYLOADS


@pytest.fixture(scope="session")
def chatwoot_payloads() -> list[bytes]:
	return [path.read_bytes() for path in sorted(CHATWOOT_PAYLOADS.glob("*.json"))]


@pytest.fixture(scope="session")
def as_json() -> Callable[[object], WebhookRequest]:
	"""A webhook in WuzAPI's JSON mode, from the bytes or the object."""

	def build(hook: object) -> WebhookRequest:
		body = hook if isinstance(hook, bytes) else json.dumps(hook).encode()
		return WebhookRequest(body, {"content-type": "application/json"})

	return build


@pytest.fixture(scope="session")
def as_form() -> Callable[[dict[str, Any]], WebhookRequest]:
	"""A webhook in WuzAPI's form mode: the object without `userID` and `instanceName`, which are fields."""

	def build(hook: dict[str, Any]) -> WebhookRequest:
		inner = {key: value for key, value in hook.items() if key not in ("userID", "instanceName")}
		fields = {
			"instanceName": hook.get("instanceName", ""),
			"jsonData": json.dumps(inner, ensure_ascii=False),
			"userID": hook.get("userID", ""),
		}
		return WebhookRequest(
			urlencode(fields).encode(), {"content-type": "application/x-www-form-urlencoded"}
		)

	return build


@pytest.fixture(scope="session")
def message_hook() -> Callable[..., dict[str, Any]]:
	"""Ana's text message with another content, other `Info` keys, other keys beside `event` and inside it."""
	text = json.loads((PAYLOADS / "message-text.json").read_bytes())

	def build(
		content: object,
		info: dict[str, Any] | None = None,
		event: dict[str, Any] | None = None,
		**beside: Any,
	) -> dict[str, Any]:
		hook = copy.deepcopy(text)
		hook["event"]["Message"] = content
		hook["event"]["Info"] |= info or {}
		hook["event"] |= event or {}
		return hook | beside

	return build


@pytest.fixture
def read_message(message_hook, as_json) -> Callable[..., Event]:
	"""The event of Ana's message with another content and other changes; takes what `message_hook` takes."""

	def read(content: object, **changes: Any) -> Event:
		reading = connector.read(as_json(message_hook(content, **changes)))
		assert connector.parse(reading.payload) == reading.event
		return reading.event

	return read


# ---- the gateway, without a network

BASE = "http://gateway.test:8080"
TOKEN = "front-desk-token"


@pytest.fixture
def http():
	with responses.RequestsMock() as mock:
		yield mock


@pytest.fixture
def gateway(new_gateway: Callable[..., Gateway]) -> Gateway:
	return new_gateway()


@pytest.fixture
def new_gateway() -> Callable[..., Gateway]:
	"""Made with what of its memories is given."""
	session = Session(
		name="front desk",
		gateway_url=f" {BASE}/ ",
		gateway_token=Secret(f"{TOKEN}\n"),
		chatwoot_url="http://chatwoot.test",
		chatwoot_token=Secret("x"),
		account_id=1,
		inbox_id=1,
		largest_file=1000,
	)
	http = pooled_http()
	# Nobody asks a name server, and nothing leaves the machine: `responses` answers.
	files = NamedFiles(
		session.gateway_url,
		http,
		(5, 30),
		public_http=pooled_http(),
		resolve=lambda host, port: ["93.184.216.34"],
	)

	def build(**memories: Any) -> Gateway:
		return WuzapiGateway(session, http, AddressBooks(lambda: 0.0), files, **memories)

	return build


@pytest.fixture
def expect(http) -> Callable[..., None]:
	"""Expect exactly this request, and answer it."""

	def expect(
		method: str, path: str, body: object = None, *, answer: object, query: Any = None, status: int = 200
	) -> None:
		match = [
			matchers.header_matcher({"token": TOKEN}),
			matchers.query_param_matcher(query or {}),
			matchers.json_params_matcher(body) if body is not None else _no_body,
		]
		http.add(method, BASE + path, json=answer, status=status, match=match)

	return expect


def _no_body(request: Any) -> tuple[bool, str]:
	return request.body is None, "a body where none belongs"
