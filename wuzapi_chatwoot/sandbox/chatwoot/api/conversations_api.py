"""The endpoints about conversations."""

from __future__ import annotations

from typing import Any

from wuzapi_chatwoot.sandbox.chatwoot.api.answers import (
	as_bool,
	invalid,
	json_object,
	not_found,
	refuse,
	server_error,
)
from wuzapi_chatwoot.sandbox.chatwoot.api.messages_api import MessagesApi
from wuzapi_chatwoot.sandbox.chatwoot.api.rest_shapes import conversation_rest
from wuzapi_chatwoot.sandbox.chatwoot.desk import STATUS_WORDS, Desk
from wuzapi_chatwoot.sandbox.chatwoot.limits import check_attributes
from wuzapi_chatwoot.sandbox.chatwoot.records import Contact, ContactInbox, Conversation, Json
from wuzapi_chatwoot.sandbox.chatwoot.shapes import user_push
from wuzapi_chatwoot.sandbox.chatwoot.store import AGENT, BRIDGE_USER, DatabaseError, Invalid
from wuzapi_chatwoot.sandbox.defaults import BRIDGE_USER_EMAIL, BRIDGE_USER_ID, BRIDGE_USER_NAME
from wuzapi_chatwoot.sandbox.web.http_server import Call, Reply, SimulatedServer, json_reply

BASE = "/api/v1/accounts/{account}"
PAGE = 25
SORT_KEYS = {
	"last_activity_at": "last_activity_at",
	"created_at": "created_at",
	"waiting_since": "waiting_since",
}


