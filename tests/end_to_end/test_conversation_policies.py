"""Where a message goes when the conversation before was resolved; and what an operator is told of the inbox."""

import json
import time
from datetime import datetime, timezone
from pathlib import Path

import pytest
from end_to_end.scene import Scene
from processes import Installation, until

PAYLOAD = Path(__file__).parents[1] / "payloads" / "wuzapi-webhooks" / "message-text.json"
DAY = 86_400


@pytest.fixture(scope="module")
def sandbox_and_bridges(tmp_path_factory):
	with Installation(tmp_path_factory.mktemp("policies"), "--seed", "5") as installation:
		yield installation


@pytest.fixture
def scene_with(sandbox_and_bridges):
	"""A bridge with these settings, and a customer."""

	def started(**settings):
		bridge = sandbox_and_bridges.new_bridge(settle_seconds=0.05, fetch_seconds=3600, **settings)
		return Scene(sandbox_and_bridges.sandbox, bridge.start(), "447700905001")

	yield started
	assert sandbox_and_bridges.bridge.faults() == []


def _resolve(scene):
	"""And the bridge knows of it, by a webhook that no message must overtake."""
	number, before = scene.conversations[-1]["id"], _changes_known(scene)
	scene.agent_does("resolve", conversation_id=number)
	until(lambda: _changes_known(scene) > before, "the bridge knows")
	return number


def _changes_known(scene):
	done = scene.bridge.get("/events?state=done&limit=500")["events"]
	return sum(event["kind"] == "conversation_status_changed" for event in done)


def _wrote_days_ago(scene, text, days):
	hook = json.loads(PAYLOAD.read_text(encoding="utf-8"))
	at = datetime.fromtimestamp(int(time.time()) - days * DAY, timezone.utc)
	address = f"{scene.customer}@s.whatsapp.net"
	message = {"ID": f"3A{days:018}", "Chat": address, "Sender": address, "SenderAlt": ""}
	hook["event"]["Info"] |= {**message, "Timestamp": at.isoformat()}
	hook["event"]["Message"] = hook["event"]["RawMessage"] = {"conversation": text}
	scene.sandbox.control("gateway/webhook", {"payload": hook})
	scene.in_chatwoot(lambda found: found["content"] == text)


def _places(scene):
	return [(each["status"], len([*_written(each)])) for each in scene.conversations]


def _written(conversation):
	return (message for message in conversation["messages"] if message["message_type"] == "incoming")


def test_reopen(scene_with):
	"""The default. Conversations that start pending wait for a bot."""
	scene = scene_with(start_pending="true")
	scene.starts("One")
	assert _places(scene) == [("pending", 1)]
	_resolve(scene)
	scene.arrived(scene.customer_sends("Two"))
	assert len(scene.conversations) == 1
	assert len([*_written(scene.conversations[0])]) == 2
	assert scene.conversations[0]["status"] != "resolved"


def test_new(scene_with):
	"""Every resolved conversation is over; a later answer in it still goes out."""
	scene = scene_with(
		conversation_policy="new", signature="template", signature_template=r"{text}\n— {name}"
	)
	scene.starts("One")
	first = _resolve(scene)
	scene.arrived(scene.customer_sends("Two"))
	assert _places(scene) == [("resolved", 1), ("open", 1)]
	scene.arrived(scene.customer_sends("Three"))
	assert _places(scene) == [("resolved", 1), ("open", 2)]
	scene.agent_sends("Goodbye", conversation_id=first)
	[bubble] = scene.answered()
	assert bubble["text"] == "Goodbye\n— Rafael Lima"


def test_age(scene_with):
	scene = scene_with(conversation_policy="age", reopen_within_days="7", mark_read_on_reply="true")
	_wrote_days_ago(scene, "Eight days ago", 8)
	_resolve(scene)
	_wrote_days_ago(scene, "Six days ago", 6)
	assert _places(scene) == [("resolved", 1), ("open", 1)]
	_resolve(scene)
	last = scene.customer_sends("Today")
	scene.arrived(last)
	assert _places(scene) == [("resolved", 1), ("open", 2)]
	scene.agent_sends("Welcome back")
	scene.answered()
	# With the answer the customer sees that the message was read.
	scene.on_the_phone(lambda bubble: bubble["id"] == last["id"] and bubble["status"] == "read")


def test_groups_are_switched_off_and_a_reply_window_is_told(scene_with):
	scene = scene_with(groups="false")
	scene.sandbox.control("phone/send", {"customer": "447700900123", "text": "All", "to_group": True})

	def refused():
		ignored = scene.bridge.get("/events?state=ignored")["events"]
		return any("groups are switched off" in each["last_error"] for each in ignored)

	until(refused, "the group's message is ignored")
	scene.sandbox.control("agent/window", {"hours": 24})

	def told():
		return scene.bridge.call("GET", "/health").json()["checks"]["Chatwoot of default"]

	until(lambda: told() != "ok", "the check says so")
	assert told().startswith("the inbox has a reply window of 24 hours")
