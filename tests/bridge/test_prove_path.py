"""The proof by a message to oneself: every step in turn, each with its sentence, and nobody else gets anything."""

from __future__ import annotations

from dataclasses import replace

import pytest
from bridge.proof_world import OTHER_PHONE, OWN_LID, PLEASE, TOKEN, Path
from bridge_world import ANA, OWNER, World

from wuzapi_chatwoot.bridge.diagnosis.findings import Verdict
from wuzapi_chatwoot.bridge.model.errors import Permanent, Retriable
from wuzapi_chatwoot.bridge.model.events import Receipt, Status, WhatsAppMessage
from wuzapi_chatwoot.bridge.model.records import ConversationPolicy, EventState, Signature
from wuzapi_chatwoot.bridge.self_test.steps import ANSWERED, BACK, SENT, STEPS, TOLD, WRITTEN
from wuzapi_chatwoot.bridge.worker.fetch_missed import fetch_missed


def test_every_step_in_turn(path: Path, world: World) -> None:
	path.begins()
	assert [each.step for each in path.sees().steps] == list(STEPS)
	assert path.verdicts() == "owwww"
	assert (
		path.shown(WRITTEN)[1]
		== f"The message stands in Chatwoot, in conversation {path.message.conversation_id}."
	)
	assert path.shown(TOLD)[1] == "Waiting for Chatwoot's webhook."
	assert path.sees().sentence == "The message is on its way."
	path.chatwoot_tells()
	assert path.verdicts() == "oowww"
	assert path.shown(SENT)[1] == "Being sent."
	assert not path.sees().settled
	world.work()
	assert path.verdicts() == "oooww"
	assert path.shown(BACK) == (Verdict.WAITING, PLEASE)
	seen = path.sees()
	assert (seen.settled, seen.works, seen.over, seen.whole) == (True, True, False, False)
	assert seen.sentence.endswith("Answer the message on the phone, in the chat with yourself.")
	path.phone_answers()
	assert path.verdicts() == "oooow"
	assert path.shown(ANSWERED)[1] == "Your answer is being put into Chatwoot."
	world.work()
	assert path.verdicts() == "ooooo"
	assert path.shown(ANSWERED)[1] == "Your answer stands in Chatwoot, in the same conversation."
	seen = path.sees()
	assert (seen.over, seen.whole, seen.sentence) == (True, True, "The whole path is proved, both ways.")


def test_it_is_an_agents_public_word_to_the_number_itself_and_to_nobody_else(
	path: Path, world: World
) -> None:
	world.started()
	path.begins()
	path.goes_out()
	message = path.message
	assert (message.source_id, message.incoming, message.private) == (None, False, False)
	contact = world.chatwoot.conversations[message.conversation_id].contact
	assert (contact.name, contact.phone, contact.identifier) == (
		"front-desk (+1 202-555-0100)",
		"+12025550100",
		str(OWNER),
	)
	assert {sent.to for sent in world.gateway.delivered} == {OWNER}
	[text] = world.gateway.texts_to(OWNER)
	assert text is not None
	assert text.startswith("A test of the bridge (front-desk, 09:00:0")
	assert "Please answer it on the phone" in text
	assert world.gateway.texts_to(ANA) == []


def test_the_second_test_goes_into_the_same_conversation(path: Path, world: World) -> None:
	path.begins()
	path.goes_out()
	path.phone_answers()
	world.work()
	calls = world.chatwoot.count()
	path.begins()
	assert world.chatwoot.count() == calls + 1
	assert len(world.chatwoot.conversations) == 1
	# What answered the first one proves nothing for the second.
	path.goes_out()
	assert path.verdicts() == "oooww"


def test_an_answer_under_the_lid_comes_into_the_same_conversation(path: Path, world: World) -> None:
	path.begins()
	path.goes_out()
	path.phone_answers(chat=OWN_LID, sender=OWN_LID)
	world.work()
	assert path.verdicts() == "ooooo"
	assert len(world.chatwoot.conversations) == 1


@pytest.mark.parametrize("status", [Status.DELIVERED, Status.READ])
def test_a_receipt_proves_the_way_back_as_well(path: Path, world: World, status: Status) -> None:
	path.begins()
	path.goes_out()
	[sent] = world.gateway.delivered
	world.receive(Receipt(OWNER, (sent.message_id,), status, OWNER, world.clock.now()))
	world.work()
	assert path.shown(BACK) == (Verdict.OK, "WhatsApp has told us that it was delivered.")
	assert path.shown(ANSWERED) == (Verdict.WAITING, PLEASE)
	world.clock.advance(301)
	assert path.shown(ANSWERED)[0] is Verdict.WARNING
	assert path.sees().over
	assert path.sees().sentence == "The way to WhatsApp is proved; the way back is not."


