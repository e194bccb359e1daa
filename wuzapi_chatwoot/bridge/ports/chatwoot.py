"""What the bridge needs of a session's inbox in Chatwoot, as a protocol. Raises any `BridgeError`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from wuzapi_chatwoot.bridge.model.events import ChatwootConversation, ChatwootMessage, Status
from wuzapi_chatwoot.bridge.ports.gateway import OutgoingFile


@dataclass(frozen=True, slots=True)
class ChatwootContact:
	id: int
	name: str = ""
	identifier: str | None = None
	phone: str | None = None
	source_ids: tuple[str, ...] = ()
	"""Of its links to *this* inbox."""


@dataclass(frozen=True, slots=True)
class Post:
	"""A message to be put into a Chatwoot conversation."""

	text: str
	incoming: bool
	source_id: str | None
	"""Our mark on it: comes back in every webhook and read. `None` for what is to come back as an agent's word, and no
	more is known of it afterwards than its number: such a post cannot be looked for.
	"""
	sent_at: datetime
	files: tuple[OutgoingFile, ...] = ()
	from_phone: bool = False
	"""Outgoing, but typed on the phone: shown so, and counted as a human answer."""
	in_reply_to: int | None = None
	"""Chatwoot's id of a message of the same conversation."""
	private: bool = False
	"""A note that only agents see."""
	chosen: tuple[str, str] | None = None
	"""Title and value of the option that the customer chose, for bots."""


@dataclass(frozen=True, slots=True)
class Posted:
	message_id: int
	conversation_id: int


@dataclass(frozen=True, slots=True)
class SeenMessage:
	"""A message as read from Chatwoot. `to_send` is set when it is one that belongs on WhatsApp."""

	id: int
	source_id: str | None
	created_at: datetime
	failed: bool
	to_send: ChatwootMessage | None
	payload: str
	"""A webhook-shaped JSON text from which the connector can read the same message again."""
	error: str = ""
	"""Of a failed one: the cause that Chatwoot shows."""


@dataclass(frozen=True, slots=True)
class ActiveConversation:
	conversation: ChatwootConversation
	last_activity_at: datetime
	last_message_id: int | None


class Chatwoot(Protocol):
	"""One session's inbox in Chatwoot."""

	def find_contacts(self, identifier: str, phones: Sequence[str]) -> list[ChatwootContact]:
		"""Exact matches only: by identifier first, then by the phones in their order."""

	def find_taken_contact(self, identifier: str) -> ChatwootContact | None:
		"""Whoever holds this address, by link of this inbox or as identifier, wherever `find_contacts` is blind."""

	def create_contact(
		self, name: str, identifier: str, phone: str | None, source_id: str
	) -> ChatwootContact:
		"""Raises `DuplicateRow` when phone, identifier or source id is taken."""

	def update_contact(
		self,
		contact_id: int,
		*,
		name: str | None = None,
		phone: str | None = None,
		avatar: OutgoingFile | None = None,
	) -> None:
		"""What is `None` stays. Raises `DuplicateRow` when the phone is another contact's, `NotFound`."""

	def merge_contacts(self, keep: int, gone: int) -> None:
		"""Conversations and links of `gone` go to `keep`. Nothing happens if `gone` is gone already."""

	def latest_conversation(self, source_id: str) -> ChatwootConversation | None:
		"""The conversation of that link with the newest activity, whatever its status."""

	def create_conversation(
		self, contact_id: int, source_id: str, post: Post, *, pending: bool = False
	) -> Posted:
		"""With its first message. With files they follow in a second call."""

	def set_conversation_status(self, conversation_id: int, status: str) -> None:
		"""`open`, `resolved`, `pending`."""

	def add_attributes(self, conversation_id: int, attributes: Mapping[str, str]) -> None:
		"""Set custom attributes of a conversation; those not named stay."""

	def delete_message(self, conversation_id: int, message_id: int) -> None:
		"""Nothing happens if it is gone already."""

	def show_typing(self, conversation_id: int, source_id: str, active: bool) -> None:
		"""Show the customer typing."""

	def post_message(self, conversation_id: int, post: Post) -> Posted:
		"""Raises `NotFound` if the conversation is gone."""

	def find_post(self, conversation_id: int, source_id: str, since: datetime) -> Posted | None:
		"""Look for a message of ours by its mark among those created at or after `since`, newest first."""

	def set_status(
		self, conversation_id: int, message_id: int, status: Status, error: str | None = None
	) -> None:
		"""`PENDING` and `SENT` show as sent, `PLAYED` as read. `error` only with `FAILED`."""

	def fetch_attachment(self, url: str, largest: int) -> bytes:
		"""Raises `Permanent` when larger than `largest` bytes or at an address that is not allowed."""

	def active_conversations(self, since: datetime) -> list[ActiveConversation]: ...

	def messages_after(
		self, conversation: ChatwootConversation, message_id: int | None, since: datetime
	) -> list[SeenMessage]:
		"""All messages above `message_id` (or, without one, those created since), oldest first."""

	def check(self) -> None:
		"""Raise what is wrong (unreachable, token refused, inbox of the wrong type); `NotFound` if there is no such inbox."""
