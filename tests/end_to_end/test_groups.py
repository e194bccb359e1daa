"""A group is one contact, and what is written to many: who said it stands above the words. All switched on here."""

import pytest
from end_to_end.scene import Scene, as_seen, seen
from processes import Installation, until

from wuzapi_chatwoot.sandbox import defaults

ANA, BEN = "447700900123", "447700900456"
GROUP = defaults.GROUP_JID.partition("@")[0]
SWITCHES = {"group_changes": "true", "status_broadcasts": "true", "newsletters": "true"}


@pytest.fixture(scope="module")
def installation(tmp_path_factory):
	with Installation(tmp_path_factory.mktemp("groups"), "--seed", "5") as installation:
		installation.new_bridge(settle_seconds=0.05, fetch_seconds=3600, **SWITCHES).start()
		yield installation
		assert installation.bridge.faults() == []


@pytest.fixture
def group(sandbox, bridge):
	return Scene(sandbox, bridge, GROUP)


def _write(group, text="", kind="text", by=ANA, **more):
	body = {"customer": by, "text": text, "kind": kind, "to_group": True, **more}
	return group.sandbox.control("phone/send", body)["messages"][0]


def test_the_author_stands_above_everything(group):
	message = group.arrived(_write(group, "Who brings *cake*?"))
	assert as_seen(message) == seen("**Ana Example:**\nWho brings **cake**?")
	picture = group.arrived(_write(group, "This one", "image", by=BEN))
	file = ("picture.jpg", "image", "image/jpeg")
	assert as_seen(picture) == seen("**Ben Sample:**\nThis one", file)
	assert group.contact["name"] == defaults.GROUP_NAME
	assert group.contact["phone_number"] is None


def test_people_who_are_mentioned_are_called_by_name(group, sandbox, bridge):
	Scene(sandbox, bridge, ANA).starts()
	text = "@222200002222000 or @444400004444000 can you check?"
	sent = _write(group, text, by=BEN, mentions=[ANA, "444400004444000"], forwarded=True)
	shown = "**Ben Sample:**\n↪️ _Forwarded_\n@Ana Example or @somebody can you check?"
	assert as_seen(group.arrived(sent)) == seen(shown)


def test_reactions_of_several_and_an_administrators_deletion(group):
	sent = _write(group, "Buy this now!")
	message_id = group.arrived(sent)["id"]
	for by, name in ((ANA, "Ana Example"), (BEN, "Ben Sample")):
		act = _write(group, "👎", "reaction", by=by, target=sent["id"])
		wanted = seen(f"**{name}:**\nReacted with 👎", answers=message_id)
		assert as_seen(group.arrived(act)) == wanted
	act = _write(group, kind="delete", by=BEN, target=sent["id"], by_admin=True)
	wanted = "**Ben Sample:**\n🗑️ A group administrator deleted a message"
	assert as_seen(group.arrived(act)) == seen(wanted, answers=message_id)


def test_a_poll_and_its_votes(group):
	poll = _write(group, "Delivery day?", "poll", by=BEN)
	message = group.arrived(poll)
	assert as_seen(message) == seen("**Ben Sample:**\n📊 Poll: Delivery day?\n• Monday\n• Tuesday")
	act = _write(group, "Monday", "poll_vote", target=poll["id"])
	wanted = seen("**Ana Example:**\n📊 Voted: Monday", answers=message["id"])
	assert as_seen(group.arrived(act)) == wanted


def test_the_agent_answers_in_the_group(group):
	asked = _write(group, "Who has bread?")
	message = group.arrived(asked)
	group.agent_sends("We have", in_reply_to=message["id"])
	bubble = group.on_the_phone(lambda bubble: bubble["reply_to"] == asked["id"])
	assert (bubble["text"], bubble["from_me"]) == ("We have", True)
	assert bubble["quoted"]["author"] == "222200002222000@lid", "in a group people are known by their LID"


def test_who_comes_and_goes_is_a_note(group, sandbox):
	group.arrived(_write(group, "Good morning all"))
	sandbox.control("phone/send", {"customer": "447700900790", "kind": "group_join"})
	note = group.in_chatwoot(lambda message: "➕" in message["content"])
	assert (note["private"], note["content"]) == (
		True,
		"➕ +44 7700 900456 added +44 7700 900790 to the group",
	)
	sandbox.control("phone/send", {"customer": "447700900790", "kind": "group_leave"})
	note = group.in_chatwoot(lambda message: "➖" in message["content"])
	assert (note["private"], note["content"]) == (True, "➖ +44 7700 900790 left the group")


def test_the_subject_is_the_contacts_name(group, sandbox):
	group.arrived(_write(group, "Let us call it something else"))
	sandbox.control("phone/send", {"customer": BEN, "kind": "group_subject", "text": "Bakers' corner"})
	until(lambda: group.contact["name"] == "Bakers' corner", "the contact has the new name")


def test_the_groups_picture(group, sandbox):
	group.arrived(_write(group, "Look at our new picture"))
	before = group.contact["avatar"]
	sandbox.control("phone/send", {"customer": BEN, "kind": "picture", "to_group": True})
	until(lambda: group.contact["avatar"] not in (None, before), "the contact has the picture")


def test_a_call_in_a_group_is_no_line(group, sandbox):
	group.arrived(_write(group, "Shall we talk?"))
	before = len(group.messages)
	sandbox.control("phone/send", {"customer": ANA, "kind": "call", "to_group": True})
	group.arrived(_write(group, "Nobody there"))
	assert len(group.messages) == before + 1


def test_status_broadcasts_and_channels(sandbox, bridge):
	for kind, key, text in (
		("status_broadcast", "status", "**Ana Example:**\nOn holiday"),
		("newsletter", "120363999000000001", "On holiday"),
	):
		body = {"customer": ANA, "kind": kind, "text": "On holiday"}
		[sent] = sandbox.control("phone/send", body)["messages"]
		assert as_seen(Scene(sandbox, bridge, key).arrived(sent)) == seen(text)
