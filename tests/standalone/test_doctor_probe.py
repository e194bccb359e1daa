"""The doctor's webhook to ourselves: what it makes of every answer."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import replace

import pytest
import requests
import responses
from standalone_world import SESSION, StandaloneWorld

from wuzapi_chatwoot.bridge.records import Secret
from wuzapi_chatwoot.standalone_host.session_doctor import Reached, probe

URL = "https://bridge.example"
HOOK = f"{URL}/webhook/wuzapi/front-desk"
BY_TOKEN = replace(SESSION, webhook_tokens=(Secret("url-token"),))


def probed(**answer: object) -> Reached:
	with responses.RequestsMock() as mock:
		mock.post(HOOK, **answer)
		return probe(URL, SESSION)


def test_it_is_signed_and_bears_the_token():
	with responses.RequestsMock() as mock:
		mock.post(HOOK, json={"status": "…"}, status=400)
		assert probe(URL, BY_TOKEN) == Reached()
		[call] = mock.calls
	assert call.request.url == f"{HOOK}?token=url-token"
	digest = hmac.new(b"Fictional-Hmac-Key", call.request.body, hashlib.sha256).hexdigest()
	assert call.request.headers["x-hmac-signature"] == digest


@pytest.mark.parametrize(
	("answer", "reached"),
	[
		({"json": {"status": "no webhook"}, "status": 400}, Reached()),
		({"json": {"status": "not signed"}, "status": 401}, Reached(changed=True)),
		({"json": {"status": "wrong signature"}, "status": 401}, Reached(changed=True)),
		(
			{"json": {"status": "unknown session"}, "status": 404},
			Reached("it answers with status 404, unknown session"),
		),
		({"json": {}, "status": 302}, Reached("it answers with status 302")),
		({"body": "<html>", "status": 502}, Reached("we do not answer there (JSONDecodeError)")),
		({"json": [], "status": 200}, Reached("we do not answer there (AttributeError)")),
		(
			{"body": requests.ConnectionError("Fictional")},
			Reached("we do not answer there (ConnectionError)"),
		),
		(
			{"body": requests.exceptions.SSLError("Fictional")},
			Reached("its TLS certificate cannot be trusted"),
		),
	],
)
def test_every_answer(answer, reached):
	assert probed(**answer) == reached


def test_our_own_routes_answer_as_it_expects(world: StandaloneWorld):
	"""What is no webhook is refused for its body, after the signature was found right."""

	def here(request: requests.PreparedRequest) -> tuple[int, dict[str, str], bytes]:
		answer = world.http.post(request.path_url, content=request.body, headers=dict(request.headers))
		return answer.status_code, {}, answer.content

	with responses.RequestsMock() as mock:
		mock.add_callback("POST", HOOK, here)
		assert probe(URL, SESSION) == Reached()
		assert probe(URL, replace(SESSION, gateway_secrets=(Secret("another"),))) == Reached(changed=True)
