"""Messages written in the host's desk: to WhatsApp and to Chatwoot, once each."""

import pytest
from bridge_world import ANA, World

from wuzapi_chatwoot.bridge.desk.queue_from_desk import find_queued, queue_from_desk, queue_reaction
from wuzapi_chatwoot.bridge.inbox.replay_event import replay_event
from wuzapi_chatwoot.bridge.model.content import Location, Reaction
from wuzapi_chatwoot.bridge.model.errors import DuplicateRow, Fault, Permanent, Retriable, Uncertain
from wuzapi_chatwoot.bridge.model.events import Receipt, Status
from wuzapi_chatwoot.bridge.model.records import ConversationRow, EventState, MessageRow
from wuzapi_chatwoot.bridge.ports.gateway import OutgoingFile, Reply, VoiceNote
from wuzapi_chatwoot.testkit.twins.fake_gateway import Delivered

PDF = OutgoingFile(b"%PDF", "application/pdf", "Quote 0042.pdf")


def write(world: World, text: str, file: OutgoingFile | None = None) -> MessageRow:
	chatwoot_id = next(iter(world.chatwoot.conversations), None)
	conversation = (
		world.store.find_conversation_by_chatwoot_id("front-desk", chatwoot_id)
		if chatwoot_id is not None
		else world.store.add_conversation(
			"front-desk", ANA, world.store.add_contact("front-desk", "Ana", [ANA]).id
		)
	)
	assert conversation is not None
	return queue_from_desk(world.bridge, world.session, conversation, text, "Maria Silva", file)


def stored(world: World, row: MessageRow) -> MessageRow:
	return world.store.find_messages("front-desk", ANA, [row.whatsapp_id])[0]


def test_it_is_pending_at_once_then_on_whatsapp_and_in_chatwoot(world: World) -> None:
	conversation = world.started()
	row = write(world, "We open at nine")
	assert stored(world, row).status is Status.PENDING
	calls = world.chatwoot.count()
	world.work()
	assert [(each.to, each.text, each.message_id) for each in world.gateway.delivered] == [
		(ANA, "We open at nine", row.whatsapp_id)
	]
	shown = world.chatwoot.messages[-1]
	assert (shown.text, shown.incoming, shown.from_phone) == (
		"**Maria Silva:**\nWe open at nine",
		False,
		True,
	)
	assert shown.source_id == f"WAID:{row.whatsapp_id}"
	assert world.chatwoot.count() == calls + 1
	assert stored(world, row).status is Status.SENT
	assert shown.conversation_id == conversation


def test_the_first_message_of_all_opens_the_conversation(world: World) -> None:
	write(world, "Hello Ana")
	world.work()
	assert [message.text for message in world.chatwoot.messages] == ["**Maria Silva:**\nHello Ana"]
	world.receive(world.customer("Oh, hello", id="3A05"))
	world.work()
	assert len(world.chatwoot.conversations) == 1


def test_a_file_goes_along_and_is_kept(world: World) -> None:
	world.started()
	row = write(world, "The quote", PDF)
	world.work()
	assert [(each.text, each.file) for each in world.gateway.delivered] == [("The quote", PDF)]
	assert world.chatwoot.messages[-1].files == (PDF,)
	assert [(kept.id, file) for kept, file in world.kept] == [(row.id, PDF)]


def test_lost_answers_on_both_sides_double_nothing(world: World) -> None:
	world.started()
	world.gateway.fail_next("send_text", Uncertain("no answer in time"), after_doing=True)
	world.chatwoot.fail_next("post_message", Uncertain("no answer in time"), after_doing=True)
	row = write(world, "Once")
	world.outlast()
	assert len(world.gateway.delivered) == 1
	assert world.chatwoot.copies(f"WAID:{row.whatsapp_id}") == 1


def test_with_chatwoot_down_it_is_sent_once_and_shown_later(world: World) -> None:
	world.started()
	world.chatwoot.fail_next("post_message", Retriable("down"), times=4)
	write(world, "Now")
	world.work()
	assert len(world.gateway.delivered) == 1
	world.outlast()
	assert world.gateway.count("send_text") == 1
	assert world.chatwoot.messages[-1].text == "**Maria Silva:**\nNow"


