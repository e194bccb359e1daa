"""What the gateway knows of people: their names in the phone's address book, and their pictures."""

from __future__ import annotations

import pytest
import requests

from wuzapi_chatwoot.bridge.model.addresses import Address
from wuzapi_chatwoot.bridge.model.errors import Fault, NotFound, Permanent, Retriable
from wuzapi_chatwoot.bridge.model.records import Secret, Session
from wuzapi_chatwoot.bridge.ports.gateway import Avatar, OutgoingFile
from wuzapi_chatwoot.gateways.wuzapi import WuzapiGateway, pooled_http
from wuzapi_chatwoot.gateways.wuzapi.client.address_books import AddressBooks

BASE = "http://gateway.test:8080"
ANA = Address("447700900123", "s.whatsapp.net")
ANA_LID = Address("222200002222000", "lid")
BEN = Address("447700900456", "s.whatsapp.net")
GROUP = Address("120363000000000001", "g.us")
PICTURE_URL = "https://pps.whatsapp.net/v/t61.24694-24/1_n.jpg?oe=0"
JPEG = b"\xff\xd8\xff\xe0 and more"
ASKED = {"Phone": "447700900123@s.whatsapp.net", "Preview": False}
PICTURE = {"data": {"url": PICTURE_URL, "id": "1773483667", "type": "image", "direct_path": "/v/1_n.jpg"}}


def _contact(full: str = "", first: str = "", push: str = "") -> dict[str, object]:
	return {"Found": True, "FirstName": first, "FullName": full, "PushName": push, "BusinessName": ""}


BOOK = {
	"data": {
		"447700900123@s.whatsapp.net": _contact("Ana from the market", "Ana", "anita"),
		"222200002222000@lid": _contact("", " Ana ", "anita"),
		"447700900456@s.whatsapp.net": _contact("", "", "Ben Sample"),
		"nobody": _contact("No address"),
		"447700900789@s.whatsapp.net": None,
	}
}


def _client(books: AddressBooks, token: str = "front-desk-token", url: str = BASE) -> WuzapiGateway:
	return WuzapiGateway(Session("s", url, Secret(token), "", Secret(""), 1, 1), pooled_http(), books)


# ---- names


def test_saved_names(expect, http, gateway):
	expect("GET", "/user/contacts", answer=BOOK)

	assert gateway.saved_name(ANA) == "Ana from the market"
	assert gateway.saved_name(ANA_LID) == "Ana"
	# A name that he gave himself is not one that was saved.
	assert gateway.saved_name(BEN) is None
	assert gateway.saved_name(GROUP) is None
	assert len(http.calls) == 1


@pytest.mark.parametrize("data", [None, [], {}])
def test_an_empty_address_book(expect, gateway, data):
	expect("GET", "/user/contacts", answer={"data": data})

	assert gateway.saved_name(ANA) is None


def test_an_address_book_is_asked_for_again_after_five_minutes(http):
	http.get(f"{BASE}/user/contacts", json={"data": {str(ANA): _contact("Old")}})
	http.get(f"{BASE}/user/contacts", json={"data": {str(ANA): _contact("New")}})
	seconds = [1000.0]
	client = _client(AddressBooks(lambda: seconds[0]))

	assert client.saved_name(ANA) == "Old"
	seconds[0] += 299.9
	assert client.saved_name(ANA) == "Old"
	seconds[0] += 0.1
	assert client.saved_name(ANA) == "New"


def test_clients_of_one_user_share_a_book_and_others_do_not(http):
	http.get(f"{BASE}/user/contacts", json=BOOK)
	books = AddressBooks(lambda: 5.0)

	for client in (_client(books), _client(books, url=f"{BASE}/"), _client(books)):
		assert client.saved_name(ANA) == "Ana from the market"
	assert len(http.calls) == 1
	_client(books, "another-token").saved_name(ANA)
	assert [call.request.headers["token"] for call in http.calls] == ["front-desk-token", "another-token"]


def test_a_failure_is_not_kept(http):
	http.get(f"{BASE}/user/contacts", status=503)
	http.get(f"{BASE}/user/contacts", json=BOOK)
	client = _client(AddressBooks(lambda: 0.0))

	with pytest.raises(Retriable):
		client.saved_name(ANA)
	assert client.saved_name(ANA) == "Ana from the market"


