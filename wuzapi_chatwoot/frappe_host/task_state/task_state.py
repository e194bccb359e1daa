"""What is remembered of a session for a while, in Redis: how far its set-up is, its QR code, what the watchdog saw.

Nothing here is the only copy of anything: without Redis it is as if it had been forgotten. Secrets are encrypted with
the site's key, and read once.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import frappe
from frappe.utils.password import decrypt, encrypt
from redis.exceptions import RedisError

_LIVES = 600
"""Of a secret that is handed to a job, in seconds."""


def _key(session: str, what: str) -> bytes:
	return frappe.cache().make_key(f"wuzapi_chatwoot:{what}:{session}")


def remember(session: str, what: str, value: dict[str, Any], seconds: int) -> None:
	tolerant(lambda cache: cache.set(_key(session, what), json.dumps(value), ex=seconds))


def recall(session: str, what: str) -> dict[str, Any]:
	"""Empty: nothing is known."""
	found = tolerant(lambda cache: cache.get(_key(session, what)))
	return dict(json.loads(found)) if found else {}


def forget(session: str, what: str) -> None:
	tolerant(lambda cache: cache.delete(_key(session, what)))


def claim(session: str, what: str, seconds: int) -> bool:
	"""Be the only one for so long, or until it is forgotten; false: somebody else is. Without Redis nobody can tell."""
	try:
		return bool(frappe.cache().set(_key(session, what), 1, nx=True, ex=seconds))
	except RedisError:
		return True


def hand_over(secret: str) -> str:
	"""Keep a secret for one job, which is given the name that this returns: a job's arguments stay readable in Redis.

	Without Redis it is lost, and so is the job.
	"""
	name = frappe.generate_hash(length=16)
	if secret:
		remember(name, "handed_over", {"encrypted": encrypt(secret)}, _LIVES)
	return name


def take(name: str) -> str:
	"""Empty: there was none, or it has been taken."""
	encrypted = recall(name, "handed_over").get("encrypted")
	forget(name, "handed_over")
	return decrypt(encrypted) if encrypted else ""


def tolerant(act: Callable[[Any], Any]) -> Any:
	"""`None`: Redis is away."""
	try:
		return act(frappe.cache())
	except RedisError:
		return None
