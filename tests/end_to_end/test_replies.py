"""What is said about an earlier message stands by it on the other side: answers, reactions, edits, deletions, votes."""

import pytest
from end_to_end.scene import as_seen, seen
from processes import until

from wuzapi_chatwoot.sandbox import defaults

OWN = f"{defaults.OWN_PHONE}@s.whatsapp.net"


def _outgoing(text, **more):
	return seen(text, type="outgoing", **more)


# ---- the customer, and the owner on the own phone


def test_the_customer_answers_to_both_sides(scene):
	first = scene.customer_sends("Do you have bread?")
	asked = scene.arrived(first)
	message_id = scene.agent_sends("White or brown?")
	[bubble] = scene.answered()
	for target, shown in ((first["id"], asked["id"]), (bubble["id"], message_id)):
		message = scene.arrived(scene.customer_sends("Brown", reply_to=target))
		assert as_seen(message) == seen("Brown", answers=shown)


def test_an_answer_to_what_stands_in_another_conversation_quotes_it(scene):
	first = scene.customer_sends("Do you *have* bread?")
	scene.arrived(first)
	scene.agent_does("delete_conversation")
	scene.arrived(scene.customer_sends("Hello?"))
	message = scene.arrived(scene.customer_sends("I asked this", reply_to=first["id"]))
	assert as_seen(message) == seen("> Do you **have** bread?\n\nI asked this")


def test_reactions_come_and_go(scene):
	sent = scene.customer_sends("Here I am")
	message_id = scene.arrived(sent)["id"]
	for emoji, text in (("👍", "Reacted with 👍"), ("❤️", "Reacted with ❤️"), ("", "Took back a reaction")):
		act = scene.customer_sends(emoji, "reaction", target=sent["id"])
		assert as_seen(scene.arrived(act)) == seen(text, answers=message_id)
	own = scene.customer_sends("😀", "reaction", target=sent["id"], from_me=True)
	assert as_seen(scene.arrived(own)) == _outgoing("Reacted with 😀", answers=message_id)


def test_a_reaction_to_what_the_agent_wrote(scene):
	scene.starts()
	message_id = scene.agent_sends("Your order is ready")
	[bubble] = scene.answered()
	act = scene.customer_sends("🎉", "reaction", target=bubble["id"])
	assert as_seen(scene.arrived(act)) == seen("Reacted with 🎉", answers=message_id)


@pytest.mark.parametrize(
	("sealing", "text"),
	[
		("", "✏️ Edited: Two **loaves**"),
		("open", "✏️ Edited: Two **loaves**"),
		("sealed", "✏️ Edited a message (open it on the phone to read it)"),
	],
)
def test_an_edit_stands_by_what_it_changes(scene, sealing, text):
	sent = scene.customer_sends("One loaf")
	message_id = scene.arrived(sent)["id"]
	act = scene.customer_sends("Two *loaves*", "edit", target=sent["id"], sealing=sealing)
	assert as_seen(scene.arrived(act)) == seen(text, answers=message_id)
	assert scene.shown(message_id)["content"] == "One loaf"


def test_the_words_under_a_picture_are_edited(scene):
	sent = scene.customer_sends("Our cat", "image")
	message_id = scene.arrived(sent)["id"]
	act = scene.customer_sends("Our dog", "edit", target=sent["id"])
	assert as_seen(scene.arrived(act)) == seen("✏️ Edited: Our dog", answers=message_id)


def test_a_deletion_is_marked_and_the_text_stays(scene):
	sent = scene.customer_sends("Never mind")
	message_id = scene.arrived(sent)["id"]
	act = scene.customer_sends(kind="delete", target=sent["id"])
	assert as_seen(scene.arrived(act)) == seen("🗑️ Deleted a message", answers=message_id)
	assert as_seen(scene.shown(message_id)) == seen("Never mind")


def test_a_deletion_on_the_own_phone(scene):
	scene.starts()
	sent = scene.customer_sends("We are closed", from_me=True)
	message_id = scene.arrived(sent)["id"]
	act = scene.customer_sends(kind="delete", target=sent["id"], from_me=True)
	assert as_seen(scene.arrived(act)) == _outgoing("🗑️ Deleted a message", answers=message_id)


