"""The site's log `wuzapi_chatwoot`, at the level that *WuzAPI Settings* say: Frappe's own level is ERROR, on production sites and
by default, and would hide every line of a healthy day.
"""

from __future__ import annotations

import logging
import time

import frappe

LOG = "wuzapi_chatwoot"
LEVELS = ("ERROR", "WARNING", "INFO", "DEBUG")
_DEFAULT = "INFO"
# Seconds. Another process takes up a change after that long.
_GOOD_FOR = 60.0
_known: dict[str, tuple[str, float]] = {}


def site_log() -> logging.Logger:
	logger = frappe.logger(LOG, allow_site=True, max_size=5_000_000)
	logger.setLevel(_level())
	return logger


def forget_level() -> None:
	_known.clear()


def _level() -> str:
	site, now = frappe.local.site, time.monotonic()
	level, read_at = _known.get(site, ("", 0.0))
	if not level or now - read_at > _GOOD_FOR:
		level = _chosen()
		_known[site] = level, now
	return level


def _chosen() -> str:
	"""From the cached document: a log line must not begin a transaction, and is written where the database is away, too."""
	try:
		level = frappe.get_cached_doc("WuzAPI Settings").get("log_level")
	except Exception:  # noqa: BLE001 - whatever it is, the line is worth more than its level
		return _DEFAULT
	return level if level in LEVELS else _DEFAULT