def test_a_failure_shows_on_the_row_and_can_be_tried_again(world: World) -> None:
	world.started()
	world.gateway.fail_next("send_text", Permanent("This number is not on WhatsApp"))
	row = write(world, "Hello?")
	world.work()
	assert (stored(world, row).status, stored(world, row).error) == (
		Status.FAILED,
		"This number is not on WhatsApp",
	)
	assert [message.text for message in world.chatwoot.messages] == ["Hello"]
	[dead] = world.events(EventState.DEAD)
	replay_event(world.bridge, dead.id)
	world.work()
	assert stored(world, row).status is Status.SENT


def test_giving_up_shows_on_the_row(world: World) -> None:
	world.started()
	world.gateway.fail_next("send_text", Retriable("an error of the gateway", fault=Fault.UNWELL), times=99)
	row = write(world, "Never")
	world.outlast(200)
	assert stored(world, row).error == "an error of the gateway"


def test_receipts_reach_it_and_its_twin_in_chatwoot(world: World) -> None:
	world.started()
	row = write(world, "Read me")
	world.work()
	world.receive(Receipt(ANA, (row.whatsapp_id,), Status.READ, ANA, world.clock.now()))
	world.work()
	assert stored(world, row).status is Status.READ
	assert world.chatwoot.messages[-1].status is Status.READ


def test_coming_back_by_webhook_it_is_recognised(world: World) -> None:
	world.started()
	row = write(world, "Once")
	world.work()
	world.receive(world.customer("Once", id=row.whatsapp_id, from_me=True))
	world.work()
	assert len(world.chatwoot.messages) == 2


def test_sound_has_no_caption_so_its_text_goes_ahead(world: World) -> None:
	world.started()
	write(world, "Listen", OutgoingFile(b"OggS", "audio/ogg", "voice.ogg"))
	world.work()
	assert [(each.text, each.file is None) for each in world.gateway.delivered] == [
		("Listen", True),
		(None, False),
	]


def test_a_file_that_is_gone_shows_on_the_row(world: World) -> None:
	world.started()
	row = write(world, "The quote", PDF)
	world.files.contents.clear()
	world.work()
	assert (stored(world, row).status, stored(world, row).error) == (
		Status.FAILED,
		"The file is not there any more",
	)
	assert world.gateway.delivered == []


def conversation_here(world: World) -> ConversationRow:
	found = world.store.find_conversation_by_chatwoot_id(
		"front-desk", next(iter(world.chatwoot.conversations))
	)
	assert found is not None
	return found


def test_an_answer_from_the_desk_shows_what_it_answers_to_on_both_sides(world: World) -> None:
	world.started("Are you open?")
	row = queue_from_desk(
		world.bridge, world.session, conversation_here(world), "We *are*", "Maria Silva", reply_to="3A00"
	)
	world.work()
	assert world.gateway.delivered == [
		Delivered(row.whatsapp_id, ANA, "We *are*", reply=Reply("3A00", ANA, "Are you open?"))
	]
	question, answer = world.chatwoot.messages
	assert (answer.text, answer.in_reply_to) == ("**Maria Silva:**\nWe **are**", question.id)
	assert stored(world, row).reply_to_id == "3A00"


def test_a_place_from_the_desk(world: World) -> None:
	world.started()
	place = Location(51.5007, -0.1246, name="Example Tower")
	row = queue_from_desk(
		world.bridge, world.session, conversation_here(world), "Come here", "Maria Silva", location=place
	)
	world.work()
	text, sent = world.gateway.delivered
	assert text.text == "Come here"
	assert sent == Delivered(row.whatsapp_id, ANA, location=place)
	assert world.chatwoot.messages[-1].text == (
		"**Maria Silva:**\n📍 Location: Example Tower\nhttps://maps.google.com/?q=51.5007,-0.1246"
	)
	assert stored(world, row).kind == "location"


def test_sound_from_the_desk_is_a_voice_note_unless_there_are_words_to_it(world: World) -> None:
	world.started()
	sound = OutgoingFile(b"webm", "audio/webm", "recording.webm")
	conversation = conversation_here(world)
	spoken = queue_from_desk(world.bridge, world.session, conversation, "", "Maria Silva", sound)
	queue_from_desk(world.bridge, world.session, conversation, "Our song", "Maria Silva", sound)
	world.work()
	first, words, song = world.gateway.delivered
	note = VoiceNote(b"opus of webm", seconds=3, waveform=bytes(range(64)))
	assert first == Delivered(spoken.whatsapp_id, ANA, voice=note)
	assert (words.text, song.file, song.voice) == ("Our song", sound, None)


