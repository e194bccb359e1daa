"""Every kind of message from the phone over real HTTP: what the agent sees of it, and what the site keeps."""

import hashlib

import pytest
from frappe_site.customer import shown
from processes import until

CALL_LINE = "📞 Voice call at "
MAP = "https://maps.google.com/?q=51.5033,-0.1196"
CARA = "👤 Contact: Cara Sample, +447700900789"
DAN = "👤 Contact: Dan Sample, +447700900790"
ONCE = "👁️ A message to be viewed once: open it on the phone"
LOCKED = "🔒 A message that could not be decrypted yet: open it on the phone"
EMPTY = "📱 A message of a kind not known here: open it on the phone"
NEWER = "📱 A message of a kind not shown here (somethingNewMessage): open it on the phone"
OPTIONS = ["Monday", "Tuesday"]
# What is asked of the phone; what the agent reads; the row's kind, and its text where it differs; names of files.
KINDS = {
	"text": (
		{"text": "*Hello* <b>5 & 6</b>"},
		"**Hello** \\<b>5 & 6\\</b>",
		"text",
		"*Hello* <b>5 & 6</b>",
		[],
	),
	"preview": (
		{"text": "See https://example.com/page", "link_preview": True},
		"See https://example.com/page\n> **Example**\n> An example page",
		"text",
		"See https://example.com/page\n> *Example*\n> An example page",
		[],
	),
	"forwarded": (
		{"text": "Pass it on", "forwarded": True},
		"↪️ _Forwarded_\nPass it on",
		"text",
		"Pass it on",
		[],
	),
	"ephemeral": ({"text": "Soon gone", "ephemeral": True}, "Soon gone", "text", None, []),
	"ad": (
		{"text": "I saw it", "ad": True},
		"📣 _From an advertisement_ Spring offer https://fb.me/fictional\nI saw it",
		"text",
		"I saw it",
		[],
	),
	"image": (
		{"kind": "image", "text": "The *part*"},
		"The **part**",
		"image",
		"The *part*",
		["picture.jpg"],
	),
	"voice": ({"kind": "voice"}, "", "voice", None, ["voice-message.ogg"]),
	"audio": ({"kind": "audio"}, "", "audio", None, ["audio.mp3"]),
	"video": ({"kind": "video", "text": "Moves"}, "Moves", "video", None, ["video.mp4"]),
	"video_note": ({"kind": "video_note"}, "", "video_note", None, ["video-note.mp4"]),
	"gif": ({"kind": "gif"}, "", "gif", None, ["gif.mp4"]),
	"document": (
		{"kind": "document", "text": "Signed", "name": "Quote 0042 – final.pdf"},
		"Signed",
		"document",
		None,
		["Quote 0042 – final.pdf"],
	),
	"sticker": ({"kind": "sticker"}, "", "sticker", None, ["sticker.webp"]),
	"animated": ({"kind": "sticker", "animated": True}, "", "sticker", None, ["sticker.webp"]),
	"not delivered": ({"kind": "image", "undelivered": True}, "", "image", None, ["picture.jpg"]),
	"too large": (
		{"kind": "document", "name": "Plan.pdf", "text": "Big", "size": 300_000_000},
		"📄 Document Plan.pdf: too large to be relayed (300.0 MB)\nBig",
		"document",
		"Big",
		[],
	),
	"location": (
		{"kind": "location"},
		f"📍 Location: Example Wheel\n1 Sample Road, London\n{MAP}",
		"location",
		None,
		[],
	),
	"live": ({"kind": "live_location"}, f"📍 Live location\n{MAP}", "location", None, []),
	"contact": ({"kind": "contact"}, CARA, "contactcards", None, ["Cara Sample.vcf"]),
	"contacts": (
		{"kind": "contacts"},
		f"{CARA}\n{DAN}",
		"contactcards",
		None,
		["Cara Sample.vcf", "Dan Sample.vcf"],
	),
	"poll": (
		{"kind": "poll", "text": "Which day?", "options": OPTIONS},
		"📊 Poll: Which day?\n• Monday\n• Tuesday",
		"poll",
		None,
		[],
	),
	"button": ({"kind": "button_answer", "text": "Confirm"}, "☑️ Confirm", "choice", None, []),
	"list": ({"kind": "list_answer", "text": "Morning"}, "☑️ Morning", "choice", None, []),
	"template": ({"kind": "template_answer", "text": "Confirm"}, "☑️ Confirm", "choice", None, []),
	"interactive": ({"kind": "interactive_answer", "text": "Yes"}, "☑️ Yes", "choice", None, []),
	"order": (
		{"kind": "order", "items": 3},
		"🛒 Order: Example order (3 items), 12.50 GBP",
		"order",
		None,
		[],
	),
	"product": (
		{"kind": "product"},
		"🛍️ Product: Apple cake, 12.50 GBP\nA cake with apples",
		"product",
		None,
		[],
	),
	"invite": ({"kind": "group_invite"}, "✉️ Invitation to the group Example group", "groupinvite", None, []),
	"unknown": ({"kind": "unknown"}, NEWER, "unknown", None, []),
	"once, delivered": (
		{"kind": "view_once", "delivered": True},
		"👁️ _To be viewed once_",
		"image",
		"",
		["picture.jpg"],
	),
	"once": ({"kind": "view_once"}, ONCE, "undecryptable", None, []),
	"undecryptable": ({"kind": "undecryptable"}, LOCKED, "undecryptable", None, []),
	"empty": ({"kind": "empty"}, EMPTY, "unknown", None, []),
}
# A line in place of a message that may still come under the same id.
STANDING_IN = {"once", "undecryptable", "empty"}


