"""The endpoints about messages: create, list, status, retry, delete."""

from __future__ import annotations

from typing import Any

from wuzapi_chatwoot.sandbox.chatwoot.api.answers import (
	as_bool,
	content_attributes,
	form_or_json,
	json_object,
	not_found,
	refuse,
)
from wuzapi_chatwoot.sandbox.chatwoot.api.rest_shapes import contact_rest
from wuzapi_chatwoot.sandbox.chatwoot.desk import Desk
from wuzapi_chatwoot.sandbox.chatwoot.limits import Rejected, check_message
from wuzapi_chatwoot.sandbox.chatwoot.records import (
	ACTIVITY,
	INCOMING,
	OUTGOING,
	STATUSES,
	Conversation,
	Json,
	Message,
)
from wuzapi_chatwoot.sandbox.chatwoot.shapes import iso, message_rest, user_push
from wuzapi_chatwoot.sandbox.chatwoot.store import BRIDGE_USER
from wuzapi_chatwoot.sandbox.files import File
from wuzapi_chatwoot.sandbox.web.http_server import Call, Reply, SimulatedServer, json_reply

BASE = "/api/v1/accounts/{account}/conversations/{id}/messages"


class MessagesApi:
	"""Handlers for messages."""

	def __init__(self, desk: Desk) -> None:
		self._desk = desk

	def add_routes(self, server: SimulatedServer) -> None:
		"""Register the handlers."""
		server.route("POST", BASE, self.create)
		server.route("PATCH", BASE + "/{message}", self.set_status)
		server.route("PUT", BASE + "/{message}", self.set_status)
		server.route("GET", BASE, self.index)
		server.route("POST", BASE + "/{message}/retry", self.retry)
		server.route("DELETE", BASE + "/{message}", self.delete)

	async def create(self, call: Call) -> Reply:
		"""Create a message."""
		conversation = self.conversation(call)
		fields, files = await form_or_json(call)
		message = self.write(call, conversation, fields, files)
		return json_reply(message_rest(message, self._desk.base_url, fields.get("echo_id")))

	def write(self, call: Call, conversation: Conversation, fields: Json, files: list[File]) -> Message:
		"""Create a message from request fields; all its failures are 422 with `error`."""
		kind = _kind(fields)
		content = _content(fields)
		source_id = fields.get("source_id")
		try:
			message = self._desk.write(
				conversation,
				content,
				kind,
				BRIDGE_USER,
				files=files,
				private=as_bool(fields.get("private")),
				source_id=None if source_id is None else str(source_id),
				content_type=fields.get("content_type") or "text",
				content_attributes=_attributes(fields),
				additional_attributes=_additional(fields),
			)
		except Rejected as error:
			raise refuse(422, {"error": str(error)}) from error
		call.stored = True
		return message

	def check_first(self, fields: Json) -> None:
		"""Refuse the message of a new conversation before that is there: both are one transaction."""
		_kind(fields)
		try:
			check_message(_content(fields), [])
		except Rejected as error:
			text = str(error).removeprefix("Validation failed: ")
			raise refuse(422, {"message": text, "attributes": [error.field]}) from error

	def index(self, call: Call) -> Reply:
		"""List messages: the latest 20, or those around given ids."""
		conversation = self.conversation(call)
		messages = conversation.messages
		if call.query_value("filter_internal_messages"):
			messages = [each for each in messages if not each.private and each.kind != ACTIVITY]
		after, before = call.query_value("after"), call.query_value("before")
		if after and before:
			shown = [each for each in messages if _number(after) <= each.id < _number(before)][:1000]
		elif after:
			shown = [each for each in messages if each.id > _number(after)][:100]
		elif before:
			shown = [each for each in messages if each.id < _number(before)][-20:]
		else:
			shown = messages[-20:]
		meta: Json = {
			"labels": conversation.labels,
			"additional_attributes": conversation.additional_attributes,
			"contact": contact_rest(conversation.contact, with_inboxes=False),
			"agent_last_seen_at": iso(conversation.agent_last_seen_at or None),
			"assignee_last_seen_at": None,
		}
		if conversation.assignee:
			meta["assignee"] = user_push(conversation.assignee)
		payload = [message_rest(each, self._desk.base_url) for each in shown]
		return json_reply({"meta": meta, "payload": payload})

	def set_status(self, call: Call) -> Reply:
		"""Move the ticks; content is silently ignored."""
		message = self.message(call)
		fields = json_object(call)
		status = fields.get("status")
		if status in STATUSES:
			self._desk.set_message_status(message, str(status), fields.get("external_error"))
		return json_reply(message_rest(message, self._desk.base_url))

	def retry(self, call: Call) -> Reply:
		"""Do what the Retry button does."""
		message = self.message(call)
		self._desk.retry(message)
		return json_reply(message_rest(message, self._desk.base_url))

	def delete(self, call: Call) -> Reply:
		"""Delete a message's content."""
		message = self.message(call)
		self._desk.delete(message)
		return json_reply(message_rest(message, self._desk.base_url))

	def conversation(self, call: Call) -> Conversation:
		"""Find the conversation that the path names."""
		conversation = self._desk.store.conversations.get(_number(call.parameters["id"]))
		if conversation is None:
			raise not_found()
		return conversation

	def message(self, call: Call) -> Message:
		"""Find the message that the path names, in that conversation."""
		conversation = self.conversation(call)
		message = self._desk.store.messages.get(_number(call.parameters["message"]))
		if message is None or message.conversation is not conversation:
			raise not_found()
		return message


def _kind(fields: Json) -> int:
	wanted = fields.get("message_type")
	kind = {None: OUTGOING, "": OUTGOING, "outgoing": OUTGOING, "incoming": INCOMING}.get(wanted)
	if kind is None:
		raise refuse(422, {"error": f"'{wanted}' is not a valid message_type"})
	return kind


def _content(fields: Json) -> str | None:
	content = fields.get("content")
	return content if content is None or isinstance(content, str) else str(content)


def _attributes(fields: Json) -> Json:
	attributes = content_attributes(fields.get("content_attributes"))
	# Kept only when there are no other content attributes: the later assignment overwrites the earlier one.
	if fields.get("external_created_at") and not attributes:
		attributes["external_created_at"] = fields["external_created_at"]
	return attributes


def _additional(fields: Json) -> Json:
	return {name: fields[name] for name in ("template_params", "campaign_id") if fields.get(name)}


def _number(value: Any) -> int:
	text = str(value)
	return int(text) if text.isdecimal() else 0
