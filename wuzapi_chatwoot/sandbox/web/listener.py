"""Opens and really closes a listening port: a closed one refuses connections, and open ones are cut."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Iterator
from typing import Any

import uvicorn


class PortBusy(Exception):
	"""Another program listens on the wanted port."""

	def __init__(self, name: str, port: int) -> None:
		super().__init__(f"port {port} ({name}) is in use by another program")
		self.name = name
		self.port = port


class _Server(uvicorn.Server):
	@contextlib.contextmanager
	def capture_signals(self) -> Iterator[None]:
		# Three servers live in this process; the process itself handles the signals.
		yield


class Listener:
	"""One application on one port, which can be taken down and put up again."""

	def __init__(self, name: str, app: Any, host: str, port: int) -> None:
		self.name = name
		self.host = host
		self.port = port
		self._app = app
		self._server: _Server | None = None
		self._serving: asyncio.Task[None] | None = None
		self._socket: socket.socket | None = None

	@property
	def url(self) -> str:
		"""The address to reach it by."""
		return f"http://{self.host}:{self.port}"

	async def open(self) -> None:
		"""Listen; a port of 0 is replaced by the one that was given, and kept from then on."""
		if self._server is not None:
			return
		self._socket = self._bound()
		self.port = self._socket.getsockname()[1]
		config = uvicorn.Config(
			self._app, lifespan="off", log_config=None, log_level="critical", access_log=False, ws="none"
		)
		self._server = _Server(config)
		self._serving = asyncio.create_task(self._server.serve(sockets=[self._socket]))
		while not self._server.started:
			await asyncio.sleep(0)

	async def close(self) -> None:
		"""Stop listening and cut every connection."""
		server, serving = self._server, self._serving
		if server is None or serving is None:
			return
		self._server = self._serving = None
		for each in server.servers:
			each.close()
		if self._socket is not None:
			self._socket.close()
		for connection in list(server.server_state.connections):
			if connection.transport is not None:
				connection.transport.abort()
		server.should_exit = server.force_exit = True
		for task in list(server.server_state.tasks):
			task.cancel()
		await serving

	def drop_connection(self, client: Any) -> None:
		"""Cut the connection of one client, without an answer."""
		if self._server is None or client is None:
			return
		for connection in list(self._server.server_state.connections):
			transport = connection.transport
			if transport is not None and transport.get_extra_info("peername")[:2] == tuple(client)[:2]:
				transport.abort()

	def _bound(self) -> socket.socket:
		# The protocol has to be named: asyncio switches Nagle's algorithm off only where it is, and with it on
		# every answer takes 40 ms.
		listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
		listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
		try:
			listening.bind((self.host, self.port))
		except OSError as error:
			listening.close()
			raise PortBusy(self.name, self.port) from error
		return listening
