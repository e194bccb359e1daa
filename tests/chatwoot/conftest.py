"""A Chatwoot made of recorded answers. Every request to it is checked against `schema.json`."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from datetime import datetime, timezone
from email import message_from_bytes
from email.policy import HTTP
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import jsonschema
import pytest
import requests
import responses

from wuzapi_chatwoot.bridge.model.records import Secret, Session
from wuzapi_chatwoot.bridge.ports.chatwoot import Post
from wuzapi_chatwoot.chatwoot import ChatwootInbox, new_http
from wuzapi_chatwoot.chatwoot.client.customer_typing import InboxIdentifiers
from wuzapi_chatwoot.chatwoot.files.attachments import Attachments
from wuzapi_chatwoot.net.multipart_body import MultipartBody
from wuzapi_chatwoot.net.public_http import Resolve, new_public_http

ACCOUNT = "https://chat.example.com/api/v1/accounts/3"
TOKEN = "FictionalToken0001"
SCHEMA = json.loads((Path(__file__).parent / "schema.json").read_text(encoding="utf-8"))

SESSION = Session(
	name="loja",
	gateway_url="http://wuzapi.internal:8080",
	gateway_token=Secret("unused here"),
	chatwoot_url="https://chat.example.com",
	chatwoot_token=Secret(TOKEN),
	account_id=3,
	inbox_id=7,
)


@pytest.fixture
def session() -> Session:
	return SESSION


@pytest.fixture
def account() -> str:
	"""The URL below which all calls of the session's account are."""
	return ACCOUNT


@pytest.fixture
def origin() -> str:
	"""The URL below which the public calls are."""
	return SESSION.chatwoot_url


@pytest.fixture
def chatwoot() -> Iterator[responses.RequestsMock]:
	"""Register answers here; each must be asked for, and every API request must keep to the schema."""
	with responses.RequestsMock() as mock:
		yield mock
		for call in mock.calls:
			if "/api/v1/" in str(call.request.url):
				check_request(call.request)


@pytest.fixture
def pauses() -> list[float]:
	"""How long the client would have slept."""
	return []


@pytest.fixture
def addresses() -> dict[str, list[str]]:
	"""What host names resolve to; others do not."""
	return {"storage.example.net": ["93.184.216.34"], "chat.example.com": ["10.0.0.5"]}


@pytest.fixture
def resolve(addresses: dict[str, list[str]]) -> Resolve:
	def look_up(host: str, port: int) -> list[str]:
		if host not in addresses:
			raise OSError("no such name")
		return addresses[host]

	return look_up


@pytest.fixture
def inbox(pauses: list[float], resolve: Resolve) -> Iterator[ChatwootInbox]:
	with new_http() as http, new_public_http() as public_http:
		yield ChatwootInbox(
			SESSION,
			http=http,
			public_http=public_http,
			sleep=pauses.append,
			resolve=resolve,
			identifiers=InboxIdentifiers(),
		)


@pytest.fixture
def files(pauses: list[float], resolve: Resolve) -> Iterator[Attachments]:
	"""What `inbox` fetches attachments with."""
	url = SESSION.chatwoot_url
	with new_http() as http, new_public_http() as public_http:
		yield Attachments(url, http, public_http=public_http, sleep=pauses.append, resolve=resolve)


@pytest.fixture
def post() -> Callable[..., Post]:
	"""Make a `Post`; what is not given is of no matter to the test."""

	def make(text: str = "Olá", *, incoming: bool = True, **fields: Any) -> Post:
		given = {"source_id": "WAID:3EB0A", "sent_at": datetime(2026, 9, 1, 13, 0, 5, 900000, timezone.utc)}
		return Post(text=text, incoming=incoming, **{**given, **fields})

	return make


@pytest.fixture
def body_of() -> Callable[[requests.PreparedRequest], Any]:
	"""What a request carries: the JSON, or the fields and files of its form."""
	return read_body


def check_request(request: requests.PreparedRequest) -> None:
	"""Fails for a request that is not one of the calls in the schema."""
	url = urlsplit(str(request.url))
	path = url.path.removeprefix(urlsplit(ACCOUNT).path)
	public = path.startswith("/public/")
	[call] = [
		call for call in SCHEMA["calls"] if call["method"] == request.method and fits(call["path"], path)
	]
	check(dict(parse_qsl(url.query)), call["query"])
	part = "form" if is_form(request) else "body"
	if request.body is None:
		assert part not in call
	else:
		check(read_body(request), call[part])
	assert request.headers.get("api-access-token") == (None if public else TOKEN)
	assert request.headers["Accept"] == "application/json"
	assert "Authorization" not in request.headers
	sent_with: dict[str, Any] = request.req_kwargs  # type: ignore[attr-defined]
	assert sent_with["timeout"] == ((5.0, 60.0) if part == "form" else (5.0, 20.0))


def fits(pattern: str, path: str) -> bool:
	"""Ids are numbers; identifiers are anything but what parts a path in Chatwoot, which dots do as well."""
	named = re.sub(r"\\{\w+_identifier\\}", "[^/.?]+", re.escape(pattern))
	return re.fullmatch(re.sub(r"\\{\w+\\}", r"\\d+", named), path) is not None


def check(value: object, schema: dict[str, Any]) -> None:
	jsonschema.validate(value, {**schema, "$defs": SCHEMA["$defs"]})


def is_form(request: requests.PreparedRequest) -> bool:
	return request.headers.get("content-type", "").startswith("multipart/form-data")


def read_body(request: requests.PreparedRequest) -> Any:
	body = request.body.encode() if isinstance(request.body, str) else request.body
	if isinstance(body, MultipartBody):
		body = b"".join(body)
	if not is_form(request):
		return json.loads(body)
	head = f"content-type: {request.headers['content-type']}\r\n\r\n".encode()
	form: dict[str, Any] = {}
	for part in message_from_bytes(head + body, policy=HTTP).iter_parts():
		name = part.get_param("name", header="content-disposition")
		content = part.get_payload(decode=True)
		if part.get_filename() is None:
			form[name] = json.loads(content) if name == "content_attributes" else content.decode()
		else:
			file = {
				"name": part.get_filename(),
				"type": part["content-type"],
				"content": content.decode("latin-1"),
			}
			form.setdefault(name, []).append(file)
	return form
