"""See how far a proof that was begun has come, step by step. Stateless: by what is stored here, and by what Chatwoot shows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from wuzapi_chatwoot.bridge.contacts.resolve_contact import known_conversations
from wuzapi_chatwoot.bridge.context import Bridge
from wuzapi_chatwoot.bridge.diagnosis.findings import Finding, Verdict
from wuzapi_chatwoot.bridge.model.errors import BridgeError
from wuzapi_chatwoot.bridge.model.events import ChatwootConversation, Status, WhatsAppMessage
from wuzapi_chatwoot.bridge.model.records import EventRow, EventState, MessageRow, Session, Source
from wuzapi_chatwoot.bridge.self_test.steps import (
	ANSWERED,
	BACK,
	SENT,
	STEPS,
	TOLD,
	WRITTEN,
	Seen,
	SelfTest,
	Written,
)
from wuzapi_chatwoot.bridge.to_whatsapp.relay_to_whatsapp import FETCHED, FETCHED_FAILED

# Chatwoot posts a webhook within a second or two, if it does at all.
_WEBHOOK_COMES_WITHIN = timedelta(seconds=15)
_SENT_WITHIN = timedelta(seconds=60)
_ANSWERED_WITHIN = timedelta(minutes=5)
_MOST_ARRIVALS = 50

_PLEASE_ANSWER = "Answer it on the phone, in the chat with yourself."
_FIX_CALLBACK = (
	"Look whether Chatwoot can reach our address, the inbox's callback, through DNS, firewall and proxy; since 4.14 it "
	"posts to no private address unless SAFE_FETCH_ALLOW_PRIVATE_NETWORK=true is set for its web and its worker; and "
	"whether its worker, Sidekiq, runs."
)
_FIX_PRIVATE = (
	"Set SAFE_FETCH_ALLOW_PRIVATE_NETWORK=true for Chatwoot's web and worker, or use a public address."
)
_FIX_SIGNATURE = "Run the set-up again: it reads the secrets of both sides. A proxy must pass body and headers as they are."
_FIX_GATEWAY = (
	"If you have answered: look at the doctor's steps for the gateway's webhook and signing key, and at the gateway's "
	"log. If not: answer it, and look again."
)


def check_self_test(bridge: Bridge, session: Session, proof: SelfTest, refusal: str | None = None) -> Seen:
	"""`refusal`: why a webhook of this session was not believed since the proof was begun, if one was."""
	if proof.written is None:
		first = Finding(WRITTEN, Verdict.BROKEN, proof.trouble, proof.fix)
		return Seen((first, *(Finding(step, Verdict.SKIPPED) for step in STEPS[1:])))
	return Seen(tuple(_in_order(_steps(_Look(bridge, session, proof, proof.written, refusal)))))


class _Look:
	"""What is known of the message at this moment."""

	def __init__(
		self, bridge: Bridge, session: Session, proof: SelfTest, written: Written, refusal: str | None
	) -> None:
		self.bridge, self.session, self.written, self.refusal = bridge, session, written, refusal
		self.proof = proof
		self.age = bridge.clock.now() - proof.begun_at
		self.event = bridge.store.find_event(written.event_key)
		self.rows = bridge.store.find_messages_by_chatwoot_id(session.name, written.message_id)
		self.answer, self.answer_event = self._answer()

	def _answer(self) -> tuple[WhatsAppMessage | None, EventRow | None]:
		"""The first message that came in the number's chat with itself, ours apart."""
		ours = {row.whatsapp_id for row in self.rows}
		connector = self.bridge.connectors[Source.GATEWAY]
		lane, since = self.written.lane, self.proof.begun_at
		for row in self.bridge.store.events_of_lane(lane, since, _MOST_ARRIVALS):
			event = connector.parse(row.payload) if row.source is Source.GATEWAY else None
			if isinstance(event, WhatsAppMessage) and event.id not in ours:
				return event, row
		return None, None


def _in_order(steps: Iterator[Finding]) -> Iterator[Finding]:
	"""What is not proved cannot be told while something before it is broken or under way."""
	before = Verdict.OK
	for found in steps:
		shown = found
		if found.verdict is not Verdict.OK and before in (Verdict.BROKEN, Verdict.SKIPPED):
			shown = Finding(found.step, Verdict.SKIPPED)
		elif found.verdict is not Verdict.OK and before is Verdict.WAITING:
			shown = Finding(found.step, Verdict.WAITING)
		yield shown
		before = shown.verdict


def _steps(look: _Look) -> Iterator[Finding]:
	written = look.written
	yield Finding(
		WRITTEN,
		Verdict.OK,
		f"The message stands in Chatwoot, in conversation {written.conversation_id}.",
	)
	yield _told(look)
	yield _sent(look)
	yield _back(look)
	yield _answered(look)


# ---- Chatwoot → bridge


def _told(look: _Look) -> Finding:
	event = look.event
	if event is not None and event.kind not in (FETCHED, FETCHED_FAILED):
		return Finding(TOLD, Verdict.OK, "Chatwoot's webhook about it has come, and is believed.")
	if event is None and look.age < _WEBHOOK_COMES_WITHIN:
		return Finding(TOLD, Verdict.WAITING, "Waiting for Chatwoot's webhook.")
	sentence, fix = _why_not_told(look)
	if event is not None:
		sentence = f"It was found by looking for what no webhook has told. {sentence}"
	return Finding(TOLD, Verdict.BROKEN, sentence, fix)


