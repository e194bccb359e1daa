"""Rounds of the watchdog: a gateway that hangs holds up its own sessions only, and who had no turn is the next."""

# bench runs this with unittest alone
# ruff: noqa: PT009

from __future__ import annotations

import threading
import unittest
from unittest.mock import patch

import frappe
from redis.exceptions import RedisError

from ...bridge.records import Secret, Session
from ...bridge.turns import AT_ONCE_ON_ONE_GATEWAY
from .. import session_memory, session_turns
from ..pump_end import End
from ..session_turns import longest_ago_first, take_turn
from ..watch_round import WatchRound

_SOON = 20.0


def session(name: str, gateway: str) -> Session:
	nothing = Secret("")
	return Session(
		name=name,
		gateway_url=gateway,
		gateway_token=nothing,
		chatwoot_url="",
		chatwoot_token=nothing,
		account_id=1,
		inbox_id=1,
	)


SLOW = [session(f"a-slow-{number:02}", "http://slow.invalid") for number in range(30)]
QUICK = [session(f"z-quick-{number:02}", "http://quick.invalid") for number in range(30)]


class TestWatchRound(unittest.TestCase):
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
		WatchRound(frappe.local.site, self.end, self.look).run([*SLOW, *QUICK])
		slow = [name for name in self.looked if name.startswith("a-slow")]
		self.assertEqual(len(slow), AT_ONCE_ON_ONE_GATEWAY)
		self.assertEqual(len(self.looked), len(slow) + len(QUICK))

	def test_a_fault_is_recorded_and_the_others_go_on(self) -> None:
		def look(name: str) -> None:
			self.looked.append(name)
			if name == "z-quick-00":
				raise ValueError("Fictional")

		with patch("wuzapi_chatwoot.frappe_host.watch_round.notice") as noticed:
			WatchRound(frappe.local.site, self.end, look).run(QUICK)
		self.assertEqual(sorted(self.looked), [each.name for each in QUICK])
		noticed.assert_called_once_with(
			"a fault while watching a session", session="z-quick-00", error="ValueError"
		)

	def test_when_somebody_waits_the_rest_is_left_to_the_next_round(self) -> None:
		def look(name: str) -> None:
			self.looked.append(name)
			self.end.ask()

		WatchRound(frappe.local.site, self.end, look).run(QUICK)
		self.assertLessEqual(len(self.looked), AT_ONCE_ON_ONE_GATEWAY)


class TestTurns(unittest.TestCase):
	def setUp(self) -> None:
		self._forget()
		self.addCleanup(self._forget)

	def _forget(self) -> None:
		frappe.cache().delete(session_turns._key())
		for name in ("alpha", "beta", "gamma"):
			session_memory.forget(name, "turn")

	def test_who_has_waited_longest_comes_first(self) -> None:
		with patch("wuzapi_chatwoot.frappe_host.session_turns.time.time", side_effect=[1.0, 2.0, 3.0]):
			for name in ("beta", "alpha", "gone"):
				self.assertTrue(take_turn(name))
		session_memory.forget("gone", "turn")
		self.assertEqual(longest_ago_first(["alpha", "beta", "gamma"]), ["gamma", "beta", "alpha"])
		self.assertEqual(frappe.cache().zcard(session_turns._key()), 2)

	def test_of_two_ticks_one_has_the_turn(self) -> None:
		self.assertTrue(take_turn("alpha"))
		self.assertFalse(take_turn("alpha"))
		self.assertLess(frappe.cache().ttl(session_memory._key("alpha", "turn")), 60)

	def test_without_redis_everybody_has_a_turn_in_any_order(self) -> None:
		with patch.object(session_memory.frappe, "cache", side_effect=RedisError):
			self.assertTrue(take_turn("alpha"))
		with patch("wuzapi_chatwoot.frappe_host.session_turns.tolerant", return_value=None):
			orders = {tuple(longest_ago_first(["alpha", "beta", "gamma"])) for _ in range(200)}
		self.assertEqual(len(orders), 6)
