"""The records of the simulated Chatwoot, as its database would hold them. No rules and no shapes here."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from wuzapi_chatwoot.sandbox.files import File

Json = dict[str, Any]

INCOMING, OUTGOING, ACTIVITY, TEMPLATE = range(4)
TYPE_NAMES = ("incoming", "outgoing", "activity", "template")
API_CHANNEL = "Channel::Api"
STATUSES = ("sent", "delivered", "read", "failed")


@dataclass
class Inbox:
	"""An inbox and, of an API inbox, its callback."""

	id: int
	name: str
	webhook_url: str
	secret: str
	identifier: str
	channel_type: str = API_CHANNEL
	greeting_enabled: bool = False
	csat_survey_enabled: bool = False
	working_hours_enabled: bool = False
	enable_auto_assignment: bool = True
	lock_to_single_conversation: bool = False
	hmac_mandatory: bool = False
	additional_attributes: Json = field(default_factory=dict)
	member_ids: set[int] = field(default_factory=set)


@dataclass(frozen=True)
class User:
	"""Somebody with a login."""

	id: int
	name: str
	email: str


@dataclass
class Contact:
	"""A customer."""

	id: int
	name: str
	created_at: float
	email: str | None = None
	phone_number: str | None = None
	identifier: str | None = None
	blocked: bool = False
	avatar: Attachment | None = None
	thumbnail: str = ""
	additional_attributes: Json = field(default_factory=dict)
	custom_attributes: Json = field(default_factory=dict)
	last_activity_at: float | None = None
	inboxes: list[ContactInbox] = field(default_factory=list)
	conversations: list[Conversation] = field(default_factory=list)


@dataclass
class ContactInbox:
	"""The link of a contact to an inbox, under a source id."""

	id: int
	contact: Contact
	inbox: Inbox
	source_id: str
	created_at: float
	pubsub_token: str
	conversations: list[Conversation] = field(default_factory=list)


@dataclass
class Attachment:
	"""A file of a message."""

	id: int
	message_id: int
	kind: str
	file: File
	signed_id: str
	key: str


@dataclass
class Message:
	"""One message."""

	id: int
	conversation: Conversation
	content: str | None
	kind: int
	created_at: float
	updated_at: float
	sender: User | Contact | None
	content_type: str = "text"
	private: bool = False
	status: str = "sent"
	source_id: str | None = None
	content_attributes: Json = field(default_factory=dict)
	additional_attributes: Json = field(default_factory=dict)
	attachments: list[Attachment] = field(default_factory=list)

	@property
	def shown_to_customer(self) -> bool:
		"""Neither a note nor a line of the log."""
		return not self.private and self.kind != ACTIVITY


@dataclass
class Conversation:
	"""One conversation; `id` is the display id."""

	id: int
	uuid: str
	contact_inbox: ContactInbox
	created_at: float
	updated_at: float
	last_activity_at: float
	status: str = "open"
	assignee: User | None = None
	snoozed_until: float | None = None
	first_reply_created_at: float | None = None
	waiting_since: float = 0.0
	agent_last_seen_at: float = 0.0
	contact_last_seen_at: float = 0.0
	unread: int = 0
	contact_types: bool = False
	labels: list[str] = field(default_factory=list)
	custom_attributes: Json = field(default_factory=dict)
	additional_attributes: Json = field(default_factory=dict)
	messages: list[Message] = field(default_factory=list)
	last_shown: Message | None = None

	@property
	def contact(self) -> Contact:
		"""The customer."""
		return self.contact_inbox.contact

	@property
	def muted(self) -> bool:
		"""Whether the customer is blocked: to Chatwoot these are the same."""
		return self.contact.blocked

	@property
	def inbox(self) -> Inbox:
		"""The inbox."""
		return self.contact_inbox.inbox
