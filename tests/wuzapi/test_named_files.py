"""Addresses that a gateway names lead to its own host or to the public internet, and nowhere else."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar

import pytest

from wuzapi_chatwoot.bridge.model.errors import Permanent, Retriable, TooLarge
from wuzapi_chatwoot.gateways.wuzapi.client.failures import failure_of_storage
from wuzapi_chatwoot.gateways.wuzapi.client.named_files import NamedFiles
from wuzapi_chatwoot.net.http_pool import PooledHttp


class _Storage(BaseHTTPRequestHandler):
	asked: ClassVar[list[str]] = []
	given_up = threading.Event()

	def do_GET(self) -> None:
		self.asked.append(self.path)
		if self.path == "/onward":
			self.send_response(302)
			self.send_header("Location", "/file")
			self.end_headers()
			return
		self.send_response(200)
		self.end_headers()
		if self.path == "/trickle":
			self.wfile.write(b"x")
			self.given_up.wait(20)
			return
		# Without a length, as somebody sends it who wants to fill us.
		for _ in range(20 if self.path == "/large" else 1):
			self.wfile.write(b"x" * 65536)

	def log_message(self, *args: object) -> None:
		pass


@pytest.fixture
def storage() -> Iterator[int]:
	_Storage.asked.clear()
	_Storage.given_up.clear()
	with ThreadingHTTPServer(("127.0.0.1", 0), _Storage) as server:
		threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
		yield server.server_address[1]
		_Storage.given_up.set()
		server.shutdown()


def files(own: str = "http://127.0.0.1:8080", **more: object) -> NamedFiles:
	return NamedFiles(own, PooledHttp(), (5, 5), **more)


def test_the_gateways_own_host_is_asked_at_whatever_port(storage: int) -> None:
	url = f"http://127.0.0.1:{storage}/file"
	assert len(files().fetch(url, 100_000, failure_of_storage)) == 65536


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "127.1", "2130706433"])
def test_another_private_host_is_not(storage: int, host: str) -> None:
	with pytest.raises((Permanent, Retriable)):
		files("http://gateway.example").fetch(f"http://{host}:{storage}/file", 100_000, failure_of_storage)
	assert _Storage.asked == []


def test_a_name_server_that_changes_its_answer_gains_nothing(storage: int) -> None:
	named = files("http://gateway.example", resolve=lambda host, port: ["93.184.216.34"])
	with pytest.raises(Exception, match="not a public address"):
		named.fetch(f"http://127.0.0.1:{storage}/file", 100_000, failure_of_storage)
	assert _Storage.asked == []


@pytest.mark.parametrize(
	"url", ["file:///etc/passwd", "gopher://x/", "http://", "http://a:b@127.0.0.1/", "http://[", "ftp://x/y"]
)
def test_what_is_no_plain_address_is_refused(url: str) -> None:
	with pytest.raises(Permanent):
		files().fetch(url, 1000, failure_of_storage)


def test_a_redirect_is_not_followed(storage: int) -> None:
	with pytest.raises((Permanent, Retriable)):
		files().fetch(f"http://127.0.0.1:{storage}/onward", 100_000, failure_of_storage)
	assert _Storage.asked == ["/onward"]


def test_no_more_is_read_than_is_allowed(storage: int) -> None:
	with pytest.raises(TooLarge):
		files().fetch(f"http://127.0.0.1:{storage}/large", 100_000, failure_of_storage)


@pytest.mark.parametrize("path", ["large", "trickle"])
def test_nor_for_longer_than_a_lane_is_leased(storage: int, path: str) -> None:
	clock = iter(range(0, 10_000, 100 if path == "large" else 200))
	named = files(seconds=lambda: float(next(clock)))
	with pytest.raises(Retriable, match="too slowly"):
		named.fetch(f"http://127.0.0.1:{storage}/{path}", 10**9, failure_of_storage)
