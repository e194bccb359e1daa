"""The customer's typing, through the public API: whose identifier is kept, and a path without a dot."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import requests

from wuzapi_chatwoot.bridge.model.errors import NotFound, Permanent, Retriable
from wuzapi_chatwoot.chatwoot import ChatwootInbox, new_http
from wuzapi_chatwoot.chatwoot.client.customer_typing import InboxIdentifiers

JID = "5511900000001@s.whatsapp.net"
GONE = {"status": 404, "json": {"error": "Resource could not be found"}}


def inbox_json(identifier: object = "FictionalInbox01") -> dict:
	return {"id": 7, "channel_type": "Channel::Api", "inbox_identifier": identifier}


@pytest.fixture
def typing(origin) -> str:
	return f"{origin}/public/api/v1/inboxes/FictionalInbox01/contacts/5511900000001%40s%2Ewhatsapp%2Enet/conversations/231/toggle_typing"


class TestShowTyping:
	def test_the_identifier_is_fetched_once(self, inbox, chatwoot, account, typing, body_of):
		chatwoot.get(f"{account}/inboxes/7", json=inbox_json())
		chatwoot.post(typing)
		assert inbox.show_typing(231, JID, True) is None
		assert inbox.show_typing(231, JID, False) is None
		assert [call.request.method for call in chatwoot.calls] == ["GET", "POST", "POST"]
		assert [body_of(call.request) for call in list(chatwoot.calls)[1:]] == [
			{"typing_status": "on"},
			{"typing_status": "off"},
		]

	def test_an_inbox_made_anew(self, inbox, chatwoot, account, typing):
		chatwoot.get(f"{account}/inboxes/7", json=inbox_json("OldFictionalInbox"))
		chatwoot.post(typing.replace("FictionalInbox01", "OldFictionalInbox"))
		inbox.show_typing(231, JID, True)
		chatwoot.replace("POST", typing.replace("FictionalInbox01", "OldFictionalInbox"), **GONE)
		chatwoot.replace("GET", f"{account}/inboxes/7", json=inbox_json())
		chatwoot.post(typing)
		inbox.show_typing(231, JID, True)
		inbox.show_typing(231, JID, True)
		assert [call.request.method for call in list(chatwoot.calls)[2:]] == ["POST", "GET", "POST", "POST"]

	@pytest.mark.parametrize("answer", [GONE, {"status": 404, "body": "<html>", "content_type": "text/html"}])
	def test_no_such_conversation(self, inbox, chatwoot, account, typing, answer):
		chatwoot.get(f"{account}/inboxes/7", json=inbox_json())
		chatwoot.post(typing, **answer)
		for _ in range(2):
			with pytest.raises(NotFound):
				inbox.show_typing(231, JID, True)
		assert [call.request.method for call in chatwoot.calls] == ["GET", "POST", "POST", "GET"]

	@pytest.mark.parametrize("identifier", [None, "", 5])
	def test_an_inbox_without_identifier(self, inbox, chatwoot, account, identifier):
		chatwoot.get(f"{account}/inboxes/7", json=inbox_json(identifier))
		with pytest.raises(Permanent, match="no identifier"):
			inbox.show_typing(231, JID, True)

	def test_the_inbox_is_gone(self, inbox, chatwoot, account):
		chatwoot.get(f"{account}/inboxes/7", **GONE)
		with pytest.raises(NotFound):
			inbox.show_typing(231, JID, True)

	@pytest.mark.parametrize(
		"answer", [{"status": 502}, {"status": 429}, {"body": requests.ConnectionError("FictionalInbox01")}]
	)
	def test_failures_do_not_tell_the_identifier(self, inbox, chatwoot, account, typing, answer):
		chatwoot.get(f"{account}/inboxes/7", json=inbox_json())
		chatwoot.post(typing, **answer)
		with pytest.raises(Retriable) as raised:
			inbox.show_typing(231, JID, True)
		assert "FictionalInbox01" not in str(raised.value)
		assert raised.value.__suppress_context__ or raised.value.__context__ is None

	def test_another_client_of_the_inbox_knows_it_too(self, session, chatwoot, account, typing):
		chatwoot.get(f"{account}/inboxes/7", json=inbox_json())
		chatwoot.post(typing)
		known = InboxIdentifiers()
		with new_http() as http:
			for _ in range(2):
				ChatwootInbox(session, http=http, identifiers=known).show_typing(231, JID, True)
		assert len(chatwoot.calls) == 3


class TestIdentifiers:
	def test_bounded_and_the_longest_unused_goes(self):
		known = InboxIdentifiers(most=2)
		known.keep(("a", 1, 1), "A")
		known.keep(("b", 1, 1), "B")
		assert known.get(("a", 1, 1)) == "A"
		known.keep(("c", 1, 1), "C")
		assert [known.get((key, 1, 1)) for key in "abc"] == ["A", None, "C"]
		assert len(known) == 2

	def test_kept_apart_by_url_account_and_inbox(self):
		known = InboxIdentifiers()
		known.keep(("a", 1, 1), "A")
		assert [known.get(key) for key in (("b", 1, 1), ("a", 2, 1), ("a", 1, 2))] == [None, None, None]

	def test_threads_at_once(self):
		known = InboxIdentifiers(most=3)

		def use(thread: int) -> None:
			for number in range(300):
				known.keep(("a", thread, number % 5), str(number))
				known.get(("a", thread, number % 7))

		threads = [threading.Thread(target=use, args=(number,)) for number in range(4)]
		for thread in threads:
			thread.start()
		for thread in threads:
			thread.join()
		assert len(known) == 3


@pytest.fixture
def server() -> Iterator[tuple[str, list[str]]]:
	"""A real server, and the request lines as they came over the wire."""
	lines: list[str] = []

	class Handler(BaseHTTPRequestHandler):
		def do_GET(self) -> None:
			self.answer(b'{"inbox_identifier": "FictionalInbox01"}')

		def do_POST(self) -> None:
			self.rfile.read(int(self.headers["content-length"]))
			self.answer(b"")

		def answer(self, body: bytes) -> None:
			lines.append(f"{self.requestline} {self.headers.get('api-access-token')}")
			self.send_response(200)
			self.send_header("content-type", "application/json")
			self.send_header("content-length", str(len(body)))
			self.end_headers()
			self.wfile.write(body)

		def log_message(self, *args: object) -> None: ...

	with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as httpd:
		thread = threading.Thread(target=httpd.serve_forever, kwargs={"poll_interval": 0.01})
		thread.start()
		yield f"http://127.0.0.1:{httpd.server_port}", lines
		httpd.shutdown()
		thread.join()


def test_the_dots_stay_encoded_on_the_wire_and_no_token_goes_along(server, session):
	url, lines = server
	with new_http() as http:
		inbox = ChatwootInbox(replace(session, chatwoot_url=url), http=http, identifiers=InboxIdentifiers())
		inbox.show_typing(231, JID, True)
	assert lines == [
		"GET /api/v1/accounts/3/inboxes/7 HTTP/1.1 FictionalToken0001",
		"POST /public/api/v1/inboxes/FictionalInbox01/contacts/5511900000001%40s%2Ewhatsapp%2Enet"
		"/conversations/231/toggle_typing HTTP/1.1 None",
	]
