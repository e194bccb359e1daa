"""The fakes of both sides are faithful where tests rely on them."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from wuzapi_chatwoot.bridge.addresses import Address
from wuzapi_chatwoot.bridge.content import ContactCard, Location, Media, MediaKind
from wuzapi_chatwoot.bridge.errors import DuplicateRow, NotFound, Permanent, Retriable, Uncertain
from wuzapi_chatwoot.bridge.events import Attachment, Status
from wuzapi_chatwoot.bridge.ports import Avatar, Gateway, OutgoingFile, Post, Reply, VoiceNote
from wuzapi_chatwoot.testkit.clock import START, FixedClock
from wuzapi_chatwoot.testkit.fake_chatwoot import FakeChatwoot
from wuzapi_chatwoot.testkit.fake_gateway import Delivered, FakeGateway, Reacted, Revoked, TypingShown
from wuzapi_chatwoot.testkit.ids import CountingIds

CHAT = Address("447700900001", "s.whatsapp.net")


def post(source_id: str, text: str = "Hello") -> Post:
	return Post(text, incoming=True, source_id=source_id, sent_at=START)


def talk(chatwoot: FakeChatwoot) -> int:
	contact = chatwoot.create_contact("Ada", "ada", "+447700900001", "link")
	return chatwoot.create_conversation(contact.id, "link", post("first")).conversation_id


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


def test_a_post_repeated_is_a_double() -> None:
	chatwoot = FakeChatwoot()
	conversation = talk(chatwoot)
	chatwoot.fail_next("post_message", Uncertain("No answer"), after_doing=True)
	with pytest.raises(Uncertain):
		chatwoot.post_message(conversation, post("second"))
	assert chatwoot.find_post(conversation, "second", START) is not None
	chatwoot.post_message(conversation, post("second"))
	assert chatwoot.copies("second") == 2
	assert chatwoot.copies("first") == 1


def test_a_post_is_looked_for_by_its_time() -> None:
	clock = FixedClock()
	chatwoot = FakeChatwoot(clock=clock)
	conversation = talk(chatwoot)
	assert chatwoot.find_post(conversation, "first", START + timedelta(seconds=1)) is None
	assert chatwoot.find_post(conversation, "other", START) is None


def test_phone_identifier_and_link_of_a_contact_are_unique() -> None:
	chatwoot = FakeChatwoot()
	chatwoot.create_contact("Ada", "ada", "+1", "link")
	for identifier, phone, link in (("ada", "+2", "a"), ("bob", "+1", "b"), ("eve", None, "link")):
		with pytest.raises(DuplicateRow):
			chatwoot.create_contact("Other", identifier, phone, link)
	chatwoot.create_contact("Group", "group", None, "c")
	chatwoot.create_contact("Group", "group 2", None, "d")


def test_the_latest_conversation_is_that_with_the_newest_activity() -> None:
	chatwoot = FakeChatwoot()
	contact = chatwoot.have_contact("Ada", source_ids=["link"])
	first = chatwoot.have_conversation(contact.id, "link", status="resolved")
	second = chatwoot.have_conversation(contact.id, "link")
	latest = chatwoot.latest_conversation("link")
	assert latest is not None
	assert latest.id == second.id
	chatwoot.post_message(first.id, post("x"))
	latest = chatwoot.latest_conversation("link")
	assert latest is not None
	assert (latest.id, latest.status) == (first.id, "open")


def test_what_is_gone_is_not_found() -> None:
	chatwoot = FakeChatwoot()
	conversation = talk(chatwoot)
	chatwoot.remove_conversation(conversation)
	with pytest.raises(NotFound):
		chatwoot.post_message(conversation, post("x"))
	(contact,) = chatwoot.contacts
	chatwoot.remove_contact(contact)
	with pytest.raises(NotFound):
		chatwoot.create_conversation(contact, "link", post("x"))


def test_what_an_agent_writes_is_to_be_sent_and_our_own_is_not() -> None:
	chatwoot = FakeChatwoot(account_id=3, inbox_id=7)
	conversation = talk(chatwoot)
	attachment = Attachment(1, "http://chatwoot/file", "file", "x.pdf", size=3)
	written = chatwoot.agent_writes(conversation, "Hi", attachments=[(attachment, b"pdf")])
	chatwoot.agent_writes(conversation, "Between us", private=True)
	seen = chatwoot.messages_after(written.conversation, None, START)
	assert [each.to_send for each in seen] == [None, written, None]
	assert json.loads(seen[1].payload)["conversation"]["contact_inbox"]["source_id"] == "link"
	assert chatwoot.fetch_attachment(attachment.url, 3) == b"pdf"
	with pytest.raises(Permanent):
		chatwoot.fetch_attachment(attachment.url, 2)
	assert chatwoot.messages_after(written.conversation, seen[1].id, START) == seen[2:]


def test_statuses_show_as_chatwoot_shows_them() -> None:
	chatwoot = FakeChatwoot()
	conversation = talk(chatwoot)
	written = chatwoot.agent_writes(conversation, "Hi")
	chatwoot.set_status(conversation, written.id, Status.FAILED, "No such number")
	assert chatwoot.message(written.id).error == "No such number"
	assert chatwoot.retry(written.id).retry_certain
	chatwoot.set_status(conversation, written.id, Status.PLAYED)
	assert chatwoot.message(written.id).status is Status.READ
	with pytest.raises(NotFound):
		chatwoot.set_status(conversation, 4711, Status.READ)


def test_a_clock_stands_still_until_it_is_moved() -> None:
	clock = FixedClock()
	assert clock.now() == clock.now() == START
	assert clock.advance(1.5) == START + timedelta(seconds=1.5)
	with pytest.raises(ValueError, match="aware"):
		clock.set(START.replace(tzinfo=None))


def test_ids_count() -> None:
	ids = CountingIds()
	assert [ids.new(), ids.new()] == ["id-1", "id-2"]
