"""The proof by a message to oneself: every step in turn, each with its sentence, and nobody else gets anything."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import pytest
from bridge_world import ANA, OWNER, World

from wuzapi_chatwoot.bridge.addresses import Address
from wuzapi_chatwoot.bridge.errors import BridgeError, Permanent, Retriable, Uncertain
from wuzapi_chatwoot.bridge.events import Receipt, SessionChanged, SessionState, Status, WhatsAppMessage
from wuzapi_chatwoot.bridge.findings import Verdict
from wuzapi_chatwoot.bridge.gateway_setup_port import WebhookSettings
from wuzapi_chatwoot.bridge.ports import Bridge
from wuzapi_chatwoot.bridge.proof import ANSWERED, BACK, SENT, STEPS, TOLD, WRITTEN, Proof, Seen
from wuzapi_chatwoot.bridge.records import ConversationPolicy, EventState, Secret, Signature
from wuzapi_chatwoot.bridge.usecases.fetch_missed import fetch_missed
from wuzapi_chatwoot.bridge.usecases.look_at_proof import look_at_proof
from wuzapi_chatwoot.bridge.usecases.prove_path import begin_proof
from wuzapi_chatwoot.testkit.fake_chatwoot_records import FakeMessage, message_value
from wuzapi_chatwoot.testkit.fake_gateway_setup import FakeGatewayAdmin

OWN_LID = Address("111100001111000", "lid")
OTHER_PHONE = Address("447700900999", "s.whatsapp.net")
TOKEN = Secret("token")
PLEASE = "Answer it on the phone, in the chat with yourself."


@dataclass
class Path:
	"""A session that is connected and paired, and one proof of its path."""

	world: World
	gateway: FakeGatewayAdmin = field(default_factory=FakeGatewayAdmin)

	def __post_init__(self) -> None:
		account = self.account = self.gateway.have_user(
			"front-desk", TOKEN, WebhookSettings("x", frozenset())
		)
		account.connect()
		account.pair(OWNER)
		account.used_address = OWNER
		setup = self.gateway.setup(TOKEN)
		self.bridge: Bridge = replace(self.world.bridge, gateway_setup=lambda session: setup)
		change = SessionChanged(SessionState.CONNECTED, address=OWNER, lid=OWN_LID)
		self.world.store.note_session_change("front-desk", change, self.world.clock.now())

	def begins(self) -> Proof:
		self.proof = begin_proof(self.bridge, self.world.session)
		return self.proof

	def sees(self, refusal: str | None = None) -> Seen:
		return look_at_proof(self.bridge, self.world.session, self.proof, refusal)

	def shown(self, step: str, refusal: str | None = None) -> tuple[Verdict, str]:
		found = next(each for each in self.sees(refusal).steps if each.step == step)
		return found.verdict, found.sentence

	def verdicts(self) -> str:
		"""The first letter of each: o(k), b(roken), w(aiting), s(kipped)."""
		return "".join(each.verdict.value[0] for each in self.sees().steps)

	@property
	def message(self) -> FakeMessage:
		"""The last one in Chatwoot."""
		return self.world.chatwoot.messages[-1]

	def chatwoot_tells(self) -> None:
		message, chatwoot = self.message, self.world.chatwoot
		value = message_value(message, chatwoot.conversations[message.conversation_id], 3, 7)
		self.world.receive(value, key=f"message_created/{message.id}")

	def goes_out(self) -> None:
		self.chatwoot_tells()
		self.world.work()

	def phone_answers(self, text: str = "It works", id: str = "3AOWN", **fields: object) -> None:
		said = self.world.customer(text, id, **{"chat": OWNER, "sender": OWNER, "from_me": True, **fields})
		self.world.receive(said)


@pytest.fixture
def path(world: World) -> Path:
	return Path(world)


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


# ---- each step broken in turn


@pytest.mark.parametrize(
	("error", "sentence", "fix"),
	[
		(
			Retriable("Chatwoot cannot be reached"),
			"Chatwoot did not take the message: Chatwoot cannot be reached.",
			"Mend",
		),
		(Permanent("refused"), "Chatwoot did not take the message: refused.", "Mend"),
		(
			Uncertain("Chatwoot did not answer in time"),
			"It is not known whether Chatwoot took the message: Chatwoot did not answer in time.",
			"Nothing is written twice by itself.",
		),
	],
)
def test_chatwoot_does_not_take_it(
	path: Path, world: World, error: BridgeError, sentence: str, fix: str
) -> None:
	world.chatwoot.fail_next("post_message", error, times=9)
	world.chatwoot.fail_next("create_conversation", error, times=9)
	path.begins()
	first, *others = path.sees().steps
	assert (first.step, first.verdict, first.sentence) == (WRITTEN, Verdict.BROKEN, sentence)
	assert first.fix.startswith(fix)
	assert {each.verdict for each in others} == {Verdict.SKIPPED}
	assert path.sees().over
	assert path.sees().sentence == "It breaks at: bridge → Chatwoot."
	world.outlast()
	assert world.chatwoot.count("create_conversation") == 1


def test_no_webhook_comes(path: Path, world: World) -> None:
	path.begins()
	world.clock.advance(16)
	assert path.verdicts() == "obsss"
	told = path.sees().steps[1]
	assert told.sentence == "No webhook of Chatwoot has come for it within 15 seconds."
	for cause in ("reach our address", "SAFE_FETCH_ALLOW_PRIVATE_NETWORK", "Sidekiq"):
		assert cause in told.fix
	assert path.sees().settled
	assert not path.sees().works


@pytest.mark.parametrize(
	("error", "fix"),
	[
		("Hostname 'bridge.local' has no public ip addresses", "Set SAFE_FETCH_ALLOW_PRIVATE_NETWORK=true"),
		("Net::ReadTimeout with #<TCPSocket:(closed)>", "Look whether Chatwoot can reach our address"),
	],
)
def test_chatwoot_says_why_its_webhook_failed(path: Path, world: World, error: str, fix: str) -> None:
	path.begins()
	path.message.status, path.message.error = Status.FAILED, error
	world.clock.advance(16)
	told = path.sees().steps[1]
	assert error in told.sentence
	assert told.fix.startswith(fix)
	world.chatwoot.fail_next("messages_after", Retriable("Chatwoot cannot be reached"))
	assert "within 15 seconds" in path.shown(TOLD)[1]


def test_a_webhook_that_is_not_believed(path: Path, world: World) -> None:
	path.begins()
	world.clock.advance(16)
	assert path.shown(TOLD, "wrong signature") == (
		Verdict.BROKEN,
		"A webhook came, but was not believed: wrong signature.",
	)


def test_what_was_only_fetched_proves_no_webhook(path: Path, world: World) -> None:
	world.store.reconcile_marks("front-desk", world.clock.now())
	path.begins()
	world.clock.advance(20)
	assert fetch_missed(path.bridge, world.session) == 1
	world.work()
	assert path.verdicts() == "oboww"
	sentence = path.shown(TOLD)[1]
	assert sentence.startswith("It was found by looking for what no webhook has told.")
	assert len(world.gateway.texts_to(OWNER)) == 1


def test_the_gateway_does_not_take_it(path: Path, world: World) -> None:
	world.gateway.fail_next("send_text", Retriable("WhatsApp is not connected on the gateway"), times=99)
	path.begins()
	path.goes_out()
	verdict, sentence = path.shown(SENT)
	assert verdict is Verdict.WAITING
	assert sentence == "Still being tried: WhatsApp is not connected on the gateway."
	world.clock.advance(61)
	assert path.shown(SENT) == (
		Verdict.BROKEN,
		"It could not be sent so far: WhatsApp is not connected on the gateway.",
	)
	assert path.verdicts() == "oobss"


def test_the_gateway_refuses_it(path: Path, world: World) -> None:
	world.gateway.fail_next("send_text", Permanent("WhatsApp does not know this number"))
	path.begins()
	path.goes_out()
	assert path.shown(SENT) == (Verdict.BROKEN, "It was not sent: WhatsApp does not know this number.")


def test_nobody_works(path: Path, world: World) -> None:
	path.begins()
	path.chatwoot_tells()
	world.clock.advance(61)
	assert path.shown(SENT) == (Verdict.BROKEN, "Nobody has taken it up.")


def test_nothing_comes_back(path: Path, world: World) -> None:
	path.begins()
	path.goes_out()
	world.clock.advance(301)
	assert path.shown(BACK) == (Verdict.WARNING, "Neither a receipt nor an answer has come.")
	assert path.shown(BACK, "not signed") == (
		Verdict.BROKEN,
		"A webhook came, but was not believed: not signed.",
	)
	assert path.sees().over
	# It is never too late.
	path.phone_answers()
	world.work()
	assert path.verdicts() == "ooooo"


def test_the_answer_does_not_get_into_chatwoot(path: Path, world: World) -> None:
	path.begins()
	path.goes_out()
	world.chatwoot.fail_next("post_message", Retriable("Chatwoot cannot be reached"))
	path.phone_answers()
	world.work()
	assert path.shown(ANSWERED) == (
		Verdict.WAITING,
		"Your answer is still being tried: Chatwoot cannot be reached.",
	)
	world.chatwoot.fail_next("post_message", Permanent("Chatwoot refused the data"))
	world.outlast()
	assert path.shown(BACK)[0] is Verdict.OK
	assert path.shown(ANSWERED) == (
		Verdict.BROKEN,
		"Your answer did not get into Chatwoot: Chatwoot refused the data.",
	)


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


def test_after_another_number_was_paired_the_former_one_gets_nothing(path: Path, world: World) -> None:
	path.account.used_address = OTHER_PHONE
	path.begins()
	path.goes_out()
	assert {sent.to for sent in world.gateway.delivered} == {OTHER_PHONE}


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
