"""Holds the records of the simulated Chatwoot and finds them. Unique keys are checked where Chatwoot has them."""

from __future__ import annotations

import re
import secrets
import string
import time
import uuid
from base64 import urlsafe_b64encode
from itertools import count
from typing import Any

from wuzapi_chatwoot.sandbox.chatwoot.records import (
	Attachment,
	Contact,
	ContactInbox,
	Conversation,
	Inbox,
	Json,
	Message,
	User,
)
from wuzapi_chatwoot.sandbox.chatwoot.shapes import representation_path
from wuzapi_chatwoot.sandbox.defaults import (
	AGENT_EMAIL,
	AGENT_ID,
	AGENT_NAME,
	BRIDGE_USER_EMAIL,
	BRIDGE_USER_ID,
	BRIDGE_USER_NAME,
	FIRST_CONTACT_ID,
	FIRST_CONVERSATION_ID,
	FIRST_MESSAGE_ID,
	INBOX_ID,
	INBOX_IDENTIFIER,
	INBOX_NAME,
)
from wuzapi_chatwoot.sandbox.files import File

AGENT = User(AGENT_ID, AGENT_NAME, AGENT_EMAIL)
BRIDGE_USER = User(BRIDGE_USER_ID, BRIDGE_USER_NAME, BRIDGE_USER_EMAIL)

# Not anchored at the start, as in Chatwoot itself.
E164 = re.compile(r"\+[1-9]\d{1,14}\Z")
UNIQUE = ("email", "phone_number", "identifier")
IMAGES = {f"image/{kind}" for kind in ("jpeg", "jpg", "png", "gif", "bmp", "webp")}
AVATARS = {f"image/{kind}" for kind in ("jpeg", "png", "gif", "webp")}
LARGEST_AVATAR = 15 * 1024 * 1024
VIDEOS = {f"video/{kind}" for kind in ("mp4", "webm", "ogg", "quicktime")}


class Invalid(Exception):
	"""A record breaks a rule; `attributes` names the fields."""

	def __init__(self, problems: list[tuple[str, str]]) -> None:
		super().__init__(", ".join(text for _, text in problems))
		self.attributes = [name for name, _ in problems]


class DatabaseError(Exception):
	"""A key of the database itself was broken: Chatwoot answers 500."""


def attachment_kind(declared: str) -> str:
	"""Tell the kind of a file by the type that its upload declared."""
	if declared in IMAGES:
		return "image"
	if declared in VIDEOS:
		return "video"
	return "audio" if "audio/" in declared else "file"


def new_token() -> str:
	"""Make 24 random letters and digits, as Chatwoot does for secrets and identifiers."""
	return "".join(secrets.choice(string.ascii_letters + string.digits) for _ in range(24))


