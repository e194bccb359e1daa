"""The calls on one session's Chatwoot inbox: the `Chatwoot` port, put together. Decides nothing.

What is here itself looks after what no webhook told; the other calls are in `*_calls.py` and `customer_typing.py`.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime

import requests

from wuzapi_chatwoot.bridge.model.errors import NotFound, Permanent
from wuzapi_chatwoot.bridge.model.events import ChatwootConversation
from wuzapi_chatwoot.bridge.model.records import Session
from wuzapi_chatwoot.bridge.ports.chatwoot import ActiveConversation, SeenMessage
from wuzapi_chatwoot.chatwoot.client import answers, paging
from wuzapi_chatwoot.chatwoot.client.calls import shared_http
from wuzapi_chatwoot.chatwoot.client.contact_calls import ContactCalls
from wuzapi_chatwoot.chatwoot.client.conversation_calls import ConversationCalls
from wuzapi_chatwoot.chatwoot.client.customer_typing import InboxIdentifiers, TypingCalls
from wuzapi_chatwoot.chatwoot.client.failures import Denied
from wuzapi_chatwoot.chatwoot.files.attachments import Attachments
from wuzapi_chatwoot.chatwoot.parse import fields
from wuzapi_chatwoot.net.public_http import Resolve, resolve

_CHANNEL = "Channel::Api"


class ChatwootInbox(ContactCalls, ConversationCalls, TypingCalls):
	"""One session's inbox. Thread-safe and cheap to make: what is dear is `http`, the pool of connections.

	`public_http`, `sleep` and `resolve` serve the fetching of attachments, `identifiers` that of the customer's typing.
	"""

	def __init__(
		self,
		session: Session,
		*,
		http: requests.Session | None = None,
		public_http: requests.Session | None = None,
		sleep: Callable[[float], None] = time.sleep,
		resolve: Resolve = resolve,
		identifiers: InboxIdentifiers | None = None,
	) -> None:
		http = http or shared_http()
		TypingCalls.__init__(self, session, http, identifiers)
		self._attachments = Attachments(
			self._url, http, public_http=public_http, resolve=resolve, sleep=sleep
		)

	def fetch_attachment(self, url: str, largest: int) -> bytes:
		return self._attachments.fetch(url, largest)

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
			raise NotFound(
				f"account {self._account_id} has no inbox {self._inbox_id} that this token may see",
				detail=error.detail,
			) from error
		channel = fields.text(inbox.get("channel_type"))
		if channel != _CHANNEL:
			raise Permanent(
				f"inbox {self._inbox_id} is of the wrong type: it must be an API inbox", detail=channel or ""
			)
		hours = answers.reply_window_of(inbox)
		if hours is not None:
			raise Permanent(
				f"the inbox has a reply window of {hours} hours: agents cannot answer after it; "
				"clear it in the inbox's settings"
			)
