"""Whose access token it is, and in which accounts its owner is."""

import pytest
import requests
import responses

from wuzapi_chatwoot.bridge.model.errors import Retriable, TokenRefused
from wuzapi_chatwoot.bridge.model.session import Secret
from wuzapi_chatwoot.bridge.ports.chatwoot_setup import ChatwootProfile, Membership, TokenOwner
from wuzapi_chatwoot.chatwoot import ProfileOfToken, new_http

ORIGIN = "https://chat.example.com"
PROFILE = f"{ORIGIN}/api/v1/profile"


@pytest.fixture
def profile():
	with new_http() as http:
		port: ChatwootProfile = ProfileOfToken(f" {ORIGIN}/ ", Secret(" FictionalToken0001 "), http)
		yield port


@pytest.fixture
def chatwoot():
	"""Register answers here; each must be asked for."""
	with responses.RequestsMock() as mock:
		yield mock


def test_every_account_of_its_owner_with_the_role_there(profile, chatwoot):
	accounts = [
		{"id": 1, "name": "Loja", "role": "administrator", "status": "active"},
		{"id": 3, "name": None, "role": "agent", "status": "suspended"},
		{"id": "x", "name": "Unread"},
		"odd",
	]
	chatwoot.get(PROFILE, json={"id": 9, "name": "Ponte", "role": "agent", "accounts": accounts})
	assert profile.owner() == TokenOwner(
		"Ponte", (Membership(1, "Loja", True), Membership(3, "", False, suspended=True))
	)
	[call] = chatwoot.calls
	assert call.request.headers["api-access-token"] == "FictionalToken0001"


@pytest.mark.parametrize(
	("answer", "kind", "reason"),
	[
		({"status": 401, "json": {"error": "Invalid Access Token"}}, TokenRefused, "copy it again"),
		({"status": 404, "json": {"error": "no"}}, Retriable, "not Chatwoot's API"),
		({"json": {"id": 9}}, Retriable, "not Chatwoot's API"),
		({"body": "<html>", "content_type": "text/html"}, Retriable, "not Chatwoot's API"),
		({"body": requests.ConnectTimeout()}, Retriable, "cannot be reached"),
	],
)
def test_what_may_be_wrong(profile, chatwoot, answer, kind, reason):
	chatwoot.get(PROFILE, **answer)
	with pytest.raises(Retriable, match=reason) as raised:
		profile.owner()
	assert isinstance(raised.value, TokenRefused) is (kind is TokenRefused)
