"""The lean HTTP side of both simulated servers: routes, faults and counters around plain handlers.

A bare ASGI application instead of a framework, because benchmarks push hundreds of requests a second through
it and because a fault may have to cut the very connection that a request came in on.
"""

from __future__ import annotations

import asyncio
import contextlib
import inspect
import json
import random
import re
import sys
import traceback
from collections import deque
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, NamedTuple
from urllib.parse import parse_qs

from wuzapi_chatwoot.sandbox.counters import Counters
from wuzapi_chatwoot.sandbox.switches import Switches, fails_for
from wuzapi_chatwoot.sandbox.web.wire import plain_json

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

# Longer than any client's patience; after it the connection is cut all the same, so that nothing piles up.
HANG_SECONDS = 180.0


class Reply(NamedTuple):
	"""What a handler answers."""

	status: int
	body: bytes
	content_type: bytes = b"application/json; charset=utf-8"
	headers: tuple[tuple[bytes, bytes], ...] = ()


def json_reply(value: Any, status: int = 200) -> Reply:
	"""Answer with JSON."""
	return Reply(status, plain_json(value))


def text_reply(text: str, status: int) -> Reply:
	"""Answer with plain text."""
	return Reply(status, text.encode(), b"text/plain; charset=utf-8")


class Refused(Exception):
	"""A handler refuses the request with this reply."""

	def __init__(self, reply: Reply) -> None:
		super().__init__(reply.status)
		self.reply = reply


class CutOff(Exception):
	"""A handler breaks the connection instead of answering, as a program does that falls over its own request.

	`mode` "hang": it keeps the connection instead, and never answers.
	"""

	def __init__(self, mode: str = "drop") -> None:
		super().__init__(mode)
		self.mode = mode


class Call:
	"""One request, read completely."""

	__slots__ = ("base_url", "body", "method", "parameters", "path", "scope", "stored", "trouble")

	def __init__(self, scope: Scope, body: bytes) -> None:
		self.scope = scope
		self.body = body
		self.method: str = scope["method"]
		self.path: str = scope["path"]
		self.parameters: dict[str, str] = {}
		# Set by a handler that stored a message: only then is losing the answer interesting.
		self.stored = False
		# What keeps the server from doing its work for this caller, in its own words; empty when nothing does.
		self.trouble = ""

	def header(self, name: bytes) -> str | None:
		"""Return a header by its lower-case name."""
		for key, value in self.scope["headers"]:
			if key == name:
				return bytes(value).decode("latin-1")
		return None

	def query(self) -> dict[str, list[str]]:
		"""Return the query parameters."""
		return parse_qs(self.scope["query_string"].decode("latin-1"), keep_blank_values=True)

	def query_value(self, name: str) -> str | None:
		"""Return the first value of a query parameter."""
		return self.query().get(name, [None])[0]

	def json(self) -> Any:
		"""Decode the body; ValueError when it is not JSON."""
		return json.loads(self.body)


Handler = Callable[[Call], "Reply | Awaitable[Reply]"]


class _Route(NamedTuple):
	name: str
	pattern: re.Pattern[str]
	handler: Handler
	open_to_all: bool


class Gate:
	"""Lets at most `limit` requests through at once (0: any number); the limit may change at any time."""

	def __init__(self) -> None:
		self._active = 0
		self._waiting: deque[asyncio.Future[None]] = deque()

	async def enter(self, limit: int) -> None:
		"""Wait for a free place."""
		if limit and self._active >= limit:
			ticket: asyncio.Future[None] = asyncio.get_running_loop().create_future()
			self._waiting.append(ticket)
			# The place of the one who leaves is handed over, so the number of active ones does not change.
			await ticket
		else:
			self._active += 1

	def leave(self, limit: int) -> None:
		"""Hand the place over, or free it."""
		free = self._active - 1
		while self._waiting and (not limit or free < limit):
			ticket = self._waiting.popleft()
			if not ticket.cancelled():
				ticket.set_result(None)
				free += 1
		self._active = free


