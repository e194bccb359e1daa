"""Every way a call can fail, once for calls that create something and once for those that may be repeated."""

import http.server
import socket
import ssl
import threading
from collections.abc import Iterator
from dataclasses import replace

import pytest
import requests
from urllib3.connection import HTTPConnection
from urllib3.connectionpool import HTTPConnectionPool
from urllib3.exceptions import MaxRetryError, NameResolutionError, NewConnectionError, ProtocolError, SSLError

from wuzapi_chatwoot.bridge.model.errors import BridgeError, Fault, NotFound, Permanent, Retriable, Uncertain
from wuzapi_chatwoot.bridge.model.events import Status
from wuzapi_chatwoot.bridge.model.records import Secret
from wuzapi_chatwoot.chatwoot import ChatwootInbox, new_http

HTML = {"body": "<html><title>secret words</title>", "content_type": "text/html"}
UNREACHABLE, UNANSWERED = Fault.UNREACHABLE, Fault.UNANSWERED
UNWELL, REQUEST = Fault.UNWELL, Fault.REQUEST


def never_connected(reason: type[NewConnectionError]) -> requests.ConnectionError:
	connection = HTTPConnection("chat.example.com")
	cause = (
		NameResolutionError("chat.example.com", connection, socket.gaierror(-2, "unknown"))
		if reason is NameResolutionError
		else reason(connection, "refused")
	)
	return requests.ConnectionError(MaxRetryError(HTTPConnectionPool("chat.example.com"), "/", cause))


def tls(cause: Exception) -> requests.exceptions.SSLError:
	failure = requests.exceptions.SSLError(
		MaxRetryError(HTTPConnectionPool("chat.example.com"), "/", SSLError(cause))
	)
	failure.__context__ = cause
	return failure


def broken(cause: Exception) -> requests.ConnectionError:
	return requests.ConnectionError(ProtocolError("Connection aborted.", cause))


NO_ANSWER = [
	(never_connected(NewConnectionError), Retriable, "cannot be reached"),
	(never_connected(NameResolutionError), Retriable, "cannot be reached"),
	(requests.ConnectTimeout(), Retriable, "cannot be reached"),
	(requests.exceptions.ProxyError(), Retriable, "proxy on the way"),
	(tls(ssl.SSLCertVerificationError("self-signed")), Retriable, "certificate"),
	(requests.exceptions.InvalidURL("http://:0"), Retriable, "address or token is not valid"),
	(requests.exceptions.InvalidHeader("token"), Retriable, "address or token is not valid"),
	(requests.ReadTimeout(), Uncertain, "did not answer in time"),
	(tls(ssl.SSLEOFError("broken off")), Uncertain, "broke off"),
	(broken(ConnectionResetError()), Uncertain, "broke off"),
	(broken(TimeoutError()), Uncertain, "broke off"),
	(requests.ConnectionError("of some kind"), Uncertain, "broke off"),
	(requests.exceptions.ChunkedEncodingError(), Uncertain, "broke off"),
	(requests.exceptions.ContentDecodingError(), Uncertain, "broke off"),
]


@pytest.mark.parametrize(("error", "kind", "words"), NO_ANSWER)
def test_no_answer_to_a_creation(inbox, chatwoot, account, post, error, kind, words):
	chatwoot.post(f"{account}/conversations/231/messages", body=error)
	with pytest.raises(kind, match=words) as caught:
		inbox.post_message(231, post())
	assert type(caught.value) is kind
	assert caught.value.fault is (UNREACHABLE if kind is Retriable else UNANSWERED)


@pytest.mark.parametrize(("error", "kind", "words"), NO_ANSWER)
def test_no_answer_to_what_may_be_repeated(inbox, chatwoot, account, error, kind, words):
	chatwoot.get(f"{account}/conversations", body=error)
	with pytest.raises(Retriable, match=words) as caught:
		inbox.latest_conversation("x")
	assert caught.value.fault is (UNREACHABLE if kind is Retriable else UNANSWERED)


