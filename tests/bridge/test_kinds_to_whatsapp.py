"""Chatwoot → WhatsApp, kind by kind: the whole of what the customer's phone gets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from bridge_world import ANA, ANA_LID, BEN, GROUP, ID_KEY, KEY, NO_PICTURE, NO_SOUND, OWNER, STILL, World

from wuzapi_chatwoot.bridge.model.content import ContactCard, Location
from wuzapi_chatwoot.bridge.model.errors import Retriable
from wuzapi_chatwoot.bridge.model.events import (
	Attachment,
	Author,
	ChatwootMessage,
	SessionChanged,
	SessionState,
	Status,
)
from wuzapi_chatwoot.bridge.model.message_ids import derived_id, further_id
from wuzapi_chatwoot.bridge.model.records import EventState, Signature
from wuzapi_chatwoot.bridge.ports.gateway import OutgoingFile, Reply, VoiceNote
from wuzapi_chatwoot.testkit.twins.fake_gateway import Delivered

VCARD = "BEGIN:VCARD\nVERSION:3.0\nFN:{name}\nTEL:+44 7700 900456\nEND:VCARD"
BOTH = tuple(VCARD.format(name=name) for name in ("Ben Sample", "Zoe Example"))


def attached(number: int, name: str, kind: str, mime_type: str | None) -> Attachment:
	return Attachment(number, f"http://chatwoot.example/{number}/{name}", kind, name, mime_type, 4)


def written(
	world: World, text: str, *files: tuple[Attachment, bytes], in_reply_to: int | None = None
) -> ChatwootMessage:
	conversation = next(iter(world.chatwoot.conversations), None) or world.started()
	message = world.chatwoot.agent_writes(
		conversation, text, attachments=files, in_reply_to=in_reply_to, author_name="Maria Silva"
	)
	world.receive(message)
	world.work()
	return message


def expected(message: ChatwootMessage, part: int = 0, **fields: object) -> Delivered:
	return Delivered(derived_id(ID_KEY, KEY, message.id, part), ANA, **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize(
	("markdown", "text"),
	[
		("We open at nine.", "We open at nine."),
		(
			"**bold** and *slanted* or _slanted_, ~~gone~~, `code`",
			"*bold* and _slanted_ or _slanted_, ~gone~, `code`",
		),
		("[Shop](https://shop.example/a_b)", "Shop (https://shop.example/a_b)"),
		("snake\\_case stays", "snake_case stays"),
		("2*3*4 is 24, and a*b*c", "2*3*4 is 24, and a*b*c"),
		("*a*b and **5*6**", "ab and *5*6*"),
		("{name} costs {{ 5 }} %", "{name} costs {{ 5 }} %"),
	],
)
def test_text(world: World, markdown: str, text: str) -> None:
	message = written(world, markdown)
	assert world.gateway.delivered == [expected(message, text=text)]


@pytest.mark.parametrize(
	("name", "kind", "mime_type"),
	[
		("roses.jpg", "image", "image/jpeg"),
		("film.mp4", "video", "video/mp4"),
		("Offer 7.pdf", "file", "application/pdf"),
		("strange.xyz", "file", "application/x-strange"),
		("untold", "file", None),
	],
)
def test_file_with_its_name_and_caption(world: World, name: str, kind: str, mime_type: str | None) -> None:
	message = written(world, "A **rose**", (attached(1, name, kind, mime_type), b"1234"))
	file = OutgoingFile(b"1234", mime_type or "application/octet-stream", name)
	assert world.gateway.delivered == [expected(message, text="A *rose*", file=file)]


def test_several_files_keep_their_order_and_the_first_bears_the_caption(world: World) -> None:
	files = [(attached(n, f"{n}.jpg", "image", "image/jpeg"), str(n).encode()) for n in (1, 2, 3)]
	message = written(world, "Three", *files)
	assert world.gateway.delivered == [
		expected(message, 0, text="Three", file=OutgoingFile(b"1", "image/jpeg", "1.jpg")),
		expected(message, 1, file=OutgoingFile(b"2", "image/jpeg", "2.jpg")),
		expected(message, 2, file=OutgoingFile(b"3", "image/jpeg", "3.jpg")),
	]


def test_a_recording_goes_as_a_voice_note(world: World) -> None:
	message = written(world, "", (attached(1, "recording.mp3", "audio", "audio/mpeg"), b"mp3"))
	note = VoiceNote(b"opus of mp3", seconds=3, waveform=bytes(range(64)))
	assert world.gateway.delivered == [expected(message, voice=note)]


@pytest.mark.parametrize(
	("text", "content", "voice_notes"),
	[("Listen", b"mp3", True), ("", NO_SOUND, True), ("", b"mp3", False)],
	ids=["with a text", "no sound", "switched off"],
)
def test_other_sound_goes_as_the_file_it_is(
	world: World, text: str, content: bytes, voice_notes: bool
) -> None:
	world.change_session(voice_notes=voice_notes)
	message = written(world, text, (attached(1, "song.mp3", "audio", "audio/mpeg"), content))
	file = OutgoingFile(content, "audio/mpeg", "song.mp3")
	ahead = [expected(message, 0, text="Listen")] if text else []
	assert world.gateway.delivered == [*ahead, expected(message, len(ahead), file=file)]


def test_a_webp_is_a_sticker_unless_it_has_a_caption(world: World) -> None:
	sticker = attached(1, "cat.webp", "image", "image/webp")
	file = OutgoingFile(b"webp", "image/webp", "cat.webp")
	plain = written(world, "", (sticker, b"webp"))
	captioned = written(world, "Our cat", (sticker, b"webp"))
	assert world.gateway.delivered == [
		expected(plain, file=file, sticker=True),
		expected(captioned, text="Our cat", file=file),
	]


def test_what_only_calls_itself_webp_is_made_webp_here(world: World) -> None:
	sticker = attached(1, "cat.webp", "image", "image/webp")
	made = written(world, "", (sticker, b"png"))
	broken = written(world, "", (sticker, NO_PICTURE))
	assert world.gateway.delivered == [
		expected(made, file=OutgoingFile(b"webp of png", "image/webp", "cat.webp"), sticker=True),
		expected(broken, file=OutgoingFile(NO_PICTURE, "application/octet-stream", "cat.webp")),
	]


@pytest.mark.parametrize(
	("content", "file"),
	[
		(b"gif", OutgoingFile(b"film of gif", "video/mp4", "party.time.mp4")),
		(STILL, OutgoingFile(STILL, "image/gif", "party.time.gif")),
		(NO_PICTURE, OutgoingFile(NO_PICTURE, "image/gif", "party.time.gif")),
	],
	ids=["moves", "stands still", "cannot be read"],
)
def test_a_gif_that_moves_is_a_film(world: World, content: bytes, file: OutgoingFile) -> None:
	gif = attached(1, "party.time.gif", "image", "image/gif")
	message = written(world, "Hooray", (gif, content))
	assert world.gateway.delivered == [expected(message, text="Hooray", file=file)]
	# What people see here is what the agent sent.
	assert [kept.content for _, kept in world.kept] == [content]


@pytest.mark.parametrize(
	"link",
	[
		"https://maps.google.com/?q=51.5007,-0.1246",
		"https://www.openstreetmap.org/?mlat=51.5007&mlon=-0.1246#map=17/51.5007/-0.1246",
		" geo:51.5007,-0.1246 ",
	],
)
def test_nothing_but_a_map_link_is_a_place(world: World, link: str) -> None:
	message = written(world, link)
	assert world.gateway.delivered == [expected(message, location=Location(51.5007, -0.1246))]


def test_a_map_link_in_a_sentence_is_text(world: World) -> None:
	text = "We are at https://maps.google.com/?q=51.5007,-0.1246"
	message = written(world, text)
	assert world.gateway.delivered == [expected(message, text=text)]


def test_a_vcard_is_a_contact_card_and_one_of_several_cards_is_several(world: World) -> None:
	file = attached(1, "people.vcf", "file", "text/vcard")
	message = written(world, "Ask them", (file, "\n".join(BOTH).encode()))
	id = derived_id(ID_KEY, KEY, message.id, 1)
	ahead, first, second = world.gateway.delivered
	assert ahead == expected(message, 0, text="Ask them")
	assert first == Delivered(id, ANA, card=ContactCard("Ben Sample", BOTH[0]))
	assert second == Delivered(further_id(id, 1), ANA, card=ContactCard("Zoe Example", BOTH[1]))


def test_a_vcard_that_cannot_be_read_is_a_file(world: World) -> None:
	message = written(world, "", (attached(1, "people.vcf", "file", "text/vcard"), b"no cards"))
	file = OutgoingFile(b"no cards", "text/vcard", "people.vcf")
	assert world.gateway.delivered == [expected(message, file=file)]


def test_a_text_longer_than_whatsapp_takes_goes_in_order_and_is_as_far_as_its_last_piece(
	world: World,
) -> None:
	conversation = world.started()
	message = world.chatwoot.agent_writes(conversation, "word " * 20_000)
	world.gateway.fail_next("send_text", Retriable("down"), after=1)
	world.receive(message)
	world.work()
	rows = world.store.find_messages_by_chatwoot_id("front-desk", message.id)
	assert [row.status for row in rows] == [Status.SENT, Status.PENDING]
	world.outlast()
	assert [len(sent.text or "") <= 65_536 for sent in world.gateway.delivered] == [True, True]
	assert [sent.message_id for sent in world.gateway.delivered] == [row.whatsapp_id for row in rows]
	assert " ".join(sent.text or "" for sent in world.gateway.delivered).split() == ["word"] * 20_000


def test_a_text_too_long_for_a_caption_goes_ahead(world: World) -> None:
	text = ("word " * 300).strip()
	message = written(world, text, (attached(1, "a.jpg", "image", "image/jpeg"), b"jpeg"))
	assert world.gateway.delivered == [
		expected(message, 0, text=text),
		expected(message, 1, file=OutgoingFile(b"jpeg", "image/jpeg", "a.jpg")),
	]


# ---- answers


def test_an_answer_names_what_it_answers_to(world: World) -> None:
	world.started("Are you open?")
	question = world.chatwoot.messages[0]
	message = written(world, "We are", in_reply_to=question.id)
	assert world.gateway.delivered == [
		expected(message, text="We are", reply=Reply("3A00", ANA, "Are you open?"))
	]


def test_an_answer_to_ourselves_bears_our_own_address_in_the_addressing_of_the_chat(world: World) -> None:
	own_lid = replace(BEN, user="111100001111000")
	world.store.note_session_change(
		"front-desk", SessionChanged(SessionState.CONNECTED, address=OWNER, lid=own_lid), world.clock.now()
	)
	first = written(world, "We open at nine")
	second = written(world, "Correction", in_reply_to=first.id)
	world.receive(world.customer("ok", id="3A02", chat=ANA_LID, sender=ANA_LID, chat_alt=ANA))
	world.work()
	third = written(world, "Really", in_reply_to=first.id)
	sent = world.gateway.delivered[0].message_id
	assert world.gateway.delivered[1:] == [
		expected(second, text="Correction", reply=Reply(sent, OWNER, "We open at nine")),
		replace(expected(third, text="Really", reply=Reply(sent, own_lid, "We open at nine")), to=ANA_LID),
	]


@pytest.mark.parametrize("known", [True, False])
def test_if_pairing_did_not_tell_our_address_the_gateway_is_asked(world: World, known: bool) -> None:
	world.gateway.own = OWNER if known else None
	first = written(world, "We open at nine")
	second = written(world, "Correction", in_reply_to=first.id)
	sent = world.gateway.delivered[0].message_id
	reply = Reply(sent, OWNER, "We open at nine") if known else None
	assert world.gateway.delivered[1] == expected(second, text="Correction", reply=reply)


def test_an_answer_in_a_group_names_the_member(world: World) -> None:
	world.receive(world.customer("Party?", id="3A00", chat=GROUP, sender=BEN, push_name="Ben"))
	world.work()
	question = world.chatwoot.messages[0]
	message = written(world, "Yes", in_reply_to=question.id)
	assert world.gateway.delivered == [
		replace(expected(message, text="Yes", reply=Reply("3A00", BEN, "Party?")), to=GROUP)
	]


def test_only_the_first_part_answers(world: World) -> None:
	world.started("Pictures?")
	files = [(attached(n, f"{n}.jpg", "image", "image/jpeg"), b"1234") for n in (1, 2)]
	written(world, "Here", *files, in_reply_to=world.chatwoot.messages[0].id)
	assert [sent.reply is not None for sent in world.gateway.delivered] == [True, False]


def test_an_answer_to_a_note_is_a_plain_message(world: World) -> None:
	conversation = world.started()
	note = world.chatwoot.agent_writes(conversation, "Careful", private=True)
	message = written(world, "Certainly", in_reply_to=note.id)
	assert world.gateway.delivered == [expected(message, text="Certainly")]


# ---- signatures


@pytest.mark.parametrize(
	("signature", "template", "text"),
	[
		(Signature.OFF, "", "Hello {you}"),
		(Signature.NAME, "", "*Maria Silva:*\nHello {you}"),
		(Signature.TEMPLATE, "{text}\n— {name}, Example Ltd", "Hello {you}\n— Maria Silva, Example Ltd"),
		(Signature.TEMPLATE, "no place for the text", "Hello {you}"),
	],
)
def test_signature(world: World, signature: Signature, template: str, text: str) -> None:
	world.change_session(signature=signature, signature_template=template)
	message = written(world, "Hello {you}")
	assert world.gateway.delivered == [expected(message, text=text)]


@pytest.mark.parametrize("author", [Author.BOT, Author.NOBODY])
def test_bots_and_automations_never_sign(world: World, author: Author) -> None:
	world.change_session(signature=Signature.NAME)
	conversation = world.started()
	message = replace(world.chatwoot.agent_writes(conversation, "Hello", author_name="Bot"), author=author)
	world.receive(message)
	world.work()
	assert world.gateway.delivered == [expected(message, text="Hello")]


# ---- deletions


def deleted(world: World, ids: Sequence[int]) -> None:
	for id in ids:
		world.receive(world.chatwoot.agent_deletes(id))
	world.work()


def test_what_is_deleted_in_chatwoot_is_taken_back(world: World) -> None:
	files = [(attached(n, f"{n}.jpg", "image", "image/jpeg"), b"1234") for n in (1, 2)]
	message = written(world, "Oops", *files)
	deleted(world, [message.id])
	deleted(world, [message.id])
	assert [(each.chat, each.message_id) for each in world.gateway.revoked] == [
		(ANA, derived_id(ID_KEY, KEY, message.id, part)) for part in (0, 1)
	]
	rows = world.store.find_messages_by_chatwoot_id("front-desk", message.id)
	assert all(row.deleted_at is not None for row in rows)


def test_what_the_customer_wrote_cannot_be(world: World) -> None:
	world.started()
	deleted(world, [world.chatwoot.messages[0].id])
	assert world.gateway.revoked == []
	[event] = world.events(EventState.IGNORED)
	assert event.last_error == "what the customer wrote can be deleted in Chatwoot only"


def test_by_setting_it_stays_on_whatsapp(world: World) -> None:
	world.change_session(revoke_deleted=False)
	message = written(world, "Oops")
	deleted(world, [message.id])
	assert world.gateway.revoked == []


def test_a_deletion_is_tried_until_the_gateway_answers(world: World) -> None:
	message = written(world, "Oops")
	world.gateway.fail_next("revoke", Retriable("down"), times=3)
	deleted(world, [message.id])
	world.outlast()
	assert len(world.gateway.revoked) == 1
