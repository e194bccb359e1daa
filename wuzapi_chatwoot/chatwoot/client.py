"""The calls on one session's Chatwoot inbox: the `Chatwoot` port. Decides nothing, keeps nothing between calls."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

import requests

from ..bridge.errors import DuplicateRow, Fault, NotFound, Permanent, Retriable, Uncertain
from ..bridge.events import ChatwootConversation, Status
from ..bridge.ports import ActiveConversation, ChatwootContact, Post, Posted, SeenMessage
from ..bridge.records import Session
from . import answers, compose, fields, paging
from .attachments import Attachments
from .calls import Calls, shared_http
from .failures import Denied
from .targets import Resolve, resolve

_CHANNEL = "Channel::Api"


class ChatwootInbox:
	"""One session's inbox. Thread-safe and cheap to make: what is dear is `http`, the pool of connections.

	`public_http`, `sleep` and `resolve` serve the fetching of attachments.
	"""

	def __init__(
		self,
		session: Session,
		*,
		http: requests.Session | None = None,
		public_http: requests.Session | None = None,
		sleep: Callable[[float], None] = time.sleep,
		resolve: Resolve = resolve,
	) -> None:
		http = http or shared_http()
		self._url = session.chatwoot_url.strip().rstrip("/")
		self._account_id = session.account_id
		self._inbox_id = session.inbox_id
		self._calls = Calls(http, self._url, session.chatwoot_token, session.account_id)
		self._attachments = Attachments(
			self._url, http, public_http=public_http, resolve=resolve, sleep=sleep
		)

	# ---- contacts

	def find_contacts(self, identifier: str, phones: Sequence[str]) -> list[ChatwootContact]:
		"""Exact matches: by identifier first, then by the phones in their order, then the oldest first."""
		ranks = {phone: rank for rank, phone in reversed(list(enumerate(phones, start=1))) if phone}
		found: dict[int, tuple[int, ChatwootContact]] = {}
		for answer in paging.contacts(self._calls, identifier, phones):
			contact = answers.contact_of(answer, self._inbox_id)
			if contact is None:
				continue
			if identifier and contact.identifier == identifier:
				found[contact.id] = (0, contact)
			elif contact.phone in ranks:
				found[contact.id] = (ranks[contact.phone], contact)
		ordered = sorted(found.values(), key=lambda entry: (entry[0], entry[1].id))
		return [contact for _, contact in ordered]

	def find_taken_contact(self, identifier: str) -> ChatwootContact | None:
		"""By link, else by the search, which also sees contacts that have neither phone nor e-mail."""
		body = {"inbox_id": self._inbox_id, "source_id": identifier}
		try:
			linked = self._calls.post("contact_inboxes/filter", body, creates=False)
			return answers.contact_of(linked, self._inbox_id)
		except NotFound:
			found = fields.mapping(self._calls.get("contacts/search", {"q": identifier, "page": 1}))
		contacts = [
			answers.contact_of(each, self._inbox_id) for each in fields.sequence(found.get("payload"))
		]
		return next((each for each in contacts if each is not None and each.identifier == identifier), None)

	def create_contact(
		self, name: str, identifier: str, phone: str | None, source_id: str
	) -> ChatwootContact:
		"""Raises `DuplicateRow` when phone, identifier or source id is taken. A phone that is none is left out."""
		body = compose.contact(name, identifier, phone, source_id, self._inbox_id)
		answer = fields.mapping(self._calls.post("contacts", body, creates=True))
		made = fields.mapping(answer.get("payload")).get("contact")
		contact = answers.contact_of(made, self._inbox_id)
		if contact is None:
			raise Uncertain("Chatwoot did not name the contact it made", fault=Fault.UNWELL)
		return contact

	# ---- conversations and messages

	def latest_conversation(self, source_id: str) -> ChatwootConversation | None:
		page = paging.conversations_page(
			self._calls, {"inbox_id": self._inbox_id, "source_id": source_id, "page": 1}
		)
		found = [answers.active_conversation_of(answer) for answer in page]
		active = [entry for entry in found if entry is not None]
		latest = max(active, key=lambda entry: (entry.last_activity_at, entry.conversation.id), default=None)
		return replace(latest.conversation, source_id=source_id) if latest else None

	def create_conversation(self, contact_id: int, source_id: str, post: Post) -> Posted:
		"""With its first message; files follow in a second call, as this one takes none.

		Raises `NotFound` if the contact is gone, or if the link belongs to another contact by now.
		"""
		body = compose.conversation(self._inbox_id, contact_id, source_id, None if post.files else post)
		try:
			answer = fields.mapping(self._calls.post("conversations", body, creates=True))
		except DuplicateRow as error:
			raise NotFound(
				"this WhatsApp address is another contact's in Chatwoot", detail=error.detail
			) from None
		id = fields.whole(answer.get("id"))
		if id is None:
			raise Uncertain("Chatwoot did not name the conversation it made", fault=Fault.UNWELL)
		message_id = answers.message_id_of(answer.get("messages"), post.source_id)
		if message_id is not None:
			return Posted(message_id, id)
		return self._first_message(id, post)

	def _first_message(self, conversation_id: int, post: Post) -> Posted:
		"""Post it, or find it where the answer showed another one (a greeting, for example)."""
		try:
			posted = (
				self.post_message(conversation_id, post)
				if post.files
				else self._find_among_latest(conversation_id, post.source_id)
			)
		except Retriable as error:
			# Something did happen: the conversation is there. Whoever tries again must look first.
			raise Uncertain(error.reason, detail=error.detail, fault=error.fault) from error
		if posted is None:
			raise Uncertain("Chatwoot made the conversation, but shows no message in it", fault=Fault.UNWELL)
		return posted

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
		path = f"conversations/{conversation_id}/messages/{message_id}"
		self._calls.patch(path, compose.status(status, error))

	def fetch_attachment(self, url: str, largest: int) -> bytes:
		return self._attachments.fetch(url, largest)

	# ---- looking after what no webhook told

	def active_conversations(self, since: datetime) -> list[ActiveConversation]:
		"""Latest activity first."""
		# Chatwoot's times are whole seconds here.
		since = since.replace(microsecond=0)
		active: dict[int, ActiveConversation] = {}
		for page in paging.conversations(self._calls, self._inbox_id):
			found = [answers.active_conversation_of(answer) for answer in page]
			entries = [entry for entry in found if entry is not None]
			for entry in entries:
				if entry.last_activity_at >= since:
					active.setdefault(entry.conversation.id, entry)
			if any(entry.last_activity_at < since for entry in entries):
				break
		return list(active.values())

	def messages_after(
		self, conversation: ChatwootConversation, message_id: int | None, since: datetime
	) -> list[SeenMessage]:
		"""Of every kind, ours and incoming ones too."""
		pages = (
			paging.messages_since(self._calls, conversation.id, since)
			if message_id is None
			else paging.messages_upwards(self._calls, conversation.id, message_id)
		)
		found = [message for page in pages for message in page]
		survey_url = None
		if any(answers.is_survey(message) for message in found):
			survey_url = self._survey_url(conversation.id)
		seen = [
			answers.seen_message_of(message, conversation, self._account_id, survey_url) for message in found
		]
		unique = {message.id: message for message in seen if message is not None}
		return sorted(unique.values(), key=lambda message: message.id)

	def _survey_url(self, conversation_id: int) -> str | None:
		"""The link that webhooks append to a satisfaction survey, and REST does not."""
		answer = fields.mapping(self._calls.get(f"conversations/{conversation_id}"))
		uuid = fields.text(answer.get("uuid"))
		return f"{self._url}/survey/responses/{uuid}" if uuid else None

	def check(self) -> None:
		"""Raises `Permanent` for what somebody must mend in the settings."""
		try:
			inbox = fields.mapping(self._calls.get(f"inboxes/{self._inbox_id}"))
		except Denied as error:
			raise Permanent(error.reason, detail=error.detail) from error
		except NotFound as error:
			raise Permanent(
				f"account {self._account_id} has no inbox {self._inbox_id} that this token may see",
				detail=error.detail,
			) from error
		channel = fields.text(inbox.get("channel_type"))
		if channel != _CHANNEL:
			raise Permanent(
				f"inbox {self._inbox_id} is of the wrong type: it must be an API inbox", detail=channel or ""
			)