# Answer; class and fault for a creation; class and fault for the rest; words.
ANSWERS = [
	({"status": 200, **HTML}, (Retriable, UNANSWERED), (Retriable, UNANSWERED), "not Chatwoot's API"),
	(
		{"status": 200, "body": '"text"'},
		(Retriable, UNANSWERED),
		(Retriable, UNANSWERED),
		"not Chatwoot's API",
	),
	(
		{"status": 301, "headers": {"Location": "https://new.example.com/x?token=1"}},
		(Retriable, UNREACHABLE),
		(Retriable, UNREACHABLE),
		r"redirects.*\(301 new\.example\.com\)",
	),
	({"status": 302}, (Retriable, UNREACHABLE), (Retriable, UNREACHABLE), "redirects"),
	(
		{"status": 401, "json": {"error": "Invalid Access Token"}},
		(Retriable, UNREACHABLE),
		(Retriable, UNREACHABLE),
		"refuses the access token.*Invalid Access Token",
	),
	(
		{"status": 401, "json": {"errors": ["You need to sign in or sign up before continuing."]}},
		(Retriable, UNREACHABLE),
		(Retriable, UNREACHABLE),
		"refuses the access token.*sign in",
	),
	(
		{"status": 401, "json": {"error": "You are not authorized to do this action"}},
		(Retriable, UNREACHABLE),
		(Retriable, UNREACHABLE),
		"lacks the right; add the user to the inbox",
	),
	(
		{"status": 403, "json": {"error": "API access is not enabled for this account"}},
		(Retriable, UNREACHABLE),
		(Retriable, UNREACHABLE),
		"denies API access",
	),
	(
		{"status": 404, "json": {"error": "Resource could not be found"}},
		(NotFound, None),
		(NotFound, None),
		"any more",
	),
	({"status": 404}, (NotFound, None), (NotFound, None), "any more"),
	(
		{"status": 404, "body": "404 page not found\n"},
		(Retriable, UNANSWERED),
		(Retriable, UNANSWERED),
		"not Chatwoot's API",
	),
	({"status": 408}, (Uncertain, UNANSWERED), (Retriable, UNANSWERED), "behind its proxy"),
	({"status": 413, **HTML}, (Permanent, None), (Permanent, None), "too large"),
	(
		{"status": 422, "json": {"error": "Validation failed: Too many messages"}},
		(Retriable, REQUEST),
		(Retriable, REQUEST),
		"too many messages within a minute",
	),
	(
		{"status": 422, "json": {"error": "Content is too long"}},
		(Permanent, None),
		(Permanent, None),
		r"refused the data \(422 Content is too long\)",
	),
	(
		{"status": 400, "json": {"error": "x" * 500}},
		(Permanent, None),
		(Permanent, None),
		"refused the request",
	),
	({"status": 429, "body": "Retry later\n"}, (Retriable, UNREACHABLE), (Retriable, UNREACHABLE), "pause"),
	({"status": 500, **HTML}, (Uncertain, UNWELL), (Retriable, UNWELL), "failed on this request"),
	({"status": 501}, (Uncertain, UNWELL), (Retriable, UNWELL), "failed on this request"),
	({"status": 502, **HTML}, (Uncertain, UNANSWERED), (Retriable, UNANSWERED), "behind its proxy"),
	({"status": 503}, (Uncertain, UNANSWERED), (Retriable, UNANSWERED), "behind its proxy"),
	({"status": 504}, (Uncertain, UNANSWERED), (Retriable, UNANSWERED), "behind its proxy"),
	({"status": 522, **HTML}, (Uncertain, UNANSWERED), (Retriable, UNANSWERED), "behind its proxy"),
]


def judge(error: BridgeError, expected: tuple[type[BridgeError], Fault | None]) -> None:
	kind, fault = expected
	assert isinstance(error, kind)
	assert getattr(error, "fault", None) is fault
	assert "secret words" not in str(error)
	assert "token=1" not in str(error)
	assert len(error.detail) <= 200


@pytest.mark.parametrize(("answer", "creating", "repeatable", "words"), ANSWERS)
def test_failed_creation(inbox, chatwoot, account, post, answer, creating, repeatable, words):
	chatwoot.post(f"{account}/conversations/231/messages", **answer)
	with pytest.raises(BridgeError, match=words) as caught:
		inbox.post_message(231, post("secret words"))
	judge(caught.value, creating)