def expected(customer, kind, text, **more):
	plain = {"sender": customer.address, "sender_name": customer.name, "reply_to_id": None, "deleted": False}
	origin = {"origin": "customer", "status": "delivered"}
	lists = {"options": [], "reactions": [], "earlier_texts": []}
	return {"kind": kind, "text": text, **plain, **origin, **lists, **more}


@pytest.mark.parametrize("case", KINDS)
def test_kind(customer, case):
	asked, content, kind, text, names = KINDS[case]
	sent = customer.customer_sends(**asked)
	row = customer.row(sent["id"], part=int(case in STANDING_IN))
	more = {"options": OPTIONS} if case == "poll" else {}
	assert shown(row) == expected(customer, kind, content if text is None else text, **more)
	message = customer.shown(row["chatwoot_message_id"])
	assert (message["content"] or "", message["message_type"], message["private"]) == (
		content,
		"incoming",
		False,
	)
	there = {each["name"]: each["sha256"] for each in message["attachments"]}
	assert sorted(there) == names
	assert customer.files_of(row) == there
	if names and not names[0].endswith(".vcf"):
		assert list(there.values()) == [
			hashlib.sha256(customer.sandbox.file(f"phone/{sent['id']}")).hexdigest()
		]


def test_an_advertisement_is_noted_on_the_conversation(customer):
	customer.customer_sends("I saw it", ad=True)
	customer.in_chatwoot(lambda message: "I saw it" in message["content"])
	until(lambda: customer.conversations[0]["custom_attributes"], "the attributes are there")
	[conversation] = customer.conversations
	assert conversation["custom_attributes"]["ad_title"] == "Spring offer"
	assert conversation["custom_attributes"]["ad_url"] == "https://fb.me/fictional"


def test_an_album_is_its_pictures(customer):
	customer.customer_sends("All of it", "album", pictures=2, videos=1)
	until(lambda: len(customer.messages) == 3, "three messages")
	# Of one second: WhatsApp does not say which was first, and webhooks overtake each other.
	there = sorted((each["attachments"][0]["file_type"], each["content"] or "") for each in customer.messages)
	assert there == [("image", ""), ("image", "All of it"), ("video", "")]


def test_what_nobody_can_show_leaves_nothing(customer, shop):
	for kind in ("sender_key", "peer_noise", "ephemeral_setting"):
		customer.customer_sends(kind=kind)
	customer.customer_sends("After all that")
	customer.in_chatwoot(lambda message: message["content"] == "After all that")
	customer.calm()
	assert [each["content"] for each in customer.messages] == ["After all that"]
	assert shop.ask("dead") == []


# ---- what is about another message


@pytest.fixture
def first(customer):
	"""A message of the customer's, that others are about."""
	sent = customer.customer_sends("The first one")
	return customer.row(sent["id"])


