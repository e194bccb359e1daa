"""What happens, as lines of the site's log `wuzapi_chatwoot`. Ids and causes only: no message text, no secret."""

from __future__ import annotations

import json
from collections.abc import Mapping

from ..bridge.log_lines import LineObserver
from ..bridge.records import Source
from ..bridge.usecases.admit_webhook import KEPT, REFUSED
from .refusals import note_refusal
from .site_log import site_log


class SiteObserver(LineObserver):
	"""Implements `Observer`. One per request or job."""

	def write(self, level: str, event: str, fields: Mapping[str, object]) -> None:
		getattr(site_log(), level)(json.dumps({"event": event, **fields}, ensure_ascii=False, default=str))

	def count_webhook(self, source: Source, session: str | None, status: int, reason: str) -> None:
		if status in (REFUSED, KEPT) and session:
			note_refusal(session, reason)
