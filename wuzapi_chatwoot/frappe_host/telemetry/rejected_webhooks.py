"""Keeps a record of refused webhooks on the session: how many, when, why. Never of what they contained."""

from __future__ import annotations

import frappe

# A flood of forged requests may not become a flood of writes. In seconds.
_AT_MOST_EVERY = 10


def record_rejection(session: str, reason: str) -> None:
	key = f"wuzapi_chatwoot_refusal:{session}"
	if frappe.cache().get_value(key, expires=True):
		return
	frappe.cache().set_value(key, 1, expires_in_sec=_AT_MOST_EVERY)
	frappe.db.sql(
		"""UPDATE `tabWuzAPI Session` SET refused_webhooks = COALESCE(refused_webhooks, 0) + 1,
		last_refusal_at = %s, last_refusal = %s WHERE name = %s""",
		(frappe.utils.now(), reason, session),
	)