def test_nothing_that_came_before_counts(path: Path, world: World) -> None:
	path.phone_answers("An older note to myself", "3AOLD")
	world.work()
	path.begins()
	path.goes_out()
	assert path.shown(BACK) == (Verdict.WAITING, PLEASE)


# ---- what cannot be begun


def test_without_a_connection_a_pairing_or_a_number_there_is_no_test(path: Path, world: World) -> None:
	path.account.drop()
	with pytest.raises(Permanent, match="not connected to WhatsApp"):
		path.begins()
	path.account.connect()
	path.account.logged_in = False
	with pytest.raises(Permanent, match="not paired"):
		path.begins()
	assert world.chatwoot.count() == 0


def test_an_unknown_number_is_told(world: World) -> None:
	path = Path.__new__(Path)
	path.world = world
	path.bridge = world.bridge
	with pytest.raises(Permanent, match="not known yet"):
		path.begins()
	# Set up by hand, before anything was told of the pairing: the gateway itself knows it.
	world.gateway.own = OWNER
	path.begins()
	assert path.verdicts() == "owwww"


def test_a_number_that_the_settings_ignore_is_told(path: Path, world: World) -> None:
	world.change_session(ignored=("1202*",))
	with pytest.raises(Permanent, match=r"ignore its own number \(\+1 202-555-0100\)"):
		path.begins()
	assert world.chatwoot.count() == 0


def test_a_gateway_that_is_away_is_told(path: Path) -> None:
	setup = path.gateway.setup(TOKEN)
	setup.fail_next("status", Retriable("The gateway cannot be reached"))
	path.bridge = replace(path.bridge, gateway_setup=lambda session: setup)
	with pytest.raises(Retriable, match="cannot be reached"):
		path.begins()


def test_where_gateway_and_pairing_name_two_numbers_nobody_is_written_to(path: Path, world: World) -> None:
	"""The gateway may name the number of the pairing before; what the bridge knows may be just as old."""
	path.account.used_address = OTHER_PHONE
	with pytest.raises(Permanent, match=r"its number is \+44 7700 900999, but .* paired is \+1 202-555-0100"):
		path.begins()
	assert world.chatwoot.count() == 0


def test_a_gateway_that_names_no_number_leaves_what_the_pairing_told(path: Path, world: World) -> None:
	path.account.used_address = None
	path.begins()
	path.goes_out()
	assert {sent.to for sent in world.gateway.delivered} == {OWNER}


# ---- in whatever way a session is set


@pytest.mark.parametrize("policy", list(ConversationPolicy))
def test_with_every_policy_a_resolved_conversation_is_no_trouble(
	path: Path, world: World, policy: ConversationPolicy
) -> None:
	world.change_session(conversation_policy=policy, start_pending=True)
	path.begins()
	path.goes_out()
	[conversation] = world.chatwoot.conversations.values()
	assert conversation.status == "open"
	[row] = [world.store.find_conversation_by_chatwoot_id("front-desk", conversation.id)]
	conversation.status = "resolved"
	world.store.update_conversation(row.id, {"chatwoot_status": "resolved"})
	path.begins()
	path.goes_out()
	path.phone_answers()
	world.work()
	assert path.verdicts() == "ooooo"
	assert len(world.chatwoot.conversations) == (2 if policy is ConversationPolicy.NEW else 1)


def test_with_a_signature_and_read_marks(path: Path, world: World) -> None:
	world.change_session(signature=Signature.NAME, mark_read_on_reply=True, groups=False, only_groups=())
	path.begins()
	path.goes_out()
	assert path.verdicts() == "oooww"


def test_in_chatwoot_the_number_may_hang_on_a_contact_with_other_links(path: Path, world: World) -> None:
	"""Somebody merged it with a customer there: the message goes to the number all the same."""
	world.chatwoot.have_contact("Both", phone="+12025550100", source_ids=(str(ANA),))
	path.begins()
	path.goes_out()
	assert {sent.to for sent in world.gateway.delivered} == {OWNER}
	assert world.chatwoot.conversations[path.message.conversation_id].source_id == str(OWNER)


def test_what_was_posted_is_sent_once_though_it_is_also_fetched(path: Path, world: World) -> None:
	world.store.reconcile_marks("front-desk", world.clock.now())
	path.begins()
	path.goes_out()
	fetch_missed(path.bridge, world.session)
	world.work()
	assert len(world.gateway.texts_to(OWNER)) == 1
	assert path.verdicts() == "oooww"
	assert world.events(EventState.DEAD) == []


def test_a_message_is_no_answer_when_it_is_the_test_itself(path: Path, world: World) -> None:
	"""Should a gateway ever tell of its own sends."""
	path.begins()
	path.goes_out()
	[sent] = world.gateway.delivered
	echo: WhatsAppMessage = world.customer(
		"The test", sent.message_id, chat=OWNER, sender=OWNER, from_me=True
	)
	world.receive(echo)
	world.work()
	assert path.verdicts() == "oooww"
