"""Take in one webhook: find the session, prove the sender, store the event, answer. No outward call, no work."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from ..addresses import Address, canonical
from ..content import Edit, Pin, PollVote, Reaction, Revoke
from ..errors import StoreUnavailable
from ..events import (
	AgentTyping,
	Call,
	ChatwootDeletion,
	ChatwootMessage,
	ConversationChanged,
	Event,
	GatewayNotice,
	GroupChanged,
	HistoryArrived,
	Nothing,
	PictureChanged,
	Receipt,
	SessionChanged,
	Typing,
	UnknownEvent,
	WhatsAppMessage,
)
from ..lanes import chat_lane, session_lane
from ..ports import Bridge, Connector, Malformed, Reading, WebhookRequest
from ..probe import is_probe, word_on
from ..records import Direction, NewEvent, Secret, Session, Source

_EPOCH = datetime.fromtimestamp(0, timezone.utc)


@dataclass(frozen=True, slots=True)
class Answer:
	"""What the sender gets. `reason` is one sentence; it says nothing a stranger could use."""

	status: int
	reason: str
	trace_id: str | None = None
	session: str | None = None


def receive_webhook(bridge: Bridge, source: Source, request: WebhookRequest) -> Answer:
	"""Never raises for what the sender did; 500 means: not stored, please repeat."""
	answer = _receive(bridge, source, request)
	if is_probe(request):
		return answer
	bridge.observer.webhook(source, answer.session, answer.status, answer.reason, answer.trace_id)
	return answer


def _receive(bridge: Bridge, source: Source, request: WebhookRequest) -> Answer:
	session = _find_session(bridge, request)
	if session is None:
		return Answer(404, "unknown session")
	connector = bridge.connectors[source]
	refusal = _refuse(connector, session, request, bridge.clock.now())
	if refusal is not None and not _proved_meanwhile(bridge, source, session, request):
		return Answer(401, refusal, session=session.name)
	if is_probe(request):
		return Answer(400, word_on(request), session=session.name)
	try:
		reading = connector.read(request)
	except Malformed as error:
		return Answer(400, str(error), session=session.name)
	if source is Source.GATEWAY and not _right_instance(session, reading):
		return Answer(401, "the payload is another gateway user's", session=session.name)
	aside = _of_another_inbox(session, reading.event) or _nothing_to_store(session, reading.event)
	if aside is not None:
		return Answer(200, aside, session=session.name)
	if isinstance(reading.event, Typing | AgentTyping):
		bridge.in_passing(session.name, source, reading.payload)
		return Answer(200, "shown in passing", session=session.name)
	try:
		return _store(bridge, source, session, reading)
	except StoreUnavailable as error:
		return Answer(500, f"not stored: {error.reason}", session=session.name)


def _find_session(bridge: Bridge, request: WebhookRequest) -> Session | None:
	sessions = bridge.sessions()
	name = request.session or request.query.get("session")
	if name:
		return sessions.get(name)
	return next(iter(sessions.values())) if len(sessions) == 1 else None


def _refuse(connector: Connector, session: Session, request: WebhookRequest, now: datetime) -> str | None:
	"""Why this request is not believed; `None` if it is.

	A signature, when there is one, must be right. Without one the token in the URL must be.
	"""
	gateway = connector.source is Source.GATEWAY
	secrets = session.gateway_secrets if gateway else session.chatwoot_secrets
	if not secrets and not session.webhook_tokens:
		return "no signing secret and no webhook token is set, so nothing can be believed"
	if secrets and connector.signed(request):
		return None if connector.verify(request, secrets, now) else "wrong signature"
	if session.webhook_tokens:
		return None if _token_matches(session.webhook_tokens, request.query.get("token")) else "wrong token"
	return "not signed"


def _proved_meanwhile(bridge: Bridge, source: Source, session: Session, request: WebhookRequest) -> bool:
	"""While Chatwoot's secret is being replaced it signs with one that we have still to hear of, and repeats nothing.

	The token in the address does then, which would do for a request without any signature.
	"""
	if source is not Source.CHATWOOT or not session.webhook_tokens:
		return False
	return _token_matches(session.webhook_tokens, request.query.get("token")) and bridge.secret_changes(
		session.name
	)


def _token_matches(tokens: Sequence[Secret], given: str | None) -> bool:
	# Every token is compared, so that the time taken does not tell which one was nearly right.
	matches = [hmac.compare_digest(token.value.encode(), (given or "").encode()) for token in tokens]
	return any(matches)


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


def _store(bridge: Bridge, source: Source, session: Session, reading: Reading) -> Answer:
	now = bridge.clock.now()
	trace_id = bridge.ids.new()
	# "Connected" reads the same every time: only its arrival tells two of them apart, and a repeat does no harm.
	own = f"{reading.key}/{trace_id}" if isinstance(reading.event, SessionChanged) else reading.key
	whose = session.chatwoot_key if source is Source.CHATWOOT else session.name
	key = event_key(whose, source, own)
	lane = _lane_of(bridge, session, reading.event)
	file = None
	if reading.media is not None:
		# Under the event's own key: a repeated delivery writes the same file again and leaves no second one.
		bridge.files.save(key, reading.media)
		file = key
	event = NewEvent(
		key=key,
		session=session.name,
		source=source,
		kind=reading.kind,
		lane=lane,
		payload=reading.payload,
		occurred_at=_occurred_at(reading.event, now),
		order=_order_of(reading.event),
		trace_id=trace_id,
		file=file,
	)
	due_at = now + timedelta(seconds=session.settle_seconds)
	if not bridge.store.add_event(event, due_at=due_at, received_at=now):
		return Answer(200, "known already", session=session.name)
	bridge.wake(lane)
	return Answer(200, "stored", trace_id=trace_id, session=session.name)


def event_key(session: str, source: Source, key: str) -> str:
	"""The digest under which an event is stored: case-sensitive in every database, 64 characters."""
	return hashlib.sha256(f"{session}\n{source.value}\n{key}".encode()).hexdigest()


def _lane_of(bridge: Bridge, session: Session, event: Event) -> str:
	match event:
		case WhatsAppMessage(chat=chat, chat_alt=alt) | Receipt(chat=chat, chat_alt=alt):
			return lane_from(bridge, session, chat, alt)
		case Call(caller=caller, caller_alt=alt):
			return lane_from(bridge, session, caller, alt)
		case (
			ChatwootMessage(conversation=conversation)
			| ChatwootDeletion(conversation=conversation)
			| ConversationChanged(conversation=conversation)
		):
			return chat_lane(session.name, Direction.OUT, str(conversation.id))
		case GroupChanged(group=group):
			return chat_lane(session.name, Direction.IN, group)
		case PictureChanged(about=about):
			return chat_lane(session.name, Direction.IN, f"picture {about}")
		case _:
			return session_lane(session.name)


def lane_from(bridge: Bridge, session: Session, chat: Address, alt: Address | None) -> str:
	"""The lane of what comes from a chat on WhatsApp."""
	return chat_lane(session.name, Direction.IN, _lane_address(bridge, session, chat, alt))


def _lane_address(bridge: Bridge, session: Session, chat: Address, alt: Address | None) -> Address:
	"""The same for every event of a chat, though WhatsApp names the chat by phone today and by LID tomorrow."""
	address = canonical(chat, alt) or chat
	if address.phone is None and not address.is_group:
		contact = bridge.store.find_contact(session.name, [address])
		if contact is not None:
			return canonical(*contact.addresses) or address
	return address


def _occurred_at(event: Event, now: datetime) -> datetime:
	match event:
		case (
			WhatsAppMessage(sent_at=at)
			| Receipt(at=at)
			| Call(at=at)
			| GroupChanged(at=at)
			| PictureChanged(at=at)
			| ChatwootDeletion(at=at)
			| ConversationChanged(at=at)
		):
			pass
		case ChatwootMessage(created_at=created_at, retried=False):
			# As a fetched message has it: with parts of a second here only, a fetched one would go ahead of older
			# ones of its second. Within the second the ids tell the order.
			at = created_at.replace(microsecond=0)
		case _:
			return now
	# A missing time stamp reads as 1970; and nothing can have happened after it reached us.
	return now if at <= _EPOCH else min(at, now + timedelta(minutes=5))


def _order_of(event: Event) -> int:
	match event:
		case ChatwootMessage(id=id):
			return id
		case ChatwootDeletion(id=id):
			# After the message itself, whose time stamp it may bear.
			return id + 1
		case WhatsAppMessage(content=Reaction() | Edit() | Revoke() | Pin() | PollVote()) | Call(ended=True):
			# After what it is about, which may be of the same second.
			return 1
		case Receipt():
			# WhatsApp's times have whole seconds: a message goes before its receipt of the same second.
			return 1
		case _:
			return 0
