"""Reading what no webhook told: active conversations and their messages."""

from datetime import datetime, timezone
from pathlib import Path

import pytest
from responses import matchers

from wuzapi_chatwoot.bridge.model.events import Attachment, Author, ChatwootConversation, ChatwootMessage
from wuzapi_chatwoot.bridge.ports.chatwoot import ActiveConversation, SeenMessage
from wuzapi_chatwoot.bridge.ports.connector import WebhookRequest
from wuzapi_chatwoot.chatwoot import connector

FOLDER = Path(__file__).resolve().parents[1] / "payloads" / "chatwoot-webhooks"
SINCE = datetime(2026, 9, 1, 12, 0, 0, 700000, tzinfo=timezone.utc)
NOON = int(SINCE.timestamp())
JID = "5511900000001@s.whatsapp.net"
MARINA = ChatwootConversation(
	id=231,
	inbox_id=7,
	contact_id=412,
	source_id=JID,
	identifier=JID,
	phone="+5511900000001",
	name="Marina Souza",
	status="open",
)
AGENT = {"id": 5, "name": "Rafael Lima", "available_name": "Rafael", "avatar_url": "", "type": "user"}


def rest_message(id: int, **changes: object) -> dict:
	"""As `GET messages` shows one."""
	return {
		"id": id,
		"content": "Olá",
		"inbox_id": 7,
		"conversation_id": 231,
		"message_type": 1,
		"content_type": "text",
		"status": "sent",
		"content_attributes": {},
		"created_at": NOON,
		"private": False,
		"source_id": None,
		"sender": AGENT,
		**changes,
	}


class TestActiveConversations:
	def entry(self, id: int, at: int, **changes: object) -> dict:
		return {
			"id": id,
			"inbox_id": 7,
			"status": "open",
			"last_activity_at": at,
			"meta": {"sender": {"id": 412, "name": "Marina Souza", "phone_number": "+5511900000001"}},
			**changes,
		}

	def page(self, chatwoot, account, number: int, *entries: object) -> None:
		chatwoot.get(
			f"{account}/conversations",
			match=[
				matchers.query_param_matcher(
					{"inbox_id": 7, "status": "all", "sort_by": "last_activity_at_desc", "page": number}
				)
			],
			json={"data": {"meta": {}, "payload": list(entries)}},
		)

	def test_full_value(self, inbox, chatwoot, account):
		last = rest_message(10505, private=True, conversation={"contact_inbox": {"source_id": JID}})
		entry = self.entry(
			231,
			NOON + 5,
			messages=[last],
			last_non_activity_message=rest_message(10501),
			agent_last_seen_at=NOON + 3,
		)
		self.page(chatwoot, account, 1, entry)
		self.page(chatwoot, account, 2)
		assert inbox.active_conversations(SINCE) == [
			ActiveConversation(
				conversation=ChatwootConversation(
					id=231,
					inbox_id=7,
					contact_id=412,
					source_id=JID,
					identifier=None,
					phone="+5511900000001",
					name="Marina Souza",
					status="open",
					agent_last_seen_at=datetime(2026, 9, 1, 12, 0, 3, tzinfo=timezone.utc),
					last_activity_at=datetime(2026, 9, 1, 12, 0, 5, tzinfo=timezone.utc),
				),
				last_activity_at=datetime(2026, 9, 1, 12, 0, 5, tzinfo=timezone.utc),
				last_message_id=10505,
			)
		]

	def test_no_page_beyond_the_time(self, inbox, chatwoot, account):
		self.page(chatwoot, account, 1, self.entry(1, NOON + 9), self.entry(2, NOON))
		self.page(chatwoot, account, 2, self.entry(2, NOON), self.entry(3, NOON), self.entry(4, NOON - 1))
		assert [entry.conversation.id for entry in inbox.active_conversations(SINCE)] == [1, 2, 3]

	def test_without_messages(self, inbox, chatwoot, account):
		self.page(chatwoot, account, 1, self.entry(1, NOON), self.entry(2, NOON - 1))
		[active] = inbox.active_conversations(SINCE)
		assert active.last_message_id is None

	def test_odd_entries(self, inbox, chatwoot, account):
		self.page(chatwoot, account, 1, None, {"id": "x"}, self.entry(1, NOON), self.entry(2, NOON - 1))
		assert [entry.conversation.id for entry in inbox.active_conversations(SINCE)] == [1]

	def test_a_server_that_always_shows_the_same_page(self, inbox, chatwoot, account):
		for number in (1, 2):
			self.page(chatwoot, account, number, self.entry(1, NOON))
		assert len(inbox.active_conversations(SINCE)) == 1

	def test_none(self, inbox, chatwoot, account):
		self.page(chatwoot, account, 1)
		assert inbox.active_conversations(SINCE) == []


