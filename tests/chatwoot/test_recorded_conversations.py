"""Every recorded webhook that tells of no message against the full value it must read as."""

from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from wuzapi_chatwoot.bridge.model.events import (
	AgentTyping,
	ChatwootConversation,
	ConversationChanged,
	Nothing,
)
from wuzapi_chatwoot.chatwoot import connector

FOLDER = Path(__file__).resolve().parents[1] / "payloads" / "chatwoot-webhooks"


def at(hour: int, minute: int, second: int, microsecond: int = 0) -> datetime:
	return datetime(2026, 9, 1, hour, minute, second, microsecond, tzinfo=timezone.utc)


def marina(hour: int, minute: int, second: int, *, status: str = "open") -> ChatwootConversation:
	"""The conversation as it was after an activity then; an agent had looked at it two seconds before."""
	active = at(hour, minute, second)
	return ChatwootConversation(
		id=231,
		inbox_id=7,
		contact_id=412,
		source_id="5511900000001@s.whatsapp.net",
		identifier="5511900000001@s.whatsapp.net",
		phone="+5511900000001",
		name="Marina Souza",
		status=status,
		agent_last_seen_at=active - timedelta(seconds=2),
		last_activity_at=active,
	)


CHANGED_AT = at(13, 0, 0, 412873)

EXPECTED = {
	"23_conversation_created": Nothing("a conversation was created"),
	"25_conversation_status_changed_resolved": ConversationChanged(
		marina(13, 0, 0, status="resolved"), at=CHANGED_AT, status_changed=True
	),
	"26_conversation_updated_status": ConversationChanged(
		marina(13, 0, 0, status="resolved"), at=CHANGED_AT, status_changed=False
	),
	"27_conversation_updated_assignee": ConversationChanged(
		marina(13, 0, 0), at=CHANGED_AT, status_changed=False
	),
	"28_conversation_updated_labels": ConversationChanged(
		marina(13, 0, 0), at=CHANGED_AT, status_changed=False
	),
	"29_conversation_typing_on_agent": AgentTyping(marina(13, 0, 0), active=True),
	"30_conversation_typing_off_contact": Nothing("echo of the customer's typing"),
	"31_contact_created": Nothing("a contact was created"),
	"32_contact_updated_phone": Nothing("a contact changed"),
	"33_contact_updated_activity_noise": Nothing("a contact changed"),
	"34_webwidget_triggered": Nothing("a website widget was opened"),
	"35_automation_send_webhook_event": Nothing("an automation rule called"),
	"43_conversation_typing_on_private_note": Nothing("somebody types a private note"),
	"44_conversation_typing_off_bot": AgentTyping(marina(13, 0, 0), active=False),
}


@pytest.mark.parametrize("name", EXPECTED)
def test_recorded_conversation_reads_as(name):
	assert connector.parse((FOLDER / f"{name}.json").read_text(encoding="utf-8")) == EXPECTED[name]


def test_no_other_recorded_webhook_is_without_expectation():
	names = {path.stem for path in FOLDER.glob("*.json")}
	messages = {name for name in names if "_message_" in name or name.startswith("37_")}
	assert names - messages == set(EXPECTED)
