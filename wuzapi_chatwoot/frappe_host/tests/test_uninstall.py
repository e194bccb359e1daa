"""What Frappe would leave in the desk after the app is gone. Frappe 16's DocTypes are made here on a site that has none."""

# bench runs this with unittest alone
# ruff: noqa: PT009

from __future__ import annotations

from typing import Any

import frappe

from ...uninstall import remove_from_the_desk
from .site_case import SiteCase

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
			("Desktop Icon", self.row("Desktop Icon", label="WhatsApp", app="another_app")),
			("Desktop Icon", self.row("Desktop Icon", label="Buying")),
		]
		remove_from_the_desk()
		self.assertEqual([row for row in ours if frappe.db.exists(*row)], [])
		self.assertEqual([row for row in others if not frappe.db.exists(*row)], [])

	def test_a_site_that_has_no_such_entries_is_left_alone(self) -> None:
		before = frappe.db.count("Desktop Icon")
		remove_from_the_desk()
		self.assertEqual(frappe.db.count("Desktop Icon"), before)
