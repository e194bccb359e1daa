"""A reverse proxy that drops headers and changes bodies, as those of real sites sometimes do. For tests."""

from __future__ import annotations

import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import requests

_OWN_BUSINESS = ("content-length", "transfer-encoding", "connection", "content-encoding")


class MeddlingProxy:
	"""Before `target`. What is dropped and how bodies are changed may be set at any time."""

	def __init__(self, target: str) -> None:
		self.dropped: tuple[str, ...] = ()
		self.rewrite: Callable[[bytes], bytes] = lambda body: body
		proxy = self

		class Handler(BaseHTTPRequestHandler):
			def do_POST(self) -> None:
				body = proxy.rewrite(self.rfile.read(int(self.headers["Content-Length"])))
				kept = (*_OWN_BUSINESS, *proxy.dropped)
				headers = {name: value for name, value in self.headers.items() if name.lower() not in kept}
				answer = requests.post(target + self.path, data=body, headers=headers, timeout=30)
				self.send_response(answer.status_code)
				self.send_header("Content-Type", answer.headers.get("Content-Type", "text/plain"))
				self.send_header("Content-Length", str(len(answer.content)))
				self.end_headers()
				self.wfile.write(answer.content)

			def log_message(self, *_: object) -> None:
				"""Says nothing."""

		self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
		self.url = f"http://127.0.0.1:{self._server.server_port}"
		self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))

	def __enter__(self) -> MeddlingProxy:
		self._thread.start()
		return self

	def __exit__(self, *_: object) -> None:
		self._server.shutdown()
		self._thread.join()
		self._server.server_close()