def test_only_so_many_books_are_kept():
	books = AddressBooks(lambda: 0.0, most_books=2)
	read: list[str] = []

	def names(owner: str) -> object:
		return books.names(owner, lambda: read.append(owner) or {ANA: owner})

	for owner in ("a", "b", "c", "b", "c", "a"):
		assert names(owner) == {ANA: owner}
	assert read == ["a", "b", "c", "a"]


# ---- pictures


def test_an_avatar(expect, http, gateway):
	expect("POST", "/user/avatar", ASKED, answer=PICTURE)
	http.get(PICTURE_URL, body=JPEG)

	avatar = gateway.avatar(ANA, "1773000000")

	assert avatar == Avatar("1773483667", OutgoingFile(JPEG, "image/jpeg", "avatar.jpg"))
	assert "token" not in http.calls[1].request.headers
	assert http.calls[1].request.req_kwargs["timeout"] == (5.0, 30.0)


def test_an_avatar_may_be_larger_than_a_message_s_file(expect, http, gateway):
	expect("POST", "/user/avatar", ASKED, answer=PICTURE)
	http.get(PICTURE_URL, body=JPEG + bytes(5000))

	assert gateway.avatar(ANA, None).file.content == JPEG + bytes(5000)


def test_an_avatar_that_is_known(expect, gateway):
	expect("POST", "/user/avatar", ASKED, answer=PICTURE)

	assert gateway.avatar(ANA, "1773483667") == Avatar("1773483667", None)


def test_a_groups_avatar(expect, gateway):
	expect("POST", "/user/avatar", {"Phone": str(GROUP), "Preview": False}, answer=PICTURE)

	assert gateway.avatar(GROUP, "1773483667") == Avatar("1773483667", None)


@pytest.mark.parametrize(
	"error",
	[
		"no avatar found",
		"No avatar found",
		"failed to get avatar: the user has hidden their profile picture from you",
		"failed to get avatar: that user or group does not have a profile picture",
	],
)
def test_no_avatar(expect, gateway, error):
	expect(
		"POST",
		"/user/avatar",
		ASKED,
		answer={"code": 500, "error": error, "success": False},
		status=500,
	)

	assert gateway.avatar(ANA, "1773483667") is None


@pytest.mark.parametrize("data", [{}, {"id": "1"}, {"url": PICTURE_URL}, None])
def test_an_answer_without_a_picture(expect, gateway, data):
	expect("POST", "/user/avatar", ASKED, answer={"data": data})

	assert gateway.avatar(ANA, None) is None


@pytest.mark.parametrize(
	("failing", "kind"),
	[
		({"status": 500, "json": {"error": "no session"}}, Retriable),
		({"status": 500, "json": {"error": "failed to get avatar: info query timed out"}}, Retriable),
		# Not "no picture": the address leads to something else.
		({"status": 404, "body": "Not Found"}, Retriable),
		({"body": requests.ReadTimeout()}, Retriable),
	],
)
def test_a_gateway_that_fails_does_not_say_that_there_is_no_avatar(http, gateway, failing, kind):
	http.post(f"{BASE}/user/avatar", **failing)

	with pytest.raises(kind):
		gateway.avatar(ANA, None)


@pytest.mark.parametrize(
	("failing", "kind", "reason"),
	[
		({"status": 403}, NotFound, "WhatsApp does not give out this picture"),
		({"status": 404}, NotFound, "WhatsApp does not give out this picture"),
		({"status": 302, "headers": {"location": "http://10.0.0.1/"}}, NotFound, "does not give out"),
		({"status": 429}, Retriable, "WhatsApp's picture server reports an error"),
		({"status": 502}, Retriable, "WhatsApp's picture server reports an error"),
		({"body": requests.ConnectTimeout()}, Retriable, "WhatsApp's picture server cannot be reached"),
		({"body": requests.ReadTimeout()}, Retriable, "WhatsApp's picture server cannot be reached"),
		({"body": b"<html>Sign in</html>"}, Permanent, "is no JPEG"),
		({"body": JPEG + bytes(5 * 1024 * 1024)}, Permanent, "larger than the 5.2 MB"),
	],
)
def test_a_picture_that_cannot_be_fetched_does_not_speak_against_the_gateway(
	expect, http, gateway, failing, kind, reason
):
	expect("POST", "/user/avatar", ASKED, answer=PICTURE)
	http.get(PICTURE_URL, **failing)

	with pytest.raises(kind, match=reason) as raised:
		gateway.avatar(ANA, None)

	assert getattr(raised.value, "fault", Fault.REQUEST) is Fault.REQUEST
