"""The doctor behind a real reverse proxy: whatever it drops or changes is found, and nothing is left of the looking."""

import json

import pytest
from meddling_proxy import MeddlingProxy

LOST = "its signature was dropped"
CHANGED = "its body, or a header that is signed with it, was changed or dropped"


def written_anew(body):
	return json.dumps(json.loads(body)).encode()


@pytest.fixture(scope="module")
def proxy(shop):
	with MeddlingProxy(shop.url) as proxy:
		shop.ask("set_session", callback_url=proxy.url)
		yield proxy
		shop.ask("set_session", callback_url="")


def found(shop, step):
	findings = shop.ask("examine")
	return [(each["verdict"], each["sentence"]) for each in findings if each["step"] == step]


def traces(shop):
	fields = ["refused_webhooks", "last_refusal", "modified"]
	return [
		shop.ask("count", doctype="WuzAPI Event"),
		shop.ask("count", doctype="Error Log"),
		shop.ask("values", doctype="WuzAPI Session", filters={}, fields=fields),
	]


@pytest.mark.parametrize(
	("dropped", "rewrite", "faults"),
	[
		((), None, []),
		(("x-hmac-signature",), None, [("the gateway", LOST)]),
		(("x-chatwoot-signature",), None, [("Chatwoot", LOST)]),
		(("x-chatwoot-timestamp",), None, [("Chatwoot", CHANGED)]),
		((), written_anew, [("the gateway", CHANGED), ("Chatwoot", CHANGED)]),
	],
)
@pytest.mark.parametrize("token", ["", "fictional-url-token"])
def test_what_a_proxy_does_is_found(shop, proxy, dropped, rewrite, faults, token):
	shop.ask("set_session", webhook_token=token)
	before = traces(shop)
	proxy.dropped, proxy.rewrite = dropped, rewrite or (lambda body: body)
	assert found(shop, "reverse proxy") == [
		("broken", f"What was signed as {who} signs did not come here as it was sent: {fault}.")
		for who, fault in faults
	]
	# It is on this machine, which Chatwoot might refuse.
	assert [verdict for verdict, _ in found(shop, "our address")] == ["warning"]
	assert found(shop, "refused webhooks") == []
	assert traces(shop) == before


def test_an_address_that_leads_elsewhere_is_found(shop, proxy):
	with MeddlingProxy(shop.sandbox.page) as elsewhere:
		shop.ask("set_session", callback_url=elsewhere.url)
		[(verdict, sentence)] = found(shop, "our address")
		shop.ask("set_session", callback_url=proxy.url)
	assert (verdict, "it answers with status 40" in sentence) == ("broken", True)
