"""Rounds through the sessions, of the watchdog and of fetching: a gateway or a Chatwoot that hangs holds up its own
sessions only, and who had no turn is the next.
"""

# bench runs this with unittest alone
# ruff: noqa: PT009

from __future__ import annotations

import threading
import unittest
from unittest.mock import patch

import frappe
from redis.exceptions import RedisError

from wuzapi_chatwoot.bridge.guards.concurrency_limits import (
	AT_ONCE,
	AT_ONCE_ON_ONE_CHATWOOT,
	AT_ONCE_ON_ONE_GATEWAY,
	in_turn,
)
from wuzapi_chatwoot.bridge.model.records import Secret, Session
from wuzapi_chatwoot.frappe_host.jobs import fetch_round
from wuzapi_chatwoot.frappe_host.jobs.entry_points import wuzapi_chatwoot_fetch_missed
from wuzapi_chatwoot.frappe_host.sessions import watch
from wuzapi_chatwoot.frappe_host.task_state import fair_scheduling, task_state
from wuzapi_chatwoot.frappe_host.task_state.fair_scheduling import longest_ago_first, note_turn
from wuzapi_chatwoot.frappe_host.threads.session_pool import SessionPool
from wuzapi_chatwoot.frappe_host.threads.shutdown import End

_SOON = 20.0


def session(name: str, gateway: str, chatwoot: str = "") -> Session:
	nothing = Secret("")
	return Session(
		name=name,
		gateway_url=gateway,
		gateway_token=nothing,
		chatwoot_url=chatwoot,
		chatwoot_token=nothing,
		account_id=1,
		inbox_id=1,
	)


SLOW = [session(f"a-slow-{number:02}", "http://slow.invalid") for number in range(30)]
QUICK = [session(f"z-quick-{number:02}", "http://quick.invalid") for number in range(30)]


class TestSessionRound(unittest.TestCase):
	def setUp(self) -> None:
		self.looked: list[str] = []
		self.all_quick_done = threading.Event()
		self.end = End(60)

	def look(self, name: str) -> None:
		self.looked.append(name)
		if name.startswith("a-slow"):
			# As long as anybody else has to be looked at.
			self.assertTrue(self.all_quick_done.wait(_SOON))
		elif sum(each.startswith("z-quick") for each in self.looked) == len(QUICK):
			self.end.ask()
			self.all_quick_done.set()

	def test_a_gateway_that_hangs_holds_up_its_own_sessions_only(self) -> None:
		SessionPool(frappe.local.site, self.end, self.look, in_turn).run([*SLOW, *QUICK])
		slow = [name for name in self.looked if name.startswith("a-slow")]
		self.assertEqual(len(slow), AT_ONCE_ON_ONE_GATEWAY)
		self.assertEqual(len(self.looked), len(slow) + len(QUICK))

	def test_a_fault_is_recorded_and_the_others_go_on(self) -> None:
		def look(name: str) -> None:
			self.looked.append(name)
			if name == "z-quick-00":
				raise ValueError("Fictional")

		with patch("wuzapi_chatwoot.frappe_host.threads.session_pool.notice") as noticed:
			SessionPool(frappe.local.site, self.end, look, in_turn).run(QUICK)
		self.assertEqual(sorted(self.looked), [each.name for each in QUICK])
		noticed.assert_called_once_with(
			"a fault in a session's turn", session="z-quick-00", error="ValueError"
		)

	def test_when_somebody_waits_the_rest_is_left_to_the_next_round(self) -> None:
		def look(name: str) -> None:
			self.looked.append(name)
			self.end.ask()

		SessionPool(frappe.local.site, self.end, look, in_turn).run(QUICK)
		self.assertLessEqual(len(self.looked), AT_ONCE_ON_ONE_GATEWAY)


