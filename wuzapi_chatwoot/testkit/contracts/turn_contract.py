"""Fair turns on a store: a backlog drains and keeps nobody waiting, nor do many new conversations stop it."""

# bench runs this with unittest alone
# ruff: noqa: PT009

from __future__ import annotations

from wuzapi_chatwoot.bridge.model.fair_scheduling import FairScheduling
from wuzapi_chatwoot.bridge.model.records import EventState, Source
from wuzapi_chatwoot.testkit.contracts.contract_case import NO_WAIT, ContractCase, at

_LANES, _EVENTS = 10, 24
_BACKLOG = [f"in|main|old {number}" for number in range(_LANES)]


class TurnContract(ContractCase):
	def setUp(self) -> None:
		super().setUp()
		self.turns = FairScheduling()
		self.seconds = 1000.0
		self.worked: list[str] = []
		"""The lane of each event worked, in order."""

	def arrives(
		self, lane: str, count: int = 1, at_second: float | None = None, source: Source = Source.GATEWAY
	) -> None:
		moment = at(self.seconds if at_second is None else at_second)
		for number in range(count):
			name = f"{lane} {self.seconds} {number}"
			event = self.new_event(name, lane=lane, order=number, source=source)
			self.add(event, due_at=moment, received_at=moment)

	def one_turn(self) -> None:
		"""As one worker gives it, a tenth of a second for each event."""
		[lane] = self.turns.due(self.store, at(self.seconds), 1)
		claim = self.store.claim_lane(lane, "worker", at(self.seconds), at(self.seconds + 30))
		assert claim is not None
		ended = 0
		while ended < claim.most and (begun := self.begin(lane=lane, limit=1, now=at(self.seconds))):
			self.seconds += 0.1
			self.store.finish_event(begun[0].id, EventState.DONE, at(self.seconds))
			self.worked.append(lane)
			ended += 1
		turn = claim.ended(at(self.seconds), ended, held_back=False)
		self.store.release_lane(lane, "worker", NO_WAIT, turn)

	def work(self, turns: int) -> None:
		for _ in range(turns):
			self.one_turn()

	def the_backlog(self) -> None:
		for place, lane in enumerate(_BACKLOG):
			self.arrives(lane, _EVENTS, at_second=place)

	def test_a_new_conversation_goes_before_a_backlog(self) -> None:
		self.the_backlog()
		for already in (0, 3, _LANES, 2 * _LANES):
			with self.subTest(already):
				self.work(already)
				before = len(self.worked)
				new = f"in|main|new {already}"
				# The second message follows while the first waits: it is not left behind, either.
				self.arrives(new, 2)
				while self.worked.count(new) < 2:
					self.one_turn()
				# Those that have had nothing yet are as new, and the worker shares its time; not one round of all.
				self.assertLessEqual(len(self.worked) - before, _LANES + 2 + 20)

	def test_a_message_goes_before_the_bridges_own_work(self) -> None:
		"""However much of it began to wait before: names, pictures and late files of new chats."""
		for number in range(_LANES):
			self.arrives(f"in|main|contact {number}", source=Source.BRIDGE, at_second=number)
		self.arrives("in|main|new")
		self.one_turn()
		self.assertEqual(self.worked, ["in|main|new"])
		self.the_backlog()
		self.work(_LANES)
		# One worker in four goes by the last turn alone, so that the work comes to an end, too.
		own = sum("contact" in lane for lane in self.worked)
		self.assertTrue(0 < own <= 3, own)
		while self.store.next_due():
			self.one_turn()

	def test_own_work_that_is_done_again_stands_behind_as_well(self) -> None:
		self.arrives("in|main|contact 1", source=Source.BRIDGE, at_second=0)
		[event] = self.begin(lane="in|main|contact 1", limit=1, now=at(self.seconds))
		self.store.finish_event(event.id, EventState.DEAD, at(self.seconds))
		self.store.claim_lane("in|main|contact 1", "worker", at(self.seconds), at(self.seconds + 30))
		self.store.release_lane("in|main|contact 1", "worker", NO_WAIT)
		self.store.replay_event(event.id, at(self.seconds))
		self.seconds += 5
		self.arrives("in|main|new")
		self.one_turn()
		self.assertEqual(self.worked, ["in|main|new"])

	def test_nobody_of_a_backlog_is_left_behind(self) -> None:
		self.the_backlog()
		while len(self.worked) < _LANES * _EVENTS / 2:
			self.one_turn()
		had = [self.worked.count(lane) for lane in _BACKLOG]
		self.assertGreaterEqual(min(had), 7)
		while self.store.next_due():
			self.one_turn()
		self.assertEqual(sorted(self.worked), sorted(_BACKLOG * _EVENTS))

	def test_new_conversations_do_not_stop_an_old_one(self) -> None:
		self.arrives("in|main|old", _EVENTS, at_second=0)
		self.one_turn()
		for number in range(40):
			self.arrives(f"in|main|{number} a")
			self.arrives(f"in|main|{number} b")
			self.one_turn()
		# They are twice as many as can be worked, and still it goes on.
		self.assertGreaterEqual(self.worked.count("in|main|old"), 6)
