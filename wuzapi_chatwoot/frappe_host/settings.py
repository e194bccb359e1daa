"""The sessions and site-wide choices that people set, as the bridge's values.

Decrypted secrets are kept in this process's memory only; a version in Redis tells when to read them again, so that an
acknowledged webhook costs no statement for it. Without Redis, and after some time in any case, they are read again.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from typing import Any

import frappe
from frappe.utils.data import get_system_timezone
from frappe.utils.password import decrypt, get_decrypted_password
from redis.exceptions import RedisError

from wuzapi_chatwoot.bridge.model.records import ConversationPolicy, Deletions, Secret, Session, Signature
from wuzapi_chatwoot.bridge.model.retry import DEFAULT_PAUSES, RetrySchedule
from wuzapi_chatwoot.bridge.sessions.validation import entries, group_addresses
from wuzapi_chatwoot.frappe_host.store.connection import store_trouble

_VERSION = "wuzapi_chatwoot_sessions"
# In seconds. The longer one covers a new version that Redis was never told of, being away just then.
_GOOD_FOR = 60.0
_GOOD_FOR_WITHOUT_REDIS = 5.0
# Of a session that was there before the setting: its row has nothing in it.
_UNSET = {each.name: each.default for each in fields(Session)}


@dataclass(frozen=True, slots=True)
class _Known:
	version: str | None
	read_at: float
	every: Mapping[str, Session]
	enabled: Mapping[str, Session]


_known: dict[str, _Known] = {}
_lock = threading.Lock()


def sessions() -> Mapping[str, Session]:
	"""Of this site, the enabled ones. Raises `StoreUnavailable`, like the next."""
	return _read().enabled


def every_session() -> Mapping[str, Session]:
	"""Also those that are switched off: what reaches them is stored."""
	return _read().every


def _read() -> _Known:
	site, version = frappe.local.site, _version()
	with _lock:
		known = _known.get(site)
	good_for = _GOOD_FOR if version is not None else _GOOD_FOR_WITHOUT_REDIS
	if known is not None and known.version == version and time.monotonic() - known.read_at < good_for:
		return known
	started = time.monotonic()
	with store_trouble():
		# Two statements, however many there are: every job begins by this.
		rows = frappe.get_all("WuzAPI Session", fields=["*"], order_by="name")
		password = passwords()
	every = {row.name: _session(row, lambda field, row=row: password(row.name, field)) for row in rows}
	fresh = _Known(version, started, every, {row.name: every[row.name] for row in rows if row.enabled})
	with _lock:
		_known[site] = fresh
	return fresh


def _version() -> str | None:
	"""`None`: Redis is away. Not by Frappe's cache, which asks once per request or job: a pump lives for minutes."""
	cache = frappe.cache()
	try:
		found = cache.get(cache.make_key(_VERSION))
		return found.decode(errors="replace") if found else _renew_version()
	except RedisError:
		return None


def forget_sessions() -> None:
	"""Let every process of this site read them again: at once, and when what is written now can be seen."""
	_renew_version()
	frappe.db.after_commit.add(_renew_version)


def _renew_version() -> str | None:
	version, cache = frappe.generate_hash(length=12), frappe.cache()
	try:
		cache.set(cache.make_key(_VERSION), version)
	except RedisError:
		return None
	return version


# Kept by sites that never chose any.
_EARLIER_DEFAULT = (1.0, 3.0, 10.0, 30.0, 60.0, 300.0, 900.0, 1800.0, 3600.0, 7200.0, 14400.0, 28800.0)


def retries() -> RetrySchedule:
	"""The site's pauses between tries."""
	pauses = pauses_of(frappe.db.get_single_value("WuzAPI Settings", "retry_pauses") or "")
	return RetrySchedule(pauses if pauses and pauses != _EARLIER_DEFAULT else DEFAULT_PAUSES)


def pauses_of(text: str) -> tuple[float, ...]:
	"""Raises `ValueError`."""
	return tuple(float(pause) for pause in text.split(",") if pause.strip())


def passwords() -> Callable[[str, str], str]:
	"""Those of all sessions, by session and field. Empty: there is none."""
	encrypted = {
		(name, field): password
		for name, field, password in frappe.db.sql(
			"SELECT name, fieldname, password FROM `__Auth` WHERE doctype = %s AND encrypted = 1",
			("WuzAPI Session",),
		)
	}

	def password(name: str, field: str) -> str:
		found = encrypted.get((name, field))
		return decrypt(found, key=f"WuzAPI Session.{name}.{field}") if found else ""

	return password


def session_of(doc: Any) -> Session:
	"""A document of `WuzAPI Session` as the bridge's value, with its secrets."""
	return _session(
		doc, lambda field: get_decrypted_password(doc.doctype, doc.name, field, raise_exception=False) or ""
	)


def _session(doc: Any, password: Callable[[str], str]) -> Session:
	def secret(field: str) -> Secret:
		return Secret(password(field) if doc.get(field) else "")

	def several(*fields: str) -> tuple[Secret, ...]:
		return tuple(found for field in fields if (found := secret(field)))

	return Session(
		name=doc.name,
		gateway_url=(doc.gateway_url or "").rstrip("/"),
		gateway_token=secret("gateway_token"),
		chatwoot_url=(doc.chatwoot_url or "").rstrip("/"),
		chatwoot_token=secret("chatwoot_token"),
		account_id=doc.account_id or 0,
		inbox_id=doc.inbox_id or 0,
		gateway_secrets=several("gateway_secret", "gateway_secret_previous"),
		chatwoot_secrets=several("chatwoot_secret", "chatwoot_secret_previous"),
		webhook_tokens=several("webhook_token", "webhook_token_previous"),
		gateway_instance=secret("gateway_instance"),
		require_signatures=bool(doc.require_signatures),
		conversation_policy=ConversationPolicy(_chosen(doc, "conversation_policy")),
		reopen_within_days=float(_chosen(doc, "reopen_within_days")),
		start_pending=bool(doc.start_pending),
		settle_seconds=float(_chosen(doc, "settle_seconds")),
		# A row from before the setting has 0.
		reconnect_seconds=float(doc.reconnect_seconds or _UNSET["reconnect_seconds"]),
		default_region=doc.default_region or None,
		time_zone=doc.time_zone or get_system_timezone(),
		groups=bool(doc.groups),
		only_groups=group_addresses(doc.only_groups or ""),
		group_changes=bool(doc.group_changes),
		ignored=entries(doc.ignored or ""),
		status_broadcasts=bool(doc.status_broadcasts),
		newsletters=bool(doc.newsletters),
		deletions=Deletions(_chosen(doc, "deletions")),
		revoke_deleted=bool(_chosen(doc, "revoke_deleted")),
		signature=Signature(_chosen(doc, "signature")),
		signature_template=_chosen(doc, "signature_template"),
		voice_notes=bool(_chosen(doc, "voice_notes")),
		typing=bool(doc.typing),
		mark_read_on_reply=bool(doc.mark_read_on_reply),
		mark_read_on_view=bool(doc.mark_read_on_view),
		control_agents=entries(doc.control_agents or ""),
		largest_file=int(doc.largest_file or _UNSET["largest_file"]),
	)


def _chosen(doc: Any, field: str) -> Any:
	value = doc.get(field)
	return _UNSET[field] if value is None or value == "" else value
