"""Takes in the bodies of webhooks: no more than the sender is trusted with, no slower than senders are, none in memory.

Who may send how much is judged by the head before a byte of the body is read. A stranger finds room for little: what is
not proved by the token in its address shares a small part of what all bodies under way may have together.
"""

from __future__ import annotations

import mmap
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import anyio
from fastapi import Request
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect

from wuzapi_chatwoot.bridge.context import Bridge
from wuzapi_chatwoot.bridge.inbox.admit_webhook import Answer, admit_webhook
from wuzapi_chatwoot.bridge.model.records import Source
from wuzapi_chatwoot.bridge.ports.connector import Body, WebhookRequest

SMALL = 64 * 1024
"""Bytes. What has no more is read before anybody is asked for, and counts for nothing."""
IN_MEMORY = 256 * 1024
"""Bytes of a body. What is larger lies on the disk."""
ONE_AT_A_TIME = 1024 * 1024
"""Bytes. Larger bodies are read by the bridge one after the other: each takes memory several times."""
BODY_SECONDS = 60.0
"""For a whole body: a gateway gives up after 30, Chatwoot after 5."""
STALL_SECONDS = 15.0
"""Between two pieces of it."""


class NotTaken(Exception):
	"""The body is not read to its end, so the connection cannot be used again."""

	def __init__(self, request: WebhookRequest, answer: Answer) -> None:
		super().__init__(answer.reason)
		self.request = request
		self.answer = answer


@dataclass(slots=True)
class BytesUnderWay:
	"""How many bytes of bodies there may be at a time, and how many of them of strangers. For one event loop."""

	most: int
	most_unproved: int
	_taken: int = 0
	_unproved: int = 0

	def take(self, count: int, *, proved: bool) -> bool:
		if self._taken + count > self.most:
			return False
		if not proved and self._unproved + count > self.most_unproved:
			return False
		self._taken += count
		self._unproved += 0 if proved else count
		return True

	def give_back(self, count: int, *, proved: bool) -> None:
		self._taken -= count
		self._unproved -= 0 if proved else count


class Intake:
	"""One a process."""

	def __init__(self, bridge: Bridge, largest: int, folder: Path) -> None:
		"""`largest` body in bytes; in `folder` are those that are on their way."""
		self._bridge = bridge
		self._largest = largest
		self._folder = folder
		self._under_way = BytesUnderWay(4 * largest, 2 * largest)
		self._large_ones = anyio.Semaphore(1)

	@asynccontextmanager
	async def taken(self, request: Request, source: Source) -> AsyncIterator[WebhookRequest]:
		"""The request with its body, which is good until the end of the block. Raises `NotTaken`."""
		head = _head(request)
		allowed, proved = await self._allowed(request, head, source)
		body = _Body(self._under_way, self._folder, proved=proved)
		try:
			await self._read(request, head, body, allowed)
			async with self._turn(body.size), body.whole() as content:
				yield WebhookRequest(content, head.headers, head.query, head.session)
		finally:
			body.close()

	@asynccontextmanager
	async def _turn(self, size: int) -> AsyncIterator[None]:
		if size <= ONE_AT_A_TIME:
			yield
			return
		async with self._large_ones:
			yield

	async def _allowed(self, request: Request, head: WebhookRequest, source: Source) -> tuple[int, bool]:
		"""How many bytes the body may have, and whether the sender is known by its token."""
		announced = request.headers.get("content-length", "")
		size = int(announced[:20]) if announced.isascii() and announced.isdigit() else None
		if size is not None and size > self._largest:
			raise _too_large(head, self._largest)
		if size is not None and size <= SMALL:
			return min(SMALL, self._largest), False
		admission = await run_in_threadpool(admit_webhook, self._bridge, source, head)
		if isinstance(admission, Answer):
			raise NotTaken(head, admission)
		allowed = min(self._largest, admission.largest or self._largest)
		if size is not None and size > allowed:
			raise _too_large(head, allowed)
		return allowed, admission.token_right

	async def _read(self, request: Request, head: WebhookRequest, body: _Body, allowed: int) -> None:
		pieces = request.stream()
		try:
			with anyio.fail_after(BODY_SECONDS):
				while True:
					with anyio.fail_after(STALL_SECONDS):
						piece = await anext(pieces, None)
					if piece is None:
						return
					if body.size + len(piece) > allowed:
						raise _too_large(head, allowed)
					if not body.add(piece):
						raise NotTaken(head, Answer(503, "too much is under way; repeat it later"))
		except TimeoutError:
			raise NotTaken(head, Answer(408, "the body comes too slowly")) from None
		except ClientDisconnect:
			raise NotTaken(head, Answer(400, "the body was cut off")) from None
		except OSError:
			raise NotTaken(head, Answer(500, "not stored: the disk cannot be written")) from None


class _Body:
	"""What has come of one body: in memory at first, and in a file without a name when there is more."""

	def __init__(self, under_way: BytesUnderWay, folder: Path, *, proved: bool) -> None:
		self.size = 0
		self._under_way = under_way
		self._folder = folder
		self._proved = proved
		self._counted = 0
		self._memory = bytearray()
		self._file: IO[bytes] | None = None

	def add(self, piece: bytes) -> bool:
		"""False: there is no room. Raises `OSError`."""
		self.size += len(piece)
		if self.size > SMALL:
			count = self.size - self._counted
			if not self._under_way.take(count, proved=self._proved):
				return False
			self._counted += count
		if self._file is None and self.size <= IN_MEMORY:
			self._memory += piece
			return True
		if self._file is None:
			self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
			self._file = tempfile.TemporaryFile(dir=self._folder)  # noqa: SIM115 - closed with the body
			self._file.write(self._memory)
			self._memory.clear()
		self._file.write(piece)
		return True

	@asynccontextmanager
	async def whole(self) -> AsyncIterator[Body]:
		if self._file is None:
			yield bytes(self._memory)
			return
		self._file.flush()
		mapped = mmap.mmap(self._file.fileno(), 0, access=mmap.ACCESS_READ)
		view = memoryview(mapped)
		try:
			yield view
		finally:
			# Where something still looks at it, it goes with the last look.
			with suppress(BufferError):
				view.release()
				mapped.close()

	def close(self) -> None:
		self._under_way.give_back(self._counted, proved=self._proved)
		self._counted = 0
		if self._file is not None:
			self._file.close()


def _head(request: Request) -> WebhookRequest:
	return WebhookRequest(
		body=b"",
		headers={name.lower(): value for name, value in request.headers.items()},
		# Of a key given twice the first value counts.
		query=dict(reversed(request.query_params.multi_items())),
		session=request.path_params.get("session"),
	)


def _too_large(head: WebhookRequest, largest: int) -> NotTaken:
	return NotTaken(head, Answer(413, f"the body is larger than {largest} bytes"))
