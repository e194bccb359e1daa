"""A session that gets another inbox begins anew there, and keeps what was said. Called when its document is saved."""

from __future__ import annotations

from typing import Any

from ..system import SystemClock
from .store.store import FrappeStore

_INBOX = ("chatwoot_url", "account_id", "inbox_id")


def forget_old_inbox(doc: Any) -> None:
	before = doc.get_doc_before_save()
	if before is None or not before.inbox_id:
		return
	if any(before.get(field) != doc.get(field) for field in _INBOX):
		FrappeStore().forget_chatwoot(doc.name, SystemClock().now())
