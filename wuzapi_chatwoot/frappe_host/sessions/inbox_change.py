"""A session that gets another inbox begins anew there, and keeps what was said. Called when its document is saved."""

from __future__ import annotations

from typing import Any

from wuzapi_chatwoot.frappe_host.store.store import FrappeStore
from wuzapi_chatwoot.runtime.system import SystemClock

_INBOX = ("chatwoot_url", "account_id", "inbox_id")


def forget_old_inbox(doc: Any) -> None:
	before = doc.get_doc_before_save()
	if before is None or not before.inbox_id:
		return
	if any(before.get(field) != doc.get(field) for field in _INBOX):
		FrappeStore().forget_chatwoot(doc.name, SystemClock().now())
