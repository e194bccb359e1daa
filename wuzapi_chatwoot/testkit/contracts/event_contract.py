"""The contract of `EventStore`, as far as events go."""

# bench runs this with unittest alone
# ruff: noqa: PT009

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone

from wuzapi_chatwoot.bridge.model.records import (
	ATTEMPTS_KEPT,
	Attempt,
	DeadEvents,
	EventRow,
	EventState,
	LaneSize,
	NewEvent,
	Source,
)
from wuzapi_chatwoot.bridge.ports.store import Store
from wuzapi_chatwoot.testkit.contracts.contract_case import LANE, NO_WAIT, SETTLE, ContractCase, at
from wuzapi_chatwoot.testkit.twins.clock import START


class EventContract(ContractCase):
	# ---- adding

	def test_an_event_comes_back_as_it_was_told(self) -> None:
		event = self.new_event(
			"one",
			payload='{"text": "Olá 👋🏽 \\u0000 日本"}',
			occurred_at=datetime(2026, 3, 2, 8, 59, 59, 123456, tzinfo=timezone.utc),
			file="file-1",
		)
		received_at = datetime(2026, 3, 2, 9, 0, 0, 1, tzinfo=timezone.utc)
		self.assertTrue(self.add(event, received_at=received_at))
		row = self.row_of(event)
		assert row is not None
		expected = EventRow(
			id=row.id,
			key=event.key,
			session="main",
			source=Source.GATEWAY,
			kind="Message",
			lane=LANE,
			payload=event.payload,
			occurred_at=event.occurred_at,
			received_at=received_at,
			trace_id="trace-one",
			state=EventState.WAITING,
			file="file-1",
		)
		self.assertEqual(row, expected)
		self.assertEqual(self.store.get_event(row.id), expected)
		self.assertEqual(self.store.find_event(event.key), expected)
		self.assertEqual(row.occurred_at.utcoffset(), timedelta(0))

	def test_the_same_key_is_stored_once(self) -> None:
		event = self.new_event("one")
		self.assertTrue(self.add(event))
		self.assertFalse(self.add(replace(event, payload='{"other": 1}', lane="in|main|other")))
		self.assertEqual([row.payload for row in self.every_event()], ["{}"])
		self.assertEqual([lane.lane for lane in self.store.list_lanes(10)], [LANE])

	def test_an_event_is_found_by_its_key_in_every_state(self) -> None:
		event = self.added("one")
		self.store.finish_event(event.id, EventState.DONE, START)
		found = self.store.find_event(event.key)
		assert found is not None
		self.assertEqual((found.id, found.state), (event.id, EventState.DONE))
		self.assertIsNone(self.store.find_event("0" * 64))

	def test_dead_events_are_counted_by_session_and_the_last_says_why(self) -> None:
		self.assertEqual(self.store.dead_events(), {})
		first, second = self.added("one"), self.added("two")
		self.added("waits")
		other = replace(self.new_event("three", lane="in|other|x"), session="other")
		self.add(other)
		third = self.row_of(other)
		assert third is not None
		for row in (second, first, third):
			attempt = Attempt(at(1), "dead", f"because of {row.key[:4]}")
			self.store.finish_event(row.id, EventState.DEAD, at(1), attempt)
		main = DeadEvents(2, second.id, f"because of {second.key[:4]}")
		self.assertEqual(
			self.store.dead_events(),
			{"main": main, "other": DeadEvents(1, third.id, f"because of {third.key[:4]}")},
		)
		self.assertEqual(self.store.dead_events("main"), {"main": main})
		self.store.replay_event(first.id, at(2))
		self.store.replay_event(second.id, at(2))
		self.assertEqual(self.store.dead_events("main"), {})

	def test_the_events_of_one_lane_since_a_time(self) -> None:
		self.added("early", received_at=at(0))
		second = self.added("second", received_at=at(5))
		self.add(self.new_event("elsewhere", lane="in|main|other"), received_at=at(6))
		third = self.added("third", received_at=at(7))
		self.store.finish_event(second.id, EventState.DONE, at(8))
		found = self.store.events_of_lane(LANE, at(5), 10)
		self.assertEqual([row.id for row in found], [second.id, third.id])
		self.assertEqual([row.state for row in found], [EventState.DONE, EventState.WAITING])
		self.assertEqual([row.id for row in self.store.events_of_lane(LANE, at(5), 1)], [second.id])

	def test_the_size_of_one_lane_since_a_time(self) -> None:
		self.assertEqual(self.store.size_of_lane(LANE, at(5)), LaneSize(0, 0))
		self.added("early", received_at=at(0))
		second = self.added("second", received_at=at(5), payload="a")
		self.add(self.new_event("elsewhere", lane="in|main|other"), received_at=at(6))
		# Characters, not bytes.
		self.added("third", received_at=at(7), payload="žluťoučký 🐎")
		self.store.finish_event(second.id, EventState.DEAD, at(8))
		self.assertEqual(self.store.size_of_lane(LANE, at(5)), LaneSize(2, 12))

	def test_a_done_event_is_known_still(self) -> None:
		event = self.added("one")
		self.store.finish_event(event.id, EventState.DONE, START)
		self.assertFalse(self.add(self.new_event("one")))
		self.assertIsNone(self.store.oldest_waiting())

	def test_the_same_event_told_by_many_at_once_is_stored_once(self) -> None:
		event = self.new_event("one")

		def tell(store: Store) -> bool:
			return store.add_event(event, due_at=START, received_at=START)

		self.assertEqual(sorted(self.together([tell] * 4)), [False, False, False, True])
		self.assertEqual(len(self.every_event()), 1)

	def test_many_events_told_at_once_are_all_stored(self) -> None:
		def tell(number: int, store: Store) -> list[bool]:
			events = [self.new_event(f"{number}-{each}", lane=f"in|main|{each}") for each in range(10)]
			return [store.add_event(event, due_at=START, received_at=START) for event in events]

		works = [lambda store, number=number: tell(number, store) for number in range(4)]
		self.assertEqual(self.together(works), [[True] * 10] * 4)
		self.assertEqual(len(self.every_event()), 40)
		self.assertEqual(len(self.store.list_lanes(100)), 10)

	def test_a_large_payload_survives(self) -> None:
		payload = '{"text": "' + "ß€𝄞x" * 500_000 + '"}'
		event = self.new_event("large", payload=payload)
		self.add(event)
		row = self.row_of(event)
		assert row is not None
		self.assertEqual(len(row.payload), len(payload))
		self.assertTrue(row.payload == payload)

	# ---- order

	def test_a_lane_is_worked_by_time_then_order_then_arrival(self) -> None:
		told: list[NewEvent] = [
			self.new_event("d", occurred_at=at(2)),
			self.new_event("c", occurred_at=at(1), order=7),
			self.new_event("a", occurred_at=at(1), order=3),
			self.new_event("b", occurred_at=at(1), order=3),
			self.new_event("elsewhere", lane="in|main|other"),
		]
		for event in told:
			self.add(event)
		self.assertEqual([row.trace_id for row in self.begin()], ["trace-a", "trace-b", "trace-c", "trace-d"])
		self.assertEqual([row.trace_id for row in self.begin(limit=2)], ["trace-a", "trace-b"])

	def test_microseconds_count_in_the_order(self) -> None:
		self.add(self.new_event("second", occurred_at=START + timedelta(microseconds=2)))
		self.add(self.new_event("first", occurred_at=START + timedelta(microseconds=1)))
		self.assertEqual([row.trace_id for row in self.begin()], ["trace-first", "trace-second"])

	# ---- beginning

	def test_beginning_counts(self) -> None:
		event = self.added("one")
		self.assertEqual([row.begun for row in self.begin()], [1])
		self.assertEqual([row.begun for row in self.begin()], [2])
		self.assertEqual(self.store.get_event(event.id), replace(event, begun=2))

	def test_only_those_within_the_limit_are_begun(self) -> None:
		self.added("one")
		second = self.added("two")
		self.assertEqual(len(self.begin(limit=1)), 1)
		self.assertEqual(self.store.get_event(second.id), second)

	def test_an_event_settles_before_it_is_begun(self) -> None:
		self.add(self.new_event("late", occurred_at=at(-1)), received_at=at(10))
		self.add(self.new_event("early", occurred_at=at(-2)), received_at=at(9.9))
		early = self.store.begin_events(LANE, 10, at(10.4), SETTLE)
		self.assertEqual([row.trace_id for row in early], ["trace-early"])
		both = self.store.begin_events(LANE, 10, at(10.5), SETTLE)
		self.assertEqual([row.trace_id for row in both], ["trace-early", "trace-late"])

	def test_one_that_must_wait_holds_up_those_behind_it(self) -> None:
		self.add(self.new_event("first", occurred_at=at(1)), received_at=at(10))
		self.add(self.new_event("second", occurred_at=at(2)), received_at=at(0))
		self.assertEqual(self.store.begin_events(LANE, 10, at(10), SETTLE), [])
		self.assertEqual([row.begun for row in self.every_event()], [0, 0])

	def test_a_postponed_event_holds_up_those_behind_it(self) -> None:
		first = self.added("first")
		self.added("second")
		self.store.postpone_event(first.id, at(60), Attempt(START, "retry", "No answer"), counted=True)
		self.assertEqual(self.begin(now=at(59.9)), [])
		self.assertEqual(len(self.begin(now=at(60))), 2)

	# ---- finishing and postponing

	def test_final_states_leave_the_lane(self) -> None:
		for state in (EventState.DONE, EventState.IGNORED, EventState.DEAD):
			event = self.added(state.value)
			self.store.finish_event(event.id, state, at(1))
			self.assertEqual(self.store.get_event(event.id), replace(event, state=state))
		self.assertEqual(self.begin(), [])

	def test_an_event_remembers_its_attempts(self) -> None:
		event = self.added("one")
		deferred = Attempt(at(1), "deferred", "The gateway is down")
		retry = Attempt(at(2), "retry", "Zu spät 🕰️")
		dead = Attempt(at(3), "dead", "Never")
		self.store.postpone_event(event.id, at(10), deferred, counted=False)
		self.store.postpone_event(event.id, at(20), retry, counted=True)
		postponed = replace(event, attempts=1, next_try_at=at(20), last_error="Zu spät 🕰️")
		self.assertEqual(self.store.get_event(event.id), postponed)
		self.store.finish_event(event.id, EventState.DEAD, at(3), dead)
		finished = replace(event, attempts=1, state=EventState.DEAD, last_error="Never")
		self.assertEqual(self.store.get_event(event.id), finished)
		self.assertEqual(self.store.attempts_of(event.id), [deferred, retry, dead])

	def test_of_very_many_attempts_the_latest_are_kept(self) -> None:
		event, other = self.added("one"), self.added("two")
		attempts = [Attempt(at(number), "deferred", "Down") for number in range(ATTEMPTS_KEPT + 3)]
		self.store.postpone_event(other.id, at(0), attempts[0], counted=False)
		for attempt in attempts:
			self.store.postpone_event(event.id, attempt.at, attempt, counted=False)
		self.assertEqual(self.store.attempts_of(event.id), attempts[3:])
		self.assertEqual(self.store.attempts_of(other.id), attempts[:1])

	def test_finishing_without_an_attempt_keeps_the_last_error(self) -> None:
		event = self.added("one")
		self.store.postpone_event(event.id, at(10), Attempt(START, "retry", "No answer"), counted=True)
		self.store.finish_event(event.id, EventState.DONE, at(11))
		row = self.store.get_event(event.id)
		self.assertEqual(row, replace(event, state=EventState.DONE, attempts=1, last_error="No answer"))

	def test_a_worker_that_lost_its_lease_does_not_change_the_outcome(self) -> None:
		event = self.added("one")
		self.store.finish_event(event.id, EventState.DONE, START)
		self.store.finish_event(event.id, EventState.DEAD, at(1), Attempt(at(1), "dead", "Too late"))
		self.store.postpone_event(event.id, at(60), Attempt(at(1), "retry", "Too late"), counted=True)
		self.assertEqual(self.store.get_event(event.id), replace(event, state=EventState.DONE))
		self.assertEqual(self.store.attempts_of(event.id), [])

	def test_an_unknown_event_is_none(self) -> None:
		self.assertIsNone(self.store.get_event(4711))
		self.assertEqual(self.store.attempts_of(4711), [])

	# ---- replaying

	def test_a_dead_event_can_be_replayed(self) -> None:
		event = self.added("one")
		self.begin()
		attempt = Attempt(at(1), "dead", "Never")
		self.store.postpone_event(event.id, at(1), attempt, counted=True)
		self.store.finish_event(event.id, EventState.DEAD, at(1), attempt)
		self.store.claim_lane(LANE, "worker", at(1), at(60))
		self.store.release_lane(LANE, "worker", NO_WAIT)
		self.assertEqual(self.store.list_lanes(10), [])

		expected = replace(event, begun=1, last_error="Never")
		self.assertEqual(self.store.replay_event(event.id, at(100)), expected)
		self.assertEqual(self.store.get_event(event.id), expected)
		self.assertEqual(self.store.due_lanes(at(100), 10), [LANE])
		self.assertEqual(self.store.attempts_of(event.id), [attempt, attempt])

	def test_an_ignored_event_can_be_replayed(self) -> None:
		event = self.added("one")
		self.store.finish_event(event.id, EventState.IGNORED, START, Attempt(START, "ignored", "A group"))
		self.assertEqual(self.store.replay_event(event.id, START), replace(event, last_error="A group"))

	def test_waiting_done_and_unknown_events_are_not_replayed(self) -> None:
		event = self.added("one")
		self.assertIsNone(self.store.replay_event(event.id, START))
		self.store.finish_event(event.id, EventState.DONE, START)
		self.assertIsNone(self.store.replay_event(event.id, START))
		self.assertIsNone(self.store.replay_event(4711, START))

	def test_replaying_makes_a_known_lane_due(self) -> None:
		dead = self.added("dead")
		self.store.finish_event(dead.id, EventState.DEAD, START)
		waiting = self.added("waiting")
		self.store.claim_lane(LANE, "worker", START, at(60))
		self.store.postpone_event(waiting.id, at(500), Attempt(START, "retry", "Later"), counted=True)
		self.store.release_lane(LANE, "worker", NO_WAIT)
		self.assertEqual(self.store.due_lanes(at(100), 10), [])
		self.store.replay_event(dead.id, at(100))
		self.assertEqual(self.store.due_lanes(at(100), 10), [LANE])