class TestFetchRound(unittest.TestCase):
	"""The scheduler's job, as it runs."""

	def setUp(self) -> None:
		self.addCleanup(lambda: frappe.cache().delete(fair_scheduling._key("fetch")))
		self.fetched: list[str] = []
		self.others_done = threading.Event()
		self.others_waited = False

	def run_job(self, known: list[Session]) -> None:
		sessions = {each.name: each for each in known}
		with (
			patch.object(fetch_round, "sessions", lambda: sessions),
			patch.object(fetch_round, "fetch_missed", lambda bridge, session: self.fetch(session.name)),
		):
			wuzapi_chatwoot_fetch_missed()

	def fetch(self, name: str) -> int:
		self.fetched.append(name)
		if name.startswith("a-hanging") and not self.others_done.wait(_SOON):
			self.others_waited = True
			self.others_done.set()
		if sum(each.startswith("z-well") for each in self.fetched) == AT_ONCE:
			self.others_done.set()
		return 0

	def test_a_chatwoot_that_hangs_delays_its_own_sessions_only(self) -> None:
		hanging = [session(f"a-hanging-{n:02}", "", "http://hangs.invalid") for n in range(2 * AT_ONCE)]
		well = [session(f"z-well-{n:02}", "", "http://well.invalid") for n in range(AT_ONCE)]
		self.run_job([*hanging, *well])
		self.assertFalse(self.others_waited)
		last = max(self.fetched.index(each.name) for each in well)
		before = [name for name in self.fetched[:last] if name.startswith("a-hanging")]
		self.assertLessEqual(len(before), AT_ONCE_ON_ONE_CHATWOOT)
		self.assertEqual(sorted(self.fetched), sorted(each.name for each in [*hanging, *well]))

	def test_those_come_first_that_were_not_fetched_for_longest(self) -> None:
		known = [session(name, "", "http://well.invalid") for name in ("a-gone", "b-late", "c-early")]
		for at, name in enumerate(("c-early", "b-late")):
			with patch(
				"wuzapi_chatwoot.frappe_host.task_state.fair_scheduling.time.time", return_value=float(at)
			):
				note_turn("fetch", name)
		# One at a time, so that the order can be seen.
		with patch("wuzapi_chatwoot.bridge.guards.concurrency_limits.AT_ONCE_ON_ONE_CHATWOOT", 1):
			self.run_job(known)
		self.assertEqual(self.fetched, ["a-gone", "c-early", "b-late"])


class TestTurns(unittest.TestCase):
	def setUp(self) -> None:
		self._forget()
		self.addCleanup(self._forget)

	def _forget(self) -> None:
		for what in ("watch", "fetch"):
			frappe.cache().delete(fair_scheduling._key(what))
		task_state.forget("alpha", "turn")

	def test_who_has_waited_longest_comes_first(self) -> None:
		with patch(
			"wuzapi_chatwoot.frappe_host.task_state.fair_scheduling.time.time", side_effect=[1.0, 2.0, 3.0]
		):
			for name in ("beta", "alpha", "gone"):
				note_turn("watch", name)
		self.assertEqual(longest_ago_first("watch", ["alpha", "beta", "gamma"]), ["gamma", "beta", "alpha"])
		self.assertEqual(frappe.cache().zcard(fair_scheduling._key("watch")), 2)
		self.assertEqual(frappe.cache().zcard(fair_scheduling._key("fetch")), 0)

	def test_of_two_ticks_one_has_the_turn(self) -> None:
		with patch.object(watch, "watch_one") as watched:
			for _ in range(2):
				watch._watch_in_turn("alpha")
		watched.assert_called_once_with("alpha")
		self.assertLess(frappe.cache().ttl(task_state._key("alpha", "turn")), 60)

	def test_without_redis_everybody_has_a_turn_in_any_order(self) -> None:
		with (
			patch.object(task_state.frappe, "cache", side_effect=RedisError),
			patch.object(watch, "watch_one") as watched,
		):
			watch._watch_in_turn("alpha")
		watched.assert_called_once_with("alpha")
		with patch("wuzapi_chatwoot.frappe_host.task_state.fair_scheduling.tolerant", return_value=None):
			orders = {tuple(longest_ago_first("watch", ["alpha", "beta", "gamma"])) for _ in range(200)}
		self.assertEqual(len(orders), 6)
