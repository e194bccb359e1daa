"""The fakes are faithful where tests rely on them; Chatwoot has a file of its own."""

from __future__ import annotations

from datetime import timedelta

import pytest

from wuzapi_chatwoot.bridge.model.addresses import Address
from wuzapi_chatwoot.bridge.model.content import ContactCard, Location, Media, MediaKind
from wuzapi_chatwoot.bridge.model.errors import Permanent, Retriable, Uncertain
from wuzapi_chatwoot.bridge.ports.gateway import Avatar, Gateway, OutgoingFile, Reply, VoiceNote
from wuzapi_chatwoot.testkit.twins.clock import START, FixedClock
from wuzapi_chatwoot.testkit.twins.fake_gateway import Delivered, FakeGateway, Reacted, Revoked, TypingShown
from wuzapi_chatwoot.testkit.twins.ids import CountingIds

CHAT = Address("447700900001", "s.whatsapp.net")


def test_a_message_sent_twice_shows_once() -> None:
	gateway = FakeGateway()
	gateway.send_text(CHAT, "Hello", "id-1")
	gateway.send_text(CHAT, "Hello", "id-1")
	gateway.send_file(CHAT, OutgoingFile(b"x", "image/png", "x.png"), "id-2", "Look")
	assert gateway.texts_to(CHAT) == ["Hello", "Look"]
	assert gateway.count("send_text") == 2
	assert gateway.count() == 3


def test_an_ordered_failure_comes_once_and_nothing_happens() -> None:
	gateway = FakeGateway()
	gateway.fail_next("send_text", Retriable("Down"))
	with pytest.raises(Retriable):
		gateway.send_text(CHAT, "Hello", "id-1")
	assert gateway.delivered == []
	gateway.send_text(CHAT, "Hello", "id-1")
	assert gateway.texts_to(CHAT) == ["Hello"]


def test_a_lost_answer_fails_after_it_happened() -> None:
	gateway = FakeGateway()
	gateway.downloads["ticket"] = b"bytes"
	gateway.fail_next("send_text", Uncertain("No answer"), after_doing=True, times=2)
	for _ in range(2):
		with pytest.raises(Uncertain):
			gateway.send_text(CHAT, "Hello", "id-1")
	assert gateway.texts_to(CHAT) == ["Hello"]
	gateway.fail_next("download", Retriable("Broken off"), after_doing=True)
	with pytest.raises(Retriable):
		gateway.download(Media(MediaKind.IMAGE, "image/png", ticket="ticket"))
	assert gateway.download(Media(MediaKind.IMAGE, "image/png", ticket="ticket")) == b"bytes"


def test_failures_are_ordered_for_methods_that_exist() -> None:
	with pytest.raises(ValueError, match="no method"):
		FakeGateway().fail_next("send_txt", Retriable("Down"))


def test_every_kind_shows_on_the_phone_with_its_reply() -> None:
	gateway = FakeGateway()
	port: Gateway = gateway
	reply = Reply("id-0", CHAT, "Before")
	file, note = OutgoingFile(b"x", "image/webp", "x.webp"), VoiceNote(b"OggS", 2, bytes(64))
	place, card = Location(1.5, 2.5), ContactCard("Ada", "BEGIN:VCARD")
	port.send_text(CHAT, "Hello", "id-1", reply)
	port.send_file(CHAT, file, "id-2", "Look", reply)
	port.send_voice(CHAT, note, "id-3", reply)
	port.send_sticker(CHAT, file, "id-4", reply)
	port.send_location(CHAT, place, "id-5", reply)
	port.send_contact(CHAT, card, "id-6", reply)
	assert gateway.delivered == [
		Delivered("id-1", CHAT, "Hello", reply=reply),
		Delivered("id-2", CHAT, "Look", file, reply),
		Delivered("id-3", CHAT, voice=note, reply=reply),
		Delivered("id-4", CHAT, file=file, sticker=True, reply=reply),
		Delivered("id-5", CHAT, location=place, reply=reply),
		Delivered("id-6", CHAT, card=card, reply=reply),
	]


def test_what_is_done_to_messages_and_chats_is_written_down() -> None:
	gateway = FakeGateway()
	gateway.react(CHAT, "id-1", "👍", CHAT)
	gateway.react(CHAT, "id-1", "", None)
	gateway.revoke(CHAT, "id-2")
	gateway.show_typing(CHAT, True)
	assert gateway.reactions == [Reacted(CHAT, "id-1", "👍", CHAT), Reacted(CHAT, "id-1", "", None)]
	assert gateway.revoked == [Revoked(CHAT, "id-2")]
	assert gateway.typing == [TypingShown(CHAT, True)]
	gateway.fail_next("revoke", Permanent("Too late"))
	with pytest.raises(Permanent):
		gateway.revoke(CHAT, "id-3")
	assert gateway.revoked == [Revoked(CHAT, "id-2")]


def test_names_and_pictures_are_what_the_phone_has() -> None:
	gateway = FakeGateway()
	assert (gateway.saved_name(CHAT), gateway.avatar(CHAT, None), gateway.own_address()) == (None, None, None)
	picture = Avatar("7", OutgoingFile(b"jpeg", "image/jpeg", "avatar.jpg"))
	gateway.saved_names[CHAT], gateway.avatars[CHAT], gateway.own = "Ada", picture, CHAT
	assert (gateway.saved_name(CHAT), gateway.own_address()) == ("Ada", CHAT)
	assert gateway.avatar(CHAT, "6") == picture
	assert gateway.avatar(CHAT, "7") == Avatar("7", None)


def test_a_clock_stands_still_until_it_is_moved() -> None:
	clock = FixedClock()
	assert clock.now() == clock.now() == START
	assert clock.advance(1.5) == START + timedelta(seconds=1.5)
	with pytest.raises(ValueError, match="aware"):
		clock.set(START.replace(tzinfo=None))


def test_ids_count() -> None:
	ids = CountingIds()
	assert [ids.new(), ids.new()] == ["id-1", "id-2"]
