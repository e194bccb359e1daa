"""The key of the WhatsApp ids that are derived here: made at installation, kept encrypted where passwords are.

It is no field: nobody has to see it, and saving the settings must not touch it.
"""

from __future__ import annotations

import secrets

import frappe
from frappe.utils.password import get_decrypted_password, set_encrypted_password

from wuzapi_chatwoot.bridge.model.records import Secret

_PLACE = ("WuzAPI Settings", "WuzAPI Settings")
_NAME = "message_key"

# By site: it never changes while a process lives.
_keys: dict[str, Secret] = {}


def message_key() -> Secret:
	"""Of this site. Costs a statement once in a process."""
	site = frappe.local.site
	if site not in _keys:
		_keys[site] = Secret(_stored() or ensure_message_key())
	return _keys[site]


def ensure_message_key() -> str:
	"""Make it if there is none that can be read. Another one does no harm: what was sent is known by its row."""
	key = _stored()
	if key is None:
		key = secrets.token_hex(32)
		set_encrypted_password(*_PLACE, key, fieldname=_NAME)
	return key


def _stored() -> str | None:
	try:
		return get_decrypted_password(*_PLACE, fieldname=_NAME, raise_exception=False) or None
	except frappe.ValidationError:
		# The site was restored without its encryption key.
		frappe.clear_last_message()
		return None
