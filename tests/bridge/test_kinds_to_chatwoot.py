"""WhatsApp → Chatwoot, kind by kind: the whole of what an agent gets."""

from __future__ import annotations

import base64
import hashlib

import pytest
from bridge_world import ANA, BEN, GROUP, OWNER, World

from wuzapi_chatwoot.bridge.model import content as c
from wuzapi_chatwoot.bridge.model.addresses import Address
from wuzapi_chatwoot.bridge.model.records import EventState
from wuzapi_chatwoot.bridge.ports.gateway import OutgoingFile

VCARD = "BEGIN:VCARD\nVERSION:3.0\nFN:Ben Sample\nTEL;waid=447700900456:+44 7700 900456\nEND:VCARD"
JPEG = b"\xff\xd8\xff\xd9"


@pytest.mark.parametrize(
	("content", "text"),
	[
		(c.Text("Plain words, nothing else."), "Plain words, nothing else."),
		(c.Text("*bold* _italic_ ~gone~ `code`"), "**bold** _italic_ ~~gone~~ `code`"),
		(
			c.Text(
				"See https://shop.example/a_b_c",
				preview=c.LinkPreview("https://shop.example/a_b_c", "Spring sale", "All half price"),
			),
			"See https://shop.example/a_b_c\n> **Spring sale**\n> All half price",
		),
		(
			c.Location(51.5007, -0.1246, name="Example Tower", address="1 Example Street"),
			"📍 Location: Example Tower\n1 Example Street\nhttps://maps.google.com/?q=51.5007,-0.1246",
		),
		(
			c.Location(51.5007, -0.1246, caption="On my way", live=True),
			"📍 Live location\nOn my way\nhttps://maps.google.com/?q=51.5007,-0.1246",
		),
		(
			c.Poll("Lunch?", ("Soup", "Salad")),
			"📊 Poll: Lunch?\n• Soup\n• Salad",
		),
		(c.Choice("Tomorrow morning", "slot-2"), "☑️ Tomorrow morning"),
		(c.Order("Spring flowers", 3), "🛒 Order: Spring flowers (3 items)"),
		(
			c.Product("Red tulips", "Ten of them", "12.50 EUR", "https://shop.example/tulips"),
			"🛍️ Product: Red tulips, 12.50 EUR\nTen of them\nhttps://shop.example/tulips",
		),
		(
			c.GroupInvite(GROUP, "Flower friends", "CODE", caption="Join us"),
			"✉️ Invitation to the group Flower friends\nJoin us",
		),
		(c.Undecryptable(view_once=True), "👁️ A message to be viewed once: open it on the phone"),
		(c.Undecryptable(), "🔒 A message that could not be decrypted yet: open it on the phone"),
		(
			c.Unknown("fancyMessage"),
			"📱 A message of a kind not shown here (fancyMessage): open it on the phone",
		),
		(c.Unknown(c.EMPTY), "📱 A message of a kind not known here: open it on the phone"),
	],
	ids=lambda value: type(value).__name__ if not isinstance(value, str) else "",
)
def test_text_of_a_kind(world: World, content: c.Content, text: str) -> None:
	world.receive(world.customer(id="3A01", content=content))
	world.work()
	[message] = world.chatwoot.messages
	assert (message.text, message.files, message.incoming) == (text, (), True)


