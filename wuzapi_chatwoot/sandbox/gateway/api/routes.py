"""Where handlers are registered: at the server itself, or in a table of one number of ours. Calls nothing."""

from __future__ import annotations

from typing import Protocol

from wuzapi_chatwoot.sandbox.web.http_server import Handler

# What keeps a client from doing what it is asked, in whatsmeow's words: its socket is lost, or it has no device.
OFFLINE = "websocket not connected"
WITHOUT_DEVICE = "the store doesn't contain a device JID"


class Routes(Protocol):
	"""What takes handlers."""

	def route(self, method: str, path: str, handler: Handler, *, open_to_all: bool = False) -> None:
		"""Take one."""


class RouteTable:
	"""Handlers by method and path, found by the path as it was registered."""

	def __init__(self) -> None:
		self.handlers: dict[tuple[str, str], Handler] = {}

	def route(self, method: str, path: str, handler: Handler, *, open_to_all: bool = False) -> None:
		"""Keep one."""
		self.handlers[method, path] = handler