@pytest.mark.parametrize(("answer", "creating", "repeatable", "words"), ANSWERS)
def test_failed_reading(inbox, chatwoot, account, answer, creating, repeatable, words):
	chatwoot.get(f"{account}/conversations", **answer)
	with pytest.raises(BridgeError, match=words) as caught:
		inbox.latest_conversation("x")
	judge(caught.value, repeatable)


@pytest.mark.parametrize(("answer", "creating", "repeatable", "words"), ANSWERS)
def test_failed_change(inbox, chatwoot, account, answer, creating, repeatable, words):
	chatwoot.patch(f"{account}/conversations/231/messages/5", **answer)
	with pytest.raises(BridgeError, match=words) as caught:
		inbox.set_status(231, 5, Status.READ)
	judge(caught.value, repeatable)


@pytest.mark.parametrize(
	"status", [400, 401, 402, 403, 404, 405, 406, 409, 410, 415, 418, 421, 422, 423, 425, 431, 451]
)
@pytest.mark.parametrize("page", [HTML, {"body": "short and stout", "content_type": "text/plain"}])
def test_a_page_of_somebody_else_ends_no_message(inbox, chatwoot, account, post, status, page):
	chatwoot.post(f"{account}/conversations/231/messages", status=status, **page)
	with pytest.raises(Retriable, match="not Chatwoot's API") as caught:
		inbox.post_message(231, post())
	assert caught.value.fault is UNANSWERED


SOMEBODY_ELSES = [
	{"message": "no Route matched with those values"},
	{"success": False, "errors": [{"code": 1020, "message": "Access denied"}]},
	{"error": {"code": "blocked"}},
	{"code": "blocked"},
	[],
]


@pytest.mark.parametrize("status", [400, 401, 402, 403, 404])
@pytest.mark.parametrize("body", SOMEBODY_ELSES)
def test_json_of_somebody_else_ends_no_message(inbox, chatwoot, account, post, status, body):
	chatwoot.post(f"{account}/conversations/231/messages", status=status, json=body)
	with pytest.raises(Retriable, match="not Chatwoot's API") as caught:
		inbox.post_message(231, post())
	assert caught.value.fault is UNANSWERED


@pytest.mark.parametrize("status", [405, 406, 409, 410, 415, 418, 421, 423, 425, 431, 451])
def test_what_chatwoot_never_says_is_somebody_elses(inbox, chatwoot, account, post, status):
	chatwoot.post(f"{account}/conversations/231/messages", status=status, json={"error": "no"})
	with pytest.raises(Retriable, match="not Chatwoot's API"):
		inbox.post_message(231, post())


def test_gone_is_what_chatwoot_says_is_gone(inbox, chatwoot, account, post):
	"""Else a proxy that has lost its way would have us open every conversation anew."""
	chatwoot.post(f"{account}/conversations/231/messages", status=404, json={"error": "no such backend"})
	with pytest.raises(Retriable, match="not Chatwoot's API"):
		inbox.post_message(231, post())


@pytest.mark.parametrize("status", [400, 401, 402, 403, 404, 422])
def test_in_chatwoots_own_words_somebody_else_is_told_by_what_rails_writes(
	inbox, chatwoot, account, post, status
):
	"""Once an answer has said how long Chatwoot took, a refusal that does not is not Chatwoot's."""
	path = f"{account}/conversations/231/messages"
	words = {"error": "Resource could not be found"}
	chatwoot.post(path, status=status, json=words)
	with pytest.raises(BridgeError) as own:
		inbox.post_message(231, post())
	assert "not Chatwoot's API" not in own.value.reason
	posted = {"id": 5, "conversation_id": 231}
	chatwoot.post(path, json=posted, headers={"X-Runtime": "0.042"})
	inbox.post_message(231, post())
	chatwoot.post(path, status=status, json=words)
	with pytest.raises(Retriable, match="not Chatwoot's API"):
		inbox.post_message(231, post())
	chatwoot.post(path, status=status, json=words, headers={"X-Runtime": "0.042"})
	with pytest.raises(type(own.value)) as again:
		inbox.post_message(231, post())
	assert again.value.reason == own.value.reason


