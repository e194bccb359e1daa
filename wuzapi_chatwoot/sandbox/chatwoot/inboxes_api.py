"""The endpoints about inboxes. All of them are API inboxes here."""

from __future__ import annotations

from typing import Any

from ..http_server import Call, Reply, SimulatedServer, json_reply
from .answers import json_object, not_found, refuse
from .records import Inbox, Json
from .reply_window import WINDOW, window_problem
from .rest_shapes import inbox_rest
from .store import Store

BASE = "/api/v1/accounts/{account}/inboxes"


class InboxesApi:
	"""Handlers for inboxes."""

	def __init__(self, store: Store) -> None:
		self._store = store

	def add_routes(self, server: SimulatedServer) -> None:
		"""Register the handlers."""
		server.route("GET", BASE, self.index)
		server.route("POST", BASE, self.create)
		server.route("GET", BASE + "/{id}", self.show)
		server.route("PATCH", BASE + "/{id}", self.update)
		server.route("PUT", BASE + "/{id}", self.update)

	def index(self, call: Call) -> Reply:
		"""List the inboxes."""
		return json_reply({"payload": [inbox_rest(inbox) for inbox in self._store.inboxes.values()]})

	def create(self, call: Call) -> Reply:
		"""Create an API inbox."""
		fields = json_object(call)
		channel = _channel(fields)
		inbox = self._store.add_inbox(str(fields.get("name") or ""), str(channel.get("webhook_url") or ""))
		inbox.lock_to_single_conversation = bool(fields.get("lock_to_single_conversation"))
		inbox.additional_attributes = _attributes(channel, {})
		return json_reply(inbox_rest(inbox))

	def show(self, call: Call) -> Reply:
		"""Show an inbox."""
		return json_reply(inbox_rest(self._inbox(call)))

	def update(self, call: Call) -> Reply:
		"""Change an inbox; the attributes of its channel are replaced as a whole."""
		inbox = self._inbox(call)
		fields = json_object(call)
		channel = _channel(fields)
		inbox.name = str(fields.get("name", inbox.name))
		inbox.webhook_url = str(channel.get("webhook_url", inbox.webhook_url) or "")
		inbox.additional_attributes = _attributes(channel, inbox.additional_attributes)
		if "lock_to_single_conversation" in fields:
			inbox.lock_to_single_conversation = bool(fields["lock_to_single_conversation"])
		return json_reply(inbox_rest(inbox))

	def _inbox(self, call: Call) -> Inbox:
		number = call.parameters["id"]
		inbox = self._store.inboxes.get(int(number) if number.isdecimal() else 0)
		if inbox is None:
			raise not_found()
		return inbox


def _channel(fields: Json) -> Json:
	given: Any = fields.get("channel")
	channel: Json = given if isinstance(given, dict) else {}
	if problem := window_problem(channel.get("additional_attributes")):
		raise refuse(422, {"message": problem, "attributes": [WINDOW]})
	return channel


def _attributes(channel: Json, before: Json) -> Json:
	return dict(channel.get("additional_attributes") or {}) if "additional_attributes" in channel else before