@pytest.mark.parametrize(
	("media", "file"),
	[
		(
			c.Media(c.MediaKind.IMAGE, "image/jpeg", caption="A *rose*"),
			OutgoingFile(JPEG, "image/jpeg", "picture.jpg"),
		),
		(
			c.Media(c.MediaKind.VIDEO, "video/mp4", caption="A *rose*"),
			OutgoingFile(JPEG, "video/mp4", "video.mp4"),
		),
		(c.Media(c.MediaKind.VIDEO_NOTE, "video/mp4"), OutgoingFile(JPEG, "video/mp4", "video-note.mp4")),
		(c.Media(c.MediaKind.GIF, "video/mp4"), OutgoingFile(JPEG, "video/mp4", "gif.mp4")),
		(
			c.Media(c.MediaKind.VOICE, "audio/ogg; codecs=opus", seconds=3),
			OutgoingFile(JPEG, "audio/ogg; codecs=opus", "voice-message.ogg"),
		),
		(c.Media(c.MediaKind.AUDIO, "audio/mpeg"), OutgoingFile(JPEG, "audio/mpeg", "audio.mp3")),
		(
			c.Media(c.MediaKind.DOCUMENT, "application/pdf", file_name="Offer 7.pdf", caption="A *rose*"),
			OutgoingFile(JPEG, "application/pdf", "Offer 7.pdf"),
		),
		(c.Media(c.MediaKind.STICKER, "image/webp"), OutgoingFile(JPEG, "image/webp", "sticker.webp")),
		(
			c.Media(c.MediaKind.STICKER, "image/webp", animated=True),
			OutgoingFile(JPEG, "image/webp", "sticker.webp"),
		),
	],
	ids=lambda value: value.kind.value if isinstance(value, c.Media) else "",
)
def test_file_of_a_kind(world: World, media: c.Media, file: OutgoingFile) -> None:
	world.receive(world.customer(content=media), media=JPEG)
	world.work()
	[message] = world.chatwoot.messages
	assert (message.text, message.files) == ("A **rose**" if media.caption else "", (file,))
	[row] = world.store.find_messages("front-desk", ANA, ["3A01"])
	assert (row.kind, row.text) == (media.kind.value, media.caption or "")


def test_contact_cards_come_as_lines_and_as_files(world: World) -> None:
	cards = c.ContactCards((c.ContactCard("Ben Sample", VCARD), c.ContactCard("No number", "")))
	world.receive(world.customer(content=cards))
	world.work()
	[message] = world.chatwoot.messages
	assert message.text == "👤 Contact: Ben Sample, +44 7700 900456\n👤 Contact: No number"
	assert message.files == (OutgoingFile(VCARD.encode(), "text/vcard", "Ben Sample.vcf"),)


def test_mentioned_people_are_called_by_name(world: World) -> None:
	world.receive(
		world.customer("Morning", chat=Address("447700900999", "s.whatsapp.net"), push_name="Zoe Y")
	)
	world.work()
	world.receive(
		world.customer(
			"@447700900999 and @333300003333000, and @447700900456: a@447 stays",
			id="3A02",
			mentions=(
				Address("447700900999", "s.whatsapp.net"),
				BEN,
				Address("447700900456", "s.whatsapp.net"),
			),
		)
	)
	world.work()
	assert world.chatwoot.messages[-1].text == ("@Zoe Y and @somebody, and @+44 7700 900456: a@447 stays")


def test_a_forwarded_message_says_so(world: World) -> None:
	world.receive(world.customer("Read this", forwarded=True))
	world.work()
	assert world.chatwoot.messages[0].text == "↪️ _Forwarded_\nRead this"


def test_a_picture_to_be_viewed_once_that_came_says_so(world: World) -> None:
	world.receive(
		world.customer(content=c.Media(c.MediaKind.IMAGE, "image/jpeg", view_once=True)), media=JPEG
	)
	world.work()
	assert world.chatwoot.messages[0].text == "👁️ _To be viewed once_"


def test_the_advertisement_that_began_a_chat_is_told_and_noted(world: World) -> None:
	ad = c.AdOrigin("Spring sale", "All half price", "https://fb.example/ad", "1203", "click")
	world.receive(world.customer("Is it still on?", ad=ad))
	world.work()
	[conversation] = world.chatwoot.conversations.values()
	assert world.chatwoot.texts(conversation.id) == [
		"📣 _From an advertisement_ Spring sale https://fb.example/ad\nIs it still on?"
	]
	assert conversation.attributes == {
		"ad_title": "Spring sale",
		"ad_body": "All half price",
		"ad_url": "https://fb.example/ad",
		"ad_id": "1203",
		"ad_click_id": "click",
	}