def test_pins(scene):
	sent = scene.customer_sends("The address is 1 Sample Road")
	message_id = scene.arrived(sent)["id"]
	for kind, text in (("pin", "📌 Pinned a message"), ("unpin", "📌 Unpinned a message")):
		act = scene.customer_sends(kind=kind, target=sent["id"])
		assert as_seen(scene.arrived(act)) == seen(text, answers=message_id)


def test_votes_are_read_by_the_poll(scene):
	"""The gateway names the options of a phone's poll by digest only."""
	poll = scene.customer_sends("Delivery day?", "poll", options=["Monday", "Tuesday", "Never"])
	message_id = scene.arrived(poll)["id"]
	for options, text in ((["Tuesday"], "📊 Voted: Tuesday"), ([], "📊 Took back a vote")):
		act = scene.customer_sends(kind="poll_vote", target=poll["id"], options=options)
		assert as_seen(scene.arrived(act)) == seen(text, answers=message_id)


@pytest.mark.parametrize("kind", ["empty", "undecryptable"])
def test_what_could_not_be_read_follows_its_line(scene, kind):
	sent = scene.customer_sends(kind=kind)
	line = scene.arrived(sent, 1)
	scene.customer_sends("Now you can read it", id=sent["id"], retry_count=1)
	assert as_seen(scene.arrived(sent)) == seen("Now you can read it", answers=line["id"])


# ---- the agent


def _quoted(bubble):
	return bubble["reply_to"], bubble["quoted"] and bubble["quoted"]["text"]


@pytest.mark.parametrize("attachments", [[], [{"kind": "image"}], [{"kind": "voice"}], [{"kind": "contact"}]])
def test_the_agent_answers_to_the_customer(scene, attachments):
	sent = scene.customer_sends("Do you have bread?")
	asked = scene.arrived(sent)
	text = "" if attachments else "Yes"
	scene.agent_sends(text, in_reply_to=asked["id"], attachments=attachments)
	[bubble] = scene.answered()
	assert _quoted(bubble) == (sent["id"], "Do you have bread?")
	assert bubble["quoted"]["author"] == f"{scene.customer}@s.whatsapp.net"


def test_the_agent_answers_to_the_own_side(scene):
	scene.starts()
	message_id = scene.agent_sends("Your order is ready")
	[first] = scene.answered()
	typed = scene.customer_sends("And a gift", from_me=True)
	shown = scene.arrived(typed)
	for number, (target, sent) in enumerate(((message_id, first), (shown["id"], typed)), start=3):
		scene.agent_sends("See above", in_reply_to=target)
		bubble = scene.answered(number)[-1]
		assert _quoted(bubble) == (sent["id"], sent["text"])
		assert bubble["quoted"]["author"] == OWN


def test_an_answer_to_a_note_is_sent_without_a_quote(scene):
	scene.starts()
	note = scene.agent_sends("A difficult customer", private=True)
	scene.agent_sends("Good morning!", in_reply_to=note)
	[bubble] = scene.answered()
	assert (bubble["text"], bubble["reply_to"], bubble["quoted"]) == ("Good morning!", "", None)


def test_a_deletion_in_chatwoot_takes_every_part_back(scene):
	scene.starts()
	message_id = scene.agent_sends("Wrong chat", attachments=[{"kind": "image"}, {"kind": "document"}])
	assert not any(bubble["deleted"] for bubble in scene.answered(2))
	scene.agent_does("delete", message_id=message_id)
	until(lambda: all(bubble["deleted"] for bubble in scene.answers), "both are taken back")


def test_what_the_customer_wrote_is_deleted_in_chatwoot_only(scene):
	sent = scene.customer_sends("Please forget this")
	message = scene.arrived(sent)
	scene.agent_does("delete", message_id=message["id"])
	scene.agent_sends("Forgotten")
	scene.answered()
	assert [bubble["deleted"] for bubble in scene.bubbles] == [False, False]


def test_notes_leave_no_mark_when_they_are_deleted(scene):
	scene.starts()
	note = scene.agent_sends("A difficult customer", private=True)
	scene.agent_does("delete", message_id=note)
	scene.agent_sends("Good morning!")
	scene.answered()
	assert [bubble["text"] for bubble in scene.bubbles] == ["Good morning", "Good morning!"]
