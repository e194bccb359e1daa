"""An agent's answers of every kind over real HTTP: what the customer's phone shows, and what the site keeps of them."""

import base64
import hashlib

import pytest
from frappe_site.customer import shown
from processes import until

from wuzapi_chatwoot.sandbox import defaults

CALENDAR = b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"


@pytest.fixture
def started(customer):
	"""The customer has written, and an agent can answer."""
	customer.customer_sends("Good morning")
	customer.in_chatwoot(lambda message: message["content"] == "Good morning")
	return customer


def bubbles(customer, count):
	"""What came from Chatwoot, once so much of it is there; in the phone's order."""

	def sent():
		return [each for each in customer.bubbles if each["via"] == "api"]

	until(lambda: len(sent()) >= count, f"{count} messages are on the phone")
	customer.calm()
	assert len(sent()) == count
	return sent()


def digest(data):
	return hashlib.sha256(data).hexdigest()


def expected(kind, text, **more):
	nobody = {"sender": None, "sender_name": defaults.AGENT_NAME, "reply_to_id": None}
	lists = {"options": [], "reactions": [], "earlier_texts": []}
	ours = {"origin": "chatwoot", "deleted": False}
	return {"kind": kind, "text": text, **nobody, **ours, **lists, **more}


def kept(customer, bubble, part=0):
	"""The row of what went to the phone; sent, or further by now."""
	row = customer.row(bubble["id"], part)
	told = shown(row)
	assert told.pop("status") in ("sent", "delivered", "read")
	return row, told


def test_text(started):
	started.agent_sends("**Yes**, _of course_ ~~not~~ `now` 2 * 3")
	[bubble] = bubbles(started, 1)
	assert (bubble["kind"], bubble["text"]) == ("text", "*Yes*, _of course_ ~not~ `now` 2 * 3")
	assert kept(started, bubble)[1] == expected("text", bubble["text"])


@pytest.mark.parametrize("kind", ["image", "video", "document"])
def test_a_file_with_a_caption(started, kind):
	message_id = started.agent_sends("**Look**", attachments=[{"kind": kind}])
	[attachment] = started.shown(message_id)["attachments"]
	[bubble] = bubbles(started, 1)
	assert (bubble["kind"], bubble["caption"]) == (kind, "*Look*")
	assert bubble["file"]["sha256"] == attachment["sha256"]
	row, told = kept(started, bubble)
	assert told == expected("file" if kind == "document" else kind, "*Look*")
	assert started.files_of(row) == {attachment["name"]: attachment["sha256"]}


def test_several_files_in_order_with_the_text_once(started):
	kinds = ("image", "document", "video")
	message_id = started.agent_sends("All three", attachments=[{"kind": kind} for kind in kinds])
	attachments = started.shown(message_id)["attachments"]
	there = bubbles(started, 3)
	assert [each["kind"] for each in there] == list(kinds)
	assert [each["caption"] for each in there] == ["All three", "", ""]
	assert [each["file"]["sha256"] for each in there] == [each["sha256"] for each in attachments]
	for number, (bubble, attachment) in enumerate(zip(there, attachments, strict=True)):
		row, _ = kept(started, bubble, number)
		assert row["chatwoot_message_id"] == message_id
		assert started.files_of(row) == {attachment["name"]: attachment["sha256"]}
	started.until_shown_as(message_id, "delivered")


def test_a_file_of_an_odd_kind_is_a_document(started):
	data = base64.b64encode(CALENDAR).decode()
	started.agent_sends(attachments=[{"name": "Visit.ics", "data": data, "mimetype": "text/calendar"}])
	[bubble] = bubbles(started, 1)
	assert (bubble["kind"], bubble["file"]["name"]) == ("document", "Visit.ics")
	assert bubble["file"]["sha256"] == digest(CALENDAR)


def test_a_recording_is_a_voice_note(started):
	message_id = started.agent_sends(attachments=[{"kind": "voice"}])
	[recording] = started.shown(message_id)["attachments"]
	[bubble] = bubbles(started, 1)
	sound = started.sandbox.file(f"phone/{bubble['id']}")
	assert (bubble["kind"], bubble["file"]["mimetype"]) == ("voice", "audio/ogg; codecs=opus")
	assert sound[:4] == b"OggS"
	assert sound[28:36] == b"OpusHead"
	assert bubble["seconds"] == 3
	waveform = base64.b64decode(bubble["waveform"])
	assert len(waveform) == 64
	assert max(waveform) > 0
	row, told = kept(started, bubble)
	assert told == expected("audio", "")
	# What the agent recorded, as it was.
	assert started.files_of(row) == {recording["name"]: recording["sha256"]}


def test_a_recording_stays_a_file_where_voice_notes_are_off(started):
	started.set(voice_notes=0)
	message_id = started.agent_sends(attachments=[{"kind": "voice"}])
	[recording] = started.shown(message_id)["attachments"]
	[bubble] = bubbles(started, 1)
	assert (bubble["kind"], bubble["file"]["sha256"]) == ("audio", recording["sha256"])


def test_what_only_calls_itself_sound_goes_as_a_file(started):
	data = base64.b64encode(b"ID3 and then no sound at all").decode()
	started.agent_sends(attachments=[{"name": "broken.mp3", "data": data, "mimetype": "audio/mpeg"}])
	[bubble] = bubbles(started, 1)
	assert bubble["file"]["sha256"] == digest(b"ID3 and then no sound at all")