def test_a_reaction_from_the_desk(world: World) -> None:
	conversation = world.started("We won!")
	for emoji in ("👍", "🎉", "", ""):
		queue_reaction(world.bridge, world.session, conversation_here(world), "3A00", emoji, "Maria Silva")
		world.work()
	assert [(each.chat, each.target_id, each.emoji, each.author) for each in world.gateway.reactions] == [
		(ANA, "3A00", emoji, ANA) for emoji in ("👍", "🎉", "", "")
	]
	first, *reactions = world.chatwoot.messages
	assert [(each.text, each.in_reply_to) for each in reactions] == [
		("**Maria Silva:**\nReacted with 👍", first.id),
		("**Maria Silva:**\nReacted with 🎉", first.id),
		("**Maria Silva:**\nTook back a reaction", first.id),
		("**Maria Silva:**\nTook back a reaction", first.id),
	]
	assert world.store.find_messages("front-desk", ANA, ["3A00"])[0].reactions == ()
	assert conversation == conversation_here(world).chatwoot_conversation_id


def test_our_reaction_never_takes_the_customers_place(world: World) -> None:
	world.started("We won!")
	world.receive(world.customer(id="R1", content=Reaction("3A00", "🎉")))
	world.work()
	queue_reaction(world.bridge, world.session, conversation_here(world), "3A00", "👍", "Maria Silva")
	world.work()
	[row] = world.store.find_messages("front-desk", ANA, ["3A00"])
	assert [(each.emoji, each.name) for each in row.reactions] == [
		("🎉", "Ana Example"),
		("👍", "Maria Silva"),
	]
	queue_reaction(world.bridge, world.session, conversation_here(world), "3A00", "", "Maria Silva")
	world.work()
	[row] = world.store.find_messages("front-desk", ANA, ["3A00"])
	assert [each.emoji for each in row.reactions] == ["🎉"]
	assert world.store.find_messages("front-desk", ANA, ["R1"])[0].reply_to_id == "3A00"


def test_a_text_too_long_for_a_caption_goes_ahead(world: World) -> None:
	world.started()
	text = ("word " * 300).strip()
	queue_from_desk(world.bridge, world.session, conversation_here(world), text, "Maria Silva", PDF)
	world.work()
	words, paper = world.gateway.delivered
	assert (words.text, words.file, paper.text, paper.file) == (text, None, None, PDF)


def test_a_reaction_from_the_desk_to_our_own_message_says_that_it_is_ours(world: World) -> None:
	conversation = world.started()
	world.receive(world.chatwoot.agent_writes(conversation, "Yes"))
	world.work()
	[sent] = world.gateway.delivered
	queue_reaction(
		world.bridge, world.session, conversation_here(world), sent.message_id, "👍", "Maria Silva"
	)
	world.gateway.fail_next("react", Retriable("down"))
	world.outlast()
	assert [each.author for each in world.gateway.reactions] == [None]
	assert (
		world.store.find_messages("front-desk", ANA, [sent.message_id])[0].reactions[0].name == "Maria Silva"
	)


def test_a_caller_that_repeats_itself_sends_one_message(world: World) -> None:
	world.started()
	id = "3EB0" + "0A" * 9
	to = conversation_here(world)
	assert find_queued(world.bridge, world.session, id) is None
	first = queue_from_desk(world.bridge, world.session, to, "Hello", "Maria", id=id)
	assert first.whatsapp_id == id
	with pytest.raises(DuplicateRow):
		queue_from_desk(world.bridge, world.session, to, "Hello", "Maria", id=id)
	assert find_queued(world.bridge, world.session, id) == first
	world.work()
	assert [each.text for each in world.gateway.delivered] == ["Hello"]


def test_a_text_beside_a_sound_is_not_sent_twice_either(world: World) -> None:
	world.started()
	id, sound = "3EB0" + "0C" * 9, OutgoingFile(b"OggS", "audio/ogg", "song.ogg")
	to = conversation_here(world)
	queue_from_desk(world.bridge, world.session, to, "Our song", "Maria", sound, id=id)
	with pytest.raises(DuplicateRow):
		queue_from_desk(world.bridge, world.session, to, "Our song", "Maria", sound, id=id)
	world.work()
	assert len(world.gateway.delivered) == 2


def test_the_id_of_somebody_elses_message_is_not_ours_to_use(world: World) -> None:
	world.started()
	assert find_queued(world.bridge, world.session, "3A00") is None
	with pytest.raises(DuplicateRow):
		queue_from_desk(world.bridge, world.session, conversation_here(world), "Hello", "Maria", id="3A00")
