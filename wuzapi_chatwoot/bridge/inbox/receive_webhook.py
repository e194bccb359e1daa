"""Take in one webhook: find the session, prove the sender, store the event, answer. No outward call, no work."""

from __future__ import annotations

import hmac
from contextlib import suppress

from wuzapi_chatwoot.bridge.context import Bridge
from wuzapi_chatwoot.bridge.inbox.admit_webhook import (
	KEPT,
	REFUSED,
	UNSIGNED_NOW,
	Admission,
	Answer,
	Claim,
	admit_webhook,
	token_matches,
)
from wuzapi_chatwoot.bridge.inbox.hold_unverified import hold_unverified
from wuzapi_chatwoot.bridge.inbox.store_event import store_reading
from wuzapi_chatwoot.bridge.inbox.webhook_probe import is_probe, word_on
from wuzapi_chatwoot.bridge.model.errors import StoreUnavailable
from wuzapi_chatwoot.bridge.model.events import (
	AgentTyping,
	ChatwootDeletion,
	ChatwootMessage,
	ConversationChanged,
	Event,
	GatewayNotice,
	HistoryArrived,
	Nothing,
	Receipt,
	Typing,
	UnknownEvent,
)
from wuzapi_chatwoot.bridge.model.records import Session, Source
from wuzapi_chatwoot.bridge.ports.connector import Connector, Malformed, Reading, WebhookRequest

__all__ = ["Answer", "receive_webhook"]


def receive_webhook(bridge: Bridge, source: Source, request: WebhookRequest) -> Answer:
	"""Never raises for what the sender did; 500 means: not stored, please repeat."""
	answer = _receive(bridge, source, request)
	if is_probe(request):
		return answer
	bridge.observer.webhook(source, answer.session, answer.status, answer.reason, answer.trace_id)
	return answer


def _receive(bridge: Bridge, source: Source, request: WebhookRequest) -> Answer:
	admission = admit_webhook(bridge, source, request)
	if isinstance(admission, Answer):
		return admission
	session = admission.session
	if admission.largest is not None and len(request.body) > admission.largest:
		return Answer(413, f"the body is larger than {admission.largest} bytes", session=session.name)
	connector = bridge.connectors[source]
	signature = admission.claim is Claim.SIGNATURE
	if signature and not (
		_signed_rightly(bridge, connector, session, request) or _proved_meanwhile(bridge, source, admission)
	):
		return Answer(REFUSED, "wrong signature", session=session.name)
	if is_probe(request):
		return Answer(400, word_on(request), session=session.name)
	try:
		reading = connector.read(request)
	except Malformed as error:
		return Answer(400, str(error), session=session.name)
	if admission.claim is Claim.PAYLOAD and not token_matches([session.gateway_instance], reading.token):
		return Answer(REFUSED, "the payload does not bear the session's token", session=session.name)
	if source is Source.GATEWAY and not _right_instance(session, reading):
		return Answer(REFUSED, "the payload is another gateway user's", session=session.name)
	aside = _of_another_inbox(session, reading.event) or _nothing_to_store(session, reading.event)
	try:
		if admission.claim is Claim.UNSIGNED:
			if aside is None and not isinstance(reading.event, Typing):
				return _kept_unproved(bridge, session, reading)
			return Answer(REFUSED, UNSIGNED_NOW, session=session.name)
		if aside is not None:
			return Answer(200, aside, session=session.name)
		if isinstance(reading.event, Typing | AgentTyping):
			bridge.typing_relay(session.name, source, reading.payload)
			return Answer(200, "shown in passing", session=session.name)
		trace_id = store_reading(bridge, source, session, reading, bridge.clock.now())
	except StoreUnavailable as error:
		return Answer(500, f"not stored: {error.reason}", session=session.name)
	reason = "stored" if trace_id is not None else "known already"
	return Answer(200, reason, trace_id=trace_id, session=session.name)


def _signed_rightly(bridge: Bridge, connector: Connector, session: Session, request: WebhookRequest) -> bool:
	source, now = connector.source, bridge.clock.now()
	secrets = session.gateway_secrets if source is Source.GATEWAY else session.chatwoot_secrets
	if not connector.verify(request, secrets, now):
		return False
	if not is_probe(request):
		# Where the store is away, the event itself cannot be stored either, and its sender hears of that.
		with suppress(StoreUnavailable):
			bridge.signers.note(bridge.store, session.name, source, now)
	return True


def _proved_meanwhile(bridge: Bridge, source: Source, admission: Admission) -> bool:
	"""While Chatwoot's secret is being replaced it signs with one that we have still to hear of, and repeats nothing.

	The token in the address does then.
	"""
	return (
		source is Source.CHATWOOT and admission.token_right and bridge.secret_changes(admission.session.name)
	)


def _kept_unproved(bridge: Bridge, session: Session, reading: Reading) -> Answer:
	if not hold_unverified(bridge, session, reading):
		return Answer(REFUSED, UNSIGNED_NOW, session=session.name)
	if bridge.signers.first_unsigned(session.name, Source.GATEWAY, bridge.clock.now()):
		bridge.observer.notice(
			"a gateway that signs has posted without a signature: its key is given to it again, and what it told waits "
			"until it confirms that it had none",
			session=session.name,
		)
	return Answer(KEPT, f"{UNSIGNED_NOW}. It is kept until the gateway confirms it", session=session.name)


def _right_instance(session: Session, reading: Reading) -> bool:
	expected = session.gateway_instance.value.encode()
	if not expected:
		return True
	return any(hmac.compare_digest(expected, given.encode()) for given in reading.instance)


def _nothing_to_store(session: Session, event: Event) -> str | None:
	"""Why an event is acknowledged and put aside at once; `None` for those that must be worked."""
	match event:
		case Nothing(reason=reason):
			return f"ignored: {reason}"
		case UnknownEvent(kind=kind, is_message=False):
			return f"ignored: unknown event {kind[:60]!r}"
		case GatewayNotice(kind=kind):
			return f"ignored: {kind} has no consequence here"
		case Typing() if not session.typing:
			return "ignored: typing is not relayed"
		case AgentTyping() if not session.typing and not session.mark_read_on_view:
			return "ignored: typing is not relayed"
		case ConversationChanged(status_changed=False) if not session.mark_read_on_view:
			return "ignored: nothing about the conversation that is needed here"
		case HistoryArrived(messages=messages):
			return f"ignored: a batch of {messages} old messages (history import is not switched on)"
		case Receipt(from_me=True):
			return "ignored: read on our own device"
		case _:
			return None


def _of_another_inbox(session: Session, event: Event) -> str | None:
	"""An account-wide webhook brings every inbox's messages: e-mails must not go out on WhatsApp."""
	if not isinstance(event, ChatwootMessage | ChatwootDeletion | AgentTyping | ConversationChanged):
		return None
	inbox_id = event.conversation.inbox_id
	if inbox_id is not None and inbox_id != session.inbox_id:
		return "ignored: another inbox's conversation"
	if isinstance(event, ChatwootMessage | ChatwootDeletion) and event.account_id not in (
		None,
		session.account_id,
	):
		return "ignored: another account's conversation"
	return None
