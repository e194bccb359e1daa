"""Every kind that a customer can send, as the agent sees it: words, files byte for byte, and nothing besides.

What is done to earlier messages (answers, reactions, edits and so on) is in `test_replies`, groups in `test_groups`.
"""

from datetime import datetime, timezone

import pytest
from end_to_end.scene import as_seen, seen
from processes import until

MAP = "https://maps.google.com/?q=51.5033,-0.1196"
CARA = "👤 Contact: Cara Sample, +447700900789"
DAN = "👤 Contact: Dan Sample, +447700900790"
CARD = ("file", "text/vcard")
LINES = {
	"text": (
		{"text": "*Hello*, _is_ ~that~ `open`? <b>5 & 6</b> #1"},
		seen("**Hello**, _is_ ~~that~~ `open`? \\<b>5 & 6\\</b> #1"),
	),
	"preview": (
		{"text": "Look https://example.com/page", "link_preview": True},
		seen("Look https://example.com/page\n> **Example**\n> An example page"),
	),
	"forwarded": ({"text": "Pass it on", "forwarded": True}, seen("↪️ _Forwarded_\nPass it on")),
	"disappearing": ({"text": "This will vanish", "ephemeral": True}, seen("This will vanish")),
	"second device": ({"text": "From my laptop", "device": 7}, seen("From my laptop")),
	"location": ({"kind": "location"}, seen(f"📍 Location: Example Wheel\n1 Sample Road, London\n{MAP}")),
	"live location": (
		{"kind": "live_location", "text": "On my way"},
		seen(f"📍 Live location\nOn my way\n{MAP}"),
	),
	"card": ({"kind": "contact"}, seen(CARA, ("Cara Sample.vcf", *CARD))),
	"cards": (
		{"kind": "contacts"},
		seen(f"{CARA}\n{DAN}", ("Cara Sample.vcf", *CARD), ("Dan Sample.vcf", *CARD)),
	),
	"poll": ({"kind": "poll", "text": "Delivery day?"}, seen("📊 Poll: Delivery day?\n• Monday\n• Tuesday")),
	"button": ({"kind": "button_answer", "text": "Confirm"}, seen("☑️ Confirm")),
	"list": ({"kind": "list_answer", "text": "Morning slot"}, seen("☑️ Morning slot")),
	"template": ({"kind": "template_answer", "text": "Confirm"}, seen("☑️ Confirm")),
	"interactive": ({"kind": "interactive_answer", "text": "Confirm"}, seen("☑️ Confirm")),
	"order": ({"kind": "order"}, seen("🛒 Order: Example order (2 items), 12.50 GBP")),
	"template of a business": (
		{"kind": "template"},
		seen(
			"Good news\nYour parcel 42 is on its way\nExample Ltd\n🔗 Follow it: https://example.com/track/42\n"
			"📞 Call us: +44 7700 900000\n▫️ Change the day"
		),
	),
	"buttons of a business": (
		{"kind": "buttons"},
		seen("Order 42\nShall we send it today?\n▫️ Yes, please\n▫️ Later"),
	),
	"list of a business": (
		{"kind": "list"},
		seen("Delivery\nWhen may we come?\nMonday:\n• Morning: 09:00 to 12:00\n• Evening"),
	),
	"carousel": (
		{"kind": "carousel"},
		seen(
			"New in our shop\nCard 1: Blue mug\nHolds 300 ml\n🔗 Buy: https://example.com/blue\n"
			"Card 2: Red mug\nHolds 300 ml\n🔗 Buy: https://example.com/red"
		),
	),
	"payment request": (
		{"kind": "payment_request", "text": "For you"},
		seen("💳 Payment request: 12.50 BRL\nFor you"),
	),
	"poll results": (
		{"kind": "poll_result"},
		seen("📊 Poll results: Delivery day?\n• Monday: 3\n• Tuesday: 1"),
	),
	"sticker pack": (
		{"kind": "sticker_pack"},
		seen("🏷️ Sticker pack: Happy mugs by Example Ltd (3 stickers)"),
	),
	"phone number asked for": ({"kind": "number_asked"}, seen("📱 Asks for your phone number")),
	"product": ({"kind": "product"}, seen("🛍️ Product: Apple cake, 12.50 GBP\nA cake with apples")),
	"invitation": (
		{"kind": "group_invite", "text": "Join us"},
		seen("✉️ Invitation to the group Example group\nJoin us"),
	),
	"new kind": (
		{"kind": "unknown"},
		seen("📱 A message of a kind not shown here (somethingNewMessage): open it on the phone"),
	),
	"unknown": ({"kind": "empty"}, seen("📱 A message of a kind not known here: open it on the phone")),
	"undecryptable": (
		{"kind": "undecryptable"},
		seen("🔒 A message that could not be decrypted yet: open it on the phone"),
	),
	"view once": (
		{"kind": "view_once"},
		seen("👁️ A message to be viewed once: open it on the phone"),
	),
}
MP4 = ("video", "video/mp4")
FILES = {
	"picture": (
		{"kind": "image", "text": "The *broken* part"},
		seen("The **broken** part", ("picture.jpg", "image", "image/jpeg")),
	),
	"view once": (
		{"kind": "view_once", "delivered": True},
		seen("👁️ _To be viewed once_", ("picture.jpg", "image", "image/jpeg")),
	),
	"video": ({"kind": "video", "text": "How it moves"}, seen("How it moves", ("video.mp4", *MP4))),
	"video note": ({"kind": "video_note"}, seen("", ("video-note.mp4", *MP4))),
	"gif": ({"kind": "gif"}, seen("", ("gif.mp4", *MP4))),
	"voice": ({"kind": "voice"}, seen("", ("voice-message.ogg", "audio", "audio/ogg; codecs=opus"))),
	"audio": ({"kind": "audio"}, seen("", ("audio.mp3", "audio", "audio/mpeg"))),
	"document": (
		{"kind": "document", "text": "Signed", "name": "Quote 0042.pdf"},
		seen("Signed", ("Quote 0042.pdf", "file", "application/pdf")),
	),
	"sticker": ({"kind": "sticker"}, seen("", ("sticker.webp", "image", "image/webp"))),
	"animated sticker": (
		{"kind": "sticker", "animated": True},
		seen("", ("sticker.webp", "image", "image/webp")),
	),
}


