"""What a site needs besides its DocTypes: the two roles. Idempotent, since it runs after every migration too."""

from __future__ import annotations

import frappe

from .frappe_host.database_keys import compare_every_key_by_bytes

ROLES = ("WuzAPI Manager", "WuzAPI User")


def after_install() -> None:
	_add_roles()


def after_migrate() -> None:
	_add_roles()
	compare_every_key_by_bytes()


def _add_roles() -> None:
	for role in ROLES:
		if not frappe.db.exists("Role", role):
			frappe.get_doc({"doctype": "Role", "role_name": role, "desk_access": 1}).insert(
				ignore_permissions=True
			)
