"""Answers of other sides: no more of them is read than is allowed."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import requests

from wuzapi_chatwoot import http_pool
from wuzapi_chatwoot.http_pool import AnswerTooLarge, AnswerTooSlow, PooledHttp, take_answer


class _Talker(BaseHTTPRequestHandler):
	sent = 0

	def do_GET(self) -> None:
		self.send_response(200)
		if self.path == "/announced":
			self.send_header("Content-Length", str(300 * 1024 * 1024))
		self.end_headers()
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
	with ThreadingHTTPServer(("127.0.0.1", 0), _Talker) as server:
		server.daemon_threads = True
		threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
		yield f"http://127.0.0.1:{server.server_address[1]}"
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


def test_clients_take_it_for_a_failure_that_passes() -> None:
	assert issubclass(AnswerTooLarge, requests.RequestException)
	assert issubclass(AnswerTooSlow, requests.Timeout)