def _why_not_told(look: _Look) -> tuple[str, str]:
	if look.refusal is not None:
		return f"A webhook came, but was not believed: {look.refusal}.", _FIX_SIGNATURE
	said = _said_in_chatwoot(look)
	if "public ip" in said.lower():
		return f"Chatwoot refuses to post to us: {said}.", _FIX_PRIVATE
	if said:
		return f"Chatwoot could not post to us: {said}.", _FIX_CALLBACK
	seconds = int(_WEBHOOK_COMES_WITHIN.total_seconds())
	return f"No webhook of Chatwoot has come for it within {seconds} seconds.", _FIX_CALLBACK


def _said_in_chatwoot(look: _Look) -> str:
	"""The error that Chatwoot leaves on a message whose webhook failed. Empty if there is none, or if it cannot be asked."""
	written = look.written
	conversation = ChatwootConversation(id=written.conversation_id)
	try:
		seen = look.bridge.chatwoot(look.session).messages_after(
			conversation, written.message_id - 1, look.proof.begun_at
		)
	except BridgeError:
		return ""
	return next((each.error for each in seen if each.id == written.message_id and each.failed), "")


# ---- bridge → WhatsApp


def _sent(look: _Look) -> Finding:
	rows, event = look.rows, look.event
	if rows and all(row.status.rank >= Status.SENT.rank for row in rows):
		return Finding(
			SENT, Verdict.OK, "WhatsApp has taken it: it is on the phone, in the chat with yourself."
		)
	failure = _failure(rows, event)
	if failure is not None:
		return Finding(SENT, Verdict.BROKEN, f"It was not sent: {failure}.", "Mend that, then test again.")
	error = event.last_error if event is not None else None
	if look.age < _SENT_WITHIN:
		return Finding(SENT, Verdict.WAITING, f"Still being tried: {error}." if error else "Being sent.")
	if error:
		return Finding(
			SENT,
			Verdict.BROKEN,
			f"It could not be sent so far: {error}.",
			"It is tried again by itself. Look at the gateway, and at the doctor's steps for it.",
		)
	return Finding(
		SENT, Verdict.BROKEN, "Nobody has taken it up.", "Look at the doctor's step for the workers."
	)


def _failure(rows: list[MessageRow], event: EventRow | None) -> str | None:
	failed = next((row for row in rows if row.status is Status.FAILED), None)
	if failed is not None:
		return failed.error or "the cause is not known"
	if event is not None and event.state in (EventState.DEAD, EventState.IGNORED):
		return event.last_error or "the cause is not known"
	return None


# ---- and back


def _back(look: _Look) -> Finding:
	if look.answer is not None:
		return Finding(BACK, Verdict.OK, "Your answer has come.")
	if look.rows and all(row.status.rank >= Status.DELIVERED.rank for row in look.rows):
		return Finding(BACK, Verdict.OK, "WhatsApp has told us that it was delivered.")
	if look.refusal is not None:
		sentence = f"A webhook came, but was not believed: {look.refusal}."
		return Finding(BACK, Verdict.BROKEN, sentence, _FIX_SIGNATURE)
	if look.age < _ANSWERED_WITHIN:
		return Finding(BACK, Verdict.WAITING, _PLEASE_ANSWER)
	return Finding(BACK, Verdict.WARNING, "Neither a receipt nor an answer has come.", _FIX_GATEWAY)


def _answered(look: _Look) -> Finding:
	answer, event = look.answer, look.answer_event
	if answer is None or event is None:
		if look.age < _ANSWERED_WITHIN:
			return Finding(ANSWERED, Verdict.WAITING, _PLEASE_ANSWER)
		return Finding(
			ANSWERED,
			Verdict.WARNING,
			"Nobody has answered, so the way into Chatwoot is not proved.",
			"Answer the message on the phone, in the chat with yourself, and look again.",
		)
	rows = [
		row
		for chat in known_conversations(look.bridge, look.session, answer.chat, answer.chat_alt)
		for row in look.bridge.store.find_messages(look.session.name, chat.chat, [answer.id])
	]
	place = next((row.chatwoot_conversation_id for row in rows if row.chatwoot_message_id is not None), None)
	if place is None:
		return _on_its_way(event)
	if place != look.written.conversation_id:
		return Finding(
			ANSWERED,
			Verdict.OK,
			f"Your answer stands in Chatwoot, in another conversation ({place}): the first one was resolved or left.",
		)
	return Finding(ANSWERED, Verdict.OK, "Your answer stands in Chatwoot, in the same conversation.")


def _on_its_way(event: EventRow) -> Finding:
	found = Finding(ANSWERED, Verdict.WAITING, "Your answer is being put into Chatwoot.")
	if event.state is EventState.WAITING:
		error = event.last_error
		return replace(found, sentence=f"Your answer is still being tried: {error}.") if error else found
	if event.state is EventState.DONE:
		return found
	return Finding(
		ANSWERED,
		Verdict.BROKEN,
		f"Your answer did not get into Chatwoot: {event.last_error or 'the cause is not known'}.",
		"Mend that, then test again.",
	)
