"""A message reads the same whether a webhook told of it or it was fetched later."""

import json
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from wuzapi_chatwoot.bridge.model.events import ChatwootConversation, ChatwootMessage
from wuzapi_chatwoot.chatwoot import connector

FOLDER = Path(__file__).resolve().parents[1] / "payloads" / "chatwoot-webhooks"
SINCE = datetime(2026, 9, 1, 12, 0, tzinfo=timezone.utc)


@pytest.mark.parametrize(
	"name",
	[
		"01_message_created_outgoing_text_agent",
		"02_message_created_outgoing_images_agent",
		"03_message_created_outgoing_audio_agent",
		"06_message_created_template_greeting",
		"10_message_created_outgoing_echo_bridge_user_token",
		"12_message_created_outgoing_automation_rule",
		"13_message_created_reply_to_incoming",
		"45_message_created_outgoing_vcard_agent",
		"46_message_created_outgoing_webp_agent",
		"47_message_created_outgoing_several_files_agent",
		"48_message_created_outgoing_map_link_agent",
		"49_message_created_outgoing_input_select_bot",
		"50_message_created_outgoing_cards_bot",
		"53_message_created_outgoing_cards_empty_bot",
	],
)
def test_fetched_or_told_a_message_is_the_same(inbox, chatwoot, account, name):
	"""But for its time (webhooks have milliseconds, REST has whole seconds) and its author's e-mail, which REST hides."""
	webhook = json.loads((FOLDER / f"{name}.json").read_bytes())
	told = connector.parse(json.dumps(webhook))
	shown = webhook["conversation"]["messages"][0]
	chatwoot.get(f"{account}/conversations/231/messages", json={"payload": [shown]})
	chatwoot.get(f"{account}/conversations/231/messages", json={"payload": []})
	conversation = told.conversation if isinstance(told, ChatwootMessage) else ChatwootConversation(231)
	[seen] = inbox.messages_after(conversation, 1, SINCE)
	assert connector.parse(seen.payload) == (seen.to_send or told)
	assert seen.source_id == webhook["source_id"]
	if not isinstance(told, ChatwootMessage):
		assert seen.to_send is None
		return
	assert timedelta(0) <= told.created_at - seen.to_send.created_at < timedelta(seconds=1)
	same = set(ChatwootMessage.__slots__) - {"created_at", "author_email"}
	fetched = {field: getattr(seen.to_send, field) for field in same}
	assert fetched == {field: getattr(told, field) for field in fetched}