class TestMessagesAfter:
	def page(self, chatwoot, account, query: dict, *messages: object) -> None:
		chatwoot.get(
			f"{account}/conversations/231/messages",
			match=[matchers.query_param_matcher(query)],
			json={"meta": {}, "payload": list(messages)},
		)

	def test_upwards_from_a_message(self, inbox, chatwoot, account):
		first = [rest_message(id, created_at=NOON - 9999) for id in range(101, 201)]
		self.page(chatwoot, account, {"after": 100}, *first)
		self.page(chatwoot, account, {"after": 200}, rest_message(202), rest_message(201))
		self.page(chatwoot, account, {"after": 202})
		seen = inbox.messages_after(MARINA, 100, SINCE)
		assert [message.id for message in seen] == list(range(101, 203))

	def test_downwards_to_a_time(self, inbox, chatwoot, account):
		self.page(chatwoot, account, {}, rest_message(30), rest_message(31, created_at=NOON + 1))
		self.page(chatwoot, account, {"before": 30}, rest_message(28, created_at=NOON - 1), rest_message(29))
		seen = inbox.messages_after(MARINA, None, SINCE)
		assert [message.id for message in seen] == [29, 30, 31]

	def test_a_time_we_cannot_read_drops_nothing(self, inbox, chatwoot, account):
		self.page(
			chatwoot, account, {}, rest_message(30, created_at=None), rest_message(31, created_at=NOON - 1)
		)
		assert [message.id for message in inbox.messages_after(MARINA, None, SINCE)] == [30]

	def test_odd_entries(self, inbox, chatwoot, account):
		self.page(chatwoot, account, {"after": 1}, None, 5, {"id": "x"}, rest_message(2))
		self.page(chatwoot, account, {"after": 2})
		assert [message.id for message in inbox.messages_after(MARINA, 1, SINCE)] == [2]

	def test_full_value(self, inbox, chatwoot, account):
		told = rest_message(
			10502,
			content="Fotos\\\n",
			status="failed",
			content_attributes={
				"external_error": "500 Internal Server Error",
				"in_reply_to": 10501,
				"in_reply_to_external_id": "WAID:3EB0",
			},
			attachments=[
				{
					"id": 2001,
					"message_id": 10502,
					"file_type": "image",
					"extension": "jpg",
					"data_url": "https://chat.example.com/rails/active_storage/blobs/redirect/x/bolo.jpg",
					"file_size": 184233,
				}
			],
		)
		self.page(chatwoot, account, {"after": 1}, told)
		self.page(chatwoot, account, {"after": 10502})
		[seen] = inbox.messages_after(MARINA, 1, SINCE)
		to_send = ChatwootMessage(
			id=10502,
			conversation=MARINA,
			text="Fotos",
			created_at=datetime(2026, 9, 1, 12, 0, 0, tzinfo=timezone.utc),
			author=Author.AGENT,
			author_name="Rafael Lima",
			attachments=(
				Attachment(
					id=2001,
					url="https://chat.example.com/rails/active_storage/blobs/redirect/x/bolo.jpg",
					kind="image",
					file_name="bolo.jpg",
					mime_type="image/jpeg",
					size=184233,
				),
			),
			in_reply_to=10501,
			in_reply_to_source="WAID:3EB0",
			retried=False,
			retry_certain=False,
			account_id=3,
		)
		assert seen == SeenMessage(
			id=10502,
			source_id=None,
			created_at=datetime(2026, 9, 1, 12, 0, 0, tzinfo=timezone.utc),
			failed=True,
			to_send=to_send,
			payload=seen.payload,
			error="500 Internal Server Error",
		)
		assert connector.parse(seen.payload) == to_send
		assert connector.read(WebhookRequest(seen.payload.encode(), {})).key == "message_created/10502"

	@pytest.mark.parametrize(
		"changes",
		[
			{"message_type": 0},
			{"message_type": 2},
			{"message_type": True},
			{"private": True},
			{"source_id": "WAID:3EB0"},
			{"content_attributes": {"deleted": True}},
			{"content": None},
		],
	)
	def test_not_for_whatsapp(self, inbox, chatwoot, account, changes):
		self.page(chatwoot, account, {"after": 1}, rest_message(2, **changes))
		self.page(chatwoot, account, {"after": 2})
		[seen] = inbox.messages_after(MARINA, 1, SINCE)
		assert seen.to_send is None
		assert seen.source_id == changes.get("source_id")

	def test_templates_and_bots(self, inbox, chatwoot, account):
		greeting = rest_message(2, message_type=3)
		del greeting["sender"]
		bot = rest_message(3, sender={"id": 2, "name": "Robo", "avatar_url": "", "type": "agent_bot"})
		self.page(chatwoot, account, {"after": 1}, greeting, bot)
		self.page(chatwoot, account, {"after": 3})
		seen = inbox.messages_after(MARINA, 1, SINCE)
		assert [message.to_send.author for message in seen] == [Author.NOBODY, Author.BOT]


class TestSurveys:
	LINK = "https://chat.example.com/survey/responses/7d0f6a52-0000-4000-8000-000000000231"

	def read(self, inbox, chatwoot, account, content: str, uuid: object) -> str:
		survey = rest_message(2, message_type=3, content_type="input_csat", content=content, sender=None)
		chatwoot.get(f"{account}/conversations/231/messages", json={"payload": [survey]})
		chatwoot.get(f"{account}/conversations/231/messages", json={"payload": []})
		chatwoot.get(f"{account}/conversations/231", json={"id": 231, "uuid": uuid})
		[seen] = inbox.messages_after(MARINA, 1, SINCE)
		assert connector.parse(seen.payload) == seen.to_send
		return seen.to_send.text

	def test_the_link_is_put_in(self, inbox, chatwoot, account):
		uuid = "7d0f6a52-0000-4000-8000-000000000231"
		assert self.read(inbox, chatwoot, account, "Como foi?", uuid) == f"Como foi? {self.LINK}"

	def test_the_link_is_there(self, inbox, chatwoot, account):
		text = f"Como foi? {self.LINK}"
		assert self.read(inbox, chatwoot, account, text, "7d0f6a52-0000-4000-8000-000000000231") == text

	def test_no_link_to_be_had(self, inbox, chatwoot, account):
		assert self.read(inbox, chatwoot, account, "Como foi?", None) == "Como foi?"
