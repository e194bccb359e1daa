"""Who is told of a session's loss: those who were chosen, on old sites the same as before; and what they are told opens."""

# bench runs this with unittest alone
# ruff: noqa: PT009

from __future__ import annotations

from datetime import datetime, timezone
from unittest.mock import patch

import frappe

from wuzapi_chatwoot.bridge.model.events import SessionChanged, SessionState
from wuzapi_chatwoot.frappe_host.notifications import session_alerts
from wuzapi_chatwoot.frappe_host.sessions.pairing import words
from wuzapi_chatwoot.frappe_host.settings import sessions
from wuzapi_chatwoot.frappe_host.store import FrappeStore
from wuzapi_chatwoot.frappe_host.task_state.task_state import forget
from wuzapi_chatwoot.frappe_host.tests.session_case import SessionCase
from wuzapi_chatwoot.frappe_host.tests.site_case import LISTED, MANAGER, UNLISTED, add_event, add_session
from wuzapi_chatwoot.frappe_host.wiring.bridge import bridge_of_site
from wuzapi_chatwoot.patches.choose_who_gets_alerts import execute


class TestAlerts(SessionCase):
	def session(self, *users: tuple[str, int], owner: str = "Administrator") -> None:
		rows = [{"user": user, "gets_alerts": chosen} for user, chosen in users]
		doc = add_session("alpha", 225)
		doc.set("users", rows)
		doc.save()
		frappe.db.set_value("WuzAPI Session", "alpha", "owner", owner)
		frappe.db.delete("Notification Log", {"document_name": "alpha"})

	def told(self) -> list[str]:
		"""Of a session that was connected and is not any more."""
		for state in (SessionState.CONNECTED, SessionState.LOGGED_OUT):
			FrappeStore().note_session_change("alpha", SessionChanged(state), datetime.now(timezone.utc))
		session_alerts.alert_if_lost(bridge_of_site(), sessions()["alpha"])
		found = {"document_type": "WuzAPI Session", "document_name": "alpha"}
		return frappe.get_all("Notification Log", found, pluck="for_user", order_by="for_user asc")

	def test_those_who_were_chosen_are_told_whatever_their_role(self) -> None:
		self.session((LISTED, 1), (UNLISTED, 0), (MANAGER, 0))
		self.assertEqual(self.told(), [LISTED])

	def test_who_is_listed_is_chosen_unless_somebody_says_no(self) -> None:
		add_session("beta", 226, (LISTED,))
		self.assertEqual(frappe.db.get_value("WuzAPI Session User", {"parent": "beta"}, "gets_alerts"), 1)

	def test_what_they_are_told_can_be_opened(self) -> None:
		self.session((LISTED, 1))
		self.assertEqual(self.told(), [LISTED])
		with self.as_user(LISTED):
			[log] = frappe.get_list("Notification Log", {"document_name": "alpha"}, pluck="name")
			self.assertEqual(frappe.get_doc("Notification Log", log).document_name, "alpha")
			doc = frappe.get_doc("WuzAPI Session", "alpha")
			doc.check_permission("read")
			self.assertEqual(frappe.get_list("WuzAPI Session", {"name": "alpha"}, pluck="name"), ["alpha"])

	def test_without_users_its_owner_is_told(self) -> None:
		self.session(owner=MANAGER)
		self.assertEqual(self.told(), [MANAGER])

	def test_nobody_is_told_where_nobody_is_wanted(self) -> None:
		self.session((LISTED, 0))
		self.assertEqual(self.told(), [])

	def test_who_has_left_is_not_told_and_the_owner_is_in_their_place(self) -> None:
		self.session((LISTED, 1), (MANAGER, 1))
		frappe.db.set_value("User", LISTED, "enabled", 0)
		self.assertEqual(self.told(), [MANAGER])
		frappe.db.set_value("User", MANAGER, "enabled", 0)
		self.assertEqual(session_alerts._people_of("alpha"), ["Administrator"])

	def test_hundreds_of_sessions_that_change_at_once_are_one_job(self) -> None:
		self.session((LISTED, 1))
		for state in (SessionState.CONNECTED, SessionState.LOGGED_OUT):
			FrappeStore().note_session_change("alpha", SessionChanged(state), datetime.now(timezone.utc))
		with patch.object(session_alerts, "soon", return_value=True) as soon:
			for _ in range(2):
				for number in range(300):
					session_alerts.alert_soon(f"session-{number}")
				session_alerts.alert_soon("alpha")
		self.assertEqual(soon.call_count, 1)
		session_alerts.alert_waiting(bridge_of_site())
		found = {"document_type": "WuzAPI Session", "document_name": "alpha"}
		self.assertEqual(frappe.get_all("Notification Log", found, pluck="for_user"), [LISTED])
		with patch.object(session_alerts, "soon", return_value=True) as soon:
			session_alerts.alert_soon("alpha")
		self.assertEqual(soon.call_count, 1, "the job took the claim away when it started")
		session_alerts.alert_waiting(bridge_of_site())

	def test_failed_events_are_told_once_and_stand_on_the_session(self) -> None:
		self.session((LISTED, 1))
		forget("alpha", "dead alert")
		id = add_event("alpha", "alpha-dead", "dead")
		frappe.db.set_value("WuzAPI Event", id, "last_error", "Chatwoot refused the data")
		for _ in range(2):
			session_alerts.alert_of_dead(bridge_of_site(), sessions()["alpha"])
		logs = frappe.get_all("Notification Log", {"document_name": "alpha"}, ["for_user", "subject"])
		self.assertEqual([log.for_user for log in logs], [LISTED])
		self.assertIn("Failed events: 1. The last one: Chatwoot refused the data.", logs[0].subject)
		FrappeStore().note_new_chat("alpha", datetime(2026, 3, 2, 9, 0, tzinfo=timezone.utc))
		locked, dead = words(frappe.get_doc("WuzAPI Session", "alpha"))["troubles"]
		self.assertIn("New chats are locked since", locked)
		self.assertIn("Failed events: 1", dead)


class TestOlderSites(SessionCase):
	"""The new column came with a 1 for everybody."""

	def test_managers_and_the_owner_are_told_as_before(self) -> None:
		add_session("alpha", 227, (LISTED, MANAGER))
		execute()
		self.assertEqual(session_alerts._people_of("alpha"), ["Administrator", MANAGER])
		users = frappe.get_doc("WuzAPI Session", "alpha").users
		self.assertEqual(
			[(row.idx, row.user, row.gets_alerts) for row in users],
			[(1, LISTED, 0), (2, MANAGER, 1), (3, "Administrator", 1)],
		)

	def test_an_owner_who_sees_it_no_more_is_not_let_in(self) -> None:
		add_session("alpha", 228, (LISTED, MANAGER))
		frappe.db.set_value("WuzAPI Session", "alpha", "owner", UNLISTED)
		execute()
		self.assertEqual(session_alerts._people_of("alpha"), [MANAGER])

	def test_without_users_nothing_changes(self) -> None:
		add_session("alpha", 229)
		execute()
		self.assertEqual(frappe.db.count("WuzAPI Session User", {"parent": "alpha"}), 0)
		self.assertEqual(session_alerts._people_of("alpha"), ["Administrator"])
