"""Chatwoot → WhatsApp: what goes out, under which id, and what an agent sees when it does not."""

from bridge_world import ANA, ANA_LID, ID_KEY, KEY, World

from wuzapi_chatwoot.bridge.model.errors import Fault, NotFound, Permanent, Retriable, Uncertain
from wuzapi_chatwoot.bridge.model.events import Attachment, Receipt, Status
from wuzapi_chatwoot.bridge.model.message_ids import derived_id
from wuzapi_chatwoot.bridge.model.records import EventState

PICTURE = Attachment(2001, "http://chatwoot.example/a.jpg", "image", "bolo-frente.jpg", "image/jpeg", 4)
SECOND = Attachment(2002, "http://chatwoot.example/b.pdf", "file", "preço.pdf", "application/pdf", 4)
SOUND = Attachment(2003, "http://chatwoot.example/c.mp3", "audio", "c.mp3", "audio/mpeg", 3)


def test_an_agents_text_goes_out_once_under_a_derived_id(world: World) -> None:
	conversation = world.started()
	calls = world.chatwoot.count()
	message = world.chatwoot.agent_writes(conversation, "We open at nine")
	world.receive(message, key="first delivery")
	world.receive(message, key="delivered twice")
	world.work()
	[sent] = world.gateway.delivered
	assert (sent.to, sent.text) == (ANA, "We open at nine")
	assert sent.message_id == derived_id(ID_KEY, KEY, message.id, 0)
	assert sent.message_id.startswith("3EB0")
	assert len(sent.message_id) == 22
	assert world.gateway.count() == 1
	assert world.chatwoot.count() == calls


def test_every_attachment_is_a_part_with_its_own_id_and_the_first_bears_the_caption(world: World) -> None:
	conversation = world.started()
	message = world.chatwoot.agent_writes(
		conversation, "Fotos", attachments=[(PICTURE, b"jpeg"), (SECOND, b"%PDF")]
	)
	world.receive(message)
	world.work()
	first, second = world.gateway.delivered
	assert (first.text, first.file.file_name, first.file.mime_type) == (
		"Fotos",
		"bolo-frente.jpg",
		"image/jpeg",
	)
	assert (second.text, second.file.file_name, second.file.content) == (None, "preço.pdf", b"%PDF")
	assert [each.message_id for each in (first, second)] == [
		derived_id(ID_KEY, KEY, message.id, part) for part in (0, 1)
	]


def test_sound_has_no_caption_so_its_text_goes_ahead(world: World) -> None:
	conversation = world.started()
	world.receive(world.chatwoot.agent_writes(conversation, "Listen", attachments=[(SOUND, b"mp3")]))
	world.work()
	assert [(each.text, each.file is None) for each in world.gateway.delivered] == [
		("Listen", True),
		(None, False),
	]


def test_a_lost_answer_sends_again_under_the_same_id(world: World) -> None:
	conversation = world.started()
	world.gateway.fail_next("send_text", Uncertain("no answer in time"), after_doing=True)
	world.receive(world.chatwoot.agent_writes(conversation, "Once"))
	world.outlast()
	assert world.gateway.count("send_text") == 2
	assert len(world.gateway.delivered) == 1


def test_parts_that_went_out_are_not_sent_again(world: World) -> None:
	conversation = world.started()
	world.gateway.fail_next("send_file", Retriable("busy", fault=Fault.UNWELL))
	world.receive(world.chatwoot.agent_writes(conversation, "Listen", attachments=[(SOUND, b"mp3")]))
	world.outlast()
	assert [call.method for call in world.gateway.calls] == ["send_text", "send_file", "send_file"]