@pytest.mark.parametrize("name", LINES)
def test_what_is_read(scene, name):
	sent, wanted = LINES[name]
	part = 1 if sent.get("kind") in ("empty", "undecryptable", "view_once") else 0
	assert as_seen(scene.arrived(scene.customer_sends(**sent), part)) == wanted


@pytest.mark.parametrize("name", FILES)
def test_what_is_attached(scene, sandbox, name):
	body, wanted = FILES[name]
	sent = scene.customer_sends(**body)
	message = scene.arrived(sent)
	assert as_seen(message) == wanted
	[file] = message["attachments"]
	assert sandbox.file(f"chatwoot/{file['signed_id']}") == sandbox.file(f"phone/{sent['id']}")


@pytest.mark.parametrize("as_child", [False, True])
def test_an_album_is_its_pictures(scene, sandbox, as_child):
	_, *sent = scene.customer_sends_all("Our trip", "album", pictures=2, videos=1, as_child=as_child)
	messages = [scene.arrived(each) for each in sent]
	assert [message["content"] or "" for message in messages] == ["Our trip", "", ""]
	kinds = [[file["file_type"] for file in message["attachments"]] for message in messages]
	assert kinds == [["image"], ["image"], ["video"]]
	assert len(scene.messages) == 3


def test_a_card_can_be_saved(scene, sandbox):
	sent = scene.customer_sends(kind="contact")
	[file] = scene.arrived(sent)["attachments"]
	card = scene.on_the_phone(lambda bubble: bubble["contacts"])["contacts"][0]["vcard"]
	assert sandbox.file(f"chatwoot/{file['signed_id']}").decode() == card


def test_an_advertisement_is_noted_on_the_conversation(scene):
	message = scene.arrived(scene.customer_sends("I saw your ad", ad=True))
	link = "https://fb.me/fictional"
	assert as_seen(message) == seen(f"📣 _From an advertisement_ Spring offer {link}\nI saw your ad")

	def noted():
		return scene.conversations[0]["custom_attributes"]

	until(noted, "the attributes are there")
	wanted = {"ad_title": "Spring offer", "ad_body": "Chat with us", "ad_url": link}
	assert wanted.items() <= noted().items()
	assert noted()["ad_id"].isdecimal()


def _clock(timestamp):
	return datetime.fromtimestamp(timestamp, timezone.utc).strftime("%H:%M")


@pytest.mark.parametrize(
	("video", "reason", "end"), [(False, "timeout", "Missed"), (True, "reject", "Rejected")]
)
def test_a_call_is_a_line_with_its_time(scene, video, reason, end):
	call = scene.customer_sends(kind="call", video=video)
	kind, mark = "Video" if video else "Voice", f"WAID:call-{call['id']}"
	line = scene.in_chatwoot(lambda message: message["source_id"] == mark)
	at = _clock(call["timestamp"])
	assert as_seen(line) == seen(f"📞 {kind} call at {at}; answer it on the phone")
	scene.customer_sends(kind="call_end", target=call["id"], reason=reason)
	message = scene.in_chatwoot(lambda message: (message["source_id"] or "").startswith(mark + "-"))
	assert message["content"].startswith(f"📞 {end} call at ")
	assert message["content_attributes"]["in_reply_to"] == line["id"]


def test_a_call_that_was_taken_leaves_one_line(scene):
	call = scene.customer_sends(kind="call")
	scene.in_chatwoot(lambda message: "Voice call" in message["content"])
	scene.customer_sends(kind="call_end", target=call["id"], reason="accepted_elsewhere")
	scene.arrived(scene.customer_sends("As I said on the phone"))
	assert len(scene.messages) == 2


def test_a_text_beyond_the_limit_comes_in_pieces(scene):
	words = " ".join(f"word{number}" for number in range(9_000))
	sent = scene.customer_sends(words)
	first = scene.arrived(sent)
	second = scene.in_chatwoot(lambda message: message["source_id"] == first["source_id"] + "/c2")
	assert f"{first['content']} {second['content']}" == words
	assert len(scene.messages) == 2


@pytest.mark.parametrize("kind", ["sender_key", "peer_noise", "ephemeral_setting"])
def test_what_is_nobodys_message_shows_nothing(scene, kind):
	scene.customer_sends(kind=kind)
	scene.arrived(scene.customer_sends("Hello"))
	assert [message["content"] for message in scene.messages] == ["Hello"]


def test_a_file_larger_than_allowed_is_a_line_with_its_size(scene):
	sent = scene.customer_sends("Our whole house", "video", size=150_000_000)
	text = "🎬 Video: too large to be relayed (150.0 MB)\nOur whole house"
	assert as_seen(scene.arrived(sent)) == seen(text)


def test_a_copy_from_the_own_phone_is_not_shown_twice(scene):
	sent = scene.customer_sends("Only once")
	scene.arrived(sent)
	scene.customer_sends("Only once", resent=True, id=sent["id"])
	scene.arrived(scene.customer_sends("And this"))
	assert [message["content"] for message in scene.messages] == ["Only once", "And this"]
