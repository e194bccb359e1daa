"""Times that came with reactions, edits and deletions, in a site of any time zone. The rest is in `test_times`."""

# bench runs this with unittest alone
# ruff: noqa: PT009, DTZ001

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import frappe

from wuzapi_chatwoot.bridge.model.addresses import Address
from wuzapi_chatwoot.frappe_host.store import FrappeStore
from wuzapi_chatwoot.frappe_host.tests.site_case import SiteCase, add_message, add_session

_ZONES = {
	"America/Sao_Paulo": datetime(2026, 3, 2, 6, 0, 0, 123456),
	"Asia/Kolkata": datetime(2026, 3, 2, 14, 30, 0, 123456),
	"Pacific/Auckland": datetime(2026, 3, 2, 22, 0, 0, 123456),
	"UTC": datetime(2026, 3, 2, 9, 0, 0, 123456),
}
_AT = datetime(2026, 3, 2, 9, 0, 0, 123456, tzinfo=timezone.utc)


class TestStoreTimes(SiteCase):
	def setUp(self) -> None:
		super().setUp()
		add_session("alpha", 151)
		self.store = FrappeStore()

	def test_new_times_are_kept_in_the_sites_time_and_read_back_equal(self) -> None:
		for number, (zone, local) in enumerate(_ZONES.items()):
			with self.subTest(zone):
				self.in_zone(zone)
				row = add_message("alpha", "+447700900151", f"ID{number}", deleted_at=_AT)
				self.store.update_conversation(
					row.conversation, {"last_incoming_at": _AT, "last_message_at": _AT}
				)
				self.assertEqual(frappe.db.get_value("WuzAPI Message", row.id, "deleted_at"), local)
				self.assertEqual(
					frappe.db.get_value(
						"WuzAPI Conversation", row.conversation, ["last_incoming_at", "last_message_at"]
					),
					(local, local),
				)
				self.assertEqual(self.store.get_message(row.id), row)
				conversation = self.store.get_conversation(row.conversation)
				self.assertEqual((conversation.last_incoming_at, conversation.last_message_at), (_AT, _AT))
				later = _AT + timedelta(seconds=1)
				self.store.change_message(row.id, {"deleted_at": later})
				stored = frappe.db.get_value("WuzAPI Message", row.id, "deleted_at")
				self.assertEqual(stored, local + timedelta(seconds=1))

	def test_a_merge_compares_moments_in_every_zone(self) -> None:
		for number, zone in enumerate(_ZONES):
			with self.subTest(zone):
				self.in_zone(zone)
				rows = [
					add_message("alpha", f"+4477009016{number}{each}", f"M{number}{each}") for each in (0, 1)
				]
				later = _AT + timedelta(microseconds=1)
				for row, time in zip(rows, (_AT, later), strict=True):
					self.store.update_conversation(
						row.conversation, {"last_incoming_at": time, "reply_to": Address(f"{time}", "lid")}
					)
				contacts = [self.store.get_conversation(row.conversation).contact for row in rows]
				self.store.merge_contacts(*contacts)
				left = self.store.find_conversation_of_contact(contacts[0])
				self.assertEqual((left.last_incoming_at, left.reply_to.user), (later, f"{later}"))
