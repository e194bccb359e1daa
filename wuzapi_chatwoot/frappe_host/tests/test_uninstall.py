"""What Frappe would leave in the desk after the app is gone. Frappe 16's DocTypes are made here on a site that has none."""

# bench runs this with unittest alone
# ruff: noqa: PT009

from __future__ import annotations

from typing import Any

import frappe

from wuzapi_chatwoot.frappe_host.tests.site_case import SiteCase
from wuzapi_chatwoot.uninstall import remove_from_the_desk, remove_what_hangs_on

_SIDEBAR = "Workspace Sidebar"


class TestUninstall(SiteCase):
	@classmethod
	def setUpClass(cls) -> None:
		super().setUpClass()
		cls.made = not frappe.db.exists("DocType", _SIDEBAR)
		if cls.made:
			fields = [{"fieldname": name, "fieldtype": "Data", "label": name} for name in ("title", "app")]
			doc = {"doctype": "DocType", "name": _SIDEBAR, "module": "Desk", "custom": 1, "fields": fields}
			frappe.get_doc({**doc, "autoname": "field:title", "permissions": []}).insert()

	@classmethod
	def tearDownClass(cls) -> None:
		if cls.made:
			frappe.delete_doc("DocType", _SIDEBAR, force=True)
			frappe.db.commit()  # nosemgrep - the table is gone by now
		super().tearDownClass()

	def setUp(self) -> None:
		super().setUp()
		# What Frappe 16 made for the app when it was installed here.
		remove_from_the_desk()

	def row(self, doctype: str, **values: Any) -> str:
		doc = frappe.get_doc({"doctype": doctype, **values})
		doc.name = values.get("title") or frappe.generate_hash(length=10)
		doc.db_insert()
		return str(doc.name)

	def test_the_sidebar_and_the_icon_of_our_workspace_go(self) -> None:
		ours = [
			(_SIDEBAR, self.row(_SIDEBAR, title="WhatsApp")),
			("Desktop Icon", self.row("Desktop Icon", label="WhatsApp", standard=1)),
			("Desktop Icon", self.row("Desktop Icon", label="WuzAPI Chatwoot", app="wuzapi_chatwoot")),
		]
		others = [
			(_SIDEBAR, self.row(_SIDEBAR, title="Buying")),
			("Desktop Icon", self.row("Desktop Icon", label="Buying")),
		]
		remove_from_the_desk()
		self.assertEqual([row for row in ours if frappe.db.exists(*row)], [])
		self.assertEqual([row for row in others if not frappe.db.exists(*row)], [])

	def test_another_apps_entry_of_the_same_name_stays(self) -> None:
		other = self.row("Desktop Icon", label="WhatsApp", app="another_app")
		remove_from_the_desk()
		self.assertTrue(frappe.db.exists("Desktop Icon", other))

	def test_what_frappe_keeps_of_our_rows_goes(self) -> None:
		"""Deleted documents hold names and numbers of people."""
		rows = {
			"Deleted Document": {"deleted_doctype": "{}", "deleted_name": "alpha", "data": "{{}}"},
			"Document Follow": {"ref_doctype": "{}", "ref_docname": "alpha", "user": "Administrator"},
			"List Filter": {"reference_doctype": "{}", "filter_name": "Mine"},
			"Version": {"ref_doctype": "{}", "docname": "alpha", "data": "{{}}"},
			"List View Settings": {"title": "{}"},
		}
		made = {
			about: [
				(
					doctype,
					self.row(doctype, **{field: value.format(about) for field, value in values.items()}),
				)
				for doctype, values in rows.items()
			]
			for about in ("WuzAPI Session", "ToDo")
		}
		remove_what_hangs_on()
		self.assertEqual([row for row in made["WuzAPI Session"] if frappe.db.exists(*row)], [])
		self.assertEqual([row for row in made["ToDo"] if not frappe.db.exists(*row)], [])

	def test_a_site_that_has_no_such_entries_is_left_alone(self) -> None:
		before = frappe.db.count("Desktop Icon")
		remove_from_the_desk()
		self.assertEqual(frappe.db.count("Desktop Icon"), before)
