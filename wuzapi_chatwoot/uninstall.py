"""Takes away what `install` added. The DocTypes and their rows are Frappe's business."""

from __future__ import annotations

import frappe

from .install import ROLES


def before_uninstall() -> None:
	for role in ROLES:
		frappe.db.delete("Has Role", {"role": role})
		frappe.delete_doc("Role", role, ignore_missing=True, force=True, ignore_permissions=True)