class Store:
	"""All records of the account."""

	def __init__(self, webhook_url: str, secret: str, keep: int) -> None:
		self._webhook_url = webhook_url
		self._secret = secret
		self._keep = keep
		# Ids go on rising over a reset: a bridge that lives on must not meet an id a second time.
		self._inbox_ids = count(INBOX_ID + 1)
		self._contact_ids = count(FIRST_CONTACT_ID)
		self._conversation_ids = count(FIRST_CONVERSATION_ID)
		self._message_ids = count(FIRST_MESSAGE_ID)
		self._link_ids = count(958)
		self._attachment_ids = count(2001)
		self.clear()

	def clear(self) -> None:
		"""Begin with one inbox and nothing in it."""
		url = self._webhook_url
		first = Inbox(INBOX_ID, INBOX_NAME, url, self._secret, INBOX_IDENTIFIER, member_ids={AGENT_ID})
		self.inboxes = {INBOX_ID: first}
		self.contacts: dict[int, Contact] = {}
		self.conversations: dict[int, Conversation] = {}
		self.messages: dict[int, Message] = {}
		self.attachments: dict[str, Attachment] = {}
		self.storage: dict[str, Attachment] = {}
		self._links: dict[tuple[int, str], ContactInbox] = {}
		self._taken: dict[str, dict[str, Contact]] = {name: {} for name in UNIQUE}
		self.source_ids: dict[str, int] = {}

	def add_inbox(self, name: str, webhook_url: str) -> Inbox:
		"""Add another inbox, with a secret of its own and nobody in it."""
		number = next(self._inbox_ids)
		inbox = Inbox(number, name, webhook_url, new_token(), new_token())
		self.inboxes[number] = inbox
		return inbox

	def remove_inbox(self, inbox: Inbox) -> None:
		"""Take an inbox away with its conversations and links; the contacts stay."""
		for conversation in [each for each in self.conversations.values() if each.inbox is inbox]:
			self.remove_conversation(conversation)
		for key, link in [pair for pair in self._links.items() if pair[1].inbox is inbox]:
			link.contact.inboxes.remove(link)
			del self._links[key]
		del self.inboxes[inbox.id]

	def add_contact(self, fields: Json) -> Contact:
		"""Create a contact, or raise Invalid."""
		contact = Contact(next(self._contact_ids), "", time.time())
		self._check(contact, fields)
		self._assign(contact, fields)
		self.contacts[contact.id] = contact
		return contact

	def check_new(self, fields: Json) -> None:
		"""Raise what creating a contact with these fields would raise."""
		self._check(Contact(0, "", 0.0), fields)

	def update_contact(self, contact: Contact, fields: Json) -> Json:
		"""Change a contact, or raise Invalid; returns what changed with the old and the new value."""
		self._check(contact, fields)
		before = {name: getattr(contact, name) for name in (*UNIQUE, "name", "blocked")}
		self._assign(contact, fields)
		return {
			name: (old, getattr(contact, name))
			for name, old in before.items()
			if old != getattr(contact, name)
		}

	def find_contact(self, field: str, value: str) -> Contact | None:
		"""Find a contact by one of its unique fields."""
		return self._taken[field].get(value.lower() if field == "email" else value)

	def remove_contact(self, contact: Contact) -> None:
		"""Take a contact away with its links and conversations."""
		for conversation in list(contact.conversations):
			self.remove_conversation(conversation)
		for link in contact.inboxes:
			self._links.pop((link.inbox.id, link.source_id), None)
		for name in UNIQUE:
			value = getattr(contact, name)
			if value is not None:
				self._taken[name].pop(value.lower() if name == "email" else value, None)
		self.drop_avatar(contact)
		self.contacts.pop(contact.id, None)

	def remove_conversation(self, conversation: Conversation) -> None:
		"""Take a conversation away with its messages; the contact and its link stay."""
		self.conversations.pop(conversation.id, None)
		conversation.contact_inbox.conversations.remove(conversation)
		conversation.contact.conversations.remove(conversation)
		self._forget(conversation.messages)

	def check_avatar(self, file: File) -> None:
		"""Raise Invalid for a picture that a contact cannot have."""
		problems = []
		if len(file.data) > LARGEST_AVATAR:
			problems.append(("avatar", "Avatar is too big"))
		if file.mimetype not in AVATARS:
			problems.append(("avatar", "Avatar filetype not supported"))
		if problems:
			raise Invalid(problems)

	def set_avatar(self, contact: Contact, file: File, base_url: str) -> None:
		"""Give a contact a picture, or raise Invalid."""
		self.check_avatar(file)
		self.drop_avatar(contact)
		contact.avatar = self._stored(0, "image", file)
		contact.thumbnail = base_url + representation_path(contact.avatar)

	def drop_avatar(self, contact: Contact) -> None:
		"""Take a contact's picture away."""
		if contact.avatar is not None:
			self.attachments.pop(contact.avatar.signed_id, None)
			self.storage.pop(contact.avatar.key, None)
		contact.avatar, contact.thumbnail = None, ""

	def _check(self, contact: Contact, fields: Json) -> None:
		problems: list[tuple[str, str]] = []
		for name in UNIQUE:
			value = fields.get(name, getattr(contact, name))
			label = name.replace("_", " ").capitalize()
			if value == "" and name == "identifier" and self._taken[name].get("", contact) is not contact:
				raise DatabaseError("identifier")
			if not value:
				continue
			owner = self.find_contact(name, value)
			if owner is not None and owner is not contact:
				problems.append((name, f"{label} has already been taken"))
			if name == "phone_number" and not E164.search(value):
				problems.append((name, "Phone number should be in e164 format"))
			if len(value) > 255:
				problems.append((name, f"{label} is too long (maximum is 255 characters)"))
		if len(fields.get("name") or "") > 255:
			problems.append(("name", "Name is too long (maximum is 255 characters)"))
		if problems:
			raise Invalid(problems)

	def _assign(self, contact: Contact, fields: Json) -> None:
		for name in UNIQUE:
			if name not in fields:
				continue
			taken = self._taken[name]
			old = getattr(contact, name)
			if old is not None:
				taken.pop(old.lower() if name == "email" else old, None)
			value = fields[name]
			setattr(contact, name, value)
			if value is not None:
				taken[value.lower() if name == "email" else value] = contact
		contact.name = fields.get("name", contact.name) or ""
		contact.blocked = bool(fields.get("blocked", contact.blocked))
		contact.additional_attributes.update(fields.get("additional_attributes") or {})
		contact.custom_attributes.update(fields.get("custom_attributes") or {})

	def link(self, inbox: Inbox, source_id: str) -> ContactInbox | None:
		"""Find the link with a source id."""
		return self._links.get((inbox.id, source_id))

	def add_link(self, contact: Contact, inbox: Inbox, source_id: str | None) -> ContactInbox:
		"""Find or create the link of a contact; DatabaseError when the source id is another contact's."""
		source_id = source_id or str(uuid.uuid4())
		known = self.link(inbox, source_id)
		if known is not None:
			if known.contact is not contact:
				raise DatabaseError("source_id")
			return known
		token = secrets.token_urlsafe(18)
		link = ContactInbox(next(self._link_ids), contact, inbox, source_id, time.time(), token)
		self._links[inbox.id, source_id] = link
		contact.inboxes.append(link)
		return link

	def add_conversation(self, link: ContactInbox, fields: Json) -> Conversation:
		"""Create a conversation."""
		now = time.time()
		conversation = Conversation(next(self._conversation_ids), str(uuid.uuid4()), link, now, now, now)
		conversation.waiting_since = now
		conversation.status = "resolved" if link.contact.blocked else fields.get("status") or "open"
		conversation.custom_attributes = dict(fields.get("custom_attributes") or {})
		conversation.additional_attributes = dict(fields.get("additional_attributes") or {})
		self.conversations[conversation.id] = conversation
		link.conversations.append(conversation)
		link.contact.conversations.append(conversation)
		return conversation

	def new_message(self, conversation: Conversation, content: str | None, kind: int, **rest: Any) -> Message:
		"""Create a message and put it into its conversation."""
		now = time.time()
		message = Message(next(self._message_ids), conversation, content, kind, now, now, **rest)
		conversation.messages.append(message)
		self.messages[message.id] = message
		if message.shown_to_customer:
			conversation.last_shown = message
		conversation.last_activity_at = conversation.updated_at = now
		if self._keep and len(conversation.messages) > self._keep + self._keep // 4 + 8:
			self._trim(conversation)
		return message

	def attach(self, message: Message, file: File) -> None:
		"""Add a file to a message."""
		message.attachments.append(self._stored(message.id, attachment_kind(file.mimetype), file))

	def _stored(self, message_id: int, kind: str, file: File) -> Attachment:
		number = next(self._attachment_ids)
		blob = urlsafe_b64encode(b'{"fictional":"blob-%d"}' % number).decode()
		signed_id = f"{blob}--{secrets.token_hex(20)}"
		attachment = Attachment(number, message_id, kind, file, signed_id, secrets.token_hex(14))
		self.attachments[signed_id] = attachment
		self.storage[attachment.key] = attachment
		return attachment

	def drop_attachments(self, message: Message) -> None:
		"""Take all files of a message away."""
		for attachment in message.attachments:
			self.attachments.pop(attachment.signed_id, None)
			self.storage.pop(attachment.key, None)
		message.attachments = []

	def _trim(self, conversation: Conversation) -> None:
		gone = conversation.messages[: -self._keep]
		del conversation.messages[: -self._keep]
		self._forget(gone)

	def _forget(self, messages: list[Message]) -> None:
		for message in messages:
			self.messages.pop(message.id, None)
			self.drop_attachments(message)
			if message.source_id is not None:
				self.source_ids.pop(message.source_id, None)
