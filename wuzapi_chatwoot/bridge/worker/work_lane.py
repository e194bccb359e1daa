"""Work one lane: its events strictly in order, each to one of three ends: done, later, dead."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from wuzapi_chatwoot.bridge.context import Bridge
from wuzapi_chatwoot.bridge.guards.callers import Caller, calls_for
from wuzapi_chatwoot.bridge.model.errors import (
	Blame,
	BridgeError,
	Deferred,
	Fault,
	Ignored,
	Permanent,
	Retriable,
	StoreUnavailable,
	TokenRefused,
	Uncertain,
)
from wuzapi_chatwoot.bridge.model.fair_scheduling import Claim, Turn
from wuzapi_chatwoot.bridge.model.lanes import session_of
from wuzapi_chatwoot.bridge.model.records import Attempt, EventRow, EventState, Source
from wuzapi_chatwoot.bridge.worker.dispatch_event import dispatch_event, give_up

# A try that does not count is repeated after this share of the event's age, and between these, in seconds: a short
# outage is over at once, a long one is not asked about all the time. What got no answer has kept a worker waiting.
_SHARE_OF_AGE = 0.25
_SHORTEST_UNCOUNTED_PAUSE = 1.0
_LONGEST_UNCOUNTED_PAUSE = {
	Fault.UNREACHABLE: 15.0,
	Fault.UNANSWERED: 60.0,
	Fault.UNWELL: 15.0,
	Fault.REQUEST: 15.0,
}
# So long what cannot be told apart from an outage is taken for one; after that its tries count like any others. Not the end
# by itself: after a long outage every message is as old, and the first hiccup must not end it.
_TAKEN_FOR_AN_OUTAGE = timedelta(days=3)
# The same fault of ours at the same place, so many times in a row, is in the event and stays there.
_TRIES_AT_A_FAULT = 4
# So long a fault of ours may hit everybody (an update of the site): until then it counts only if others come through.
_TAKEN_FOR_EVERYBODYS = timedelta(minutes=10)


class _OurFault(Retriable):
	"""As the operator sees it: file and line only, for values of variables may be message text."""

	def __init__(self, fault: Exception) -> None:
		trace = fault.__traceback__
		while trace is not None and trace.tb_next is not None:
			trace = trace.tb_next
		where = f"{trace.tb_frame.f_code.co_filename.rpartition('/')[2]}:{trace.tb_lineno}" if trace else ""
		super().__init__(f"a fault in the bridge ({type(fault).__name__})", detail=where, fault=Fault.REQUEST)
		# Of the machine: no disk space, no memory, no database. Another time it may go well.
		self.may_pass = isinstance(fault, (OSError, MemoryError))


@dataclass(frozen=True, slots=True)
class _End:
	"""How a try ended. `write` puts it into the store."""

	outcome: str
	error: str | None
	write: Callable[[], None]

	@property
	def lane_goes_on(self) -> bool:
		return self.outcome in ("done", "ignored", "dead")


def work_lane(bridge: Bridge, lane: str, owner: str, may_go_on: Callable[[], bool] = lambda: True) -> int:
	"""Claim the lane and work what is due; how many events came to an end. 0 if another worker has it.

	`may_go_on` is asked between two events: false gives the lane back.

	Raises `StoreUnavailable`; the lease then stays with `owner`, who may claim again at once.
	"""
	settle = _settle(bridge, lane)
	with bridge.store.atomic():
		claim = bridge.store.claim_lane(lane, owner, bridge.clock.now(), _lease_end(bridge))
		if claim is None:
			return 0
		event = _next(bridge, lane, owner, settle)
	ended = 0
	while event is not None:
		started = bridge.clock.now()
		try:
			end = _try(bridge, event)
		finally:
			bridge.breakers.release(lane)
		more = end.lane_goes_on and ended + 1 < claim.most and may_go_on()
		turn = _turn(bridge, claim, ended, end)
		try:
			following = _finish(bridge, lane, owner, settle, end, turn, more)
		except StoreUnavailable:
			raise
		except Exception as fault:  # noqa: BLE001 - what could not be written is a fault of ours: recorded, tried later
			end = _later(bridge, event, fault if isinstance(fault, Retriable) else _OurFault(fault))
			following = _finish(
				bridge, lane, owner, settle, end, _turn(bridge, claim, ended, end), more=False
			)
		if end.outcome == "done":
			bridge.fault_scope.worked(event)
		seconds = (bridge.clock.now() - started).total_seconds()
		bridge.observer.attempt(event, end.outcome, seconds, end.error)
		ended += end.lane_goes_on
		event = following
	return ended


def _turn(bridge: Bridge, claim: Claim, ended: int, end: _End) -> Turn:
	"""The lane's turn, if it is over with this end."""
	goes_on = end.lane_goes_on
	return claim.ended(bridge.clock.now(), ended + goes_on, held_back=not goes_on)


def _settle(bridge: Bridge, lane: str) -> timedelta:
	session = bridge.sessions().get(session_of(lane))
	return timedelta(seconds=session.settle_seconds if session is not None else 0.0)


def _lease_end(bridge: Bridge) -> datetime:
	return bridge.clock.now() + timedelta(seconds=bridge.lease_seconds)


def _finish(
	bridge: Bridge, lane: str, owner: str, settle: timedelta, end: _End, turn: Turn, more: bool
) -> EventRow | None:
	"""Write the end of one event and begin the next, or give the lane back: one step, so nothing falls between."""
	with bridge.store.atomic():
		end.write()
		if more and bridge.store.renew_lane(lane, owner, _lease_end(bridge)):
			return _next(bridge, lane, owner, settle, turn)
		bridge.store.release_lane(lane, owner, settle, turn)
		return None


