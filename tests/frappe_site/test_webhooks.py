"""Webhooks over HTTP against running gunicorn: signed, unsigned, replayed, as JSON, form and multipart."""

import hashlib
import hmac
import json
import time

import pytest
import requests

from wuzapi_chatwoot.sandbox import defaults

CHAT = "447700900131@s.whatsapp.net"


@pytest.fixture
def site(stack):
	stack.begin(workers=0)
	return stack


def hook(id="3A0000000001", text="a <b>x</b> & <script>"):
	info = {"Chat": CHAT, "Sender": CHAT, "ID": id, "IsFromMe": False, "IsGroup": False, "PushName": "Ada"}
	info |= {"Timestamp": "2026-03-02T09:00:00Z", "Type": "text"}
	event = {"Info": info, "Message": {"conversation": text}}
	return json.dumps({"type": "Message", "event": event, "userID": defaults.GATEWAY_USER_ID})


def signature(body):
	return hmac.new(defaults.GATEWAY_HMAC_KEY.encode(), body, hashlib.sha256).hexdigest()


def post(site, which, body, headers, query="session=front-desk", method="POST"):
	url = f"{site.url}/api/method/wuzapi_chatwoot.api.webhooks.{which}?{query}"
	return requests.request(method, url, data=body, headers=headers, timeout=30)


def post_gateway(site, body, content_type="application/json", sign=True, **more):
	headers = {"Content-Type": content_type}
	if sign:
		headers["x-hmac-signature"] = signature(body)
	return post(site, "wuzapi", body, headers, **more)


def payloads(site):
	rows = site.ask("values", doctype="WuzAPI Event", filters={"kind": "Message"}, fields=["payload"])
	return [json.loads(row["payload"])["event"]["Message"]["conversation"] for row in rows]


def test_signed(site):
	answer = post_gateway(site, hook().encode())
	assert (answer.status_code, answer.json()["message"]["status"]) == (200, "stored")
	assert payloads(site) == ["a <b>x</b> & <script>"]


def test_replayed(site):
	for _ in range(3):
		assert post_gateway(site, hook().encode()).status_code == 200
	assert site.ask("count", doctype="WuzAPI Event") == 1


def test_unsigned_and_forged_are_refused_and_recorded(site):
	answer = post_gateway(site, hook().encode(), sign=False)
	assert answer.status_code == 401
	assert answer.json()["message"]["status"] == "not signed"
	forged = post(site, "wuzapi", hook().encode(), {"x-hmac-signature": "0" * 64})
	assert forged.status_code == 401
	assert site.ask("count", doctype="WuzAPI Event") == 0
	[row] = site.ask(
		"values", doctype="WuzAPI Session", filters={}, fields=["refused_webhooks", "last_refusal"]
	)
	assert row == {"refused_webhooks": 1, "last_refusal": "not signed"}


def test_form(site):
	from urllib.parse import urlencode

	body = urlencode({"jsonData": hook(), "instanceName": "front-desk"}).encode()
	assert post_gateway(site, body, "application/x-www-form-urlencoded").status_code == 200
	assert payloads(site) == ["a <b>x</b> & <script>"]


def test_multipart(site):
	fields = {"jsonData": hook(), "instanceName": "front-desk"}
	signed = json.dumps(fields, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
	for character in "<>&":
		signed = signed.replace(character, f"\\u{ord(character):04x}")
	parts = {name: (None, value) for name, value in fields.items()}
	request = requests.Request("POST", "http://x", files=parts).prepare()
	headers = {**request.headers, "x-hmac-signature": signature(signed.encode())}
	answer = post(site, "wuzapi", request.body, headers)
	assert answer.status_code == 200, answer.text
	assert payloads(site) == ["a <b>x</b> & <script>"]


def test_chatwoot_signed_and_out_of_time(site):
	body = json.dumps({"event": "conversation_typing_on"}).encode()

	def send(age):
		at = str(int(time.time()) - age)
		digest = hmac.new(defaults.CHATWOOT_SECRET.encode(), at.encode() + b"." + body, hashlib.sha256)
		headers = {"X-Chatwoot-Signature": f"sha256={digest.hexdigest()}", "X-Chatwoot-Timestamp": at}
		return post(site, "chatwoot", body, headers | {"Content-Type": "application/json"}).status_code

	assert (send(0), send(600)) == (200, 401)


def test_only_posts_are_taken(site):
	looked_at = post_gateway(site, hook().encode(), method="GET")
	assert looked_at.status_code == 200
	assert set(looked_at.json()) == {"success", "message", "timestamp"}
	assert looked_at.json()["success"] is True
	assert post_gateway(site, hook().encode(), method="PUT").status_code == 403


def test_unknown_session(site):
	assert post_gateway(site, hook().encode(), query="session=nobody").status_code == 404


def test_a_sessions_new_secret_counts_at_once(site):
	assert post_gateway(site, hook("A").encode()).status_code == 200
	site.ask("set_session", gateway_secret="another-fictional-key", gateway_secret_previous="")
	assert post_gateway(site, hook("B").encode()).status_code == 401


def test_redis_away_loses_no_webhook(site):
	site.redis.stop()
	try:
		answer = post_gateway(site, hook("WITHOUT").encode())
		assert answer.status_code == 200, answer.text
		assert site.ask("count", doctype="WuzAPI Event") == 1
	finally:
		site.redis.spawn()
	assert post_gateway(site, hook("WITH").encode()).status_code == 200
