"""Creates the unique keys and indexes of our DocTypes on a site; called by every controller's `on_doctype_update`."""

from __future__ import annotations

import frappe

from ..wuzapi_chatwoot.keys import INDEXES, UNIQUE_KEYS


def create_keys(doctype: str) -> None:
	"""Idempotent: Frappe looks whether a key is there."""
	for name, columns in UNIQUE_KEYS.get(doctype, {}).items():
		frappe.db.add_unique(doctype, list(columns), name)
	for name, columns in INDEXES.get(doctype, {}).items():
		frappe.db.add_index(doctype, list(columns), name)