class ConversationsApi:
	"""Handlers for conversations, and the few things around them."""

	def __init__(self, desk: Desk, messages: MessagesApi) -> None:
		self._desk = desk
		self._messages = messages

	def add_routes(self, server: SimulatedServer) -> None:
		"""Register the handlers."""
		server.route("POST", BASE + "/conversations", self.create)
		server.route("GET", BASE + "/conversations", self.index)
		server.route("GET", BASE + "/conversations/{id}", self.show)
		server.route("DELETE", BASE + "/conversations/{id}", self.delete)
		server.route("POST", BASE + "/conversations/{id}/custom_attributes", self.set_custom_attributes)
		server.route("POST", BASE + "/conversations/{id}/mute", self.mute)
		server.route("POST", BASE + "/conversations/{id}/unmute", self.unmute)
		server.route("POST", BASE + "/conversations/{id}/toggle_status", self.toggle_status)
		server.route("POST", BASE + "/conversations/{id}/update_last_seen", self.seen)
		server.route("POST", BASE + "/conversations/{id}/toggle_typing_status", self.typing)
		server.route("POST", BASE + "/conversations/{id}/labels", self.set_labels)
		server.route("GET", BASE + "/conversations/{id}/labels", self.labels)
		server.route("POST", BASE + "/conversations/{id}/assignments", self.assign)

	async def create(self, call: Call) -> Reply:
		"""Start a conversation, with a first message when one is given."""
		fields = json_object(call)
		_check(fields)
		link = self._link(fields)
		first = isinstance(fields.get("message"), dict)
		if first:
			self._messages.check_first(fields["message"])
		conversation, _ = self._desk.open_conversation(link, fields)
		if first:
			self._messages.write(call, conversation, fields["message"], [])
		return json_reply(conversation_rest(conversation, self._desk.base_url))

	def _link(self, fields: Json) -> ContactInbox:
		store = self._desk.store
		inbox = store.inboxes.get(_number(fields.get("inbox_id")))
		contact: Contact | None = store.contacts.get(_number(fields.get("contact_id")))
		source_id = fields.get("source_id")
		if inbox is not None and contact is None and source_id and "contact_id" not in fields:
			known = store.link(inbox, str(source_id))
			contact = known.contact if known else None
		if inbox is None or contact is None:
			raise not_found()
		try:
			return store.add_link(contact, inbox, source_id and str(source_id))
		except DatabaseError as error:
			raise refuse(422, {"error": "source_id should be unique"}) from error

	def index(self, call: Call) -> Reply:
		"""List conversations: open ones unless told otherwise, 25 on a page."""
		inbox_id, source_id = call.query_value("inbox_id"), call.query_value("source_id")
		status = call.query_value("status") or "open"
		found = [
			each
			for each in self._candidates(inbox_id, source_id)
			if (status in ("all", each.status)) and (not inbox_id or str(each.inbox.id) == inbox_id)
		]
		key, _, direction = (call.query_value("sort_by") or "last_activity_at_desc").rpartition("_")
		attribute = SORT_KEYS.get(key, "last_activity_at")
		found.sort(key=lambda each: getattr(each, attribute), reverse=direction != "asc")
		assigned = sum(1 for each in found if each.assignee)
		meta = {
			"mine_count": 0,
			"assigned_count": assigned,
			"unassigned_count": len(found) - assigned,
			"all_count": len(found),
		}
		page = max(1, _number(call.query_value("page") or 1))
		shown = found[(page - 1) * PAGE : page * PAGE]
		payload = [conversation_rest(each, self._desk.base_url) for each in shown]
		return json_reply({"data": {"meta": meta, "payload": payload}})

	def _candidates(self, inbox_id: str | None, source_id: str | None) -> list[Conversation]:
		store = self._desk.store
		if source_id is None:
			return list(store.conversations.values())
		inboxes = (
			[store.inboxes[_number(inbox_id)]]
			if _number(inbox_id) in store.inboxes
			else store.inboxes.values()
		)
		links = [store.link(inbox, source_id) for inbox in inboxes]
		return [each for link in links if link for each in link.conversations]

	def show(self, call: Call) -> Reply:
		"""Show a conversation."""
		return json_reply(conversation_rest(self._messages.conversation(call), self._desk.base_url))

	def delete(self, call: Call) -> Reply:
		"""Delete a conversation with all its messages; no webhook tells of it."""
		self._desk.store.remove_conversation(self._messages.conversation(call))
		self._desk.changed()
		return Reply(200, b"")

	def set_custom_attributes(self, call: Call) -> Reply:
		"""Replace all custom attributes."""
		conversation = self._messages.conversation(call)
		wanted = json_object(call).get("custom_attributes")
		try:
			self._desk.set_custom_attributes(conversation, dict(wanted) if isinstance(wanted, dict) else {})
		except Invalid as error:
			raise invalid(error) from error
		return json_reply({"custom_attributes": conversation.custom_attributes})

	def mute(self, call: Call) -> Reply:
		"""Block the customer: the conversation is resolved and stays so."""
		self._desk.mute(self._messages.conversation(call), on=True, actor=BRIDGE_USER)
		return Reply(200, b"")

	def unmute(self, call: Call) -> Reply:
		"""Let the customer in again."""
		self._desk.mute(self._messages.conversation(call), on=False, actor=BRIDGE_USER)
		return Reply(200, b"")

	def toggle_status(self, call: Call) -> Reply:
		"""Set or flip the status."""
		conversation = self._messages.conversation(call)
		fields = json_object(call)
		status = fields.get("status") or ("open" if conversation.status == "resolved" else "resolved")
		if status not in STATUS_WORDS:
			raise server_error()
		self._desk.set_status(conversation, status, BRIDGE_USER)
		if status == "snoozed" and fields.get("snoozed_until"):
			conversation.snoozed_until = float(fields["snoozed_until"])
		answer = {
			"success": True,
			"conversation_id": conversation.id,
			"current_status": conversation.status,
			"snoozed_until": conversation.snoozed_until and int(conversation.snoozed_until),
		}
		return json_reply({"meta": {}, "payload": answer})

	def seen(self, call: Call) -> Reply:
		"""Clear the unread count; no webhook tells of it."""
		conversation = self._messages.conversation(call)
		self._desk.look(conversation)
		return json_reply(conversation_rest(conversation, self._desk.base_url))

	def typing(self, call: Call) -> Reply:
		"""Show the owner of the token typing."""
		conversation = self._messages.conversation(call)
		fields = json_object(call)
		user = {"id": BRIDGE_USER_ID, "name": BRIDGE_USER_NAME, "email": BRIDGE_USER_EMAIL, "type": "user"}
		on, private = fields.get("typing_status") == "on", as_bool(fields.get("is_private"))
		self._desk.typing(conversation, user, on=on, private=private)
		return Reply(200, b"")

	def set_labels(self, call: Call) -> Reply:
		"""Replace the labels."""
		conversation = self._messages.conversation(call)
		labels = [str(label) for label in json_object(call).get("labels") or []]
		self._desk.set_labels(conversation, labels)
		return json_reply({"payload": conversation.labels})

	def assign(self, call: Call) -> Reply:
		"""Assign the conversation to the agent, to the bridge's user, or to nobody."""
		conversation = self._messages.conversation(call)
		number = json_object(call).get("assignee_id")
		assignee = next((user for user in (AGENT, BRIDGE_USER) if user.id == number), None)
		self._desk.assign(conversation, assignee)
		return json_reply(user_push(assignee))

	def labels(self, call: Call) -> Reply:
		"""List the labels."""
		return json_reply({"payload": self._messages.conversation(call).labels})


def _check(fields: Json) -> None:
	status = fields.get("status")
	if status not in (None, "", *STATUS_WORDS):
		raise server_error()
	try:
		for name in ("custom_attributes", "additional_attributes"):
			check_attributes(name, fields.get(name) or {})
	except Invalid as error:
		raise invalid(error) from error


def _number(value: Any) -> int:
	text = str(value)
	return int(text) if text.isdecimal() else 0
