"""Messages written in the host's desk: to WhatsApp and to Chatwoot, once each."""

from bridge_world import ANA, World

from wuzapi_chatwoot.bridge.errors import Fault, Permanent, Retriable, Uncertain
from wuzapi_chatwoot.bridge.events import Receipt, Status
from wuzapi_chatwoot.bridge.ports import OutgoingFile
from wuzapi_chatwoot.bridge.records import EventState, MessageRow
from wuzapi_chatwoot.bridge.usecases.replay_event import replay_event
from wuzapi_chatwoot.bridge.usecases.send_from_desk import queue_from_desk

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
	return world.store.find_messages("front-desk", [row.whatsapp_id])[0]


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
