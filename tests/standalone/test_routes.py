"""Every route: what it takes, what it answers, and who may ask."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timezone
from urllib.parse import urlencode

import pytest
from standalone_world import (
	BY_TOKEN,
	PAYLOADS,
	SESSION,
	TEXT,
	StandaloneWorld,
	agent_message,
	customer_message,
	form_of,
	gateway_signature,
	recorded,
	recordings,
	world_in,
)

from wuzapi_chatwoot.bridge.model.errors import StoreUnavailable
from wuzapi_chatwoot.bridge.model.records import Secret

OTHER = replace(SESSION, name="Loja São Paulo", inbox_id=8)


# ---- webhooks


@pytest.mark.parametrize("path", ["", "/", "/front-desk", "/front-desk/", "?session=front-desk"])
@pytest.mark.parametrize("source", ["wuzapi", "chatwoot"])
def test_a_webhook_is_stored_and_answered(world: StandaloneWorld, source, path):
	body = customer_message(TEXT) if source == "wuzapi" else agent_message(TEXT)
	answer = world.told(source, body, path=f"/webhook/{source}{path}")
	assert answer.status_code == 200
	[event] = world.events()
	assert answer.json() == {"status": "stored", "trace_id": event.trace_id}
	assert event.session == "front-desk"
	again = world.told(source, body, path=f"/webhook/{source}{path}")
	assert (again.status_code, again.json()) == (200, {"status": "known already", "trace_id": None})
	assert len(world.events()) == 1
	assert [seen.status for seen in world.observer.webhooks] == [200, 200]


def test_a_form_is_a_webhook_too(world):
	body = urlencode(form_of(customer_message(TEXT))).encode()
	answer = world.told_by_gateway(body, **{"content-type": "application/x-www-form-urlencoded"})
	assert answer.json()["status"] == "stored"
	assert world.told_by_gateway(customer_message(TEXT)).json()["status"] == "known already"


def test_a_multipart_form_brings_the_file(world):
	fields = form_of(json.loads(recorded("wuzapi-webhooks/message-image-no-media-delivered.json")))
	# WuzAPI signs the text fields as a JSON object, as Go writes it.
	signed = json.dumps(fields, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
	for character in "<>&\u2028\u2029":
		signed = signed.replace(character, f"\\u{ord(character):04x}")
	answer = world.http.post(
		"/webhook/wuzapi",
		data=fields,
		files={"file": ("picture.jpg", b"\xff\xd8 bytes of a picture", "image/jpeg")},
		headers={"x-hmac-signature": gateway_signature(signed.encode())},
	)
	assert answer.json()["status"] == "stored"
	[file] = world.files
	assert file.read_bytes() == b"\xff\xd8 bytes of a picture"


def test_the_vectors_of_chatwoots_signature(tmp_path):
	vectors = json.loads((PAYLOADS / "chatwoot-signature-vectors.json").read_bytes())["vectors"]
	for number, vector in enumerate(vectors):
		session = replace(SESSION, chatwoot_secrets=(Secret(vector["secret"]),))
		with world_in(tmp_path / str(number), session) as world:
			timestamp = int(vector["headers"]["X-Chatwoot-Timestamp"])
			for seconds, in_time in ((0, True), (299, True), (301, False), (-301, False)):
				world.clock.set(datetime.fromtimestamp(timestamp + seconds, timezone.utc))
				answer = world.http.post(
					"/webhook/chatwoot", content=vector["raw_body"].encode(), headers=vector["headers"]
				)
				assert (answer.status_code == 200) is (vector["valid"] and in_time)


def test_the_vectors_of_wuzapis_signature(tmp_path):
	session = replace(SESSION, gateway_secrets=(Secret("fictional-hmac-key-0123456789abcdef"),))
	vectors = json.loads(recorded("wuzapi-webhooks/hmac/vectors.json"))
	assert {vector["mode"] for vector in vectors} == {"json", "form", "multipart"}
	for vector in vectors:
		headers = {"x-hmac-signature": vector["x-hmac-signature"]}
		if vector["mode"] == "multipart":
			fields = json.loads(vector["signed_string"])
			sent = {"data": fields, "files": {"file": ("a.jpg", b"\xff\xd8", "image/jpeg")}}
		else:
			headers["content-type"] = vector["content_type"]
			sent = {"content": vector["body"].encode()}
		with world_in(tmp_path / vector["mode"], session) as world:
			answer = world.http.post("/webhook/wuzapi", headers=headers, **sent)
			assert (answer.status_code, answer.json()["status"]) == (200, "stored")
			headers["x-hmac-signature"] = headers["x-hmac-signature"].replace("0", "1")
			answer = world.http.post("/webhook/wuzapi", headers=headers, **sent)
			assert (answer.status_code, answer.json()["status"]) == (401, "wrong signature")


@pytest.mark.parametrize("source", ["wuzapi", "chatwoot"])
def test_every_recorded_webhook_is_taken(world, source):
	files = [path for path in recordings(source) if "callback_full_request" not in path.name]
	for path in files:
		answer = world.told(source, path.read_bytes())
		assert answer.status_code == 200, (path.name, answer.text)
	assert len(world.observer.webhooks) == len(files)
	assert {seen.status for seen in world.observer.webhooks} == {200}
	world.outlast()
	assert not [attempt for attempt in world.observer.attempts if "a fault" in str(attempt.error)]


def test_several_sessions_need_a_name(tmp_path):
	with world_in(tmp_path, SESSION, OTHER) as world:
		assert world.customer_writes().status_code == 404
		answer = world.told_by_gateway(customer_message(TEXT), path="/webhook/wuzapi/Loja%20S%C3%A3o%20Paulo")
		assert answer.json()["status"] == "stored"
		assert [event.session for event in world.events()] == ["Loja São Paulo"]


def test_a_token_in_the_address_proves_the_sender(tmp_path):
	with world_in(tmp_path, BY_TOKEN) as world:
		for source, body in (("wuzapi", customer_message(TEXT)), ("chatwoot", agent_message(TEXT))):
			for token in ("Fictional-Old-Token", "Fictional-New-Token"):
				answer = world.http.post(f"/webhook/{source}?token={token}", json=body)
				assert answer.status_code == 200
		# Given twice, the first counts.
		assert world.http.post(
			"/webhook/wuzapi?token=Fictional-Old-Token&token=x", json=customer_message("2", "3A2")
		).is_success
		assert (
			world.http.post(
				"/webhook/wuzapi?token=x&token=Fictional-Old-Token", json=customer_message("3", "3A3")
			).status_code
			== 401
		)


def test_a_store_that_cannot_write_asks_for_a_repetition(world, monkeypatch):
	def full(*_: object, **__: object) -> bool:
		raise StoreUnavailable("The disk is full")

	monkeypatch.setattr(world.store, "add_event", full)
	answer = world.customer_writes()
	assert (answer.status_code, answer.json()["status"]) == (500, "not stored: The disk is full")
	monkeypatch.undo()
	assert world.customer_writes().json()["status"] == "stored"
	assert [seen.status for seen in world.observer.webhooks] == [500, 200]


def test_what_chatwoot_could_not_deliver_is_fetched_soon_since_it_does_not_repeat(world, monkeypatch):
	def full(*_: object, **__: object) -> bool:
		raise StoreUnavailable("The disk is full")

	asked: list[str] = []
	monkeypatch.setattr(world.host.housekeeping, "fetch_soon", asked.append)
	monkeypatch.setattr(world.store, "add_event", full)
	body = (PAYLOADS / "chatwoot-webhooks" / "01_message_created_outgoing_text_agent.json").read_bytes()
	assert world.told_by_chatwoot(body).status_code == 500
	assert asked == [next(iter(world.settings.sessions))]


def test_a_fault_of_ours_is_a_500_with_one_line_and_no_words(world, monkeypatch):
	def broken(*_: object, **__: object) -> bool:
		raise ValueError(TEXT)

	monkeypatch.setattr(world.store, "add_event", broken)
	answer = world.customer_writes()
	assert answer.status_code == 500
	assert TEXT not in answer.text
	[seen] = world.observer.webhooks
	assert (seen.status, seen.reason) == (500, "a fault in the bridge (ValueError)")


# ---- what anybody may ask


def test_what_this_is(world):
	answer = world.http.get("/").json()
	assert answer["name"] == "wuzapi_chatwoot"
	assert answer["sessions"] == 1
	for path in answer["webhooks"]:
		assert world.http.post(path.replace("{session}", "front-desk"), content=b"").status_code == 401
	assert world.http.get("/docs").status_code == world.http.get("/openapi.json").status_code == 404


@pytest.mark.parametrize(
	"path",
	["/webhook/wuzapi", "/webhook/chatwoot/", "/webhook/wuzapi/front-desk", "/webhook/chatwoot/nobody"],
)
def test_who_looks_at_a_webhooks_address_is_answered(world, path):
	"""And learns nothing of sessions."""
	answer = world.http.get(path)
	assert answer.status_code == 200
	assert answer.json() == {
		"success": True,
		"message": "Webhooks are received here by POST.",
		"timestamp": world.clock.now().isoformat(),
	}
	assert world.http.head(path).status_code == 200
	assert world.observer.webhooks == []


def test_nothing_that_came_from_outside_is_served(world):
	"""Stored files have keys, no names, and no route: a page among them runs nowhere. What is served is ours, or JSON."""
	page = b"<html xmlns='http://www.w3.org/1999/xhtml'><script>alert(1)</script></html>"
	fields = form_of(json.loads(recorded("wuzapi-webhooks/message-image-no-media-delivered.json")))
	signed = json.dumps(fields, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
	for character in "<>&\u2028\u2029":
		signed = signed.replace(character, f"\\u{ord(character):04x}")
	world.http.post(
		"/webhook/wuzapi",
		data=fields,
		files={"file": ("invoice.xhtml", page, "text/html")},
		headers={"x-hmac-signature": gateway_signature(signed.encode())},
	)
	[file] = world.files
	assert file.read_bytes() == page
	assert "xhtml" not in file.name
	for path in (
		file.name,
		"invoice.xhtml",
		f"files/{file.name}",
		f"admin/{file.name}",
		f"admin/../{file.name}",
	):
		assert world.http.get(f"/{path}").status_code in (401, 404, 405), path
	plain = [route.path for route in world.http.app.routes if "{" not in route.path]
	assert len(plain) > 3
	for path in plain:
		assert page not in world.http.get(path).content
