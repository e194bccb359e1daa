"""The sessions and site-wide choices that people set, as the bridge's values.

Decrypted secrets are kept in this process's memory only; a version in the cache tells when to read them again, so
that an acknowledged webhook costs no statement for it.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import Any

import frappe
from frappe.utils.password import get_decrypted_password

from ..bridge.records import ConversationPolicy, Secret, Session

_VERSION = "wuzapi_chatwoot_sessions_version"
_MEBIBYTE = 1024 * 1024
_known: dict[str, tuple[str, dict[str, Session]]] = {}
_lock = threading.Lock()


def sessions() -> Mapping[str, Session]:
	"""Of this site, the enabled ones."""
	site = frappe.local.site
	version = frappe.cache().get_value(_VERSION)
	if version is None:
		version = forget_sessions()
	with _lock:
		known = _known.get(site)
		if known is not None and known[0] == version:
			return known[1]
	read = {
		name: session_of(frappe.get_doc("WuzAPI Session", name))
		for name in frappe.get_all("WuzAPI Session", filters={"enabled": 1}, pluck="name", order_by="name")
	}
	with _lock:
		_known[site] = (version, read)
	return read


def forget_sessions() -> str:
	"""Let every process of this site read them again."""
	version = frappe.generate_hash(length=12)
	frappe.cache().set_value(_VERSION, version)
	return version


def session_of(doc: Any) -> Session:
	"""A row of `WuzAPI Session` as the bridge's value, with its secrets."""
	return Session(
		name=doc.name,
		gateway_url=(doc.gateway_url or "").rstrip("/"),
		gateway_token=_secret(doc, "gateway_token"),
		chatwoot_url=(doc.chatwoot_url or "").rstrip("/"),
		chatwoot_token=_secret(doc, "chatwoot_token"),
		account_id=doc.account_id or 0,
		inbox_id=doc.inbox_id or 0,
		gateway_secrets=_several(doc, "gateway_secret", "gateway_secret_previous"),
		chatwoot_secrets=_several(doc, "chatwoot_secret", "chatwoot_secret_previous"),
		webhook_tokens=_several(doc, "webhook_token", "webhook_token_previous"),
		gateway_instance=_secret(doc, "gateway_instance"),
		conversation_policy=ConversationPolicy(doc.conversation_policy or "reopen"),
		settle_seconds=float(doc.settle_seconds if doc.settle_seconds is not None else 0.5),
		default_region=doc.default_region or None,
		groups=bool(doc.groups),
		mark_read_on_reply=bool(doc.mark_read_on_reply),
		largest_file=int(doc.largest_file or 100 * _MEBIBYTE),
	)


def _secret(doc: Any, field: str) -> Secret:
	if not doc.get(field):
		return Secret("")
	return Secret(get_decrypted_password(doc.doctype, doc.name, field, raise_exception=False) or "")


def _several(doc: Any, *fields: str) -> tuple[Secret, ...]:
	return tuple(secret for field in fields if (secret := _secret(doc, field)))
