"""One Chatwoot API inbox in memory, faithful where it matters: source ids of messages are not unique, so doubles show.

Its records are in `fake_chatwoot_inbox.py`, what people do in it in `fake_chatwoot_people.py`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from wuzapi_chatwoot.bridge.model.errors import DuplicateRow, Fault, NotFound, Permanent, Uncertain
from wuzapi_chatwoot.bridge.model.events import ChatwootConversation, Status
from wuzapi_chatwoot.bridge.ports.chatwoot import (
	ActiveConversation,
	ChatwootContact,
	Post,
	Posted,
	SeenMessage,
)
from wuzapi_chatwoot.bridge.ports.gateway import OutgoingFile
from wuzapi_chatwoot.testkit.twins.fake_chatwoot_people import PeopleInChatwoot
from wuzapi_chatwoot.testkit.twins.fake_chatwoot_records import (
	FakeConversation,
	FakeMessage,
	message_payload,
	message_value,
)

_SHOWN_AS = {Status.PENDING: Status.SENT, Status.PLAYED: Status.READ}


@dataclass(slots=True)
class FakeChatwoot(PeopleInChatwoot):
	"""Implements `Chatwoot`. `contacts` and `conversations` are open to tests."""

	# ---- contacts

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
			self._inbox_must_be_there()
			for other in self.contacts.values():
				if other.identifier == identifier or (phone and other.phone == phone):
					raise DuplicateRow("Chatwoot has such a contact already")
			if self._linked_contact(source_id) is not None:
				# No validation of Chatwoot's, but its database refuses.
				raise Uncertain("Chatwoot failed on this request", detail="500", fault=Fault.UNWELL)
			return self.have_contact(name, identifier=identifier, phone=phone, source_ids=(source_id,))

	def update_contact(
		self,
		contact_id: int,
		*,
		name: str | None = None,
		phone: str | None = None,
		avatar: OutgoingFile | None = None,
	) -> None:
		with self._called("update_contact", contact_id=contact_id, name=name, phone=phone, avatar=avatar):
			contact = self._contact(contact_id)
			if phone and any(each.phone == phone for each in self.contacts.values() if each is not contact):
				raise DuplicateRow("Chatwoot has such a contact already")
			contact.name = name or contact.name
			contact.phone = phone or contact.phone
			contact.avatar = avatar or contact.avatar

	def merge_contacts(self, keep: int, gone: int) -> None:
		with self._called("merge_contacts", keep=keep, gone=gone):
			base, merged = self._contact(keep), self.contacts.get(gone)
			if merged is None or merged is base:
				return
			base.name = base.name or merged.name
			base.identifier = base.identifier or merged.identifier
			base.phone = base.phone or merged.phone
			base.source_ids += merged.source_ids
			for conversation in self.conversations.values():
				if conversation.contact is merged:
					conversation.contact = base
			del self.contacts[gone]

	# ---- conversations and messages

	def latest_conversation(self, source_id: str) -> ChatwootConversation | None:
		with self._called("latest_conversation", source_id=source_id):
			linked = [each for each in self.conversations.values() if each.source_id == source_id]
			latest = max(linked, key=lambda each: each.activity, default=None)
		return latest.as_value(self.inbox_id) if latest else None

	def create_conversation(
		self, contact_id: int, source_id: str, post: Post, *, pending: bool = False
	) -> Posted:
		with self._called(
			"create_conversation", contact_id=contact_id, source_id=source_id, post=post, pending=pending
		):
			self._inbox_must_be_there()
			contact = self._contact(contact_id)
			if self._linked_contact(source_id) not in (None, contact):
				raise NotFound("this WhatsApp address is another contact's in Chatwoot")
			conversation = self._new_conversation(contact, source_id, "pending" if pending else "open")
			return self._post(conversation, post)

	def set_conversation_status(self, conversation_id: int, status: str) -> None:
		with self._called("set_conversation_status", conversation_id=conversation_id, status=status):
			self._conversation(conversation_id).status = status

	def add_attributes(self, conversation_id: int, attributes: Mapping[str, str]) -> None:
		with self._called("add_attributes", conversation_id=conversation_id, attributes=dict(attributes)):
			self._conversation(conversation_id).attributes.update(attributes)

	def delete_message(self, conversation_id: int, message_id: int) -> None:
		with (
			self._called("delete_message", conversation_id=conversation_id, message_id=message_id),
			suppress(NotFound),
		):
			message = self.message(message_id)
			if message.conversation_id == conversation_id:
				self._delete(message)

	def show_typing(self, conversation_id: int, source_id: str, active: bool) -> None:
		with self._called("show_typing", conversation_id=conversation_id, source_id=source_id, active=active):
			if self._conversation(conversation_id).source_id != source_id:
				raise NotFound("The conversation is not of this link")
			self.typing.append((conversation_id, active))

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

	# ---- looking after what no webhook told

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
			self._inbox_must_be_there()

	def _inbox_must_be_there(self) -> None:
		if self.inbox_is_gone:
			raise NotFound(f"Chatwoot has no inbox {self.inbox_id} (any more)")

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
			error=message.error or "",
			to_send=to_send,
			payload=message_payload(message, conversation, self.account_id, self.inbox_id),
		)