def about(customer, first, kind, text="", part=0, **more):
	"""The row of a message about the first one, checked to be shown as an answer to it."""
	sent = customer.customer_sends(text, kind, target=first["whatsapp_id"], **more)
	row = customer.row(sent["id"], part)
	message = customer.shown(row["chatwoot_message_id"])
	assert message["content_attributes"]["in_reply_to"] == first["chatwoot_message_id"]
	return row, message["content"]


def test_an_answer(customer, first):
	sent = customer.customer_sends("Yes, that", reply_to=first["whatsapp_id"])
	row = customer.row(sent["id"])
	assert shown(row) == expected(customer, "text", "Yes, that", reply_to_id=first["whatsapp_id"])
	message = customer.shown(row["chatwoot_message_id"])
	assert message["content"] == "Yes, that"
	assert message["content_attributes"]["in_reply_to"] == first["chatwoot_message_id"]


def test_an_answer_to_what_is_not_known_quotes_it(customer, shop):
	sent = customer.customer_sends("Before your time")
	row = customer.row(sent["id"])
	shop.ask("forget_message", message=row["name"])
	answer = customer.customer_sends("As I said", reply_to=sent["id"])
	message = customer.shown(customer.row(answer["id"])["chatwoot_message_id"])
	assert message["content"] == "> Before your time\n\nAs I said"
	assert "in_reply_to" not in message["content_attributes"]


def test_a_reaction_and_taking_it_back(customer, first):
	row, content = about(customer, first, "reaction", "👍")
	assert (row["kind"], content) == ("reaction", "Reacted with 👍")
	thumb = {"by": customer.address, "emoji": "👍", "name": customer.name}
	assert shown(customer.row(first["whatsapp_id"])) == expected(
		customer, "text", "The first one", reactions=[thumb]
	)
	about(customer, first, "reaction", "❤️")
	assert customer.row(first["whatsapp_id"])["reactions"] == [thumb | {"emoji": "❤️"}]
	_, content = about(customer, first, "reaction", "")
	assert content == "Took back a reaction"
	assert customer.row(first["whatsapp_id"])["reactions"] == []


@pytest.mark.parametrize("sealing", ["", "open"])
def test_edits(customer, first, sealing):
	more = {"sealing": sealing} if sealing else {}
	_, content = about(customer, first, "edit", "The *second* one", **more)
	assert content == "✏️ Edited: The **second** one"
	about(customer, first, "edit", "The third one", **more)
	row = customer.row(first["whatsapp_id"])
	earlier = ["The first one", "The *second* one"]
	assert shown(row) == expected(customer, "text", "The third one", earlier_texts=earlier)


def test_an_edit_that_nobody_can_read_changes_nothing(customer, first):
	_, content = about(customer, first, "edit", "Secret", sealing="sealed")
	assert content == "✏️ Edited a message (open it on the phone to read it)"
	assert shown(customer.row(first["whatsapp_id"])) == expected(customer, "text", "The first one")


def test_a_deletion_is_marked(customer, first):
	_, content = about(customer, first, "delete")
	assert content == "🗑️ Deleted a message"
	assert shown(customer.row(first["whatsapp_id"])) == expected(
		customer, "text", "The first one", deleted=True
	)


def test_a_deletion_is_carried_out_if_the_session_wants_it(customer, first):
	customer.set(deletions="remove")
	customer.customer_sends(kind="delete", target=first["whatsapp_id"])
	removed = customer.in_chatwoot(lambda message: message["content_attributes"].get("deleted"))
	assert removed["id"] == first["chatwoot_message_id"]
	customer.calm()
	assert len(customer.messages) == 1
	assert shown(customer.row(first["whatsapp_id"])) == expected(
		customer, "text", "The first one", deleted=True
	)


def test_pins(customer, first):
	assert about(customer, first, "pin")[1] == "📌 Pinned a message"
	assert about(customer, first, "unpin")[1] == "📌 Unpinned a message"


@pytest.mark.parametrize("hashes_only", [False, True])
def test_votes(customer, hashes_only):
	sent = customer.customer_sends("Which day?", "poll", options=OPTIONS)
	poll = customer.row(sent["id"])
	row, content = about(customer, poll, "poll_vote", options=["Tuesday"], hashes_only=hashes_only)
	assert (row["kind"], content) == ("pollvote", "📊 Voted: Tuesday")
