"""The calls on conversations of one session's Chatwoot inbox. Decides nothing, keeps nothing between calls."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from wuzapi_chatwoot.bridge.model.errors import DuplicateRow, Fault, NotFound, Retriable, Uncertain
from wuzapi_chatwoot.bridge.model.events import ChatwootConversation
from wuzapi_chatwoot.bridge.ports.chatwoot import Post, Posted
from wuzapi_chatwoot.chatwoot.client import answers, compose, paging
from wuzapi_chatwoot.chatwoot.client.message_calls import MessageCalls
from wuzapi_chatwoot.chatwoot.parse import fields


class ConversationCalls(MessageCalls):
	def latest_conversation(self, source_id: str) -> ChatwootConversation | None:
		page = paging.conversations_page(
			self._calls, {"inbox_id": self._inbox_id, "source_id": source_id, "page": 1}
		)
		found = [answers.active_conversation_of(answer) for answer in page]
		active = [entry for entry in found if entry is not None]
		latest = max(active, key=lambda entry: (entry.last_activity_at, entry.conversation.id), default=None)
		return replace(latest.conversation, source_id=source_id) if latest else None

	def create_conversation(
		self, contact_id: int, source_id: str, post: Post, *, pending: bool = False
	) -> Posted:
		"""With its first message. In a second call follows one with files, as this one takes none, and one without a
		mark, as its number could not be told from that of a greeting.

		Raises `NotFound` if the contact is gone, or if the link belongs to another contact by now.
		"""
		first = None if post.files or post.source_id is None else post
		body = compose.conversation(self._inbox_id, contact_id, source_id, first, pending=pending)
		try:
			answer = fields.mapping(self._calls.post("conversations", body, creates=True))
		except DuplicateRow as error:
			raise NotFound(
				"this WhatsApp address is another contact's in Chatwoot", detail=error.detail
			) from None
		id = fields.whole(answer.get("id"))
		if id is None:
			raise Uncertain("Chatwoot did not name the conversation it made", fault=Fault.UNWELL)
		if post.source_id is not None:
			message_id = answers.message_id_of(answer.get("messages"), post.source_id)
			if message_id is not None:
				return Posted(message_id, id)
		return self._first_message(id, post)

	def _first_message(self, conversation_id: int, post: Post) -> Posted:
		"""Post it, or find it where the answer showed another one (a greeting, for example)."""
		try:
			posted = (
				self.post_message(conversation_id, post)
				if post.files or post.source_id is None
				else self._find_among_latest(conversation_id, post.source_id)
			)
		except Retriable as error:
			# Something did happen: the conversation is there. Whoever tries again must look first.
			raise Uncertain(error.reason, detail=error.detail, fault=error.fault) from error
		if posted is None:
			raise Uncertain("Chatwoot made the conversation, but shows no message in it", fault=Fault.UNWELL)
		return posted

	def set_conversation_status(self, conversation_id: int, status: str) -> None:
		"""`open`, `resolved`, `pending`. Raises `NotFound`."""
		body = {"status": status}
		self._calls.post(f"conversations/{conversation_id}/toggle_status", body, creates=False)

	def add_attributes(self, conversation_id: int, attributes: Mapping[str, str]) -> None:
		"""Chatwoot replaces all of them at once, so those that are there go along. Raises `NotFound`."""
		path = f"conversations/{conversation_id}"
		there = fields.mapping(fields.mapping(self._calls.get(path)).get("custom_attributes"))
		wanted = {**there, **compose.attributes(attributes)}
		if wanted != there:
			self._calls.post(f"{path}/custom_attributes", {"custom_attributes": wanted}, creates=False)
