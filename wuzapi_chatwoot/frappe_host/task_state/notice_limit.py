"""What was told lately, for all processes of a site: a job has no memory of the one before."""

from __future__ import annotations

import frappe
from redis.exceptions import RedisError

from wuzapi_chatwoot.bridge.guards.notice_limit import AGAIN


def first_time(key: str) -> bool:
	"""Was this not told within a day? From now on it was. Without Redis it is told once too often."""
	cache = frappe.cache()
	try:
		return bool(
			cache.set(
				cache.make_key(f"wuzapi_chatwoot_told:{key}"), 1, nx=True, ex=int(AGAIN.total_seconds())
			)
		)
	except RedisError:
		return True
