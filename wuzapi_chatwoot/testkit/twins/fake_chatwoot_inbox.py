"""What is in the fake Chatwoot's inbox, and how things get into it. Neither the port nor what people do there."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from wuzapi_chatwoot.bridge.model.errors import BridgeError, NotFound
from wuzapi_chatwoot.bridge.ports.chatwoot import ChatwootContact, Post, Posted
from wuzapi_chatwoot.bridge.ports.host import Clock
from wuzapi_chatwoot.testkit.twins.clock import FixedClock
from wuzapi_chatwoot.testkit.twins.fake_chatwoot_records import FakeContact, FakeConversation, FakeMessage
from wuzapi_chatwoot.testkit.twins.scripted_failures import ScriptedFailures

DELETED_TEXT = "This message was deleted"


@dataclass(slots=True)
class FakeChatwootInbox(ScriptedFailures):
	"""The records, open to tests. `FakeChatwoot` is the class to make."""

	account_id: int = 1
	inbox_id: int = 1
	clock: Clock = field(default_factory=FixedClock)
	contacts: dict[int, FakeContact] = field(default_factory=dict)
	conversations: dict[int, FakeConversation] = field(default_factory=dict)
	attachments: dict[str, bytes] = field(default_factory=dict)
	"""Bytes by URL."""
	typing: list[tuple[int, bool]] = field(default_factory=list)
	"""Conversation id and whether its customer was shown typing, in the order of the calls."""
	trouble: BridgeError | None = None
	"""What `check` raises."""
	inbox_is_gone: bool = False
	_numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))
	_activities: Iterator[int] = field(default_factory=lambda: itertools.count(1))

	# ---- what tests look at

	@property
	def messages(self) -> list[FakeMessage]:
		"""Of all conversations, oldest first."""
		every = [message for each in self.conversations.values() for message in each.messages]
		return sorted(every, key=lambda message: message.id)

	def message(self, message_id: int) -> FakeMessage:
		for message in self.messages:
			if message.id == message_id:
				return message
		raise NotFound("The message is gone from Chatwoot")

	def copies(self, source_id: str) -> int:
		"""How often a message with that mark is there; more than once is a double."""
		return sum(1 for message in self.messages if message.source_id == source_id)

	def texts(self, conversation_id: int) -> list[str]:
		return [message.text for message in self._conversation(conversation_id).messages]

	# ---- what is there before a test begins

	def have_contact(
		self,
		name: str,
		*,
		identifier: str | None = None,
		phone: str | None = None,
		source_ids: Sequence[str] = (),
	) -> ChatwootContact:
		contact = FakeContact(next(self._numbers), name, identifier, phone, list(source_ids))
		self.contacts[contact.id] = contact
		return contact.as_value()

	# ---- inside

	def _contact(self, id: int) -> FakeContact:
		try:
			return self.contacts[id]
		except KeyError:
			raise NotFound("The contact is gone from Chatwoot") from None

	def _conversation(self, id: int) -> FakeConversation:
		try:
			return self.conversations[id]
		except KeyError:
			raise NotFound("The conversation is gone from Chatwoot") from None

	def _linked_contact(self, source_id: str) -> FakeContact | None:
		return next((each for each in self.contacts.values() if source_id in each.source_ids), None)

	def _new_conversation(self, contact: FakeContact, source_id: str, status: str) -> FakeConversation:
		if source_id not in contact.source_ids:
			contact.source_ids.append(source_id)
		conversation = FakeConversation(
			next(self._numbers), contact, source_id, status, self.clock.now(), next(self._activities)
		)
		self.conversations[conversation.id] = conversation
		return conversation

	def _post(self, conversation: FakeConversation, post: Post) -> Posted:
		incoming = post.incoming and not post.private
		if incoming and conversation.status in ("resolved", "snoozed"):
			conversation.status = "open"
		answered = self._answered(conversation, post.in_reply_to)
		message = FakeMessage(
			id=next(self._numbers),
			conversation_id=conversation.id,
			text=post.text,
			incoming=incoming,
			source_id=post.source_id,
			created_at=self.clock.now(),
			sent_at=post.sent_at,
			files=post.files,
			from_phone=post.from_phone,
			private=post.private,
			chosen=post.chosen,
			in_reply_to=answered.id if answered else None,
			in_reply_to_source=answered.source_id if answered else None,
		)
		self._append(conversation, message)
		return Posted(message.id, conversation.id)

	def _answered(self, conversation: FakeConversation, message_id: int | None) -> FakeMessage | None:
		"""A reference out of the conversation is lost, as in Chatwoot."""
		return next((each for each in conversation.messages if each.id == message_id), None)

	def _append(self, conversation: FakeConversation, message: FakeMessage) -> None:
		conversation.messages.append(message)
		conversation.last_activity_at = message.created_at
		conversation.activity = next(self._activities)

	def _delete(self, message: FakeMessage) -> None:
		"""The row and its mark stay; text, files and all that its attributes said go."""
		message.text = DELETED_TEXT
		message.deleted = True
		message.files, message.attachments = (), ()
		message.error = message.in_reply_to = message.in_reply_to_source = None
