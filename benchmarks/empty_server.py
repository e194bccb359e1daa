"""A server that answers 200 at once and does nothing: tells how fast the load generator can go by itself.

`with empty_server() as url:` runs it as a process of its own.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"


@contextmanager
def empty_server() -> Iterator[str]:
	"""Start it, give its address, stop it."""
	child = subprocess.Popen(
		[sys.executable, "-m", "benchmarks.empty_server"],
		stdout=subprocess.PIPE,
		cwd=Path(__file__).parents[1],
		text=True,
	)
	try:
		assert child.stdout is not None
		yield f"http://127.0.0.1:{int(child.stdout.readline())}"
	finally:
		child.kill()
		child.wait()
		if child.stdout is not None:
			child.stdout.close()


class _Answering(asyncio.Protocol):
	def __init__(self) -> None:
		self._left = 0
		self._head = b""

	def connection_made(self, transport: asyncio.BaseTransport) -> None:
		assert isinstance(transport, asyncio.Transport)
		self._transport = transport

	def data_received(self, data: bytes) -> None:
		if self._left:
			self._left -= len(data)
		else:
			self._head += data
			end = self._head.find(b"\r\n\r\n")
			if end < 0:
				return
			length = self._head.lower().partition(b"content-length:")[2].split(b"\r\n", 1)[0]
			self._left = int(length or 0) - (len(self._head) - end - 4)
			self._head = b""
		if self._left <= 0:
			self._left = 0
			self._transport.write(_ANSWER)


async def _serve() -> None:
	server = await asyncio.get_running_loop().create_server(_Answering, "127.0.0.1", 0)
	print(server.sockets[0].getsockname()[1], flush=True)
	await server.serve_forever()


if __name__ == "__main__":
	asyncio.run(_serve())
