"""What happens, as lines of the site's log `wuzapi_chatwoot`. Ids and causes only: no message text, no secret."""

from __future__ import annotations

import json
from collections.abc import Mapping

from wuzapi_chatwoot.bridge.inbox.admit_webhook import KEPT, REFUSED
from wuzapi_chatwoot.bridge.model.records import Source
from wuzapi_chatwoot.bridge.text.log_lines import LineObserver
from wuzapi_chatwoot.frappe_host.telemetry.rejected_webhooks import record_rejection
from wuzapi_chatwoot.frappe_host.telemetry.site_log import site_log


class SiteObserver(LineObserver):
	"""Implements `Observer`. One per request or job."""

	def write(self, level: str, event: str, fields: Mapping[str, object]) -> None:
		getattr(site_log(), level)(json.dumps({"event": event, **fields}, ensure_ascii=False, default=str))

	def count_webhook(self, source: Source, session: str | None, status: int, reason: str) -> None:
		if status in (REFUSED, KEPT) and session:
			record_rejection(session, reason)
