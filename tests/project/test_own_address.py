"""The doctor's probe of our own address: how it is signed, and what it makes of every answer."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
import responses

from wuzapi_chatwoot import chatwoot
from wuzapi_chatwoot.bridge.diagnosis.findings import Reached
from wuzapi_chatwoot.bridge.inbox.webhook_probe import CHANGED, WHOLE
from wuzapi_chatwoot.bridge.model.records import Secret, Session, Source
from wuzapi_chatwoot.bridge.ports.connector import WebhookRequest
from wuzapi_chatwoot.gateways import wuzapi
from wuzapi_chatwoot.runtime import webhook_probe
from wuzapi_chatwoot.testkit.twins.clock import START

BASE = "https://bridge.example/hook/"
KEY, SECRET, TOKEN = Secret("Fictional-Hmac-Key"), Secret("FictionalSecret"), Secret("url-token")
SESSION = Session(
	name="front-desk",
	gateway_url="http://gateway.example",
	gateway_token=Secret("t"),
	chatwoot_url="http://chatwoot.example",
	chatwoot_token=Secret("t"),
	account_id=1,
	inbox_id=1,
	gateway_secrets=(KEY, Secret("older")),
	chatwoot_secrets=(SECRET,),
	webhook_tokens=(TOKEN,),
)
BY_TOKEN = replace(SESSION, gateway_secrets=(), chatwoot_secrets=())
PROVED_BY_NOTHING = replace(BY_TOKEN, webhook_tokens=())


def address(source: Source, session: Session) -> str:
	token = f"&token={session.webhook_tokens[0].value}" if session.webhook_tokens else ""
	return f"{BASE}{source.value}?session={session.name}{token}"


def probed(session: Session = SESSION, gateway: object = WHOLE, chatwoot: object = WHOLE) -> Reached:
	"""With these answers; a text is the words of a refusal."""
	answers = {"gateway": gateway, "chatwoot": chatwoot}
	with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
		for side, answer in answers.items():
			if isinstance(answer, str):
				answer = {"json": {"status": answer}, "status": 400 if "come" in answer else 401}
			mock.post(BASE + side, **answer)
		return webhook_probe.probe(session, address, START)


def both(fault: str) -> tuple[tuple[Source, str], ...]:
	return (Source.GATEWAY, fault), (Source.CHATWOOT, fault)


def asked(session: Session) -> dict[Source, WebhookRequest]:
	"""What was posted to each side, as it would reach a host."""
	with responses.RequestsMock() as mock:
		for side in Source.GATEWAY, Source.CHATWOOT:
			mock.post(BASE + side.value, json={"message": {"status": WHOLE}}, status=400)
		assert webhook_probe.probe(session, address, START) == Reached()
		calls = {
			Source(urlsplit(call.request.url).path.rpartition("/")[2]): call.request for call in mock.calls
		}
	return {
		source: WebhookRequest(
			call.body,
			{name.lower(): value for name, value in call.headers.items()},
			{name: values[0] for name, values in parse_qs(urlsplit(call.url).query).items()},
		)
		for source, call in calls.items()
	}


def test_it_is_signed_as_each_side_signs_and_the_token_does_not_stand_in_for_that():
	sent = asked(SESSION)
	assert wuzapi.connector.verify(sent[Source.GATEWAY], [KEY], START)
	assert chatwoot.connector.verify(sent[Source.CHATWOOT], [SECRET], START)
	for request in sent.values():
		assert request.query == {"session": "front-desk", "probe": "1"}


def test_without_a_secret_the_token_proves_it():
	for request in asked(BY_TOKEN).values():
		assert request.query["token"] == "url-token"
		assert not wuzapi.connector.signed(request)
		assert not chatwoot.connector.signed(request)


@pytest.mark.parametrize(
	("answers", "session", "reached"),
	[
		({}, SESSION, Reached()),
		({"gateway": {"json": {"message": {"status": WHOLE}}, "status": 400}}, SESSION, Reached()),
		(
			{"gateway": "not signed", "chatwoot": "wrong token"},
			SESSION,
			Reached(changed=both("its signature was dropped")),
		),
		(
			{"gateway": "wrong signature", "chatwoot": "wrong signature"},
			SESSION,
			Reached(changed=both("its body, or a header that is signed with it, was changed or dropped")),
		),
		(
			{"gateway": "wrong token", "chatwoot": CHANGED},
			BY_TOKEN,
			Reached(
				changed=(
					(Source.GATEWAY, "the token in its address was dropped"),
					(Source.CHATWOOT, "its body was changed"),
				)
			),
		),
		({"gateway": "nothing can be believed", "chatwoot": "so too"}, PROVED_BY_NOTHING, Reached()),
		(
			{"gateway": {"json": {"status": "unknown session"}, "status": 404}},
			SESSION,
			Reached("it answers with status 404, unknown session"),
		),
		({"chatwoot": {"json": {}, "status": 302}}, SESSION, Reached("it answers with status 302")),
		({"gateway": {"body": "<html>", "status": 502}}, SESSION, Reached("it answers with status 502")),
		({"gateway": {"json": [], "status": 200}}, SESSION, Reached("it answers with status 200")),
		(
			{"gateway": {"json": {"message": "pong"}, "status": 400}},
			SESSION,
			Reached("it answers with status 400"),
		),
		(
			{"gateway": {"body": requests.ConnectionError("Fictional")}},
			SESSION,
			Reached("no connection (ConnectionError)"),
		),
		(
			{"chatwoot": {"body": requests.exceptions.SSLError("Fictional")}},
			SESSION,
			Reached("its TLS certificate cannot be trusted"),
		),
	],
)
def test_every_answer(answers, session, reached):
	assert probed(session, **answers) == reached