class SimulatedServer:
	"""Routes requests to handlers and gets in their way as the switches say."""

	def __init__(
		self,
		side: str,
		switches: Callable[[], Switches],
		counters: Counters,
		guard: Callable[[Call], Reply | None],
		missing: Reply,
	) -> None:
		self.side = side
		self.counters = counters
		self.drop_connection: Callable[[Any], None] = lambda client: None
		self._switches = switches
		self._guard = guard
		self._missing = missing
		self._routes: dict[str, list[_Route]] = {}
		self._gate = Gate()
		self._chance = random.Random(0)

	def route(self, method: str, path: str, handler: Handler, *, open_to_all: bool = False) -> None:
		"""Add a route; `{name}` in the path stands for one segment, `{name:rest}` for all that follows."""
		regex = re.sub(r"\{(\w+):rest\}", r"(?P<\1>.+)", path)
		regex = re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", regex)
		pattern = re.compile(regex + "/?$")
		self._routes.setdefault(method, []).append(_Route(f"{method} {path}", pattern, handler, open_to_all))

	async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
		"""Serve one request (ASGI)."""
		if scope["type"] != "http":
			return
		body = await _read_body(receive)
		if body is None:
			return
		call = Call(scope, body)
		route = self._find(call)
		self.counters.request_begins(route.name if route else "unknown path")
		status = 0
		try:
			reply = await self._answered(call, route)
			if call.stored and (mode := self._take_lost_answer()):
				await self._withhold(mode, scope, receive)
				return
			status = reply.status
			await _send_reply(send, reply)
		except CutOff as cut:
			await self._withhold(cut.mode, scope, receive)
		finally:
			self.counters.request_ends(status)

	def _find(self, call: Call) -> _Route | None:
		for route in self._routes.get(call.method, ()):
			if match := route.pattern.match(call.path):
				call.parameters = match.groupdict()
				return route
		return None

	async def _answered(self, call: Call, route: _Route | None) -> Reply:
		switches = self._switches()
		await self._gate.enter(getattr(switches, f"{self.side}_max_concurrency"))
		try:
			delay = getattr(self._switches(), f"{self.side}_delay_ms")
			if delay:
				await asyncio.sleep(delay / 1000)
			if route is None:
				return self._missing
			if not route.open_to_all and (reply := self._guard(call) or self._failing(call)):
				return reply
			return await _handled(route.handler, call)
		finally:
			self._gate.leave(getattr(self._switches(), f"{self.side}_max_concurrency"))

	def _failing(self, call: Call) -> Reply | None:
		if self.side == "chatwoot" and (reply := self._failing_of_chatwoot(call)):
			return reply
		fault: dict[str, Any] = getattr(self._switches(), f"{self.side}_fail_next")
		if not fault["count"] or fault["match"] not in f"{call.method} {call.path}":
			return None
		fault["count"] -= 1
		if fault["status"] == 429:
			return text_reply("Retry later\n", 429)
		return Reply(fault["status"], b"<html><body>The sandbox was told to fail</body></html>", b"text/html")

	def _failing_of_chatwoot(self, call: Call) -> Reply | None:
		switches = self._switches()
		fault = switches.chatwoot_fail_for
		if "/conversations/" in call.path and fails_for(fault, call.parameters.get("id")):
			if not fault["status"]:
				raise CutOff(fault["mode"])
			return text_reply(fault["text"], fault["status"])
		if switches.chatwoot_fail_percent and self._chance.random() * 100 < switches.chatwoot_fail_percent:
			return text_reply("Internal Server Error", 500)
		return None

	def _take_lost_answer(self) -> str:
		fault: dict[str, Any] = getattr(self._switches(), f"{self.side}_store_then_timeout")
		if not fault["count"]:
			return ""
		fault["count"] -= 1
		return str(fault["mode"])

	async def _withhold(self, mode: str, scope: Scope, receive: Receive) -> None:
		if mode == "hang":
			with contextlib.suppress(TimeoutError, asyncio.TimeoutError):
				await asyncio.wait_for(_disconnected(receive), HANG_SECONDS)
		self.drop_connection(scope["client"])
		# Nothing may be answered any more; uvicorn answers 500 for an application that just returns, so wait
		# until it has seen that the connection is gone.
		await _disconnected(receive)


async def _handled(handler: Handler, call: Call) -> Reply:
	try:
		result = handler(call)
		if inspect.isawaitable(result):
			result = await result
	except Refused as refused:
		return refused.reply
	except CutOff:
		raise
	except Exception:  # noqa: BLE001 - a fault of the sandbox must show as one, not as a lost connection
		traceback.print_exc(file=sys.stderr)
		return text_reply("The sandbox itself failed, see its error output", 500)
	return result


async def _read_body(receive: Receive) -> bytes | None:
	"""None when the client has gone before all of it was there: no server acts on half a request."""
	chunks: list[bytes] = []
	while True:
		message = await receive()
		if message["type"] == "http.disconnect":
			return None
		chunks.append(message.get("body", b""))
		if not message.get("more_body"):
			return b"".join(chunks)


async def _disconnected(receive: Receive) -> None:
	while (await receive())["type"] != "http.disconnect":
		pass


async def _send_reply(send: Send, reply: Reply) -> None:
	headers = [
		(b"content-type", reply.content_type),
		(b"content-length", str(len(reply.body)).encode()),
		*reply.headers,
	]
	await send({"type": "http.response.start", "status": reply.status, "headers": headers})
	await send({"type": "http.response.body", "body": reply.body})
