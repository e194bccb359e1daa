"""The contract of `EventStore`, as far as lanes and leases go."""

# bench runs this with unittest alone
# ruff: noqa: PT009

from __future__ import annotations

from wuzapi_chatwoot.bridge.model.fair_scheduling import Claim, Turn
from wuzapi_chatwoot.bridge.model.records import Attempt, EventState, NewEvent
from wuzapi_chatwoot.bridge.ports.store import Store
from wuzapi_chatwoot.testkit.contracts.contract_case import LANE, NO_WAIT, SETTLE, ContractCase, at
from wuzapi_chatwoot.testkit.twins.clock import START


class LaneContract(ContractCase):
	def lane_with(self, name: str, due_at: float = 0) -> str:
		lane = f"in|main|{name}"
		self.add(self.new_event(name, lane=lane), due_at=at(due_at))
		return lane

	# ---- being due

	def test_an_empty_store_has_nothing_due(self) -> None:
		self.assertEqual(self.store.due_lanes(at(10_000), 10), [])
		self.assertIsNone(self.store.next_due())

	def test_lanes_become_due_and_the_longest_due_come_first(self) -> None:
		late, early, middle = self.lane_with("late", 3), self.lane_with("early", 1), self.lane_with("mid", 2)
		self.assertEqual(self.store.next_due(), at(1))
		self.assertEqual(self.store.due_lanes(at(0.999999), 10), [])
		self.assertEqual(self.store.due_lanes(at(1), 10), [early])
		self.assertEqual(self.store.due_lanes(at(9), 10), [early, middle, late])
		self.assertEqual(self.store.due_lanes(at(9), 2), [early, middle])

	def test_of_some_sessions_nothing_is_due(self) -> None:
		of_main, of_other = self.lane_with("chat", 1), "in|other|chat"
		self.add(self.new_event("elsewhere", session="other", lane=of_other), due_at=at(2))
		self.assertEqual(self.store.due_lanes(at(9), 10, {"third"}), [of_main, of_other])
		self.assertEqual(self.store.due_lanes(at(9), 10, {"main", "third"}), [of_other])
		self.assertEqual(self.store.due_lanes(at(9), 10, {"main", "other"}), [])

	def test_a_known_lane_keeps_its_time_when_more_comes(self) -> None:
		self.add(self.new_event("first"), due_at=at(5))
		self.add(self.new_event("second"), due_at=at(1))
		self.add(self.new_event("third"), due_at=at(9))
		self.assertEqual(self.store.next_due(), at(5))
		self.assertEqual(len(self.store.list_lanes(10)), 1)

	def test_a_leased_lane_is_due_when_its_lease_runs_out(self) -> None:
		lane = self.lane_with("one", 1)
		self.store.claim_lane(lane, "worker", at(2), at(30))
		self.assertEqual(self.store.due_lanes(at(29.9), 10), [])
		self.assertEqual(self.store.next_due(), at(30))
		self.assertEqual(self.store.due_lanes(at(30), 10), [lane])
		self.lane_with("two", 20)
		self.assertEqual(self.store.next_due(), at(20))

	def test_of_lanes_that_are_worked_nothing_is_due(self) -> None:
		free, leased, later = (
			self.lane_with("free", 1),
			self.lane_with("leased", 2),
			self.lane_with("later", 50),
		)
		self.store.claim_lane(leased, "worker", at(2), at(30))
		self.assertEqual(self.store.next_due([free]), at(30))
		self.assertEqual(self.store.next_due([free, leased]), at(50))
		self.assertIsNone(self.store.next_due([later, leased, free, "in|main|nobody"]))

	# ---- turns

	def had_a_turn(self, lane: str, served: int, ended_at: float) -> None:
		self.store.claim_lane(lane, "worker", at(ended_at), at(ended_at + 30))
		self.store.release_lane(lane, "worker", NO_WAIT, Turn(at(ended_at), served))

	def test_a_lane_goes_before_those_that_were_served_more(self) -> None:
		much, little, new = self.lane_with("much", 1), self.lane_with("little", 2), self.lane_with("new", 9)
		self.had_a_turn(much, 20, 3)
		self.had_a_turn(little, 1, 4)
		self.assertEqual(self.store.due_lanes(at(9), 10), [new, little, much])
		self.assertEqual(self.store.due_lanes(at(9), 1), [new])
		self.assertEqual(self.store.due_lanes(at(8), 10), [little, much])

	def test_equals_take_turns(self) -> None:
		one, two, three = (self.lane_with(name) for name in ("one", "two", "three"))
		for lane, ended_at in ((two, 1), (one, 2), (three, 3), (two, 4)):
			self.had_a_turn(lane, 5, ended_at)
		self.assertEqual(self.store.due_lanes(at(9), 10), [one, three, two])

	def test_by_its_last_turn_alone_who_waits_longest_is_first(self) -> None:
		early, late = self.lane_with("early", 1), self.lane_with("late", 2)
		self.had_a_turn(early, 20, 3)
		self.had_a_turn(late, 1, 4)
		new, of_other = self.lane_with("new", 5), "in|other|chat"
		self.add(self.new_event("elsewhere", session="other", lane=of_other), due_at=at(2.5))
		self.assertEqual(self.store.due_lanes(at(9), 10, by_last_turn=True), [of_other, early, late, new])
		self.assertEqual(self.store.due_lanes(at(9), 2, {"other"}, by_last_turn=True), [early, late])

	def test_a_claim_tells_what_the_lane_has_had(self) -> None:
		lane = self.lane_with("one")
		self.assertEqual(self.store.claim_lane(lane, "worker", START, at(30)), Claim(0))
		self.store.release_lane(lane, "worker", NO_WAIT, Turn(at(1), 7))
		self.assertEqual(self.store.claim_lane(lane, "worker", at(2), at(30)), Claim(7))
		self.store.release_lane(lane, "worker", NO_WAIT)
		self.assertEqual(self.store.claim_lane(lane, "worker", at(3), at(30)), Claim(7))

	def test_a_lane_that_was_forgotten_has_had_nothing(self) -> None:
		event = self.added("one")
		self.store.claim_lane(LANE, "worker", START, at(30))
		self.store.finish_event(event.id, EventState.DONE, at(1))
		self.store.release_lane(LANE, "worker", NO_WAIT, Turn(at(1), 9))
		self.add(self.new_event("two"), due_at=at(2))
		self.assertEqual(self.store.claim_lane(LANE, "worker", at(2), at(30)), Claim(0))

	# ---- claiming

	def test_a_lane_is_leased_to_one(self) -> None:
		lane = self.lane_with("one")
		self.assertTrue(self.store.claim_lane(lane, "first", START, at(30)))
		self.assertFalse(self.store.claim_lane(lane, "second", at(29.9), at(60)))

	def test_an_expired_lease_is_taken_over(self) -> None:
		lane = self.lane_with("one")
		self.store.claim_lane(lane, "first", START, at(30))
		self.assertTrue(self.store.claim_lane(lane, "second", at(30), at(60)))
		self.assertFalse(self.store.renew_lane(lane, "first", at(90)))
		self.assertFalse(self.store.claim_lane(lane, "first", at(31), at(90)))

	def test_the_owner_may_claim_again(self) -> None:
		lane = self.lane_with("one")
		self.store.claim_lane(lane, "worker", START, at(30))
		self.assertTrue(self.store.claim_lane(lane, "worker", at(10), at(40)))
		self.assertFalse(self.store.claim_lane(lane, "other", at(39), at(60)))

	def test_an_unknown_lane_cannot_be_claimed_renewed_or_released(self) -> None:
		self.assertFalse(self.store.claim_lane("in|main|nobody", "worker", START, at(30)))
		self.assertFalse(self.store.renew_lane("in|main|nobody", "worker", at(30)))
		self.store.release_lane("in|main|nobody", "worker", NO_WAIT)
		self.assertEqual(self.store.list_lanes(10), [])

	def test_of_many_who_claim_at_once_one_gets_the_lane(self) -> None:
		lanes = [self.lane_with(f"{number}") for number in range(8)]

		def claim_all(owner: str, store: Store) -> list[bool]:
			return [store.claim_lane(lane, owner, START, at(30)) is not None for lane in lanes]

		works = [lambda store, owner=owner: claim_all(owner, store) for owner in ("a", "b", "c")]
		for claims in zip(*self.together(works), strict=True):
			self.assertEqual(sorted(claims), [False, False, True])

	# ---- renewing

	def test_a_renewed_lease_lasts_longer(self) -> None:
		lane = self.lane_with("one")
		self.store.claim_lane(lane, "worker", START, at(30))
		self.assertTrue(self.store.renew_lane(lane, "worker", at(60)))
		self.assertFalse(self.store.claim_lane(lane, "other", at(59), at(90)))

	def test_a_lease_of_another_is_not_renewed(self) -> None:
		lane = self.lane_with("one")
		self.store.claim_lane(lane, "worker", START, at(30))
		self.assertFalse(self.store.renew_lane(lane, "other", at(60)))
		self.assertTrue(self.store.claim_lane(lane, "other", at(30), at(60)))

	def test_leases_are_renewed_together(self) -> None:
		ours, also_ours, lost = (self.lane_with(name) for name in ("ours", "also ours", "lost"))
		for lane, owner in ((ours, "worker"), (also_ours, "worker"), (lost, "other")):
			self.store.claim_lane(lane, owner, START, at(30))
		self.store.renew_leases("worker", [ours, lost, "in|main|nobody"], at(60))
		self.store.renew_leases("worker", [], at(99))
		self.assertEqual(self.store.due_lanes(at(30), 10), [also_ours, lost])
		self.assertEqual(self.store.due_lanes(at(60), 10), [ours, also_ours, lost])

	# ---- releasing

	def test_a_lane_without_waiting_events_is_forgotten(self) -> None:
		event = self.added("one")
		self.store.claim_lane(LANE, "worker", START, at(30))
		self.store.finish_event(event.id, EventState.DONE, at(1))
		self.store.release_lane(LANE, "worker", SETTLE)
		self.assertEqual(self.store.list_lanes(10), [])
		self.assertIsNone(self.store.next_due())

	def test_a_forgotten_lane_comes_back_with_the_next_event(self) -> None:
		event = self.added("one")
		self.store.claim_lane(LANE, "worker", START, at(30))
		self.store.finish_event(event.id, EventState.DONE, at(1))
		self.store.release_lane(LANE, "worker", SETTLE)
		self.add(self.new_event("two"), due_at=at(7))
		self.assertEqual(self.store.next_due(), at(7))

	def test_a_released_lane_is_due_when_its_first_event_has_settled(self) -> None:
		self.add(self.new_event("second", occurred_at=at(2)), received_at=at(3))
		self.add(self.new_event("first", occurred_at=at(1)), received_at=at(10))
		self.store.claim_lane(LANE, "worker", at(10), at(30))
		self.store.release_lane(LANE, "worker", SETTLE)
		self.assertEqual(self.store.next_due(), at(10.5))
		self.assertTrue(self.store.claim_lane(LANE, "other", at(10.5), at(30)))

	def test_a_released_lane_waits_for_its_first_event_to_be_tried_again(self) -> None:
		first = self.added("first")
		self.added("second")
		self.store.claim_lane(LANE, "worker", START, at(30))
		self.store.postpone_event(first.id, at(300), Attempt(at(1), "retry", "No answer"), counted=True)
		self.store.release_lane(LANE, "worker", SETTLE)
		self.assertEqual(self.store.due_lanes(at(299.9), 10), [])
		self.assertEqual(self.store.due_lanes(at(300), 10), [LANE])

	def test_an_event_that_comes_while_a_lane_is_worked_keeps_it(self) -> None:
		event = self.added("one")
		self.store.claim_lane(LANE, "worker", START, at(30))
		self.store.finish_event(event.id, EventState.DONE, at(1))
		self.add(self.new_event("two"), due_at=at(2), received_at=at(2))
		self.store.release_lane(LANE, "worker", SETTLE)
		self.assertEqual(self.store.due_lanes(at(2.5), 10), [LANE])

	def test_an_event_that_comes_at_the_moment_of_release_keeps_its_lane(self) -> None:
		for number in range(10):
			lane = self.lane_with(f"busy-{number}")
			begun = self.begin(lane=lane)
			self.store.claim_lane(lane, "worker", START, at(30))
			self.store.finish_event(begun[0].id, EventState.DONE, at(1))
			event = self.new_event(f"late-{number}", lane=lane)

			def release(store: Store, lane: str = lane) -> bool:
				store.release_lane(lane, "worker", NO_WAIT)
				return True

			def tell(store: Store, event: NewEvent = event) -> bool:
				return store.add_event(event, due_at=START, received_at=START)

			self.assertEqual(self.together([release, tell]), [True, True])
			self.assertIn(lane, [known.lane for known in self.store.list_lanes(100)])
			self.assertIn(lane, self.store.due_lanes(at(3600), 100))

	def test_a_lost_lease_releases_nothing(self) -> None:
		event = self.added("one")
		self.store.claim_lane(LANE, "slow", START, at(30))
		self.store.claim_lane(LANE, "next", at(30), at(60))
		self.store.finish_event(event.id, EventState.DONE, at(31))
		self.store.release_lane(LANE, "slow", SETTLE)
		self.assertFalse(self.store.claim_lane(LANE, "third", at(59), at(90)))
		self.assertTrue(self.store.renew_lane(LANE, "next", at(90)))

	# ---- the clock

	def test_after_the_clock_was_set_back_nothing_waits_for_what_was(self) -> None:
		"""It said 1000 seconds, and says 10 now."""
		waits, settles, leased = (self.lane_with(name, 1000) for name in ("waits", "settles", "leased"))
		for name in (waits, settles):
			event = self.new_event(f"of {name}", lane=f"{name}!")
			self.add(event, due_at=at(1000.5), received_at=at(1000))
		[postponed] = self.begin(lane=f"{waits}!")
		self.store.claim_lane(f"{waits}!", "worker", at(1001), at(1181))
		self.store.postpone_event(postponed.id, at(1300), Attempt(at(1001), "retry", "Later"), counted=True)
		self.store.release_lane(f"{waits}!", "worker", SETTLE, Turn(at(1001), 64))
		self.store.claim_lane(leased, "worker", at(1001), at(1181))
		self.assertEqual(self.store.latest_arrival(), at(1000))
		self.assertEqual(self.store.due_lanes(at(10), 10), [])
		self.store.clock_was_set_back(at(10), at(190))
		self.assertEqual(
			sorted(self.store.due_lanes(at(10), 10)), sorted([waits, settles, f"{waits}!", f"{settles}!"])
		)
		self.assertEqual(self.store.latest_arrival(), at(10))
		for lane in (f"{waits}!", f"{settles}!"):
			self.assertEqual(len(self.store.begin_events(lane, 1, at(10.5), SETTLE)), 1)
		self.assertEqual(self.store.due_lanes(at(189), 10, by_last_turn=True).count(leased), 0)
		self.assertIn(leased, self.store.due_lanes(at(190), 10))

	def test_a_clock_that_was_right_changes_nothing(self) -> None:
		lane = self.lane_with("one", 5)
		self.store.clock_was_set_back(at(9), at(99))
		self.assertEqual(self.store.next_due(), at(5))
		self.assertEqual(self.store.due_lanes(at(9), 9), [lane])

	def test_an_empty_store_has_had_no_arrival(self) -> None:
		self.assertIsNone(self.store.latest_arrival())

	def test_all_leases_are_freed_after_a_crash(self) -> None:
		lanes = [self.lane_with(f"{number}", number) for number in range(3)]
		for lane in lanes[:2]:
			self.store.claim_lane(lane, "gone", at(5), at(500))
		self.assertEqual(self.store.release_all_leases(), 2)
		self.assertEqual(self.store.due_lanes(at(5), 10), lanes)
		self.assertFalse(self.store.renew_lane(lanes[0], "gone", at(900)))
		self.assertEqual(self.store.release_all_leases(), 0)
