"""WhatsApp → Chatwoot: what an agent sees of each message, in how many calls, and that it is there once."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest
from bridge_world import ANA, ANA_LID, BEN, GROUP, OWNER, World

from wuzapi_chatwoot.bridge.model.addresses import Address
from wuzapi_chatwoot.bridge.model.content import (
	AlbumStart,
	Location,
	Media,
	MediaKind,
	Poll,
	Undecryptable,
	Unknown,
)
from wuzapi_chatwoot.bridge.model.errors import NotFound, Permanent, Retriable, TooLarge, Uncertain
from wuzapi_chatwoot.bridge.model.events import Call, ConversationChanged, SessionChanged, SessionState
from wuzapi_chatwoot.bridge.model.records import ConversationPolicy, EventState
from wuzapi_chatwoot.bridge.ports.gateway import OutgoingFile
from wuzapi_chatwoot.testkit.twins.fake_gateway import FakeGateway


def test_first_contact_takes_three_calls_and_the_next_message_one(world: World) -> None:
	world.receive(world.customer("Hello", id="3A01"))
	world.work()
	assert [call.method for call in world.chatwoot.calls] == [
		"find_contacts",
		"create_contact",
		"create_conversation",
	]
	[contact] = world.chatwoot.contacts.values()
	assert (contact.name, contact.identifier, contact.phone) == ("Ana Example", str(ANA), "+447700900123")
	[conversation] = world.chatwoot.conversations.values()
	world.receive(world.customer("Anybody there?", id="3A02"))
	world.work()
	assert world.chatwoot.count() == 4
	assert world.chatwoot.texts(conversation.id) == ["Hello", "Anybody there?"]
	assert [message.incoming for message in world.chatwoot.messages] == [True, True]
	assert [message.source_id for message in world.chatwoot.messages] == ["WAID:3A01", "WAID:3A02"]


def test_a_contact_chatwoot_knows_by_another_spelling_of_the_phone_is_adopted(world: World) -> None:
	known = world.chatwoot.have_contact("Marina", phone="+551190000001", source_ids=())
	marina = Address("5511990000001", "s.whatsapp.net")
	world.receive(world.customer(chat=marina, sender=marina))
	world.work()
	assert list(world.chatwoot.contacts) == [known.id]
	assert world.chatwoot.count() == 3


def test_the_last_conversation_is_reopened_by_default(world: World) -> None:
	known = world.chatwoot.have_contact("Ana", identifier=str(ANA), source_ids=(str(ANA),))
	old = world.chatwoot.have_conversation(known.id, str(ANA), status="resolved")
	world.receive(world.customer())
	world.work()
	assert world.chatwoot.texts(old.id) == ["Hello"]
	assert world.chatwoot.conversations[old.id].status == "open"


def test_by_policy_a_resolved_conversation_is_followed_by_a_new_one(world: World) -> None:
	world.change_session(conversation_policy=ConversationPolicy.NEW)
	first = world.started()
	world.chatwoot.resolve(first)
	told = world.chatwoot.conversations[first].as_value(7)
	world.receive(ConversationChanged(told, world.clock.now()))
	world.work()
	world.receive(world.customer("Again", id="3A02"))
	world.work()
	assert len(world.chatwoot.conversations) == 2
	assert world.chatwoot.texts(first) == ["Hello"]


def test_typed_on_the_phone_appears_as_outgoing(world: World) -> None:
	conversation = world.started()
	world.receive(
		world.customer("We open at nine", id="3A80", sender=OWNER, from_me=True, push_name="Example Shop")
	)
	world.work()
	message = world.chatwoot.messages[-1]
	assert (message.conversation_id, message.incoming, message.from_phone) == (conversation, False, True)
	assert message.text == "We open at nine"


def test_the_owners_name_is_never_given_to_a_contact(world: World) -> None:
	world.receive(world.customer("Hi", sender=OWNER, from_me=True, push_name="Example Shop"))
	world.work()
	assert [contact.name for contact in world.chatwoot.contacts.values()] == ["+44 7700 900123"]


def test_our_own_send_coming_back_is_recognised_by_its_id_not_its_text(world: World) -> None:
	conversation = world.started()
	world.receive(world.chatwoot.agent_writes(conversation, "Yes"))
	world.work()
	[sent] = world.gateway.delivered
	world.receive(world.customer("Yes", id=sent.message_id, sender=OWNER, from_me=True))
	world.receive(world.customer("Yes", id="3A81", sender=OWNER, from_me=True))
	world.work()
	assert world.chatwoot.texts(conversation) == ["Hello", "Yes", "Yes"]
	assert [message.source_id for message in world.chatwoot.messages] == ["WAID:3A00", None, "WAID:3A81"]


def test_a_group_is_one_contact_with_the_senders_name_on_each_message(world: World) -> None:
	world.gateway.group_names[GROUP] = "Example group"
	world.receive(world.customer("Morning", id="1", chat=GROUP, sender=BEN, push_name="Ben Sample"))
	world.receive(world.customer("Hello all", id="2", chat=GROUP, sender=ANA, push_name=""))
	world.work()
	[contact] = world.chatwoot.contacts.values()
	assert (contact.name, contact.phone, contact.identifier) == ("Example group", None, str(GROUP))
	assert [message.text for message in world.chatwoot.messages] == [
		"**Ben Sample:**\nMorning",
		"**+44 7700 900123:**\nHello all",
	]


def test_groups_can_be_switched_off(world: World) -> None:
	world.change_session(groups=False)
	world.receive(world.customer(chat=GROUP, sender=BEN))
	world.work()
	assert world.chatwoot.count() == 0
	assert [event.last_error for event in world.events(EventState.IGNORED)] == [
		"groups are switched off for this session"
	]


def test_a_group_whose_name_cannot_be_had_is_relayed_all_the_same(world: World) -> None:
	world.gateway.fail_next("group_name", Retriable("down"))
	world.receive(world.customer("Morning", chat=GROUP, sender=BEN, push_name="Ben"))
	world.work()
	assert [contact.name for contact in world.chatwoot.contacts.values()] == ["Group 120363000000000001"]


def test_lid_and_phone_are_one_contact_and_answers_go_where_whatsapp_wrote_last(world: World) -> None:
	world.receive(world.customer("By phone", id="1", chat_alt=ANA_LID))
	world.work()
	world.receive(world.customer("By LID", id="2", chat=ANA_LID, sender=ANA_LID))
	world.work()
	[conversation] = world.chatwoot.conversations.values()
	assert world.chatwoot.texts(conversation.id) == ["By phone", "By LID"]
	world.receive(world.chatwoot.agent_writes(conversation.id, "Yes"))
	world.work()
	assert [each.to for each in world.gateway.delivered] == [ANA_LID]


def test_the_digits_of_a_lid_are_no_phone_number(world: World) -> None:
	world.receive(world.customer(chat=ANA_LID, sender=ANA_LID, push_name=""))
	world.work()
	[contact] = world.chatwoot.contacts.values()
	assert (contact.name, contact.phone, contact.identifier) == ("WhatsApp contact", None, str(ANA_LID))


def test_media_that_came_with_the_event_is_posted_with_its_caption(world: World) -> None:
	picture = Media(MediaKind.IMAGE, "image/jpeg", caption="The broken part", size=4)
	world.receive(world.customer(content=picture), media=b"\xff\xd8\xff\xd9")
	world.work()
	[message] = world.chatwoot.messages
	assert message.text == "The broken part"
	assert message.files == (OutgoingFile(b"\xff\xd8\xff\xd9", "image/jpeg", "picture.jpg"),)
	assert [(row.whatsapp_id, file) for row, file in world.kept] == [("3A01", message.files[0])]


def test_a_voice_note_keeps_its_type(world: World) -> None:
	voice = Media(MediaKind.VOICE, "audio/ogg; codecs=opus", seconds=7)
	world.receive(world.customer(content=voice), media=b"OggS")
	world.work()
	[message] = world.chatwoot.messages
	assert message.files == (OutgoingFile(b"OggS", "audio/ogg; codecs=opus", "voice-message.ogg"),)


def test_media_that_did_not_come_is_downloaded(world: World) -> None:
	world.gateway.downloads["ticket"] = b"%PDF"
	paper = Media(MediaKind.DOCUMENT, "application/pdf", file_name="Quote 0042.pdf", ticket="ticket")
	world.receive(world.customer(content=paper))
	world.work()
	assert world.chatwoot.messages[0].files == (OutgoingFile(b"%PDF", "application/pdf", "Quote 0042.pdf"),)


def test_media_that_is_gone_becomes_a_line_with_its_caption(world: World) -> None:
	picture = Media(MediaKind.IMAGE, "image/jpeg", caption="Look", ticket="gone")
	world.receive(world.customer(content=picture))
	world.work()
	[message] = world.chatwoot.messages
	assert message.text == "🖼️ Picture: could not be fetched (The file is not at the gateway any more)\nLook"
	assert message.files == ()


def test_media_over_the_limit_becomes_a_line_with_its_size(world: World) -> None:
	world.change_session(largest_file=1000)
	film = Media(MediaKind.VIDEO, "video/mp4", size=2_500_000, ticket="t")
	world.receive(world.customer(content=film))
	world.work()
	assert world.chatwoot.messages[0].text == "🎬 Video: too large to be relayed (2.5 MB)"
	assert world.gateway.count() == 0


@pytest.mark.parametrize("delivered", [True, False])
def test_an_empty_file_becomes_a_line_at_once(world: World, delivered: bool) -> None:
	"""Whether it came with its webhook or is fetched: nobody can show it, and no further try would bring more."""
	if not delivered:
		world.gateway.downloads["t"] = b""
	paper = Media(MediaKind.DOCUMENT, "application/pdf", file_name="a.pdf", ticket=None if delivered else "t")
	world.receive(world.customer(content=paper), media=b"" if delivered else None)
	world.work()
	[message] = world.chatwoot.messages
	assert (message.text, message.files) == (
		"📄 Document a.pdf: could not be fetched (the file is empty)",
		(),
	)
	later = world.store.due_lanes(world.clock.now() + timedelta(days=1), 100)
	assert not [lane for lane in later if "file" in lane]


def test_a_file_that_chatwoot_does_not_take_becomes_a_line_in_the_same_conversation(world: World) -> None:
	too_large = TooLarge("too large for Chatwoot, or for a proxy before it")
	world.chatwoot.fail_next("create_conversation", too_large, after_doing=True)
	world.receive(world.customer(content=Media(MediaKind.VIDEO, "video/mp4", caption="Look")), media=b"mp4")
	world.work()
	[conversation] = world.chatwoot.conversations.values()
	world.chatwoot.fail_next("post_message", too_large)
	film = world.customer(id="3A02", content=Media(MediaKind.VIDEO, "video/mp4"), forwarded=True)
	world.receive(film, media=b"mp4")
	world.work()
	assert world.chatwoot.texts(conversation.id)[-1] == (
		"↪️ _Forwarded_\n🎬 Video: too large for Chatwoot, or for a proxy before it"
	)


def test_kinds_not_handled_yet_become_one_readable_line(world: World) -> None:
	for number, content in enumerate(
		(
			Location(51.5, -0.1, name="Example Wheel"),
			Poll("Lunch?", ("Soup", "Salad")),
			Unknown("fancyMessage"),
		)
	):
		world.receive(world.customer(id=f"3A{number}", content=content))
	world.work()
	assert [message.text for message in world.chatwoot.messages] == [
		"📍 Location: Example Wheel\nhttps://maps.google.com/?q=51.5,-0.1",
		"📊 Poll: Lunch?\n• Soup\n• Salad",
		"📱 A message of a kind not shown here (fancyMessage): open it on the phone",
	]


def test_a_missed_call_is_a_line_when_it_rings_and_one_when_it_was_missed(world: World) -> None:
	world.change_session(time_zone="Europe/Lisbon")
	summer = datetime(2026, 7, 14, 9, 30, tzinfo=timezone.utc)
	world.clock.advance((summer - world.clock.now()).total_seconds())
	world.receive(Call("C1", ANA, summer, ended=False, video=True), key="offer")
	world.receive(Call("C1", ANA, summer + timedelta(seconds=40), ended=True, reason="timeout"), key="end")
	world.work()
	rang, missed = world.chatwoot.messages
	assert rang.text == "📞 Video call at 10:30; answer it on the phone"
	assert (missed.text, missed.in_reply_to) == ("📞 Missed call at 10:30", rang.id)


@pytest.mark.parametrize(
	("reason", "line"),
	[("rejected_elsewhere", "📞 Rejected call at 09:00"), ("accepted_elsewhere", None), ("", None)],
)
def test_how_a_call_ended(world: World, reason: str, line: str | None) -> None:
	world.receive(Call("C1", ANA, world.clock.now(), ended=True, reason=reason))
	world.work()
	assert [message.text for message in world.chatwoot.messages] == ([line] if line else [])


def test_our_own_calls_and_those_in_groups_are_no_lines(world: World) -> None:
	paired = SessionChanged(SessionState.CONNECTED, address=OWNER)
	world.store.note_session_change("front-desk", paired, world.clock.now())
	world.receive(Call("C1", OWNER, world.clock.now(), ended=False), key="own")
	world.receive(Call("C2", ANA, world.clock.now(), ended=False, in_group=True), key="group")
	world.work()
	assert world.chatwoot.messages == []


def test_what_shows_nothing_is_not_posted(world: World) -> None:
	world.receive(world.customer(content=AlbumStart(2, 0)))
	status = Address("status", "broadcast")
	world.receive(world.customer(id="2", chat=status, sender=ANA))
	world.receive(world.customer(id="3", chat=Address("1203", "newsletter"), sender=ANA))
	world.work()
	assert world.chatwoot.count() == 0
	assert len(world.events(EventState.IGNORED)) == 3


def test_a_message_told_by_two_events_is_posted_once(world: World) -> None:
	world.receive(world.customer("Hello", id="3A01"), key="live")
	world.receive(world.customer("Hello", id="3A01"), key="resent by the phone")
	world.work()
	assert world.chatwoot.copies("WAID:3A01") == 1


def test_after_a_lost_answer_the_message_is_looked_for_before_it_is_posted_again(world: World) -> None:
	world.started()
	world.chatwoot.fail_next("post_message", Uncertain("no answer in time"), after_doing=True)
	world.receive(world.customer("Twice?", id="3A02"))
	world.outlast()
	assert world.chatwoot.copies("WAID:3A02") == 1
	assert [row.chatwoot_message_id for row in world.store.find_messages("front-desk", ANA, ["3A02"])] == [
		world.chatwoot.messages[-1].id
	]


def test_after_a_lost_answer_at_first_contact_nothing_is_doubled(world: World) -> None:
	for method in ("create_contact", "create_conversation"):
		world.chatwoot.fail_next(method, Uncertain("no answer in time"), after_doing=True)
	world.receive(world.customer("Hello", id="3A01"))
	world.outlast()
	assert world.chatwoot.copies("WAID:3A01") == 1
	assert (len(world.chatwoot.contacts), len(world.chatwoot.conversations)) == (1, 1)


def test_a_conversation_deleted_in_chatwoot_is_opened_again(world: World) -> None:
	conversation = world.started()
	world.chatwoot.remove_conversation(conversation)
	world.receive(world.customer("Still there?", id="3A02"))
	world.work()
	assert [message.text for message in world.chatwoot.messages] == ["Still there?"]


def test_a_contact_deleted_in_chatwoot_is_created_again(world: World) -> None:
	world.started()
	world.chatwoot.remove_contact(next(iter(world.chatwoot.contacts)))
	world.receive(world.customer("Still there?", id="3A02"))
	world.work()
	assert [message.text for message in world.chatwoot.messages] == ["Still there?"]
	assert len(world.chatwoot.contacts) == 1


def test_what_chatwoot_refuses_for_good_is_dead_and_the_lane_goes_on(world: World) -> None:
	world.started()
	world.chatwoot.fail_next("post_message", Permanent("Chatwoot refused the message"))
	world.receive(world.customer("Bad", id="3A02"))
	world.receive(world.customer("Good", id="3A03"))
	world.work()
	assert [event.last_error for event in world.events(EventState.DEAD)] == ["Chatwoot refused the message"]
	assert [message.text for message in world.chatwoot.messages] == ["Hello", "Good"]


def test_a_contact_that_the_filter_does_not_find_is_found_by_its_link(world: World) -> None:
	known = world.chatwoot.have_contact("Group", identifier=None, source_ids=(str(GROUP),))
	world.receive(world.customer("Hi", chat=GROUP, sender=BEN, push_name="Ben"))
	world.work()
	assert list(world.chatwoot.contacts) == [known.id]
	assert [message.text for message in world.chatwoot.messages] == ["**Ben:**\nHi"]


def test_a_vanished_message_does_not_stop_its_file_from_being_reported(world: World) -> None:
	picture = Media(MediaKind.IMAGE, "image/jpeg", size=4)
	world.receive(world.customer(content=picture), media=b"1234")
	for key in list(world.files.contents):
		world.files.delete(key)
	world.work()
	assert world.chatwoot.messages[0].text.startswith("🖼️ Picture: could not be fetched")
	assert isinstance(NotFound("x"), Permanent)


def test_a_message_that_could_be_decrypted_later_follows_its_placeholder(world: World) -> None:
	world.receive(world.customer(id="3A01", content=Undecryptable()))
	world.work()
	world.receive(world.customer("Now readable", id="3A01"))
	world.work()
	assert [(message.source_id, message.text) for message in world.chatwoot.messages] == [
		("WAID:3A01/1", "🔒 A message that could not be decrypted yet: open it on the phone"),
		("WAID:3A01", "Now readable"),
	]


def test_no_placeholder_comes_after_the_message_itself(world: World) -> None:
	world.receive(world.customer("Readable", id="3A01"))
	world.receive(world.customer(id="3A01", content=Undecryptable()))
	world.work()
	assert [message.text for message in world.chatwoot.messages] == ["Readable"]


def test_a_groups_name_is_asked_for_outside_every_transaction(
	world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
	inside: list[bool] = []
	depth = [0]
	atomic = world.store.atomic

	@contextmanager
	def counted() -> Iterator[None]:
		depth[0] += 1
		try:
			with atomic():
				yield
		finally:
			depth[0] -= 1

	class Slow(FakeGateway):
		def group_name(self, group: Address) -> str | None:
			inside.append(depth[0] > 0)
			return "Example group"

	slow = Slow()
	world.bridge = replace(world.bridge, gateway=lambda session: slow)
	monkeypatch.setattr(world.store, "atomic", counted)
	world.receive(world.customer("Morning", chat=GROUP, sender=BEN, push_name="Ben"))
	world.work()
	assert inside == [False]
