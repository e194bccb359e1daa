"""Answers of other sides: no more of them is read than is allowed."""

from __future__ import annotations

import gzip
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import requests

from wuzapi_chatwoot.net import http_pool
from wuzapi_chatwoot.net.http_pool import AnswerTooLarge, AnswerTooSlow, PooledHttp, pieces_of, take_answer

_PACKED, _CHUNKED = {"Content-Encoding": "gzip"}, {"Transfer-Encoding": "chunked"}
_CHUNK = b"186a0\r\n" + b"x" * 100_000 + b"\r\n"
_WHOLE: dict[str, tuple[dict[str, str], bytes]] = {
	"/packed": (_PACKED, gzip.compress(b"x" * 200_000)),
	"/chunks": (_CHUNKED, _CHUNK * 2 + b"0\r\n\r\n"),
	"/cut": ({"Content-Length": "11"}, b"x" * 10),
	"/cut-chunks": (_CHUNKED, _CHUNK[:-10]),
	"/not-packed": (_PACKED, b"x" * 100),
}


class _Talker(BaseHTTPRequestHandler):
	protocol_version = "HTTP/1.1"
	sent = 0
	given_up = threading.Event()

	def do_GET(self) -> None:
		self.send_response(200)
		self.send_header("Connection", "close")
		whole = _WHOLE.get(self.path)
		if whole is not None:
			for name, value in whole[0].items():
				self.send_header(name, value)
			self.end_headers()
			self.wfile.write(whole[1])
			return
		if self.path == "/announced":
			self.send_header("Content-Length", str(300 * 1024 * 1024))
		self.end_headers()
		if self.path == "/one-byte":
			self.wfile.write(b"x")
			self.given_up.wait(20)
			return
		pieces = 1 if self.path == "/small" else 300 * 16
		try:
			for _ in range(pieces):
				self.wfile.write(b"[1]" + b" " * 65533)
				type(self).sent += 65536
		except OSError:
			self.close_connection = True

	def log_message(self, *args: object) -> None:
		pass


@pytest.fixture
def talker() -> Iterator[str]:
	_Talker.sent = 0
	_Talker.given_up.clear()
	with ThreadingHTTPServer(("127.0.0.1", 0), _Talker) as server:
		server.daemon_threads = True
		threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
		yield f"http://127.0.0.1:{server.server_address[1]}"
		_Talker.given_up.set()
		server.shutdown()


@pytest.mark.parametrize("path", ["/endless", "/announced"])
def test_an_answer_of_300_mb_is_not_read(talker: str, path: str) -> None:
	with PooledHttp() as http, pytest.raises(AnswerTooLarge):
		http.get(talker + path, timeout=10)
	assert _Talker.sent < 2 * http_pool.LARGEST_ANSWER


def test_a_usual_one_is_as_always(talker: str) -> None:
	with PooledHttp() as http:
		assert http.get(talker + "/small", timeout=10).content.strip() == b"[1]"


def test_one_that_trickles_is_given_up(talker: str) -> None:
	with PooledHttp() as http, pytest.raises(AnswerTooSlow):
		take_answer(http.get(talker + "/endless", stream=True, timeout=10), 10**9, seconds=0.0)


def test_the_clock_is_looked_at_after_each_byte_and_not_when_a_piece_is_full(talker: str) -> None:
	with PooledHttp() as http, pytest.raises(AnswerTooSlow):
		take_answer(http.get(talker + "/one-byte", stream=True, timeout=10), 10**9, seconds=-1.0)


def test_pieces_end_with_the_answer_and_are_unpacked(talker: str) -> None:
	with PooledHttp() as http:
		for path in ("/packed", "/chunks"):
			answer = http.get(talker + path, stream=True, timeout=10)
			assert b"".join(pieces_of(answer)) == b"x" * 200_000


@pytest.mark.parametrize(
	("path", "failure"),
	[
		("/cut", requests.exceptions.ChunkedEncodingError),
		("/cut-chunks", requests.exceptions.ChunkedEncodingError),
		("/not-packed", requests.exceptions.ContentDecodingError),
	],
)
def test_pieces_fail_as_requests_fails(talker: str, path: str, failure: type[Exception]) -> None:
	with PooledHttp() as http:
		for read in (pieces_of, lambda answer: answer.iter_content(65536)):
			with pytest.raises(failure):
				list(read(http.get(talker + path, stream=True, timeout=10)))


def test_pieces_of_one_that_falls_silent_fail_as_with_requests(talker: str) -> None:
	with PooledHttp() as http, pytest.raises(requests.ConnectionError):
		list(pieces_of(http.get(talker + "/one-byte", stream=True, timeout=0.2)))


def test_clients_take_it_for_a_failure_that_passes() -> None:
	assert issubclass(AnswerTooLarge, requests.RequestException)
	assert issubclass(AnswerTooSlow, requests.Timeout)
