"""What is wrong with a certificate is named, by name of the host: against a real server, with each fault in turn."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, timezone
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

import pytest
import requests
import trustme

from wuzapi_chatwoot.bridge.model.errors import BridgeError, Fault, Permanent, Retriable
from wuzapi_chatwoot.bridge.model.records import Secret, Session
from wuzapi_chatwoot.chatwoot.client.client import ChatwootInbox
from wuzapi_chatwoot.chatwoot.setup.setup import ChatwootAccount
from wuzapi_chatwoot.gateways.wuzapi.client.client import WuzapiGateway
from wuzapi_chatwoot.gateways.wuzapi.setup.admin import WuzapiAdmin
from wuzapi_chatwoot.gateways.wuzapi.setup.setup import WuzapiSetup
from wuzapi_chatwoot.net.http_pool import PooledHttp
from wuzapi_chatwoot.net.tls_trouble import certificate_trouble

TOKEN = Secret("Fictional-Token")
NOW = datetime.now(timezone.utc)
DAY = timedelta(days=1)

EXPIRED = "TLS certificate for localhost has expired: renew it"
NOT_YET = "TLS certificate for localhost is not valid yet: look at the clocks of both machines"
ANOTHER_NAME = "TLS certificate is not made for localhost: enter the address by a name that stands in it, or get one for localhost"
UNKNOWN_ISSUER = (
	"TLS certificate for localhost comes from nobody whom this machine trusts: let localhost send its whole chain, get "
	"one of a public authority, or name the file of its issuer in REQUESTS_CA_BUNDLE"
)


class Silent(BaseHTTPRequestHandler):
	def do_GET(self) -> None:
		body = b'{"code": 200, "success": true, "data": {}}'
		self.send_response(200)
		self.send_header("content-type", "application/json")
		self.send_header("content-length", str(len(body)))
		self.end_headers()
		self.wfile.write(body)

	def log_message(self, *arguments: object) -> None:
		pass


class _Quiet(HTTPServer):
	"""A client that breaks off the handshake is what is wanted here."""

	def handle_error(self, request: Any, client_address: Any) -> None:
		pass


Serve = Callable[..., str]


@pytest.fixture
def authority() -> trustme.CA:
	return trustme.CA()


@pytest.fixture
def serve(authority: trustme.CA) -> Iterator[Serve]:
	"""A server at localhost, whose certificate is for those names; the address."""
	servers: list[HTTPServer] = []

	def start(*names: str, tls: bool = True, **dates: datetime) -> str:
		server = _Quiet(("127.0.0.1", 0), Silent)
		if tls:
			context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
			authority.issue_cert(*names, **dates).configure_cert(context)
			server.socket = context.wrap_socket(
				server.socket, server_side=True, do_handshake_on_connect=False
			)
		Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
		servers.append(server)
		return f"https://localhost:{server.server_port}"

	yield start
	for server in servers:
		server.shutdown()
		server.server_close()


@pytest.fixture
def trusting(authority: trustme.CA, monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
	"""This machine knows the issuer."""
	file = tmp_path / "issuer.pem"
	authority.cert_pem.write_to_path(str(file))
	monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(file))


def ask_all(url: str) -> list[BridgeError]:
	"""What each client of ours makes of it: gateway, then Chatwoot; at work, then set up."""
	session = Session("shop", url, TOKEN, url, TOKEN, account_id=1, inbox_id=1)
	http = PooledHttp()
	found = []
	for ask in (
		WuzapiGateway(session, http=http).check,
		WuzapiSetup(url, TOKEN, http).status,
		WuzapiAdmin(url, TOKEN, http).users,
		ChatwootInbox(session, http=http).check,
		ChatwootAccount(url, TOKEN, 1, http).user,
	):
		with pytest.raises(BridgeError) as caught:
			ask()
		found.append(caught.value)
	return found


def named(url: str, sentence: str) -> None:
	for place, error in enumerate(ask_all(url)):
		whose = "The gateway's" if place < 3 else "Chatwoot's"
		assert error.reason == f"{whose} {sentence}"
		# Whoever mends it need do no more: what waits goes out then.
		assert isinstance(error, Retriable)
		assert error.fault is Fault.UNREACHABLE


def test_an_issuer_that_nobody_knows(serve: Serve) -> None:
	named(serve("localhost"), UNKNOWN_ISSUER)


@pytest.mark.usefixtures("trusting")
@pytest.mark.parametrize(
	("names", "dates", "sentence"),
	[
		(["localhost"], {"not_before": NOW - 2 * DAY, "not_after": NOW - DAY}, EXPIRED),
		(["localhost"], {"not_before": NOW + DAY, "not_after": NOW + 2 * DAY}, NOT_YET),
		(["elsewhere.example"], {}, ANOTHER_NAME),
	],
	ids=["expired", "not yet", "another name"],
)
def test_what_is_wrong_with_a_certificate(
	serve: Serve, names: list[str], dates: dict[str, datetime], sentence: str
) -> None:
	named(serve(*names, **dates), sentence)


@pytest.mark.usefixtures("trusting")
def test_one_that_is_right_is_no_trouble(serve: Serve) -> None:
	assert PooledHttp().get(f"{serve('localhost')}/", timeout=5).status_code == 200


def test_what_speaks_no_tls(serve: Serve) -> None:
	for error in ask_all(serve(tls=False)):
		assert not isinstance(error, Permanent)
		assert "TLS" in error.reason or "cannot be reached" in error.reason


@pytest.mark.parametrize(
	"error",
	[
		requests.ConnectionError("refused"),
		requests.ReadTimeout(),
		ValueError("address"),
		ssl.SSLEOFError("eof"),
	],
)
def test_other_troubles_are_none(error: Exception) -> None:
	assert certificate_trouble(error, "Chatwoot's") is None


def test_where_only_words_are_left() -> None:
	error = requests.exceptions.SSLError("CERTIFICATE_VERIFY_FAILED: certificate has expired")
	assert certificate_trouble(error, "Chatwoot's") == (
		"Chatwoot's TLS certificate for this address has expired: renew it"
	)
