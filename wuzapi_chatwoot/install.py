"""What a site needs besides its DocTypes: the two roles, and a key. Idempotent, since it runs after every migration too."""

from __future__ import annotations

import frappe

from wuzapi_chatwoot.frappe_host.store.database_keys import create_every_key
from wuzapi_chatwoot.frappe_host.wiring.message_key import ensure_message_key

ROLES = ("WuzAPI Manager", "WuzAPI User")


def after_install() -> None:
	_add_roles()
	ensure_message_key()


def after_migrate() -> None:
	_add_roles()
	create_every_key()
	ensure_message_key()


def _add_roles() -> None:
	for role in ROLES:
		if not frappe.db.exists("Role", role):
			frappe.get_doc({"doctype": "Role", "role_name": role, "desk_access": 1}).insert(
				ignore_permissions=True
			)
