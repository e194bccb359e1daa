"""Sessions that are off and have no inbox were left in the middle of their set-up, by a release that did not note it."""

from __future__ import annotations

import frappe


def execute() -> None:
	frappe.db.sql(
		"""UPDATE `tabWuzAPI Session` SET setup_unfinished = 1
		WHERE enabled = 0 AND IFNULL(inbox_id, 0) = 0 AND state_since IS NULL"""
	)
