"""What is not a webhook, or nobody's: the right status, exactly one log line, nothing stored."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from standalone_world import (
	BY_TOKEN,
	SESSION,
	TEXT,
	StandaloneWorld,
	agent_message,
	customer_message,
	world_in,
)

from wuzapi_chatwoot.bridge.model.records import Secret

SOURCES = ["wuzapi", "chatwoot"]
GOOD = {"wuzapi": customer_message(TEXT), "chatwoot": agent_message(TEXT)}


def nested(depth: int, inside: str = "1", key: str = "a") -> bytes:
	return f'{{"{key}":'.encode() * depth + inside.encode() + b"}" * depth


def body_with(source: str, path: str, raw: str) -> bytes:
	"""A good webhook in which the value at the path is replaced by this piece of JSON."""
	hook = json.loads(json.dumps(GOOD[source]))
	*way, last = path.split(".")
	place = hook
	for key in way:
		place = place[key]
	place[last] = "@@here@@"
	return json.dumps(hook).replace('"@@here@@"', raw).encode()


def assert_refused(world: StandaloneWorld, answer, status: int) -> None:
	assert answer.status_code == status, answer.text
	assert [seen.status for seen in world.observer.webhooks] == [status]
	assert (world.events(), world.files) == ([], [])
	assert TEXT not in answer.text
	assert TEXT not in world.observer.webhooks[0].reason


@pytest.fixture(params=SOURCES)
def source(request: pytest.FixtureRequest) -> str:
	return request.param


# ---- signed, but not what it should be


NOT_WEBHOOKS = {
	"empty": b"",
	"blank": b" \r\n\t",
	"text": b"Good morning",
	"half": b'{"event": "message_created", "type": "Mess',
	"two": b'{"type": "Message"}{"event": "message_created"}',
	"a list": b'[{"type": "Message", "event": "message_created"}]',
	"a text": b'"Message"',
	"a number": b"12",
	"null": b"null",
	"no event": b"{}",
	"event of a wrong type": b'{"event": 7, "type": 7}',
	"no utf-8": b'{"type": "Message\xff", "event": "message_created\xfe"}',
	"utf-16": '{"type": "Message", "event": "message_created"}'.encode("utf-16"),
	"deep": nested(100_000),
	"deep lists": b"[" * 100_000 + b"]" * 100_000,
	"a digit too many": b'{"type": ' + b"9" * 5000 + b', "event": ' + b"9" * 5000 + b"}",
	"binary": bytes(range(256)) * 10,
	"nul": b"\x00" * 100,
}


@pytest.mark.parametrize("name", NOT_WEBHOOKS)
def test_what_is_no_webhook_is_a_400(world, source, name):
	assert_refused(world, world.told(source, NOT_WEBHOOKS[name]), 400)


def test_the_addresses_may_be_swapped(world, source):
	"""The likeliest mistake in a setup is told as such."""
	other = "chatwoot" if source == "wuzapi" else "wuzapi"
	assert_refused(world, world.told(source, GOOD[other]), 400)
	assert "WuzAPI" in world.observer.webhooks[0].reason


@pytest.mark.parametrize(
	("kind", "body"),
	[
		("application/x-www-form-urlencoded", b"instanceName=a&userID=b"),
		("application/x-www-form-urlencoded", b"jsonData="),
		("application/x-www-form-urlencoded", b"jsonData=%7B"),
		("application/x-www-form-urlencoded", b"jsonData=[]"),
		("application/x-www-form-urlencoded", b"%ff%fe=%ff"),
		("application/x-www-form-urlencoded", b"\xff\xfe"),
		("multipart/form-data", b"--x\r\n\r\n--x--"),
		("application/xml", b"<message/>"),
		("text/plain", b"Message"),
		("", b"Message"),
		("application/json; charset=latin-1", b"\xe9"),
		("multipart/form-data; boundary=x", b"{}"),
	],
)
def test_forms_that_are_none(world, kind, body):
	answer = world.told_by_gateway(body, **{"content-type": kind})
	# A multipart body is signed by its fields, so one that cannot be taken apart is as good as not signed.
	assert_refused(world, answer, 401 if kind.startswith("multipart/") else 400)


@pytest.mark.parametrize("kind", ["text/plain", "application/xml", "", "APPLICATION/JSON", "multipart"])
def test_a_wrong_content_type_loses_no_message(world, source, kind):
	answer = world.told(source, GOOD[source], **{"content-type": kind})
	assert (answer.status_code, answer.json()["status"]) == (200, "stored")


# ---- odd, but to be survived: 200 or 400, never 500, and worked without a fault of ours


ODD = {
	"lone surrogate": r'"Hello \ud800 you"',
	"reversed pair": r'"\udc00\ud800"',
	"nul": r'"Hello \u0000 you"',
	"a number": "12",
	"a gigantic number": "9" * 4000,
	"minus a gigantic number": "-" + "9" * 4000,
	"64 bits and one": str(2**64),
	"a fraction": "1.5",
	"more than a float holds": "1e999",
	"no number": "NaN",
	"true": "true",
	"null": "null",
	"a list": '["a", {"b": []}]',
	"an object": '{"a": {"b": 1}}',
	"empty": '""',
	"long": '"' + "x" * 300_000 + '"',
	"a number as text": '"12"',
	"control characters": r'"\u0001\u0008\u001b\u007f\u2028\ufeff"',
	"nested": nested(40).decode(),
	"nested more": nested(400).decode(),
	"lists in lists": "[" * 300 + "]" * 300,
}
PLACES = {
	"wuzapi": [
		"type",
		"event",
		"event.Info",
		"event.Info.ID",
		"event.Info.Chat",
		"event.Info.Sender",
		"event.Info.Timestamp",
		"event.Info.PushName",
		"event.Info.IsFromMe",
		"event.Message",
		"event.Message.conversation",
		"userID",
		"base64",
	],
	"chatwoot": [
		"event",
		"id",
		"content",
		"private",
		"message_type",
		"created_at",
		"sender",
		"sender.name",
		"sender.type",
		"account",
		"inbox",
		"conversation",
		"conversation.id",
		"conversation.messages",
		"conversation.contact_inbox",
		"conversation.contact_inbox.source_id",
		"content_attributes",
		"attachments",
		"source_id",
	],
}


@pytest.mark.parametrize("name", ODD)
@pytest.mark.no_cover
def test_odd_values_at_every_place(world, source, name):
	for place in PLACES[source]:
		seen = len(world.observer.webhooks)
		answer = world.told(source, body_with(source, place, ODD[name]))
		assert answer.status_code in (200, 400), (place, answer.text)
		assert len(world.observer.webhooks) == seen + 1
	world.outlast()
	assert not [seen.error for seen in world.observer.attempts if "fault in the bridge" in str(seen.error)]


@pytest.mark.parametrize("inside", ["1", '"\\ud800"', "[]"])
@pytest.mark.no_cover
def test_any_depth_of_nesting(world, source, inside):
	"""Also just below the depth at which Python gives up: reading, writing and reading again all stay calm."""
	for depth in (*range(1, 70, 3), *range(310, 340, 3), *range(900, 1010, 5), 2000, 20_000):
		for place in ("event.Message", "extra") if source == "wuzapi" else ("content_attributes", "extra"):
			raw = nested(depth, inside, key="message").decode()
			answer = world.told(source, body_with(source, place, raw))
			assert answer.status_code in (200, 400), (depth, answer.text)
	world.outlast()
	assert not [seen.error for seen in world.observer.attempts if "fault in the bridge" in str(seen.error)]


def test_keys_given_twice(world, source):
	body = json.dumps(GOOD[source]).encode()
	doubled = body[:-1] + b"," + body[1:]
	assert world.told(source, doubled).json()["status"] == "stored"
	assert world.told(source, body).json()["status"] == "known already"


# ---- not proved


@pytest.mark.parametrize(
	"headers",
	[
		{},
		{"x-hmac-signature": "", "x-chatwoot-signature": "", "x-chatwoot-timestamp": ""},
		{"x-hmac-signature": "0" * 64, "x-chatwoot-signature": "sha256=" + "0" * 64},
		{"x-hmac-signature": "é", "x-chatwoot-signature": "é", "x-chatwoot-timestamp": "²"},
		{
			"x-chatwoot-signature": "sha256=",
			"x-chatwoot-timestamp": "9" * 400,
			"x-hmac-signature": "x" * 4000,
		},
	],
)
def test_without_the_right_signature_nothing_is_believed(world, source, headers):
	encoded = {name: value.encode("latin-1") for name, value in headers.items()}
	answer = world.http.post(f"/webhook/{source}", content=json.dumps(GOOD[source]), headers=encoded)
	assert_refused(world, answer, 401)


def test_a_signature_of_other_bytes(world, source):
	world.told(source, GOOD[source], path="/webhook/nobody")
	changed = json.dumps(GOOD[source]).encode() + b" "
	other = json.dumps(GOOD[source]).encode()
	headers = {
		"wuzapi": {"x-hmac-signature": "0" * 64},
		"chatwoot": world.chatwoot_signature(other),
	}[source]
	answer = world.http.post(f"/webhook/{source}", content=changed, headers=headers)
	assert_refused(world, answer, 401)


@pytest.mark.parametrize(
	"query", ["", "?token=", "?token=wrong", "?token=Fictional-Old-Token%00", "?token=%ff"]
)
def test_a_wrong_token(tmp_path, source, query):
	with world_in(tmp_path, BY_TOKEN) as world:
		assert_refused(world, world.http.post(f"/webhook/{source}{query}", json=GOOD[source]), 401)


def test_with_nothing_to_prove_it_by_everything_is_refused(tmp_path, source):
	open_to_all = replace(BY_TOKEN, webhook_tokens=())
	with world_in(tmp_path, open_to_all) as world:
		assert_refused(world, world.http.post(f"/webhook/{source}?token=", json=GOOD[source]), 401)


def test_another_user_of_the_gateway(tmp_path):
	with world_in(tmp_path, replace(SESSION, gateway_instance=Secret("Fictional-Instance"))) as world:
		assert_refused(world, world.customer_writes(TEXT), 401)


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", nested(100_000)])
def test_who_is_not_believed_learns_nothing_of_the_body(world, source, body):
	assert_refused(world, world.http.post(f"/webhook/{source}", content=body), 401)


# ---- not meant for anybody here


@pytest.mark.parametrize(
	"name", ["nobody", "FRONT-DESK", "front-desk%00", "%ff%fe", "a%7Cb", "%2e%2e", "x" * 5000, "%f0%9f%98%80"]
)
def test_an_unknown_session(world, source, name):
	assert_refused(world, world.told(source, GOOD[source], path=f"/webhook/{source}/{name}"), 404)


@pytest.mark.parametrize(
	("source", "body"),
	[
		("wuzapi", {"type": "SomethingNew", "event": {"a": 1}, "userID": "x"}),
		("chatwoot", {"event": "something_new", "id": 4}),
	],
)
def test_an_unknown_event_is_acknowledged_and_not_kept(world, source, body):
	assert_refused(world, world.told(source, body), 200)
	assert "unknown event" in world.observer.webhooks[0].reason


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS"])
def test_other_methods(world, source, method):
	assert_refused(world, world.http.request(method, f"/webhook/{source}"), 405)


# ---- too large


@pytest.fixture
def narrow(tmp_path: Path) -> Iterator[StandaloneWorld]:
	with world_in(tmp_path / "data", largest_body=10_000) as world:
		yield world


def test_a_body_may_be_as_large_as_is_allowed(narrow, source):
	body = json.dumps(GOOD[source]).encode()
	assert narrow.told(source, body + b" " * (10_000 - len(body))).json()["status"] == "stored"


def test_a_byte_more_is_too_much(narrow, source):
	body = json.dumps(GOOD[source]).encode()
	answer = narrow.told(source, body + b" " * (10_001 - len(body)))
	assert_refused(narrow, answer, 413)
	assert answer.headers["connection"] == "close"


def test_in_pieces_without_a_length(narrow, source):
	def pieces() -> Iterator[bytes]:
		for _ in range(11):
			yield b" " * 1000

	signed = {"x-hmac-signature": "0" * 64, "x-chatwoot-signature": "sha256=0"}
	answer = narrow.http.post(f"/webhook/{source}", content=pieces(), headers=signed)
	assert "content-length" not in answer.request.headers
	assert_refused(narrow, answer, 413)


def test_who_does_not_even_say_that_it_is_signed_is_not_listened_to(narrow, source):
	answer = narrow.http.post(f"/webhook/{source}", content=iter([b" " * 20_000]))
	assert_refused(narrow, answer, 401)
	assert answer.headers["connection"] == "close"


def test_what_is_announced_is_enough_to_refuse(narrow, source):
	answer = narrow.http.post(f"/webhook/{source}", content=b"{}", headers={"content-length": "9" * 30})
	assert_refused(narrow, answer, 413)


def test_less_announced_than_sent(narrow, source):
	answer = narrow.http.post(f"/webhook/{source}", content=b" " * 10_001, headers={"content-length": "2"})
	assert_refused(narrow, answer, 413)


def test_the_line_names_a_session_only_if_there_is_one(narrow, source):
	for name, told in (("front-desk", "front-desk"), ("nobody", None)):
		narrow.http.post(f"/webhook/{source}/{name}", content=b" " * 10_001)
		assert narrow.observer.webhooks[-1].session == told