def test_a_text_longer_than_chatwoot_takes_comes_in_pieces(world: World) -> None:
	text = "word " * 60_000
	world.receive(world.customer(text))
	world.work()
	pieces = [message.text for message in world.chatwoot.messages]
	assert len(pieces) == 5
	assert all(len(piece) <= 70_000 for piece in pieces)
	assert " ".join(" ".join(pieces).split()) == " ".join(text.split())
	assert [message.source_id for message in world.chatwoot.messages] == [
		"WAID:3A01",
		*(f"WAID:3A01/c{number}" for number in range(2, 6)),
	]


def test_a_vote_of_which_only_digests_came_is_read_by_the_poll_we_kept(world: World) -> None:
	world.receive(world.customer(id="3A01", content=c.Poll("Lunch?", ("Soup", "Salad"))))
	world.work()
	digest = base64.b64encode(hashlib.sha256(b"Salad").digest()).decode()
	world.receive(world.customer(id="3A02", content=c.PollVote("3A01", (), (digest,))))
	world.receive(world.customer(id="3A03", content=c.PollVote("3A01", ("Soup",))))
	world.receive(world.customer(id="3A04", content=c.PollVote("3A01", ())))
	world.receive(world.customer(id="3A05", content=c.PollVote("unknown", (), (digest,))))
	world.outlast()
	poll, *votes = world.chatwoot.messages
	assert [(vote.text, vote.in_reply_to) for vote in votes] == [
		("📊 Voted: Salad", poll.id),
		("📊 Voted: Soup", poll.id),
		("📊 Took back a vote", poll.id),
		("📊 Voted in a poll", None),
	]


def test_an_album_is_its_pictures(world: World) -> None:
	world.receive(world.customer(id="3A01", content=c.AlbumStart(images=2, videos=0)))
	for id in ("3A02", "3A03"):
		world.receive(world.customer(id=id, content=c.Media(c.MediaKind.IMAGE, "image/jpeg")), media=JPEG)
	world.work()
	assert [len(message.files) for message in world.chatwoot.messages] == [1, 1]
	assert [event.last_error for event in world.events(EventState.IGNORED)] == [
		"an album's pictures come as messages of their own"
	]


def test_status_and_channels_cross_if_the_session_wants_them(world: World) -> None:
	world.change_session(status_broadcasts=True, newsletters=True)
	status, channel = Address("status", "broadcast"), Address("1203630000", "newsletter")
	world.receive(world.customer("My story", id="1", chat=status, sender=ANA))
	world.receive(world.customer("News", id="2", chat=channel, sender=channel, push_name=""))
	world.work()
	assert [message.text for message in world.chatwoot.messages] == ["**Ana Example:**\nMy story", "News"]
	assert sorted(contact.name for contact in world.chatwoot.contacts.values()) == [
		"Channel 1203630000",
		"WhatsApp status",
	]


@pytest.mark.parametrize("pattern", ["447700900123", "+4477009*", "*@s.whatsapp.net", "44770090012?"])
def test_ignored_addresses_are_not_relayed(world: World, pattern: str) -> None:
	world.change_session(ignored=("999", pattern))
	world.receive(world.customer())
	world.work()
	assert world.chatwoot.count() == 0
	assert [event.last_error for event in world.events(EventState.IGNORED)] == [
		"this address is ignored for this session"
	]


def test_of_chosen_groups_only_those_cross(world: World) -> None:
	other = Address("120363000000000002", "g.us")
	world.change_session(only_groups=(other,))
	world.receive(world.customer("Here", id="1", chat=GROUP, sender=BEN))
	world.receive(world.customer("There", id="2", chat=other, sender=BEN, push_name="Ben *B* Sample"))
	world.work()
	assert [message.text for message in world.chatwoot.messages] == ["**Ben \\*B\\* Sample:**\nThere"]


def test_what_the_owner_types_in_a_group_bears_no_name(world: World) -> None:
	world.receive(world.customer("Welcome", chat=GROUP, sender=OWNER, from_me=True, push_name="Shop"))
	world.work()
	[message] = world.chatwoot.messages
	assert (message.text, message.incoming, message.from_phone) == ("Welcome", False, True)
