"""What agents do in the fake Chatwoot, each told as its webhook would tell it. Not the port."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from wuzapi_chatwoot.bridge.model.events import (
	AgentTyping,
	Attachment,
	ChatwootConversation,
	ChatwootDeletion,
	ChatwootMessage,
	ConversationChanged,
	Status,
)
from wuzapi_chatwoot.testkit.twins.fake_chatwoot_inbox import FakeChatwootInbox
from wuzapi_chatwoot.testkit.twins.fake_chatwoot_records import FakeMessage, message_value


@dataclass(slots=True)
class PeopleInChatwoot(FakeChatwootInbox):
	"""Acts for tests. `FakeChatwoot` is the class to make."""

	def have_conversation(
		self, contact_id: int, source_id: str, status: str = "open"
	) -> ChatwootConversation:
		"""A conversation that an agent began, without a message."""
		conversation = self._new_conversation(self.contacts[contact_id], source_id, status)
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
		answered = self._answered(conversation, in_reply_to)
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
			in_reply_to=answered.id if answered else None,
			in_reply_to_source=answered.source_id if answered else None,
		)
		self.attachments.update({attachment.url: content for attachment, content in attachments})
		self._append(conversation, message)
		return message_value(message, conversation, self.account_id, self.inbox_id)

	def agent_deletes(self, message_id: int) -> ChatwootDeletion:
		"""Delete a message, whoever wrote it. Its time is the latest that the webhook tells: never the deletion's."""
		message = self.message(message_id)
		conversation = self._conversation(message.conversation_id)
		self._delete(message)
		return ChatwootDeletion(
			id=message_id,
			conversation=conversation.as_value(self.inbox_id),
			at=max(message.created_at, conversation.last_activity_at),
			account_id=self.account_id,
		)

	def agent_types(self, conversation_id: int, active: bool) -> AgentTyping:
		return AgentTyping(self._conversation(conversation_id).as_value(self.inbox_id), active)

	def agent_looks(self, conversation_id: int) -> ConversationChanged:
		"""Open the conversation. Chatwoot tells of it only beside the next change, as which this counts."""
		conversation = self._conversation(conversation_id)
		now = self.clock.now()
		conversation.agent_last_seen_at = now
		return ConversationChanged(conversation.as_value(self.inbox_id), at=now, status_changed=False)

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

	def remove_inbox(self) -> None:
		"""With its conversations. The contacts stay, without a link."""
		self.inbox_is_gone = True
		self.conversations.clear()
		for contact in self.contacts.values():
			contact.source_ids.clear()

	def remove_contact(self, contact_id: int) -> None:
		"""With its conversations, as Chatwoot does."""
		del self.contacts[contact_id]
		for id in [each.id for each in self.conversations.values() if each.contact.id == contact_id]:
			del self.conversations[id]
