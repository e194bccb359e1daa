"""One Chatwoot API inbox in memory, faithful where it matters: source ids of messages are not unique, so doubles show."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from ..bridge.errors import BridgeError, DuplicateRow, NotFound, Permanent
from ..bridge.events import Attachment, ChatwootConversation, ChatwootMessage, Status
from ..bridge.ports import ActiveConversation, ChatwootContact, Clock, Post, Posted, SeenMessage
from .clock import FixedClock
from .fake_chatwoot_records import (
	FakeContact,
	FakeConversation,
	FakeMessage,
	message_payload,
	message_value,
)
from .scripted_failures import ScriptedFailures

_SHOWN_AS = {Status.PENDING: Status.SENT, Status.PLAYED: Status.READ}


@dataclass(slots=True)
class FakeChatwoot(ScriptedFailures):
	"""Implements `Chatwoot`. `contacts` and `conversations` are open to tests."""

	account_id: int = 1
	inbox_id: int = 1
	clock: Clock = field(default_factory=FixedClock)
	contacts: dict[int, FakeContact] = field(default_factory=dict)
	conversations: dict[int, FakeConversation] = field(default_factory=dict)
	attachments: dict[str, bytes] = field(default_factory=dict)
	"""Bytes by URL."""
	trouble: BridgeError | None = None
	"""What `check` raises."""
	_numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))
	_activities: Iterator[int] = field(default_factory=lambda: itertools.count(1))

	# ---- the protocol

	def find_contacts(self, identifier: str, phones: Sequence[str]) -> list[ChatwootContact]:
		with self._called("find_contacts", identifier=identifier, phones=tuple(phones)):
			by_identifier = [each for each in self.contacts.values() if each.identifier == identifier]
			by_phone = [each for phone in phones for each in self.contacts.values() if each.phone == phone]
			hits = {each.id: each.as_value() for each in (*by_identifier, *by_phone)}
		return list(hits.values())

	def find_taken_contact(self, identifier: str) -> ChatwootContact | None:
		with self._called("find_taken_contact", identifier=identifier):
			contact = self._linked_contact(identifier) or next(
				(each for each in self.contacts.values() if each.identifier == identifier), None
			)
		return contact.as_value() if contact else None

	def create_contact(
		self, name: str, identifier: str, phone: str | None, source_id: str
	) -> ChatwootContact:
		with self._called(
			"create_contact", name=name, identifier=identifier, phone=phone, source_id=source_id
		):
			for other in self.contacts.values():
				if (
					other.identifier == identifier
					or (phone and other.phone == phone)
					or source_id in other.source_ids
				):
					raise DuplicateRow("Chatwoot has such a contact already")
			return self.have_contact(name, identifier=identifier, phone=phone, source_ids=(source_id,))

	def latest_conversation(self, source_id: str) -> ChatwootConversation | None:
		with self._called("latest_conversation", source_id=source_id):
			linked = [each for each in self.conversations.values() if each.source_id == source_id]
			latest = max(linked, key=lambda each: each.activity, default=None)
		return latest.as_value(self.inbox_id) if latest else None

	def create_conversation(self, contact_id: int, source_id: str, post: Post) -> Posted:
		with self._called("create_conversation", contact_id=contact_id, source_id=source_id, post=post):
			contact = self.contacts.get(contact_id)
			if contact is None:
				raise NotFound("The contact is gone from Chatwoot")
			if self._linked_contact(source_id) not in (None, contact):
				raise NotFound("this WhatsApp address is another contact's in Chatwoot")
			conversation = self._new_conversation(contact, source_id)
			return self._post(conversation, post)

	def post_message(self, conversation_id: int, post: Post) -> Posted:
		with self._called("post_message", conversation_id=conversation_id, post=post):
			return self._post(self._conversation(conversation_id), post)

	def find_post(self, conversation_id: int, source_id: str, since: datetime) -> Posted | None:
		with self._called("find_post", conversation_id=conversation_id, source_id=source_id, since=since):
			for message in reversed(self._conversation(conversation_id).messages):
				if message.source_id == source_id and message.created_at >= since:
					return Posted(message.id, conversation_id)
			return None

	def set_status(
		self, conversation_id: int, message_id: int, status: Status, error: str | None = None
	) -> None:
		with self._called(
			"set_status", conversation_id=conversation_id, message_id=message_id, status=status, error=error
		):
			message = self.message(message_id)
			if message.conversation_id != conversation_id:
				raise NotFound("The message is gone from Chatwoot")
			message.status = _SHOWN_AS.get(status, status)
			message.error = error if status is Status.FAILED else None

	def fetch_attachment(self, url: str, largest: int) -> bytes:
		content = b""
		with self._called("fetch_attachment", url=url, largest=largest):
			if url not in self.attachments:
				raise NotFound("The attachment is gone from Chatwoot")
			content = self.attachments[url]
			if len(content) > largest:
				raise Permanent("The attachment is too large")
		return content

	def active_conversations(self, since: datetime) -> list[ActiveConversation]:
		with self._called("active_conversations", since=since):
			active = [each for each in self.conversations.values() if each.last_activity_at >= since]
			active.sort(key=lambda each: each.activity, reverse=True)
		return [
			ActiveConversation(
				conversation=each.as_value(self.inbox_id),
				last_activity_at=each.last_activity_at,
				last_message_id=each.messages[-1].id if each.messages else None,
			)
			for each in active
		]

	def messages_after(
		self, conversation: ChatwootConversation, message_id: int | None, since: datetime
	) -> list[SeenMessage]:
		with self._called("messages_after", conversation=conversation, message_id=message_id, since=since):
			known = self._conversation(conversation.id)
			return [
				self._seen(known, message)
				for message in known.messages
				if (message.id > message_id if message_id is not None else message.created_at >= since)
			]

	def check(self) -> None:
		with self._called("check"):
			if self.trouble is not None:
				raise self.trouble

	# ---- what people do in Chatwoot, for tests

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

	def have_conversation(
		self, contact_id: int, source_id: str, status: str = "open"
	) -> ChatwootConversation:
		"""A conversation that an agent began, without a message."""
		conversation = self._new_conversation(self.contacts[contact_id], source_id)
		conversation.status = status
		return conversation.as_value(self.inbox_id)

	def agent_writes(
		self,
		conversation_id: int,
		text: str,
		*,
		attachments: Sequence[tuple[Attachment, bytes]] = (),
		private: bool = False,
		in_reply_to: int | None = None,
		author_name: str = "Agent",
	) -> ChatwootMessage:
		"""Write a message as an agent does and return it as its webhook would tell it."""
		conversation = self._conversation(conversation_id)
		now = self.clock.now()
		answered = self.message(in_reply_to) if in_reply_to is not None else None
		message = FakeMessage(
			id=next(self._numbers),
			conversation_id=conversation_id,
			text=text,
			incoming=False,
			source_id=None,
			created_at=now,
			sent_at=now,
			private=private,
			attachments=tuple(attachment for attachment, _ in attachments),
			author_name=author_name,
			in_reply_to=in_reply_to,
			in_reply_to_source=answered.source_id if answered else None,
		)
		self.attachments.update({attachment.url: content for attachment, content in attachments})
		self._append(conversation, message)
		return message_value(message, conversation, self.account_id, self.inbox_id)

	def retry(self, message_id: int) -> ChatwootMessage:
		"""Press the Retry button under a failed message."""
		message = self.message(message_id)
		message.status, message.error = Status.SENT, None
		conversation = self._conversation(message.conversation_id)
		value = message_value(message, conversation, self.account_id, self.inbox_id)
		return replace(value, retried=True, retry_certain=True)

	def resolve(self, conversation_id: int) -> None:
		self._conversation(conversation_id).status = "resolved"

	def remove_conversation(self, conversation_id: int) -> None:
		del self.conversations[conversation_id]

	def remove_contact(self, contact_id: int) -> None:
		"""With its conversations, as Chatwoot does."""
		del self.contacts[contact_id]
		for id in [each.id for each in self.conversations.values() if each.contact.id == contact_id]:
			del self.conversations[id]

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

	# ---- inside

	def _conversation(self, id: int) -> FakeConversation:
		try:
			return self.conversations[id]
		except KeyError:
			raise NotFound("The conversation is gone from Chatwoot") from None

	def _linked_contact(self, source_id: str) -> FakeContact | None:
		return next((each for each in self.contacts.values() if source_id in each.source_ids), None)

	def _new_conversation(self, contact: FakeContact, source_id: str) -> FakeConversation:
		if source_id not in contact.source_ids:
			contact.source_ids.append(source_id)
		conversation = FakeConversation(
			next(self._numbers), contact, source_id, "open", self.clock.now(), next(self._activities)
		)
		self.conversations[conversation.id] = conversation
		return conversation

	def _post(self, conversation: FakeConversation, post: Post) -> Posted:
		if post.incoming and conversation.status in ("resolved", "snoozed"):
			conversation.status = "open"
		message = FakeMessage(
			id=next(self._numbers),
			conversation_id=conversation.id,
			text=post.text,
			incoming=post.incoming,
			source_id=post.source_id,
			created_at=self.clock.now(),
			sent_at=post.sent_at,
			files=post.files,
			from_phone=post.from_phone,
		)
		self._append(conversation, message)
		return Posted(message.id, conversation.id)

	def _append(self, conversation: FakeConversation, message: FakeMessage) -> None:
		conversation.messages.append(message)
		conversation.last_activity_at = message.created_at
		conversation.activity = next(self._activities)

	def _seen(self, conversation: FakeConversation, message: FakeMessage) -> SeenMessage:
		to_send = (
			message_value(message, conversation, self.account_id, self.inbox_id)
			if message.belongs_on_whatsapp
			else None
		)
		return SeenMessage(
			id=message.id,
			source_id=message.source_id,
			created_at=message.created_at,
			failed=message.status is Status.FAILED,
			to_send=to_send,
			payload=message_payload(message, conversation, self.account_id, self.inbox_id),
		)
