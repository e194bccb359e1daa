"""Times in a site of any time zone: kept local as Frappe expects, read back as they were."""

# bench runs this with unittest alone
# ruff: noqa: PT009, DTZ001

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import frappe

from wuzapi_chatwoot.frappe_host.store import FrappeStore
from wuzapi_chatwoot.frappe_host.store.times import from_site, to_site
from wuzapi_chatwoot.frappe_host.tests.site_case import SiteCase, add_message, add_session

_ZONES = {
	"America/Sao_Paulo": datetime(2026, 3, 2, 6, 0),
	"Asia/Kolkata": datetime(2026, 3, 2, 14, 30),
	"Pacific/Auckland": datetime(2026, 3, 2, 22, 0),
	"UTC": datetime(2026, 3, 2, 9, 0),
	"America/New_York": datetime(2026, 3, 2, 4, 0),
}
_SENT = datetime(2026, 3, 2, 9, 0, 0, 123456, tzinfo=timezone.utc)


class TestTimes(SiteCase):
	def setUp(self) -> None:
		super().setUp()
		add_session("alpha", 131)

	def test_a_message_is_stored_in_the_sites_time_and_read_back_equal(self) -> None:
		for number, (zone, local) in enumerate(_ZONES.items()):
			with self.subTest(zone):
				self.in_zone(zone)
				row = add_message("alpha", "+447700900131", f"ID{number}", _SENT)
				stored = frappe.db.get_value("WuzAPI Message", row.id, "sent_at")
				self.assertEqual(stored, local.replace(microsecond=123456))
				[read] = FrappeStore().find_messages("alpha", row.chat, [f"ID{number}"])
				self.assertEqual(read.sent_at, _SENT)

	def test_every_hour_of_the_days_when_clocks_change_comes_back(self) -> None:
		for zone, day in (
			("Europe/Berlin", datetime(2026, 3, 29, tzinfo=timezone.utc)),
			("America/New_York", datetime(2026, 3, 8, tzinfo=timezone.utc)),
		):
			self.in_zone(zone)
			for hour in range(24):
				at = day + timedelta(hours=hour)
				self.assertEqual(from_site(to_site(at)), at)

	def test_the_hour_that_comes_twice_is_read_as_its_first(self) -> None:
		"""People's times only; leases and pauses are kept in UTC, which has no such hour."""
		self.in_zone("Europe/Berlin")
		first = datetime(2026, 10, 25, 0, 30, tzinfo=timezone.utc)
		self.assertEqual(from_site(to_site(first)), first)
		# The database keeps no word on which of the two it is.
		second = to_site(first + timedelta(hours=1)).replace(fold=0)
		self.assertEqual(from_site(second), first)

	def test_a_lane_is_due_on_time_when_the_clocks_are_set_back(self) -> None:
		self.in_zone("Europe/Berlin")
		store = FrappeStore()
		before = set(store.due_lanes(datetime(2026, 10, 25, 3, 0, tzinfo=timezone.utc), 1000))
		twice = datetime(2026, 10, 25, 1, 30, tzinfo=timezone.utc)
		with store.atomic():
			store._add_lane("in|alpha|clock", "alpha", "in", twice, twice)
		due = set(store.due_lanes(twice, 1000)) - before
		self.assertEqual(due, {"in|alpha|clock"})
		self.assertNotIn("in|alpha|clock", store.due_lanes(twice - timedelta(seconds=1), 1000))
