"""The columns of a site: as long as the DocType files say, and keys compared by bytes, whatever Frappe did to them."""

# bench runs this with unittest alone
# ruff: noqa: PT009

from __future__ import annotations

import frappe

from wuzapi_chatwoot.frappe_host.store.database_keys import create_every_key
from wuzapi_chatwoot.frappe_host.tests.site_case import SiteCase
from wuzapi_chatwoot.install import after_migrate
from wuzapi_chatwoot.wuzapi_chatwoot.keys import BY_BYTES
from wuzapi_chatwoot.wuzapi_chatwoot.limits import limits


class TestColumns(SiteCase):
	def test_each_holds_what_the_doctype_files_say(self) -> None:
		lengths = {
			(row.place, row.column): row.bytes // 4
			for row in frappe.db.sql(
				"""SELECT table_name AS place, column_name AS `column`, character_octet_length AS bytes
				FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name LIKE 'tabWuzAPI %%'
				AND character_octet_length IS NOT NULL""",
				as_dict=True,
			)
		}
		for (doctype, column), most in limits().items():
			with self.subTest(f"{doctype}.{column}"):
				self.assertGreaterEqual(lengths[f"tab{doctype}", column], most)

	def test_keys_are_compared_by_bytes(self) -> None:
		self.assertEqual(self.collations(), {"utf8mb4_nopad_bin"})

	def test_a_column_that_frappe_changed_is_compared_by_bytes_again(self) -> None:
		frappe.db.sql_ddl(
			"ALTER TABLE `tabWuzAPI Conversation` MODIFY `chat` varchar(140) COLLATE utf8mb4_unicode_ci"
		)
		self.assertEqual(len(self.collations()), 2)
		create_every_key()
		self.assertEqual(self.collations(), {"utf8mb4_nopad_bin"})

	def test_a_key_that_a_release_adds_is_made_by_migrating(self) -> None:
		"""The DocType's own file is the same, so Frappe asks the controller for nothing."""
		frappe.db.sql_ddl("ALTER TABLE `tabWuzAPI Message` DROP INDEX `session_status`")
		self.assertFalse(frappe.db.has_index("tabWuzAPI Message", "session_status"))
		after_migrate()
		self.assertTrue(frappe.db.has_index("tabWuzAPI Message", "session_status"))

	def collations(self) -> set[str]:
		return {
			frappe.db.sql(
				"""SELECT collation_name FROM information_schema.columns
				WHERE table_schema = DATABASE() AND table_name = %s AND column_name = %s""",
				(f"tab{doctype}", column),
			)[0][0]
			for doctype, columns in BY_BYTES.items()
			for column in columns
		}
