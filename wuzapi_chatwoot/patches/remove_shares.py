"""Shares of our rows, made by hand or by an assignment, opened conversations to people who are not listed in the session."""

from __future__ import annotations

import frappe

from wuzapi_chatwoot.frappe_host.permissions.row_rules import RULES


def execute() -> None:
	frappe.db.delete("DocShare", {"share_doctype": ["in", list(RULES)]})
