"""The contract of `EventStore`, as far as looking at the inbox and emptying it go."""

# bench runs this with unittest alone
# ruff: noqa: PT009

from __future__ import annotations

from wuzapi_chatwoot.bridge.model.records import Attempt, Direction, EventState, LaneState, Source
from wuzapi_chatwoot.testkit.contracts.contract_case import LANE, NO_WAIT, ContractCase, at
from wuzapi_chatwoot.testkit.twins.clock import START


class InboxContract(ContractCase):
	def test_events_are_listed_by_state_newest_first_in_pages(self) -> None:
		events = [self.added(f"{number}") for number in range(5)]
		for event in events[:4]:
			self.store.finish_event(event.id, EventState.DEAD, START)
		first = self.store.list_events(EventState.DEAD, 3)
		self.assertEqual([row.trace_id for row in first], ["trace-3", "trace-2", "trace-1"])
		rest = self.store.list_events(EventState.DEAD, 3, before=first[-1].id)
		self.assertEqual([row.trace_id for row in rest], ["trace-0"])
		self.assertEqual(self.store.list_events(EventState.DEAD, 3, before=rest[-1].id), [])
		waiting = self.store.list_events(EventState.WAITING, 10)
		self.assertEqual([row.trace_id for row in waiting], ["trace-4"])
		self.assertEqual(self.store.list_events(EventState.DONE, 10), [])

	def test_waiting_and_dead_events_are_counted(self) -> None:
		empty = self.store.count_events()
		self.assertEqual((empty[EventState.WAITING], empty[EventState.DEAD]), (0, 0))
		events = [self.added(f"{number}") for number in range(4)]
		self.store.finish_event(events[0].id, EventState.DEAD, START)
		self.store.finish_event(events[1].id, EventState.DONE, START)
		counts = self.store.count_events()
		self.assertEqual((counts[EventState.WAITING], counts[EventState.DEAD]), (2, 1))

	def test_the_oldest_waiting_is_by_receipt(self) -> None:
		self.assertIsNone(self.store.oldest_waiting())
		oldest = self.added("oldest", received_at=at(1))
		self.added("newer", received_at=at(2))
		self.assertEqual(self.store.oldest_waiting(), at(1))
		self.store.finish_event(oldest.id, EventState.DONE, at(3))
		self.assertEqual(self.store.oldest_waiting(), at(2))

	def test_lanes_are_listed_with_what_waits_in_them(self) -> None:
		first = self.added("first")
		self.added("second")
		done = self.added("done")
		self.store.finish_event(done.id, EventState.DONE, START)
		other = "out|other|447700900002@s.whatsapp.net"
		self.add(self.new_event("other", lane=other, session="other", source=Source.CHATWOOT), due_at=at(-5))
		self.store.postpone_event(first.id, at(9), Attempt(START, "retry", "No answer"), counted=True)
		self.store.claim_lane(LANE, "worker", START, at(60))
		lanes = [
			LaneState(other, "other", Direction.OUT, at(-5), waiting=1, working=False),
			LaneState(LANE, "main", Direction.IN, START, waiting=2, working=True, last_error="No answer"),
		]
		self.assertEqual(self.store.list_lanes(10), lanes)
		self.assertEqual(self.store.list_lanes(1), lanes[:1])

	def test_done_and_ignored_events_are_trimmed_with_their_attempts(self) -> None:
		attempt = Attempt(START, "ignored", "A group")
		states = {
			"done": EventState.DONE,
			"ignored": EventState.IGNORED,
			"dead": EventState.DEAD,
		}
		ids = {}
		for name, state in states.items():
			event = self.added(name, received_at=at(1), file=f"file-{name}")
			self.store.finish_event(event.id, state, at(2), attempt)
			ids[name] = event.id
		waiting = self.added("waiting", received_at=at(1), file="file-waiting")
		young = self.added("young", received_at=at(5), file="file-young")
		self.store.finish_event(young.id, EventState.DONE, at(6))

		trimmed = self.store.trim_events(at(5), 100)
		self.assertEqual(trimmed.events, 2)
		self.assertEqual(sorted(trimmed.files), ["file-done", "file-ignored"])
		kept = {row.id for row in self.every_event()}
		self.assertEqual(kept, {ids["dead"], waiting.id, young.id})
		self.assertEqual(self.store.attempts_of(ids["ignored"]), [])
		self.assertEqual(self.store.attempts_of(ids["dead"]), [attempt])
		self.assertEqual(self.store.trim_events(at(5), 100).events, 0)

	def test_trimming_is_bounded_and_begins_with_the_oldest(self) -> None:
		for number in range(5):
			event = self.added(f"{number}", received_at=at(number))
			state = EventState.DONE if number % 2 else EventState.IGNORED
			self.store.finish_event(event.id, state, at(10))
		self.assertEqual(self.store.trim_events(at(100), 2).events, 2)
		left = sorted(row.trace_id for row in self.every_event())
		self.assertEqual(left, ["trace-2", "trace-3", "trace-4"])
		self.assertEqual(self.store.trim_events(at(100), 9).events, 3)

	def test_an_event_without_file_leaves_none_behind(self) -> None:
		event = self.added("one")
		self.store.finish_event(event.id, EventState.DONE, START)
		self.assertEqual(self.store.trim_events(at(1), 10).files, ())

	def test_a_trimmed_event_told_again_is_new(self) -> None:
		event = self.added("one")
		self.store.finish_event(event.id, EventState.DONE, START)
		self.store.claim_lane(LANE, "worker", START, at(60))
		self.store.release_lane(LANE, "worker", NO_WAIT)
		self.store.trim_events(at(1), 10)
		self.assertTrue(self.add(self.new_event("one")))

	def test_asking_whether_it_is_writable_leaves_no_trace(self) -> None:
		self.store.check_writable()
		self.assertEqual(self.every_event(), [])
		self.assertEqual(self.store.list_lanes(10), [])
