"""Times in the sentences of the desk: in the time zone of whoever reads, which is named."""

# bench runs this with unittest alone
# ruff: noqa: PT009

from __future__ import annotations

from datetime import datetime
from unittest.mock import patch

import frappe

from wuzapi_chatwoot.api import sessions as api
from wuzapi_chatwoot.bridge.diagnosis.findings import Reached
from wuzapi_chatwoot.bridge.model.events import SessionChanged, SessionState
from wuzapi_chatwoot.frappe_host.i18n.time_format import told_to
from wuzapi_chatwoot.frappe_host.notifications import session_alerts
from wuzapi_chatwoot.frappe_host.sessions import diagnose
from wuzapi_chatwoot.frappe_host.settings import sessions
from wuzapi_chatwoot.frappe_host.store import FrappeStore
from wuzapi_chatwoot.frappe_host.tests.session_case import SessionCase
from wuzapi_chatwoot.frappe_host.tests.site_case import AT, LISTED, MANAGER, add_event, add_session
from wuzapi_chatwoot.frappe_host.wiring.bridge import bridge_of_site


class TestTimesTold(SessionCase):
	def setUp(self) -> None:
		super().setUp()
		add_session("alpha", 233, (LISTED, MANAGER))
		self.in_zone("America/Sao_Paulo")
		frappe.db.set_value("User", LISTED, "time_zone", "Asia/Kolkata")
		frappe.db.set_value("User", MANAGER, "time_zone", "")

	def test_without_a_zone_of_ones_own_it_is_the_sites(self) -> None:
		self.assertEqual(told_to(MANAGER)(AT), self._shown("06:00:00", "America/Sao_Paulo"))
		self.assertEqual(told_to(LISTED)(AT), self._shown("14:30:00", "Asia/Kolkata"))
		frappe.db.set_value("User", LISTED, "time_zone", "No/Such")
		self.assertEqual(told_to(LISTED)(AT), self._shown("06:00:00", "America/Sao_Paulo"))

	def test_the_doctor_tells_when_the_last_webhook_came(self) -> None:
		event = add_event("alpha", "came")
		frappe.db.set_value("WuzAPI Event", event, "received_at", datetime(2026, 3, 2, 6, 0))  # noqa: DTZ001
		for user, shown in self._readers():
			with self.as_user(user), patch.object(diagnose, "_probe", return_value=Reached()):
				found = {each["step"]: each["sentence"] for each in api.examine("alpha")["findings"]}
			self.assertEqual(found["webhooks of the gateway"], f"The last one came {shown}.")

	def test_how_long_a_ban_lasts_and_since_when(self) -> None:
		self._banned()
		for user, shown in self._readers():
			with self.as_user(user):
				words = api.state_words("alpha")
			self.assertIn(f"until {self._later(shown)}", words["sentence"])
			self.assertEqual(words["since"], f"Since {shown}.")

	def test_an_alert_has_the_zone_of_the_one_whom_it_is_for(self) -> None:
		frappe.db.delete("Notification Log", {"document_name": "alpha"})
		FrappeStore().note_session_change("alpha", SessionChanged(SessionState.CONNECTED), AT)
		self._banned()
		session_alerts.alert_if_lost(bridge_of_site(), sessions()["alpha"])
		for user, shown in self._readers():
			[subject] = frappe.get_all(
				"Notification Log", {"document_name": "alpha", "for_user": user}, pluck="subject"
			)
			self.assertIn(f"until {self._later(shown)}", subject)

	def _banned(self) -> None:
		change = SessionChanged(SessionState.BANNED, banned_for_seconds=3600)
		FrappeStore().note_session_change("alpha", change, AT)

	def _readers(self) -> list[tuple[str, str]]:
		"""And how each is told nine o'clock in UTC."""
		return [
			(MANAGER, self._shown("06:00:00", "America/Sao_Paulo")),
			(LISTED, self._shown("14:30:00", "Asia/Kolkata")),
		]

	def _shown(self, time: str, zone: str) -> str:
		return f"{frappe.utils.format_datetime(f'2026-03-02 {time}')} {zone}"

	def _later(self, shown: str) -> str:
		"""An hour."""
		return shown.replace(" 06:", " 07:").replace(" 14:", " 15:")