def test_a_webp_is_a_sticker(started):
	started.agent_sends(attachments=[{"kind": "webp"}])
	[bubble] = bubbles(started, 1)
	assert (bubble["kind"], bubble["file"]["mimetype"]) == ("sticker", "image/webp")


def test_a_vcard_is_a_contact(started):
	message_id = started.agent_sends(attachments=[{"kind": "contact"}])
	[card] = started.shown(message_id)["attachments"]
	[bubble] = bubbles(started, 1)
	assert bubble["kind"] == "contact"
	[contact] = bubble["contacts"]
	assert contact["name"] == "Cara Sample"
	assert "+44 7700 900789" in contact["vcard"]
	row, _ = kept(started, bubble)
	assert started.files_of(row) == {card["name"]: card["sha256"]}


def test_a_map_link_is_a_place(started):
	started.agent_sends("https://www.google.com/maps/place/X/@-23.5505,-46.6333,17z")
	[bubble] = bubbles(started, 1)
	assert bubble["kind"] == "location"
	place = bubble["location"]
	assert (place["latitude"], place["longitude"]) == (-23.5505, -46.6333)
	_, told = kept(started, bubble)
	assert told["kind"] == "location"


def test_a_long_text_is_several_in_order(started):
	words = " ".join(f"word{number}" for number in range(12_000))
	message_id = started.agent_sends(words)
	there = bubbles(started, 2)
	assert " ".join(each["text"] for each in there).split() == words.split()
	assert all(len(each["text"]) <= 65_536 for each in there)
	started.until_shown_as(message_id, "delivered")


def test_an_answer_quotes_what_it_answers(started):
	[question] = started.messages
	started.agent_sends("Good morning to you", in_reply_to=question["id"])
	[bubble] = bubbles(started, 1)
	assert bubble["quoted"] == {
		"id": started.bubbles[0]["id"],
		"text": "Good morning",
		"author": started.address,
	}


def test_a_deleted_message_is_taken_back(started):
	message_id = started.agent_sends("A mistake")
	[bubble] = bubbles(started, 1)
	started.sandbox.control("agent/delete", {"message_id": message_id})
	gone = started.on_the_phone(lambda each: each["deleted"])
	assert gone["id"] == bubble["id"]
	started.calm()
	assert kept(started, bubble)[1] == expected("text", "A mistake", deleted=True)


def test_a_deleted_message_stays_where_the_session_says_so(started):
	started.set(revoke_deleted=0)
	message_id = started.agent_sends("No mistake")
	[bubble] = bubbles(started, 1)
	started.sandbox.control("agent/delete", {"message_id": message_id})
	started.calm()
	assert not any(each["deleted"] for each in started.bubbles)
	assert kept(started, bubble)[1] == expected("text", "No mistake")


def test_signatures(started):
	started.set(signature="name")
	started.agent_sends("Signed")
	started.agent_sends("By a rule", sender="automation")
	bubbles(started, 2)
	started.set(signature="template", signature_template="{text}\n— {name}")
	started.agent_sends("Another way")
	texts = [each["text"] for each in bubbles(started, 3)]
	name = defaults.AGENT_NAME
	assert texts == [f"*{name}:*\nSigned", "By a rule", f"Another way\n— {name}"]


# ---- beside messages


def requests_to(customer, side, route):
	counted = customer.sandbox.control("counters")[side]["requests"]
	return sum(count for name, count in counted.items() if route in name)


@pytest.mark.parametrize("typing", [0, 1])
def test_typing_both_ways(started, typing):
	started.set(typing=typing)
	[conversation] = started.conversations
	here, there = ("chatwoot", "toggle_typing"), ("gateway", "/chat/presence")
	before = requests_to(started, *here), requests_to(started, *there)

	def shown_on(side, number):
		return requests_to(started, *side) - before[number]

	started.sandbox.control("phone/typing", {"customer": started.customer, "state": "composing"})
	started.sandbox.control("agent/typing", {"conversation_id": conversation["id"], "on": True})
	started.sandbox.control(
		"agent/typing", {"conversation_id": conversation["id"], "on": True, "private": True}
	)
	if typing:
		until(lambda: shown_on(here, 0), "the agent sees that the customer types")
		until(lambda: shown_on(there, 1), "the customer sees that the agent types")
	started.calm()
	started.agent_sends("Done")
	bubbles(started, 1)
	assert (shown_on(here, 0), shown_on(there, 1)) == (typing, typing)


@pytest.mark.parametrize("mark_read_on_view", [0, 1])
def test_looking_marks_as_read(started, mark_read_on_view):
	started.set(mark_read_on_view=mark_read_on_view)
	[conversation] = started.conversations
	before = requests_to(started, "gateway", "/chat/markread")
	started.sandbox.control("agent/look", {"conversation_id": conversation["id"]})
	started.sandbox.control("agent/label", {"conversation_id": conversation["id"], "labels": ["seen"]})
	if mark_read_on_view:
		until(lambda: requests_to(started, "gateway", "/chat/markread") > before, "it is marked as read")
	started.calm()
	assert requests_to(started, "gateway", "/chat/markread") - before == mark_read_on_view
	assert started.bubbles[0]["status"] == ("read" if mark_read_on_view else "delivered")


def test_answering_marks_as_read(started):
	started.set(mark_read_on_reply=1)
	started.agent_sends("At once")
	bubbles(started, 1)
	assert started.bubbles[0]["status"] == "read"
