"""What happens in Chatwoot when something is written, read, resolved or deleted: the rules and their events.

Used by the HTTP API (the bridge acts) and by the control API (the agent acts).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from typing import Any

from wuzapi_chatwoot.sandbox.chatwoot.limits import Rejected, check_attributes, check_message
from wuzapi_chatwoot.sandbox.chatwoot.liquid import rendered, variables_of
from wuzapi_chatwoot.sandbox.chatwoot.records import (
	ACTIVITY,
	INCOMING,
	OUTGOING,
	STATUSES,
	TEMPLATE,
	ContactInbox,
	Conversation,
	Json,
	Message,
	User,
)
from wuzapi_chatwoot.sandbox.chatwoot.replies import resolve_reply
from wuzapi_chatwoot.sandbox.chatwoot.shapes import conversation_push, iso, message_webhook
from wuzapi_chatwoot.sandbox.chatwoot.store import Store
from wuzapi_chatwoot.sandbox.chatwoot.webhooks import ChatwootWebhooks
from wuzapi_chatwoot.sandbox.counters import Counters
from wuzapi_chatwoot.sandbox.files import File
from wuzapi_chatwoot.sandbox.switches import SwitchBoard

STATUS_WORDS = {
	"open": "reopened",
	"resolved": "marked resolved",
	"pending": "marked as pending",
	"snoozed": "snoozed",
}
MINUTE = 60.0
HOUR = 3600.0


class Desk:
	"""The rules around conversations and messages."""

	def __init__(
		self,
		store: Store,
		webhooks: ChatwootWebhooks,
		board: SwitchBoard,
		counters: Counters,
		changed: Callable[[], None],
	) -> None:
		self.store = store
		self.base_url = ""
		self.changed = changed
		self._webhooks = webhooks
		self._board = board
		self._counters = counters

	def open_conversation(self, link: ContactInbox, fields: Json) -> tuple[Conversation, bool]:
		"""Start a conversation, or find the one that a locked inbox allows; says whether it is new."""
		locked = link.inbox.lock_to_single_conversation or self._board.now.lock_to_single_conversation
		if locked and link.conversations:
			return link.conversations[-1], False
		conversation = self.store.add_conversation(link, fields)
		self._conversation_event(conversation, "conversation_created")
		self.changed()
		return conversation, True

	def write(
		self,
		conversation: Conversation,
		content: str | None,
		kind: int,
		sender: User | None,
		*,
		files: Iterable[File] = (),
		**rest: Any,
	) -> Message:
		"""Create a message with all that follows from it; Rejected when it may not be created."""
		files = list(files)
		check_message(content, files)
		self._check_rate(conversation)
		contact = conversation.contact
		if content and kind in (OUTGOING, TEMPLATE):
			content = rendered(content, variables_of(conversation, sender))
		resolve_reply(conversation, rest.setdefault("content_attributes", {}))
		source_id = rest.get("source_id")
		if source_id:
			known = self.store.source_ids
			known[source_id] = known.get(source_id, 0) + 1
			self._counters.repeats += known[source_id] > 1
		author = contact if kind == INCOMING else sender
		message = self.store.new_message(conversation, content, kind, sender=author, **rest)
		for file in files:
			self.store.attach(message, file)
		self._counters.messages[
			"private" if message.private else ("incoming", "outgoing", "activity", "template")[kind]
		] += 1
		self._message_event(message, "message_created")
		if kind == INCOMING:
			self._after_incoming(conversation, sender)
		elif not message.private:
			self._after_outgoing(conversation, message)
		self.changed()
		return message

	def _check_rate(self, conversation: Conversation) -> None:
		limit = self._board.now.chatwoot_messages_per_minute
		if not limit:
			return
		since = time.time() - MINUTE
		recent = sum(1 for message in conversation.messages[-limit:] if message.created_at > since)
		if recent >= limit:
			raise Rejected("Validation failed: Too many messages")

	def _after_incoming(self, conversation: Conversation, actor: User | None) -> None:
		conversation.unread += 1
		conversation.contact.last_activity_at = time.time()
		changes: list[Json] = []
		if not conversation.waiting_since:
			conversation.waiting_since = time.time()
			changes.append(_change("waiting_since", None, iso(conversation.waiting_since)))
		if conversation.status in ("resolved", "snoozed") and not conversation.muted:
			self.set_status(conversation, "open", actor, more_changes=changes)
		elif changes:
			self._conversation_updated(conversation, changes)

	def _after_outgoing(self, conversation: Conversation, message: Message) -> None:
		if message.sender is None:
			return
		changes: list[Json] = []
		if conversation.waiting_since:
			changes.append(_change("waiting_since", iso(conversation.waiting_since), None))
			conversation.waiting_since = 0.0
		if conversation.first_reply_created_at is None:
			conversation.first_reply_created_at = message.created_at
			changes.append(_change("first_reply_created_at", None, iso(message.created_at)))
		if changes:
			self._conversation_updated(conversation, changes)

	def set_status(
		self,
		conversation: Conversation,
		status: str,
		actor: User | None,
		*,
		more_changes: Iterable[Json] = (),
	) -> None:
		"""Resolve, reopen, snooze or set pending; no event when nothing changes."""
		before = conversation.status
		if before == status:
			return
		conversation.status = status
		conversation.snoozed_until = None
		changes = [_change("status", before, status), *more_changes]
		self._conversation_event(conversation, "conversation_status_changed", changed_attributes=None)
		self._conversation_updated(conversation, changes)
		if actor is not None:
			text = f"Conversation was {STATUS_WORDS[status]} by {actor.name}"
			self.store.new_message(conversation, text, ACTIVITY, sender=None)
		self.changed()

	def assign(self, conversation: Conversation, assignee: User | None) -> None:
		"""Give the conversation to somebody, or to nobody."""
		before, conversation.assignee = conversation.assignee, assignee
		if before != assignee:
			change = _change("assignee_id", before and before.id, assignee and assignee.id)
			self._conversation_updated(conversation, [change])
			self.changed()

	def set_labels(self, conversation: Conversation, labels: list[str]) -> None:
		"""Replace the labels."""
		before, conversation.labels = conversation.labels, labels
		if before != labels:
			cached = _change("cached_label_list", ", ".join(before), ", ".join(labels))
			self._conversation_updated(conversation, [cached], _change("label_list", before, labels))
			self.changed()

	def set_custom_attributes(self, conversation: Conversation, attributes: Json) -> None:
		"""Replace all custom attributes of a conversation; Invalid when one is too large."""
		check_attributes("custom_attributes", attributes)
		before, conversation.custom_attributes = conversation.custom_attributes, attributes
		if before != attributes:
			self._conversation_updated(conversation, [_change("custom_attributes", before, attributes)])
			self.changed()

	def look(self, conversation: Conversation) -> None:
		"""Let an agent see what there is; no webhook tells of it."""
		now = time.time()
		# With nothing unread the time is written once an hour only.
		if conversation.unread or now - conversation.agent_last_seen_at > HOUR:
			conversation.agent_last_seen_at = now
		conversation.unread = 0
		self.changed()

	def mute(self, conversation: Conversation, *, on: bool, actor: User) -> None:
		"""Block the customer and resolve the conversation, or let them in again."""
		if on:
			self.set_status(conversation, "resolved", actor)
		conversation.contact.blocked = on
		text = f"{actor.name} has {'muted' if on else 'unmuted'} the conversation"
		self.store.new_message(conversation, text, ACTIVITY, sender=None)
		self.changed()

	def set_message_status(self, message: Message, status: str, error: str | None) -> None:
		"""Move a message to a status, as the API and the failing callback do."""
		if status not in STATUSES or (message.status == "read" and status == "delivered"):
			return
		attributes = dict(message.content_attributes)
		if status == "failed" or "external_error" in attributes:
			attributes["external_error"] = error if status == "failed" else None
		if message.status == status and attributes == message.content_attributes:
			return
		message.status = status
		self._update_message(message, attributes)

	def retry(self, message: Message) -> None:
		"""Press Retry: the status goes back to sent, then the attributes are wiped; two updates."""
		message.status = "sent"
		# The bodies of events are built later, so both updates would show the end. They are sent as two
		# snapshots, because that is what a real Chatwoot mostly shows.
		self._update_message(message, {**message.content_attributes, "external_error": None}, snapshot=True)
		self._update_message(message, {}, snapshot=True)

	def delete(self, message: Message) -> None:
		"""Delete the content of a message; row and source id stay."""
		message.content = "This message was deleted"
		message.content_type = "text"
		self.store.drop_attachments(message)
		self._update_message(message, {"deleted": True})

	def _update_message(self, message: Message, attributes: Json, *, snapshot: bool = False) -> None:
		message.content_attributes = attributes
		message.updated_at = time.time()
		self._message_event(message, "message_updated", snapshot=snapshot)
		self.changed()

	def typing(self, conversation: Conversation, user: Json, *, on: bool, private: bool = False) -> None:
		"""Tell that somebody types, or has stopped; whoever is no user is the customer."""
		if user.get("type") != "user":
			conversation.contact_types = on
			self.changed()
		event = f"conversation_typing_{'on' if on else 'off'}"

		def body() -> Json:
			shown = conversation_push(conversation, self.base_url)
			return {"event": event, "user": user, "conversation": shown, "is_private": private}

		self._webhooks.emit(conversation.inbox, event, body)

	def _message_event(self, message: Message, event: str, *, snapshot: bool = False) -> None:
		def body() -> Json:
			return message_webhook(message, event, self.base_url)

		def failed(problem: str) -> None:
			if message.id in self.store.messages:
				self.set_message_status(message, "failed", problem)

		if snapshot:
			taken = body()
			self._webhooks.emit(message.conversation.inbox, event, lambda: taken, failed)
		else:
			self._webhooks.emit(message.conversation.inbox, event, body, failed)

	def _conversation_updated(self, conversation: Conversation, changes: list[Json], *last: Json) -> None:
		before = conversation.updated_at
		conversation.updated_at = time.time()
		changes.append(_change("updated_at", iso(before), iso(conversation.updated_at)))
		changes.extend(last)
		self._conversation_event(conversation, "conversation_updated", changed_attributes=changes)

	def _conversation_event(self, conversation: Conversation, event: str, **extra: Any) -> None:
		def body() -> Json:
			return {**conversation_push(conversation, self.base_url), "event": event, **extra}

		self._webhooks.emit(conversation.inbox, event, body)


def _change(name: str, before: Any, after: Any) -> Json:
	return {name: {"previous_value": before, "current_value": after}}
