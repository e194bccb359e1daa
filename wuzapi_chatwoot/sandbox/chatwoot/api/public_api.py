"""The two calls of the public (client) API that a bridge has a use for: the customer types, the customer has read."""

from __future__ import annotations

import time

from wuzapi_chatwoot.sandbox.chatwoot.api.answers import json_object, not_found
from wuzapi_chatwoot.sandbox.chatwoot.desk import Desk
from wuzapi_chatwoot.sandbox.chatwoot.records import INCOMING, Conversation
from wuzapi_chatwoot.sandbox.chatwoot.shapes import contact_webhook
from wuzapi_chatwoot.sandbox.web.http_server import Call, Reply, SimulatedServer

BASE = "/public/api/v1/inboxes/{identifier}/contacts/{source_id}/conversations/{id}"


class PublicApi:
	"""Handlers that need no token: the inbox identifier is the credential."""

	def __init__(self, desk: Desk) -> None:
		self._desk = desk

	def add_routes(self, server: SimulatedServer) -> None:
		"""Register the handlers."""
		server.route("POST", BASE + "/toggle_typing", self.typing, open_to_all=True)
		server.route("POST", BASE + "/update_last_seen", self.seen, open_to_all=True)

	def typing(self, call: Call) -> Reply:
		"""Show the customer typing."""
		conversation = self._conversation(call)
		on = json_object(call).get("typing_status") == "on"
		self._desk.typing(conversation, contact_webhook(conversation.contact), on=on)
		return Reply(200, b"")

	def seen(self, call: Call) -> Reply:
		"""Mark everything that the customer was sent as read."""
		conversation = self._conversation(call)
		conversation.contact_last_seen_at = time.time()
		for message in conversation.messages:
			if (
				message.kind != INCOMING
				and message.status in ("sent", "delivered")
				and message.shown_to_customer
			):
				self._desk.set_message_status(message, "read", None)
		self._desk.changed()
		return Reply(200, b"")

	def _conversation(self, call: Call) -> Conversation:
		number = call.parameters["id"]
		conversation = self._desk.store.conversations.get(int(number) if number.isdecimal() else 0)
		if conversation is None:
			raise not_found()
		link = conversation.contact_inbox
		if (link.inbox.identifier, link.source_id) != (
			call.parameters["identifier"],
			call.parameters["source_id"],
		):
			raise not_found()
		return conversation