@pytest.mark.parametrize(
	("status", "kind"), [(400, Permanent), (422, Permanent), (403, Retriable), (405, Retriable)]
)
def test_a_refusal_without_a_word(inbox, chatwoot, account, post, status, kind):
	"""Chatwoot gives such itself; of the status codes that it knows."""
	chatwoot.post(f"{account}/conversations/231/messages", status=status)
	with pytest.raises(kind):
		inbox.post_message(231, post())


@pytest.mark.parametrize(
	("headers", "seconds"),
	[
		({}, None),
		({"Retry-After": "7"}, 7),
		({"Retry-After": "soon"}, None),
		({"Retry-After": "0"}, None),
		({"Retry-After": "86400"}, 300),
		({"Retry-After": "9" * 5000}, 300),
	],
)
def test_rate_limit(inbox, chatwoot, account, headers, seconds):
	chatwoot.get(f"{account}/conversations", status=429, body="Retry later\n", headers=headers)
	with pytest.raises(Retriable) as caught:
		inbox.latest_conversation("x")
	assert caught.value.rate_limited
	assert caught.value.retry_after == seconds


def test_full_minute(inbox, chatwoot, account, post):
	words = {"error": "Validation failed: Too many messages"}
	chatwoot.post(f"{account}/conversations/231/messages", status=422, json=words)
	with pytest.raises(Retriable) as caught:
		inbox.post_message(231, post())
	assert (caught.value.retry_after, caught.value.rate_limited) == (15, False)


def test_only_statuses_may_be_refused_to_other_inboxes(inbox, chatwoot, account):
	words = {"error": "Message status update is only allowed for API inboxes"}
	chatwoot.patch(f"{account}/conversations/231/messages/5", status=403, json=words)
	with pytest.raises(Permanent) as caught:
		inbox.set_status(231, 5, Status.READ)
	assert "API inboxes" in caught.value.reason


@pytest.mark.parametrize(
	"changes",
	[
		{"chatwoot_url": ""},
		{"chatwoot_url": "chat.example.com"},
		{"chatwoot_url": "ftp://chat.example.com"},
		{"chatwoot_url": "http://"},
		{"chatwoot_token": Secret("tökén–")},
		{"chatwoot_token": Secret("a\nb")},
	],
)
def test_settings_that_cannot_work_are_waited_for(session, post, changes):
	with new_http() as http:
		inbox = ChatwootInbox(
			replace(session, **{"chatwoot_url": "http://127.0.0.1:9", **changes}), http=http
		)
		with pytest.raises(Retriable, match="not valid"):
			inbox.post_message(231, post())


class TestRealConnections:
	"""What the HTTP library really raises, on this machine's own interface."""

	@pytest.fixture
	def hung_up(self) -> Iterator[int]:
		"""A port where every request is read and the connection closed without an answer."""

		class HangUp(http.server.BaseHTTPRequestHandler):
			def do_POST(self) -> None:
				self.close_connection = True

			do_GET = do_POST

			def log_message(self, *args: object) -> None:
				pass

		with http.server.ThreadingHTTPServer(("127.0.0.1", 0), HangUp) as server:
			thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
			thread.start()
			yield server.server_port
			server.shutdown()
			thread.join()

	@pytest.fixture
	def closed(self) -> int:
		"""A port where nobody listens."""
		with socket.socket() as taken:
			taken.bind(("127.0.0.1", 0))
			return taken.getsockname()[1]

	def test_refused(self, session, post, closed):
		with new_http() as http:
			inbox = ChatwootInbox(replace(session, chatwoot_url=f"http://127.0.0.1:{closed}"), http=http)
			with pytest.raises(Retriable, match="cannot be reached"):
				inbox.post_message(231, post())

	def test_hung_up_on_a_creation(self, session, post, hung_up):
		with new_http() as http:
			inbox = ChatwootInbox(replace(session, chatwoot_url=f"http://127.0.0.1:{hung_up}"), http=http)
			with pytest.raises(Uncertain, match="broke off"):
				inbox.post_message(231, post())
			with pytest.raises(Retriable, match="broke off"):
				inbox.check()
