"""What a session can be set to besides the defaults: signature, deletions, typing, read marks, limits, who is ignored."""

import pytest
from end_to_end.scene import Scene, as_seen, seen
from processes import Installation, until

from wuzapi_chatwoot.sandbox import defaults

CHOICES = {
	"deletions": "remove",
	"revoke_deleted": "false",
	"signature": "name",
	"typing": "true",
	"mark_read_on_view": "true",
	"voice_notes": "false",
	"largest_file_mb": "0.1",
	"ignored": "4477009039*",
	"only_groups": "120363000000000099@g.us",
	"time_zone": "Asia/Kolkata",
}


@pytest.fixture(scope="module")
def installation(tmp_path_factory):
	with Installation(tmp_path_factory.mktemp("choices"), "--seed", "5") as installation:
		installation.new_bridge(settle_seconds=0.05, fetch_seconds=3600, **CHOICES).start()
		yield installation
		assert installation.bridge.faults() == []


def _reason_for(bridge, words):
	return until(
		lambda: [
			each for each in bridge.get("/events?state=ignored")["events"] if words in each["last_error"]
		],
		f"an event is ignored because: {words}",
	)


def test_agents_sign_and_automations_do_not(scene):
	scene.starts()
	scene.agent_sends("Good **morning**")
	scene.agent_sends("We are closed", sender="automation")
	scene.agent_sends("See here", attachments=[{"kind": "document"}])
	signed, automatic, file = scene.answered(3)
	assert signed["text"] == f"*{defaults.AGENT_NAME}:*\nGood *morning*"
	assert automatic["text"] == "We are closed"
	assert file["caption"] == f"*{defaults.AGENT_NAME}:*\nSee here"


def test_what_the_customer_deletes_is_removed_in_chatwoot(scene):
	sent = scene.customer_sends("Never mind")
	message_id = scene.arrived(sent)["id"]
	scene.customer_sends(kind="delete", target=sent["id"])
	removed = scene.in_chatwoot(lambda message: message["content_attributes"].get("deleted"))
	assert removed["id"] == message_id
	assert "Never mind" not in removed["content"]
	scene.arrived(scene.customer_sends("Good bye"))
	assert len(scene.messages) == 2, "no line tells of it"


def test_what_the_agent_deletes_stays_on_the_phone(scene, bridge):
	scene.starts()
	message_id = scene.agent_sends("Good morning!")
	scene.answered()
	scene.agent_does("delete", message_id=message_id)
	_reason_for(bridge, "deleted in Chatwoot only")
	assert [bubble["deleted"] for bubble in scene.answers] == [False]


def test_typing_is_shown_both_ways(scene, sandbox):
	scene.starts()

	def on_the_phone():
		return sandbox.control(f"phone/chats/{scene.customer}")["typing"]

	for on in (True, False):
		scene.agent_does("typing", on=on)
		until(lambda on=on: on_the_phone() == (defaults.OWN_NAME if on else ""), f"the agent types: {on}")
	for state in ("composing", "paused"):
		sandbox.control("phone/typing", {"customer": scene.customer, "state": state})
		on = state == "composing"
		until(lambda on=on: scene.conversations[0]["contact_types"] == on, f"the customer types: {on}")


def test_a_note_that_is_typed_is_nobodys_business(scene, sandbox):
	scene.starts()
	scene.agent_does("typing", on=True, private=True)
	scene.agent_sends("Good morning")
	scene.answered()
	assert sandbox.control(f"phone/chats/{scene.customer}")["typing"] == ""


def test_the_customer_sees_that_an_agent_has_looked(scene):
	sent = scene.customer_sends("Are you there?")
	scene.arrived(sent)
	assert scene.bubbles[0]["status"] == "delivered"
	scene.agent_does("look")
	scene.agent_does("typing", on=True)
	scene.on_the_phone(lambda bubble: bubble["id"] == sent["id"] and bubble["status"] == "read")


def test_recordings_go_as_they_are(scene):
	scene.starts()
	message_id = scene.agent_sends(attachments=[{"kind": "voice"}])
	[file] = scene.shown(message_id)["attachments"]
	[bubble] = scene.answered()
	assert bubble["kind"] == "audio"
	assert bubble["file"]["sha256"] == file["sha256"]


def test_files_beyond_the_limit(scene, bridge):
	large = scene.customer_sends("All our prices", "document", size=200_000, name="prices.pdf")
	line = "📄 Document prices.pdf: too large to be relayed (200.0 kB)\nAll our prices"
	assert as_seen(scene.arrived(large)) == seen(line)
	message_id = scene.agent_sends(attachments=[{"kind": "image", "data": "A" * 200_000, "name": "big.jpg"}])
	failed = scene.until_shown_as(message_id, "failed")
	assert "larger than" in failed["external_error"]
	assert scene.answers == []


def test_who_is_ignored_leaves_no_trace(sandbox, bridge):
	ignored = Scene(sandbox, bridge, "447700903901")
	ignored.customer_sends("Buy this now!")
	_reason_for(bridge, "this address is ignored")
	assert ignored.conversations == []


def test_only_the_chosen_groups_are_relayed(sandbox, bridge):
	sandbox.control("phone/send", {"customer": "447700900123", "text": "Hello all", "to_group": True})
	_reason_for(bridge, "not among those chosen")
	assert Scene(sandbox, bridge, defaults.GROUP_JID.partition("@")[0]).conversations == []


def test_statuses_and_channels_are_not_relayed_unless_wanted(sandbox, bridge):
	for kind in ("status_broadcast", "newsletter"):
		sandbox.control("phone/send", {"customer": "447700900123", "kind": kind, "text": "News"})
	_reason_for(bridge, "status broadcasts are not relayed")
	_reason_for(bridge, "newsletters are not relayed")


def test_times_are_told_in_the_sessions_zone(scene):
	"""India has half an hour more than the hour."""
	call = scene.customer_sends(kind="call")
	line = scene.in_chatwoot(lambda message: "Voice call at" in message["content"])["content"]
	minutes = (call["timestamp"] // 60 + 330) % 1440
	assert line == f"📞 Voice call at {minutes // 60:02}:{minutes % 60:02}; answer it on the phone"