def test_a_failure_shows_on_that_very_message_and_retry_sends_again(world: World) -> None:
	conversation = world.started()
	world.gateway.fail_next("send_text", Permanent("This number is not on WhatsApp"))
	message = world.chatwoot.agent_writes(conversation, "Hello?")
	world.receive(message)
	world.work()
	shown = world.chatwoot.message(message.id)
	assert (shown.status, shown.error) == (Status.FAILED, "This number is not on WhatsApp")
	assert len(world.events(EventState.DEAD)) == 1
	world.clock.advance(30)
	retried = world.chatwoot.retry(message.id)
	world.receive(retried, key="first update")
	world.receive(retried, key="second update")
	world.work()
	assert [each.text for each in world.gateway.delivered] == ["Hello?"]
	assert world.gateway.count("send_text") == 2
	assert world.chatwoot.message(message.id).status is Status.SENT


def test_a_retry_that_fails_again_is_tried_once_for_both_updates(world: World) -> None:
	conversation = world.started()
	world.gateway.fail_next("send_text", Permanent("not on WhatsApp"), times=2)
	message = world.chatwoot.agent_writes(conversation, "Hello?")
	world.receive(message)
	world.work()
	world.clock.advance(30)
	retried = world.chatwoot.retry(message.id)
	world.receive(retried, key="first update")
	world.receive(retried, key="second update")
	world.work()
	assert world.gateway.count("send_text") == 2
	assert world.chatwoot.message(message.id).status is Status.FAILED


def test_an_update_of_a_message_that_did_not_fail_sends_nothing(world: World) -> None:
	conversation = world.started()
	message = world.chatwoot.agent_writes(conversation, "Once")
	world.receive(message)
	world.work()
	world.receive(world.chatwoot.retry(message.id))
	world.work()
	assert world.gateway.count() == 1


def test_retry_of_a_message_that_never_reached_us_sends_it(world: World) -> None:
	conversation = world.started()
	message = world.chatwoot.agent_writes(conversation, "Lost webhook")
	world.receive(world.chatwoot.retry(message.id))
	world.work()
	assert [each.text for each in world.gateway.delivered] == ["Lost webhook"]


def test_a_message_that_must_wait_long_says_so_and_is_cleared_when_it_went_out(world: World) -> None:
	conversation = world.started()
	down = Retriable("WhatsApp is not connected on the gateway")
	world.gateway.fail_next("send_text", down, times=30)
	message = world.chatwoot.agent_writes(conversation, "Patience")
	world.receive(message)
	for _ in range(60):
		world.work(2.0)
	shown = world.chatwoot.message(message.id)
	assert shown.status is Status.FAILED
	assert shown.error.startswith("Not sent yet, still trying: ")
	world.outlast()
	assert world.chatwoot.message(message.id).status is Status.SENT
	assert len(world.gateway.delivered) == 1


def test_giving_up_shows_the_cause(world: World) -> None:
	conversation = world.started()
	world.gateway.fail_next("send_text", Retriable("an error of the gateway", fault=Fault.UNWELL), times=99)
	message = world.chatwoot.agent_writes(conversation, "Never")
	world.receive(message)
	world.outlast(200)
	assert world.chatwoot.message(message.id).error == "an error of the gateway"
	assert len(world.events(EventState.DEAD)) == 1


def test_an_attachment_that_is_gone_fails_the_message_with_its_cause(world: World) -> None:
	conversation = world.started()
	world.chatwoot.fail_next("fetch_attachment", NotFound("The attachment is gone from Chatwoot"))
	message = world.chatwoot.agent_writes(conversation, "", attachments=[(PICTURE, b"jpeg")])
	world.receive(message)
	world.work()
	assert world.chatwoot.message(message.id).error == "The attachment is gone from Chatwoot"


def test_a_conversation_an_agent_began_leads_to_the_contacts_phone(world: World) -> None:
	contact = world.chatwoot.have_contact("Ana", phone="+447700900123")
	begun = world.chatwoot.have_conversation(contact.id, "c7f0a5c2-0000-4000-8000-000000001200")
	world.receive(world.chatwoot.agent_writes(begun.id, "Hello Ana"))
	world.work()
	assert [(each.to, each.text) for each in world.gateway.delivered] == [(ANA, "Hello Ana")]
	world.receive(world.customer("Oh, hello", id="3A05"))
	world.work()
	assert world.chatwoot.texts(begun.id) == ["Hello Ana", "Oh, hello"]


