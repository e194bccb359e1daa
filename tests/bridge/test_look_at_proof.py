"""The proof by a message to oneself: each step broken in turn, each with its sentence."""

from __future__ import annotations

import pytest
from bridge.proof_world import Path
from bridge_world import OWNER, World

from wuzapi_chatwoot.bridge.diagnosis.findings import Verdict
from wuzapi_chatwoot.bridge.model.errors import BridgeError, Permanent, Retriable, Uncertain
from wuzapi_chatwoot.bridge.model.events import Status
from wuzapi_chatwoot.bridge.self_test.steps import ANSWERED, BACK, SENT, TOLD, WRITTEN
from wuzapi_chatwoot.bridge.worker.fetch_missed import fetch_missed


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
	assert path.sees().sentence == "Problem: bridge → Chatwoot."
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
