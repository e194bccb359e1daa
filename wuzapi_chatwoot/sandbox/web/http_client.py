"""A small HTTP/1.1 client for the webhooks: keep-alive connections, one deadline, nothing else.

Hundreds of webhooks a second leave the sandbox while the bridge shares the same two cores with it. httpx and
requests cost several times as much processor time for each of them, so this does only what webhooks need: no
redirects, no cookies, no proxies, no compression.
"""

from __future__ import annotations

import asyncio
import ssl
from collections import defaultdict
from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import urlsplit

# Servers close idle connections after some seconds (uvicorn: 5). Giving them up earlier means that a request is
# never written into a connection that the other side is just closing.
IDLE_SECONDS = 2.0


class Answer(NamedTuple):
	"""Status and body of an answer."""

	status: int
	body: bytes


class NoAnswer(Exception):
	"""No answer came: `why` is refused, timeout or broken."""

	def __init__(self, why: str) -> None:
		super().__init__(why)
		self.why = why


class _Target(NamedTuple):
	host: str
	port: int
	tls: bool
	path: str
	host_header: str


class _Connection(NamedTuple):
	reader: asyncio.StreamReader
	writer: asyncio.StreamWriter
	idle_since: float


class HttpClient:
	"""Sends requests over connections that are kept and used again."""

	def __init__(self, user_agent: str) -> None:
		self._user_agent = user_agent
		self._idle: defaultdict[tuple[str, int], list[_Connection]] = defaultdict(list)
		self._targets: dict[str, _Target] = {}

	async def request(
		self, method: str, url: str, headers: Mapping[str, str], body: bytes = b"", *, timeout: float
	) -> Answer:
		"""Send one request and return its answer, or raise NoAnswer within `timeout` seconds."""
		loop = asyncio.get_running_loop()
		deadline = loop.time() + timeout
		target = self._targets.get(url) or self._parsed(url)
		connection = self._take(target) or await self._connect(target, timeout)
		timer = loop.call_at(deadline, connection.writer.transport.abort)
		try:
			connection.writer.write(self._head(method, target, headers, len(body)) + body)
			answer, reusable = await _read_answer(connection.reader)
		except (OSError, EOFError, ValueError, asyncio.LimitOverrunError) as error:
			connection.writer.transport.abort()
			raise NoAnswer("timeout" if loop.time() >= deadline else "broken") from error
		except asyncio.CancelledError:
			connection.writer.transport.abort()
			raise
		finally:
			timer.cancel()
		if reusable:
			self._idle[target.host, target.port].append(connection._replace(idle_since=loop.time()))
		else:
			connection.writer.close()
		return answer

	def close(self) -> None:
		"""Drop every idle connection."""
		for connections in self._idle.values():
			for connection in connections:
				connection.writer.transport.abort()
		self._idle.clear()

	def _parsed(self, url: str) -> _Target:
		parts = urlsplit(url)
		tls = parts.scheme == "https"
		port = parts.port or (443 if tls else 80)
		path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
		target = _Target(parts.hostname or "localhost", port, tls, path, parts.netloc.rpartition("@")[2])
		if len(self._targets) > 1000:
			self._targets.clear()
		self._targets[url] = target
		return target

	def _head(self, method: str, target: _Target, headers: Mapping[str, str], length: int) -> bytes:
		lines = [
			f"{method} {target.path} HTTP/1.1",
			f"Host: {target.host_header}",
			f"User-Agent: {self._user_agent}",
		]
		lines.extend(f"{name}: {value}" for name, value in headers.items())
		lines.append(f"Content-Length: {length}\r\n\r\n")
		return "\r\n".join(lines).encode("latin-1")

	def _take(self, target: _Target) -> _Connection | None:
		connections = self._idle[target.host, target.port]
		now = asyncio.get_running_loop().time()
		while connections:
			connection = connections.pop()
			fresh = now - connection.idle_since < IDLE_SECONDS
			if fresh and not connection.reader.at_eof() and not connection.writer.is_closing():
				return connection
			connection.writer.transport.abort()
		return None

	async def _connect(self, target: _Target, timeout: float) -> _Connection:
		context = ssl.create_default_context() if target.tls else None
		opening = asyncio.open_connection(target.host, target.port, ssl=context)
		try:
			reader, writer = await asyncio.wait_for(opening, timeout)
		except (TimeoutError, asyncio.TimeoutError) as error:
			raise NoAnswer("timeout") from error
		except OSError as error:
			raise NoAnswer("refused") from error
		return _Connection(reader, writer, 0.0)


async def _read_answer(reader: asyncio.StreamReader) -> tuple[Answer, bool]:
	head = await reader.readuntil(b"\r\n\r\n")
	status = int(head[9:12])
	lowered = head.lower()
	keep = b"\r\nconnection: close" not in lowered and head.startswith(b"HTTP/1.1")
	if status in (204, 304):
		return Answer(status, b""), keep
	at = lowered.find(b"\r\ncontent-length:")
	if at >= 0:
		length = int(lowered[at + 17 : lowered.index(b"\r\n", at + 2)])
		return Answer(status, await reader.readexactly(length) if length else b""), keep
	if b"\r\ntransfer-encoding: chunked" in lowered:
		return Answer(status, await _read_chunks(reader)), keep
	return Answer(status, await reader.read()), False


async def _read_chunks(reader: asyncio.StreamReader) -> bytes:
	chunks: list[bytes] = []
	while True:
		size = int((await reader.readuntil(b"\r\n")).split(b";")[0], 16)
		chunks.append(await reader.readexactly(size))
		await reader.readexactly(2)
		if not size:
			return b"".join(chunks)
