"""The doctor: each thing that may be broken, alone, is named with its fix, and nothing is changed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from bridge.patient_session import WISH, Patient
from bridge_world import OWNER, World

from wuzapi_chatwoot.bridge.diagnosis.findings import Finding, Reached, Verdict
from wuzapi_chatwoot.bridge.model.addresses import Address
from wuzapi_chatwoot.bridge.model.content import Media, MediaKind
from wuzapi_chatwoot.bridge.model.errors import Permanent, Retriable
from wuzapi_chatwoot.bridge.model.events import SessionChanged, SessionState
from wuzapi_chatwoot.bridge.model.records import Secret, Source
from wuzapi_chatwoot.bridge.ports.chatwoot_setup import ChatwootUser
from wuzapi_chatwoot.testkit.twins.clock import START, FixedClock


@pytest.fixture
def patient(world: World) -> Patient:
	return Patient(world)


def test_in_full_health_every_step_is_right_and_nothing_was_changed(patient: Patient) -> None:
	found = patient.examine()
	assert {finding.verdict for finding in found} == {Verdict.OK}
	assert [finding.step for finding in found] == [
		"workers",
		"our address",
		"encryption",
		"gateway",
		"WhatsApp",
		"gateway webhook",
		"gateway media",
		"gateway signing key",
		"Chatwoot",
		"Chatwoot clock",
		"Chatwoot inbox",
		"Chatwoot callback",
		"Chatwoot signing secret",
		"reply window",
		"webhooks of the gateway",
		"webhooks of Chatwoot",
	]
	assert {call.method for call in patient.setup.calls} == {"status", "stored_webhook", "is_outdated"}


def test_files_that_came_are_believed_whatever_the_gateway_has_stored(patient: Patient) -> None:
	patient.account.delivers_media = False
	patient.world.receive(patient.world.customer(content=replace(PICTURE, ticket=None)), media=b"picture")
	patient.world.work()
	[found] = [each for each in patient.examine() if each.step == "gateway media"]
	assert (found.verdict, found.sentence) == (Verdict.OK, "Files come with the webhooks.")


def _drop(patient: Patient) -> None:
	patient.account.drop()


def _unpair(patient: Patient) -> None:
	patient.account.logged_in = False


def _elsewhere(patient: Patient) -> None:
	patient.account.used = replace(WISH, url="https://other.example/hook?token=secret")


def _deaf(patient: Patient) -> None:
	patient.account.used = replace(WISH, events=frozenset({"Message"}))


def _forgetful(patient: Patient) -> None:
	patient.account.stored = replace(WISH, events=frozenset())


def _no_media(patient: Patient) -> None:
	patient.account.delivers_media = False


def _old_release(patient: Patient) -> None:
	patient.account.forgets_events = True


def _former_number(patient: Patient) -> None:
	told = SessionChanged(SessionState.CONNECTED, address=OWNER)
	patient.world.store.note_session_change("front-desk", told, patient.world.clock.now())
	patient.account.used_address = Address.of_phone("+447700900999")


PICTURE = Media(MediaKind.IMAGE, "image/jpeg", ticket="t")


def _files_stay_away(patient: Patient) -> None:
	"""Whatever the gateway has stored."""
	patient.world.gateway.downloads["t"] = b"picture"
	patient.world.receive(patient.world.customer(content=PICTURE))
	patient.world.work()


def _no_key(patient: Patient) -> None:
	patient.account.stored_key = Secret("")


def _no_proof(patient: Patient) -> None:
	patient.world.change_session(gateway_secrets=(), webhook_tokens=())


def _token_only(patient: Patient) -> None:
	patient.world.change_session(gateway_secrets=(), webhook_tokens=(Secret("t"),))


def _agent(patient: Patient) -> None:
	patient.chatwoot.owner = ChatwootUser(9, "Ana", administrator=False)
	patient.chatwoot.member_of.add(patient.inbox.id)
	patient.world.change_session(webhook_tokens=(Secret("t"),))


def _clock(patient: Patient) -> None:
	patient.chatwoot.time = FixedClock()
	patient.world.clock.advance(600)


def _gone(patient: Patient) -> None:
	patient.chatwoot.account.clear()


def _other_callback(patient: Patient) -> None:
	patient.change_inbox(callback="https://other.example/chatwoot?token=secret")


def _other_secret(patient: Patient) -> None:
	patient.chatwoot.new_secret(patient.inbox.id)


def _window(patient: Patient) -> None:
	patient.change_inbox(reply_window_hours=24)


def _unreachable(patient: Patient) -> None:
	patient.change_facts(reached=Reached("connection refused"))


def _proxy(patient: Patient) -> None:
	patient.change_facts(reached=Reached(changed=((Source.GATEWAY, "its signature was dropped"),)))


def _private(patient: Patient) -> None:
	patient.change_facts(callback_is_private=True)


def _silence(patient: Patient) -> None:
	patient.change_facts(last_from_gateway=None)


def _refusal(patient: Patient) -> None:
	patient.change_facts(last_refusal="wrong signature")


def _workers(patient: Patient) -> None:
	patient.change_facts(findings=(Finding("workers", Verdict.BROKEN, "No worker runs."),))


@pytest.mark.parametrize(
	("hurt", "step", "verdict", "sentence"),
	[
		(_workers, "workers", Verdict.BROKEN, "No worker runs."),
		(
			_unreachable,
			"our address",
			Verdict.BROKEN,
			"The address that gateway and Chatwoot post to cannot be reached: connection refused.",
		),
		(
			_private,
			"our address",
			Verdict.WARNING,
			"The address is on a private network, which Chatwoot 4.14 and newer refuses to post to.",
		),
		(
			_proxy,
			"reverse proxy",
			Verdict.BROKEN,
			"What was signed as the gateway signs did not come here as it was sent: its signature was dropped.",
		),
		(_drop, "WhatsApp", Verdict.BROKEN, "The session is not connected."),
		(_unpair, "WhatsApp", Verdict.BROKEN, "The number is not paired."),
		(
			_elsewhere,
			"gateway webhook",
			Verdict.BROKEN,
			"The gateway posts to https://other.example/hook, not to us.",
		),
		(_deaf, "gateway webhook", Verdict.BROKEN, "The gateway does not tell of ReadReceipt."),
		(
			_forgetful,
			"gateway webhook",
			Verdict.WARNING,
			"A restart of the gateway would bring back other settings.",
		),
		(
			_no_media,
			"gateway media",
			Verdict.WARNING,
			"Files do not come with the webhooks; each is fetched by a call of its own.",
		),
		(
			_files_stay_away,
			"gateway media",
			Verdict.WARNING,
			"Files do not come with the webhooks; each is fetched by a call of its own.",
		),
		(
			_old_release,
			"gateway release",
			Verdict.WARNING,
			"This WuzAPI is older than June 2026: it forgets the list of events at every connect.",
		),
		(
			_former_number,
			"WhatsApp",
			Verdict.WARNING,
			"The gateway says that its number is +44 7700 900999, but the phone that was paired is +1 202-555-0100.",
		),
		(_no_key, "gateway signing key", Verdict.BROKEN, "The gateway has no key."),
		(
			_no_proof,
			"gateway signing key",
			Verdict.BROKEN,
			"Neither a key nor a token is set: every webhook is refused.",
		),
		(
			_token_only,
			"gateway signing key",
			Verdict.WARNING,
			"Webhooks are proved by the token in the address only.",
		),
		(_agent, "Chatwoot", Verdict.WARNING, "It answers; the token is Ana's, an agent."),
		(
			_clock,
			"Chatwoot clock",
			Verdict.BROKEN,
			"Its clock and ours differ by 600 seconds, so its signatures look too old.",
		),
		(
			_other_callback,
			"Chatwoot callback",
			Verdict.BROKEN,
			"The inbox posts to https://other.example/chatwoot, not to us.",
		),
		(
			_other_secret,
			"Chatwoot signing secret",
			Verdict.BROKEN,
			"Chatwoot signs with another secret than ours.",
		),
		(_window, "reply window", Verdict.WARNING, "Agents cannot answer any more after 24 hours."),
		(_silence, "webhooks of the gateway", Verdict.WARNING, "None has come yet."),
		(_refusal, "refused webhooks", Verdict.WARNING, "A webhook was refused: wrong signature."),
	],
	ids=lambda value: value.__name__.strip("_") if callable(value) and not isinstance(value, type) else "",
)
def test_what_is_broken_is_named_alone(
	patient: Patient, hurt: Callable[[Patient], None], step: str, verdict: Verdict, sentence: str
) -> None:
	hurt(patient)
	wrong = [finding for finding in patient.examine() if finding.verdict is not Verdict.OK]
	assert [(finding.step, finding.verdict, finding.sentence) for finding in wrong] == [
		(step, verdict, sentence)
	]
	assert wrong[0].fix or hurt is _workers
	assert "token=" not in wrong[0].sentence


def test_behind_a_gateway_that_does_not_answer_nothing_can_be_told(patient: Patient) -> None:
	patient.setup.fail_next("status", Retriable("The gateway does not answer"))
	found = {finding.step: finding for finding in patient.examine()}
	assert (found["gateway"].verdict, found["gateway"].sentence) == (
		Verdict.BROKEN,
		"The gateway does not answer",
	)
	for step in ("WhatsApp", "gateway webhook", "gateway media", "gateway signing key"):
		assert found[step].verdict is Verdict.SKIPPED
	assert found["Chatwoot"].verdict is Verdict.OK


def test_nor_behind_a_chatwoot_that_refuses_the_token(patient: Patient) -> None:
	patient.chatwoot.fail_next("user", Permanent("the access token is not accepted"))
	found = patient.examine()
	skipped = [finding.step for finding in found if finding.verdict is Verdict.SKIPPED]
	assert skipped == [
		"Chatwoot clock",
		"Chatwoot inbox",
		"Chatwoot callback",
		"Chatwoot signing secret",
		"reply window",
	]


def test_an_inbox_that_is_gone_or_of_another_kind(patient: Patient) -> None:
	patient.change_inbox(is_api=False)
	assert "WhatsApp is no API inbox." in [finding.sentence for finding in patient.examine()]
	_gone(patient)
	found = {finding.step: finding for finding in patient.examine()}
	assert found["Chatwoot inbox"].sentence == f"There is no inbox {patient.inbox.id} any more."
	assert found["reply window"].verdict is Verdict.SKIPPED


def test_who_is_banned_is_not_told_to_connect(patient: Patient) -> None:
	_drop(patient)
	change = SessionChanged(SessionState.BANNED, "too many people", banned_for_seconds=3600)
	patient.world.bridge.store.note_session_change("front-desk", change, START)
	[finding] = [each for each in patient.examine() if each.step == "WhatsApp"]
	assert finding.verdict is Verdict.BROKEN
	assert finding.sentence == "WhatsApp has banned the number until 2026-03-02 10:00 UTC (too many people)."
	assert finding.fix.startswith("Do not connect again and again.")
