"""What the site keeps so that nothing reaches the wrong person: whose a conversation in Chatwoot is, and the key of ids."""

# bench runs this with unittest alone
# ruff: noqa: PT009, PT027

from __future__ import annotations

from unittest.mock import patch

import frappe

from wuzapi_chatwoot.bridge.model.addresses import Address
from wuzapi_chatwoot.bridge.model.message_ids import derived_id
from wuzapi_chatwoot.frappe_host.desk.outbox import queue_message
from wuzapi_chatwoot.frappe_host.store import FrappeStore
from wuzapi_chatwoot.frappe_host.tests.site_case import SiteCase, add_message, add_session
from wuzapi_chatwoot.frappe_host.wiring import message_key as keys
from wuzapi_chatwoot.frappe_host.wiring.bridge import bridge_of_site
from wuzapi_chatwoot.frappe_host.wiring.message_key import ensure_message_key, message_key
from wuzapi_chatwoot.install import after_migrate
from wuzapi_chatwoot.patches.settle_chatwoot_conversations import execute

STATUS = Address("status", "broadcast")
ANA, ZOE, EVA = (f"+44770090019{number}" for number in range(3))


class TestSettledConversations(SiteCase):
	def setUp(self) -> None:
		super().setUp()
		add_session("alpha", 191)
		self.store = FrappeStore()
		self.ids = [add_message("alpha", phone, "A").conversation for phone in (ANA, ZOE, EVA)]
		for id, place, wrote in zip(self.ids, (7, 7, 8), ("09:00", "08:00", "07:00"), strict=True):
			frappe.db.sql(
				"""UPDATE `tabWuzAPI Conversation` SET chatwoot_conversation_id = %s, chatwoot_conversation_key = NULL,
				chatwoot_status = 'open', reconciled_up_to = 5, modified = '2026-01-01' WHERE name = %s""",
				(place, id),
			)
			frappe.db.sql(
				"""UPDATE `tabWuzAPI Message` SET chatwoot_conversation_id = %s, direction = 'in', sent_at = %s
				WHERE conversation = %s""",
				(place, f"2026-03-02 {wrote}", str(id)),
			)

	def test_of_two_with_one_number_the_first_that_wrote_there_keeps_it(self) -> None:
		execute()
		rows = [self.store.get_conversation(id) for id in self.ids]
		self.assertEqual([row.chatwoot_conversation_id for row in rows], [None, 7, 8])
		self.assertEqual((rows[0].chatwoot_status, rows[0].reconciled_up_to), (None, None))
		self.assertEqual(self.store.find_conversation_by_chatwoot_id("alpha", 7), rows[1])
		self.assertEqual(self.store.find_conversation_by_chatwoot_id("alpha", 8), rows[2])
		# Nothing that people would see as a change.
		modified = frappe.get_all("WuzAPI Conversation", {"session": "alpha"}, pluck="modified")
		self.assertEqual({str(each)[:10] for each in modified}, {"2026-01-01"})

	def test_it_may_run_again(self) -> None:
		execute()
		before = [self.store.get_conversation(id) for id in self.ids]
		execute()
		self.assertEqual([self.store.get_conversation(id) for id in self.ids], before)


class TestMessageKey(SiteCase):
	def setUp(self) -> None:
		super().setUp()
		keys._keys.clear()

	def test_it_is_made_once_and_kept_encrypted(self) -> None:
		after_migrate()
		key = message_key()
		keys._keys.clear()
		after_migrate()
		self.assertEqual(message_key().value, key.value)
		self.assertGreaterEqual(len(key.value), 64)
		self.assertEqual(bridge_of_site().message_key(), key)
		self.assertNotIn(key.value, str(frappe.db.sql("SELECT * FROM __Auth")))

	def test_it_costs_no_statement_after_the_first_time(self) -> None:
		message_key()
		with patch.object(frappe.db, "sql", side_effect=AssertionError("a statement")):
			message_key()

	def test_one_that_cannot_be_read_is_made_anew(self) -> None:
		ensure_message_key()
		frappe.db.sql(
			"UPDATE __Auth SET password = 'x' WHERE doctype = 'WuzAPI Settings' AND fieldname = 'message_key'"
		)
		key = message_key()
		self.assertGreaterEqual(len(key.value), 64)
		self.assertNotEqual(derived_id(key, "a", 1, 0), derived_id(key, "a", 2, 0))

	def test_saving_the_settings_does_not_touch_it(self) -> None:
		before = ensure_message_key()
		frappe.get_doc("WuzAPI Settings").save()
		self.assertEqual(ensure_message_key(), before)


class TestNothingIsPublished(SiteCase):
	def test_an_answer_to_nobody_in_the_status_conversation_is_refused(self) -> None:
		add_session("alpha", 192)
		store = FrappeStore()
		contact = store.add_contact("alpha", "WhatsApp status", [STATUS])
		conversation = store.add_conversation("alpha", STATUS, contact.id)
		with self.assertRaisesRegex(frappe.ValidationError, "published as your status"):
			queue_message(
				session="alpha",
				conversation=conversation.id,
				phone=None,
				text="Hello",
				file=None,
				user="Administrator",
			)
