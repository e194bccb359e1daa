"""The contract of `SessionStore`."""

# bench runs this with unittest alone
# ruff: noqa: PT009

from __future__ import annotations

from datetime import timedelta
from typing import Any

from wuzapi_chatwoot.bridge.model.addresses import Address
from wuzapi_chatwoot.bridge.model.events import SessionChanged, SessionState
from wuzapi_chatwoot.bridge.model.records import (
	SESSION_CHANGES_KEPT,
	NewChats,
	ReconcileMarks,
	SessionChange,
	SessionStatus,
	Signing,
	Source,
)
from wuzapi_chatwoot.testkit.contracts.contract_case import CHAT, LID, SESSION, ContractCase, at
from wuzapi_chatwoot.testkit.twins.clock import START


class SessionContract(ContractCase):
	def test_the_marks_are_now_when_first_asked_and_kept(self) -> None:
		first = START + timedelta(microseconds=123456)
		marks = ReconcileMarks(baseline=first, fetched_to=first)
		self.assertEqual(self.store.reconcile_marks(SESSION, first), marks)
		self.assertEqual(self.store.reconcile_marks(SESSION, at(60)), marks)
		self.assertEqual(self.store.reconcile_marks("other", at(60)), ReconcileMarks(at(60), at(60)))

	def test_what_was_fetched_moves_on_and_the_baseline_stays(self) -> None:
		self.store.reconcile_marks(SESSION, START)
		self.store.set_fetched_to(SESSION, at(60))
		self.assertEqual(self.store.reconcile_marks(SESSION, at(99)), ReconcileMarks(START, at(60)))

	def test_who_has_signed_is_remembered_from_the_first_time_on(self) -> None:
		self.assertEqual(self.store.signing(SESSION), Signing())
		self.store.note_signed(SESSION, Source.GATEWAY, at(1))
		self.store.note_signed(SESSION, Source.GATEWAY, at(2))
		self.assertEqual(self.store.signing(SESSION), Signing(gateway_since=at(1)))
		self.store.note_signed(SESSION, Source.CHATWOOT, at(3))
		self.assertEqual(self.store.signing(SESSION), Signing(at(1), at(3)))
		self.assertEqual(self.store.signing("other"), Signing())

	def test_when_the_gateway_was_given_its_key_is_remembered_from_the_last_time(self) -> None:
		self.store.note_key_posted(SESSION, at(1))
		self.store.note_key_posted(SESSION, at(2))
		self.assertEqual(self.store.signing(SESSION), Signing(key_posted_at=at(2)))

	def test_new_chats_are_locked_from_the_first_refusal_until_one_is_begun(self) -> None:
		changed = SessionChanged(SessionState.CONNECTED, address=CHAT, lid=LID)
		self.store.note_session_change(SESSION, changed, START)
		self.assertEqual(self.store.new_chats(SESSION), NewChats())
		self.store.note_new_chat(SESSION, at(1))
		self.store.note_new_chat(SESSION, at(60))
		self.assertEqual(self.store.new_chats(SESSION), NewChats(at(1), at(60)))
		self.assertEqual(self.store.new_chats("other"), NewChats())
		self.store.note_new_chat(SESSION, None)
		self.assertEqual(self.store.new_chats(SESSION), NewChats())
		self.store.note_new_chat(SESSION, at(90))
		self.assertEqual(self.store.new_chats(SESSION), NewChats(at(90), at(90)))

	def test_another_number_is_not_locked_because_of_the_one_before(self) -> None:
		def told(second: float, **more: Any) -> NewChats:
			change = SessionChanged(SessionState.CONNECTED, **more)
			self.store.note_session_change(SESSION, change, at(second))
			return self.store.new_chats(SESSION)

		self.store.note_session_change("other", SessionChanged(SessionState.CONNECTED, address=CHAT), START)
		for session in (SESSION, "other"):
			self.store.note_new_chat(session, at(1))
		locked = NewChats(at(1), at(1))
		# The first that is told: it may have been this number all the time.
		self.assertEqual(told(2, address=CHAT), locked)
		self.assertEqual(told(3), locked)
		self.assertEqual(told(4, address=CHAT, lid=LID), locked)
		self.assertEqual(told(5, lid=Address("9", "lid")), locked)
		self.assertEqual(told(6, address=Address("447700900999", "s.whatsapp.net")), NewChats())
		self.assertEqual(self.store.new_chats("other"), locked)

	def test_session_changes_are_taken(self) -> None:
		connected = SessionChanged(SessionState.CONNECTED, address=CHAT, lid=LID)
		self.store.note_session_change(SESSION, connected, START)
		banned = SessionChanged(SessionState.BANNED, detail="Spam", banned_for_seconds=3600)
		self.store.note_session_change(SESSION, banned, at(1))
		self.store.note_session_change("other", SessionChanged(SessionState.SCAN_QR, qr="data:"), at(2))
		self.assertEqual(self.store.reconcile_marks(SESSION, at(3)), ReconcileMarks(at(3), at(3)))

	def test_the_status_of_a_session_is_what_was_told_last(self) -> None:
		self.assertIsNone(self.store.session_status(SESSION))
		paired = SessionChanged(SessionState.CONNECTED, address=CHAT, lid=LID)
		self.store.note_session_change(SESSION, paired, START)
		self.store.note_session_change(SESSION, SessionChanged(SessionState.CONNECTED, "again"), at(1))
		connected = SessionStatus(SESSION, SessionState.CONNECTED, "again", START, CHAT, LID, None)
		self.assertEqual(self.store.session_status(SESSION), connected)
		banned = SessionChanged(SessionState.BANNED, detail="Spam", banned_for_seconds=3600)
		self.store.note_session_change(SESSION, banned, at(2))
		self.assertEqual(
			self.store.session_status(SESSION),
			SessionStatus(SESSION, SessionState.BANNED, "Spam", at(2), CHAT, LID, at(3602)),
		)
		self.assertIsNone(self.store.session_status("unknown"))

	def test_what_the_number_is_called_stays_until_another_name_or_another_number_is_told(self) -> None:
		def told(second: float, **more: Any) -> str:
			self.store.note_session_change(
				SESSION, SessionChanged(SessionState.CONNECTED, **more), at(second)
			)
			status = self.store.session_status(SESSION)
			assert status is not None
			return status.name

		# Webhooks come in any order: the name may be there before the number.
		self.assertEqual(told(0, name="Example Shop"), "Example Shop")
		self.assertEqual(told(1, address=CHAT), "Example Shop")
		self.assertEqual(told(2), "Example Shop")
		self.assertEqual(told(3, address=CHAT), "Example Shop")
		self.assertEqual(told(4, name="The Shop"), "The Shop")
		self.assertEqual(told(5, address=Address("447700900002", "s.whatsapp.net")), "")
		self.assertEqual(told(6, address=CHAT, name="Example Shop"), "Example Shop")

	def test_the_history_has_a_line_for_each_change_and_none_for_repeats(self) -> None:
		self.assertEqual(self.store.session_changes(SESSION, 10), [])
		for second, (state, detail) in enumerate(
			(
				(SessionState.STARTING, ""),
				(SessionState.SCAN_QR, ""),
				(SessionState.SCAN_QR, "again"),
				(SessionState.CONNECTED, ""),
				(SessionState.LOGGED_OUT, "removed on the phone"),
				(SessionState.STARTING, ""),
			)
		):
			self.store.note_session_change(SESSION, SessionChanged(state, detail), at(second))
		self.store.note_session_change("other", SessionChanged(SessionState.CONNECTED), at(9))
		history = [
			SessionChange(at(5), SessionState.STARTING, ""),
			SessionChange(at(4), SessionState.LOGGED_OUT, "removed on the phone"),
			SessionChange(at(3), SessionState.CONNECTED, ""),
			SessionChange(at(1), SessionState.SCAN_QR, "again"),
			SessionChange(START, SessionState.STARTING, ""),
		]
		self.assertEqual(self.store.session_changes(SESSION, 10), history)
		self.assertEqual(self.store.session_changes(SESSION, 2), history[:2])
		self.assertEqual(self.store.session_changes("unknown", 10), [])

	def test_a_line_without_a_reason_takes_the_first_that_is_told(self) -> None:
		for second, reason in enumerate(("", "a stream error", "", "another one")):
			self.store.note_session_change(
				SESSION, SessionChanged(SessionState.RECONNECTING, reason), at(second)
			)
		self.store.note_session_change("other", SessionChanged(SessionState.RECONNECTING, "elsewhere"), at(4))
		lost = SessionChange(START, SessionState.RECONNECTING, "a stream error")
		self.assertEqual(self.store.session_changes(SESSION, 10), [lost])
		self.store.note_session_change(SESSION, SessionChanged(SessionState.CONNECTED), at(5))
		self.store.note_session_change(SESSION, SessionChanged(SessionState.RECONNECTING), at(6))
		self.assertEqual(
			[change.detail for change in self.store.session_changes(SESSION, 10)], ["", "", "a stream error"]
		)

	def test_the_history_is_in_the_order_of_noting_whatever_the_clocks_say(self) -> None:
		self.store.note_session_change(SESSION, SessionChanged(SessionState.CONNECTED), at(5))
		self.store.note_session_change(SESSION, SessionChanged(SessionState.RECONNECTING), at(4))
		latest, first = self.store.session_changes(SESSION, 10)
		self.assertEqual((latest.at, first.at), (at(4), at(5)))

	def test_the_last_changes_of_each_session_are_kept(self) -> None:
		self.store.note_session_change("other", SessionChanged(SessionState.CONNECTED), START)
		with self.store.atomic():
			for number in range(SESSION_CHANGES_KEPT + 5):
				state = SessionState.CONNECTED if number % 2 else SessionState.RECONNECTING
				self.store.note_session_change(SESSION, SessionChanged(state, str(number)), at(number))
		kept = [each.detail for each in self.store.session_changes(SESSION, 2 * SESSION_CHANGES_KEPT)]
		self.assertEqual(kept, [str(number) for number in reversed(range(5, SESSION_CHANGES_KEPT + 5))])
		self.assertEqual(len(self.store.session_changes("other", 10)), 1)

	def test_own_addresses_are_those_that_pairing_told(self) -> None:
		self.assertEqual(self.store.own_addresses(SESSION), ())
		self.store.note_session_change(SESSION, SessionChanged(SessionState.SCAN_QR, qr="data:"), START)
		self.assertEqual(self.store.own_addresses(SESSION), ())
		self.store.note_session_change(SESSION, SessionChanged(SessionState.CONNECTED, lid=LID), at(1))
		self.assertEqual(self.store.own_addresses(SESSION), (LID,))
		self.store.note_session_change(SESSION, SessionChanged(SessionState.CONNECTED, address=CHAT), at(2))
		self.assertEqual(self.store.own_addresses(SESSION), (CHAT, LID))
		self.assertEqual(self.store.own_addresses("other"), ())
		self.assertEqual(self.store.own_addresses("unknown"), ())

	def test_own_addresses_are_kept_while_nothing_newer_is_told(self) -> None:
		paired = SessionChanged(SessionState.CONNECTED, address=CHAT, lid=LID)
		self.store.note_session_change(SESSION, paired, START)
		self.store.note_session_change(SESSION, SessionChanged(SessionState.LOGGED_OUT), at(1))
		self.assertEqual(self.store.own_addresses(SESSION), (CHAT, LID))
		other = Address("447700900002", "s.whatsapp.net")
		self.store.note_session_change(SESSION, SessionChanged(SessionState.CONNECTED, address=other), at(2))
		self.assertEqual(self.store.own_addresses(SESSION), (other, LID))