def _next(
	bridge: Bridge, lane: str, owner: str, settle: timedelta, turn: Turn | None = None
) -> EventRow | None:
	events = bridge.store.begin_events(lane, 1, bridge.clock.now(), settle)
	if not events:
		bridge.store.release_lane(lane, owner, settle, turn)
		return None
	return events[0]


def _try(bridge: Bridge, event: EventRow) -> _End:
	try:
		with calls_for(Caller(event.lane, event.id, own=event.source is Source.BRIDGE)):
			effects = dispatch_event(bridge, event)
	except StoreUnavailable:
		raise
	except Ignored as reason:
		return _over(bridge, event, EventState.IGNORED, reason)
	except (Retriable, Uncertain) as failure:
		return _later(bridge, event, failure)
	except Permanent as failure:
		return _dead(bridge, event, failure)
	except Exception as fault:  # noqa: BLE001 - the one place where a fault of ours is recorded, and work goes on
		return _later(bridge, event, _OurFault(fault))

	def write() -> None:
		effects()
		bridge.store.finish_event(event.id, EventState.DONE, bridge.clock.now())

	return _End("done", None, write)


def _over(bridge: Bridge, event: EventRow, state: EventState, error: BridgeError) -> _End:
	now = bridge.clock.now()
	attempt = Attempt(now, state.value, str(error))
	return _End(state.value, str(error), lambda: bridge.store.finish_event(event.id, state, now, attempt))


def _dead(bridge: Bridge, event: EventRow, error: BridgeError) -> _End:
	# What was written in Chatwoot or the desk and can never be sent, says so already where it was written.
	if not isinstance(error, Permanent) or event.source not in (Source.CHATWOOT, Source.DESK):
		_tell(bridge, event, error)
	return _over(bridge, event, EventState.DEAD, error)


def _later(bridge: Bridge, event: EventRow, error: Retriable | Uncertain) -> _End:
	now = bridge.clock.now()
	age = now - event.received_at
	counted = _counts(error, old=age > _TAKEN_FOR_AN_OUTAGE)
	if isinstance(error, _OurFault):
		counted = bridge.fault_scope.lies_in(event) or age > _TAKEN_FOR_EVERYBODYS
	if isinstance(error, Deferred):
		until: datetime | None = error.until
	else:
		pause = _pause(bridge, event, error, counted)
		until = now + timedelta(seconds=pause) if pause is not None else None
	if until is None:
		return _dead(bridge, event, error)
	outcome = "deferred" if isinstance(error, Deferred) else "retry"
	attempt = Attempt(now, outcome, str(error))
	next_try_at = until
	return _End(
		outcome,
		str(error),
		lambda: bridge.store.postpone_event(event.id, next_try_at, attempt, counted=counted),
	)


def _counts(error: Retriable | Uncertain, *, old: bool) -> bool:
	"""Does it speak against the event? Where that cannot be seen, what others get from the destination decides."""
	if error.fault is Fault.UNREACHABLE:
		# It says that nobody is answered, and others are. What people can mend and what asks for a pause is no such thing.
		mends = isinstance(error, TokenRefused) or (isinstance(error, Retriable) and error.rate_limited)
		return old and error.blame is Blame.EVENT and not mends
	if error.fault is Fault.UNANSWERED:
		return error.blame is Blame.EVENT or (old and error.blame is Blame.UNKNOWN)
	if error.fault is Fault.UNWELL:
		return error.blame is not Blame.DESTINATION
	return error.fault is Fault.REQUEST


def _pause(bridge: Bridge, event: EventRow, error: Retriable | Uncertain, counted: bool) -> float | None:
	"""Seconds until the next try; `None`: never."""
	if counted:
		pause = None if _is_hopeless(event, error) else bridge.retries.pause_after(event.attempts + 1)
	else:
		pause = _uncounted_pause(bridge, event, error)
	asked = error.retry_after if isinstance(error, Retriable) else None
	return pause if pause is None or asked is None else max(pause, asked)


def _is_hopeless(event: EventRow, error: Retriable | Uncertain) -> bool:
	tries = error.tries if isinstance(error, Retriable) else None
	if isinstance(error, _OurFault) and not error.may_pass and event.last_error == str(error):
		tries = _TRIES_AT_A_FAULT
	return tries is not None and event.attempts + 1 >= tries


def _uncounted_pause(bridge: Bridge, event: EventRow, error: Retriable | Uncertain) -> float:
	"""A destination being down says nothing about the event: it waits as long as that takes."""
	age = bridge.clock.now() - event.received_at
	alone = error.fault is not Fault.UNREACHABLE and error.blame is not Blame.DESTINATION
	pause = max(age.total_seconds() * _SHARE_OF_AGE, _SHORTEST_UNCOUNTED_PAUSE)
	pause = min(pause, _LONGEST_UNCOUNTED_PAUSE[error.fault])
	if alone and event.attempts:
		# It has failed while others were answered: that it could not be compared this time makes it no better.
		pause = max(pause, bridge.retries.pause_after(event.attempts) or 0.0)
	return pause


def _tell(bridge: Bridge, event: EventRow, error: BridgeError) -> None:
	try:
		give_up(bridge, event, error)
	except Exception as fault:  # noqa: BLE001 - the dead event is kept and shown whether or not this works
		bridge.observer.notice(
			"nobody could be told of a dead event", event=event.id, error=type(fault).__name__
		)
