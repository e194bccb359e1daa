"""Patience with those who connect: none for who does not ask within seconds, and little for large or slow bodies.

Without this, a few hundred connections that say nothing are kept open for ever.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import anyio
from starlette.types import ASGIApp, Message, Receive, Scope, Send

HEAD_SECONDS = 10.0
"""From the connection, or from the first byte of another request on it, to the end of the request's head."""
LARGEST_ADMIN_BODY = 256 * 1024
ADMIN_BODY_SECONDS = 15.0


def impatient(protocol: Callable[..., Any], seconds: float = HEAD_SECONDS) -> type[Any]:
	"""A protocol of uvicorn's that closes connections on which no request has come in time."""
	base: Any = protocol

	class Impatient(base):  # type: ignore[misc]
		def connection_made(self, transport: Any) -> None:
			self._deadline: asyncio.TimerHandle | None = None
			super().connection_made(transport)
			self._watch()

		def data_received(self, data: bytes) -> None:
			super().data_received(data)
			self._watch()

		def connection_lost(self, exc: Exception | None) -> None:
			self._forget_deadline()
			super().connection_lost(exc)

		def _waits_for_a_head(self) -> bool:
			return self.cycle is None or self.cycle.response_complete

		def _watch(self) -> None:
			if not self._waits_for_a_head():
				self._forget_deadline()
			elif self._deadline is None:
				self._deadline = self.loop.call_later(seconds, self._too_late)

		def _forget_deadline(self) -> None:
			if self._deadline is not None:
				self._deadline.cancel()
				self._deadline = None

		def _too_late(self) -> None:
			self._deadline = None
			if self._waits_for_a_head() and not self.transport.is_closing():
				self.transport.abort()

	return Impatient


class SmallBodies:
	"""Around an application: bodies of what is not below `except_below` are few and quick, whoever sends them.

	The framework reads a body before it asks who sent it.
	"""

	def __init__(self, app: ASGIApp, except_below: str) -> None:
		self._app = app
		self._except_below = except_below

	async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
		if scope["type"] != "http" or scope["path"].startswith(self._except_below):
			await self._app(scope, receive, send)
			return
		body = bytearray()
		more = True
		try:
			with anyio.fail_after(ADMIN_BODY_SECONDS):
				while more:
					message = await receive()
					if message["type"] != "http.request":
						return
					body += message.get("body", b"")
					more = message.get("more_body", False)
					if len(body) > LARGEST_ADMIN_BODY:
						await _refuse(send, 413, b'{"detail":"The body is too large."}')
						return
		except TimeoutError:
			await _refuse(send, 408, b'{"detail":"The body comes too slowly."}')
			return
		whole: list[Message] = [{"type": "http.request", "body": bytes(body), "more_body": False}]

		async def read() -> Message:
			return whole.pop() if whole else await receive()

		await self._app(scope, read, send)


async def _refuse(send: Send, status: int, body: bytes) -> None:
	headers = [(b"content-type", b"application/json"), (b"connection", b"close")]
	headers.append((b"content-length", str(len(body)).encode()))
	await send({"type": "http.response.start", "status": status, "headers": headers})
	await send({"type": "http.response.body", "body": body})
