"""The calls on messages of one session's Chatwoot inbox. Decides nothing, keeps nothing between calls."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime

from wuzapi_chatwoot.bridge.model.errors import Fault, NotFound, Uncertain
from wuzapi_chatwoot.bridge.model.events import Status
from wuzapi_chatwoot.bridge.ports.chatwoot import Post, Posted
from wuzapi_chatwoot.chatwoot.client import answers, compose, paging
from wuzapi_chatwoot.chatwoot.client.inbox_calls import InboxCalls
from wuzapi_chatwoot.chatwoot.parse import fields


class MessageCalls(InboxCalls):
	def post_message(self, conversation_id: int, post: Post) -> Posted:
		"""Raises `NotFound` if the conversation is gone."""
		path = f"conversations/{conversation_id}/messages"
		if post.files:
			answer = self._calls.upload(path, compose.message_form(post), compose.message_files(post.files))
		else:
			answer = self._calls.post(path, compose.message(post), creates=True)
		id = fields.whole(fields.mapping(answer).get("id"))
		if id is None:
			raise Uncertain("Chatwoot did not name the message it made", fault=Fault.UNWELL)
		return Posted(id, conversation_id)

	def find_post(self, conversation_id: int, source_id: str, since: datetime) -> Posted | None:
		"""By its mark, among the messages created since then, newest first."""
		for page in paging.messages_since(self._calls, conversation_id, since):
			id = answers.message_id_of(page, source_id)
			if id is not None:
				return Posted(id, conversation_id)
		return None

	def _find_among_latest(self, conversation_id: int, source_id: str) -> Posted | None:
		latest = next(paging.messages_since(self._calls, conversation_id, fields.EPOCH), ())
		id = answers.message_id_of(latest, source_id)
		return Posted(id, conversation_id) if id is not None else None

	def set_status(
		self, conversation_id: int, message_id: int, status: Status, error: str | None = None
	) -> None:
		"""The caller sees to it that statuses only move forward; Chatwoot would take them back."""
		self._calls.patch(_path(conversation_id, message_id), compose.status(status, error))

	def delete_message(self, conversation_id: int, message_id: int) -> None:
		"""Chatwoot keeps its row, empty and marked as deleted. Nothing happens if it is gone already."""
		with suppress(NotFound):
			self._calls.delete(_path(conversation_id, message_id))


def _path(conversation_id: int, message_id: int) -> str:
	return f"conversations/{conversation_id}/messages/{message_id}"
