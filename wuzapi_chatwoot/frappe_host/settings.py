"""The sessions and site-wide choices that people set, as the bridge's values.

Decrypted secrets are kept in this process's memory only; a version in Redis tells when to read them again, so that an
acknowledged webhook costs no statement for it. Without Redis, and after some time in any case, they are read again.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import frappe
from frappe.utils.password import get_decrypted_password
from redis.exceptions import RedisError

from ..bridge.records import ConversationPolicy, Secret, Session
from ..bridge.retry import DEFAULT_PAUSES, RetrySchedule

_VERSION = "wuzapi_chatwoot_sessions"
# In seconds. The longer one covers a new version that Redis was never told of, being away just then.
_GOOD_FOR = 60.0
_GOOD_FOR_WITHOUT_REDIS = 5.0
_MEBIBYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class _Known:
	version: str | None
	read_at: float
	every: Mapping[str, Session]
	enabled: Mapping[str, Session]


_known: dict[str, _Known] = {}
_lock = threading.Lock()


def sessions() -> Mapping[str, Session]:
	"""Of this site, the enabled ones."""
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
	docs = [
		frappe.get_doc("WuzAPI Session", name)
		for name in frappe.get_all("WuzAPI Session", pluck="name", order_by="name")
	]
	every = {doc.name: session_of(doc) for doc in docs}
	fresh = _Known(version, started, every, {doc.name: every[doc.name] for doc in docs if doc.enabled})
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


def retries() -> RetrySchedule:
	"""The site's pauses between tries."""
	text = frappe.db.get_single_value("WuzAPI Settings", "retry_pauses") or ""
	return RetrySchedule(pauses_of(text) or DEFAULT_PAUSES)


def pauses_of(text: str) -> tuple[float, ...]:
	"""Raises `ValueError`."""
	return tuple(float(pause) for pause in text.split(",") if pause.strip())


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