def test_without_a_phone_number_the_message_fails_in_words(world: World) -> None:
	contact = world.chatwoot.have_contact("Nobody")
	begun = world.chatwoot.have_conversation(contact.id, "c7f0a5c2-0000-4000-8000-000000001200")
	message = world.chatwoot.agent_writes(begun.id, "Hello?")
	world.receive(message)
	world.work()
	assert world.chatwoot.message(message.id).error == (
		"this contact has no phone number, so there is nowhere to send to"
	)


def test_receipts_become_statuses_that_only_move_forward(world: World) -> None:
	conversation = world.started()
	message = world.chatwoot.agent_writes(conversation, "Read me")
	world.receive(message)
	world.work()
	[sent] = world.gateway.delivered

	def receipt(status: Status) -> None:
		world.receive(Receipt(ANA, (sent.message_id,), status, ANA, world.clock.now()))
		world.work()

	receipt(Status.READ)
	assert world.chatwoot.message(message.id).status is Status.READ
	receipt(Status.DELIVERED)
	receipt(Status.READ)
	assert world.chatwoot.message(message.id).status is Status.READ
	assert world.chatwoot.count("set_status") == 1


def test_a_message_of_parts_is_as_far_as_its_last_part(world: World) -> None:
	conversation = world.started()
	message = world.chatwoot.agent_writes(conversation, "", attachments=[(PICTURE, b"j"), (SECOND, b"p")])
	world.receive(message)
	world.work()
	first, second = world.gateway.delivered
	world.receive(Receipt(ANA, (first.message_id,), Status.READ, ANA, world.clock.now()))
	world.work()
	assert world.chatwoot.message(message.id).status is Status.SENT
	world.receive(Receipt(ANA, (second.message_id,), Status.DELIVERED, ANA, world.clock.now()))
	world.work()
	assert world.chatwoot.message(message.id).status is Status.DELIVERED


def test_a_receipt_that_overtakes_the_sends_answer_is_kept(world: World) -> None:
	conversation = world.started()
	message = world.chatwoot.agent_writes(conversation, "Quick")
	world.gateway.fail_next("send_text", Uncertain("no answer in time"), after_doing=True)
	world.receive(message)
	world.work()
	[sent] = world.gateway.delivered
	world.receive(Receipt(ANA, (sent.message_id,), Status.DELIVERED, ANA, world.clock.now()))
	world.outlast()
	[row] = world.store.find_messages("front-desk", ANA, [sent.message_id])
	assert row.status is Status.DELIVERED
	assert world.chatwoot.message(message.id).status is Status.DELIVERED


def test_a_receipt_for_a_message_from_elsewhere_is_ignored(world: World) -> None:
	world.started()
	world.receive(Receipt(ANA, ("3EB0ELSEWHERE",), Status.READ, ANA, world.clock.now()))
	world.work()
	assert world.events(EventState.IGNORED)[0].last_error == (
		"a receipt for messages that did not pass through here"
	)


def test_an_answer_marks_the_question_read_when_that_is_wished(world: World) -> None:
	world.change_session(mark_read_on_reply=True)
	world.receive(world.customer("Hi", id="3A01", chat=ANA_LID, sender=ANA_LID))
	world.work()
	conversation = next(iter(world.chatwoot.conversations))
	for text in ("One", "Two"):
		world.receive(world.chatwoot.agent_writes(conversation, text))
	world.work()
	assert [(mark.chat, mark.message_ids, mark.sender) for mark in world.gateway.reads] == [
		(ANA_LID, ("3A01",), ANA_LID)
	]
