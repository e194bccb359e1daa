"""What happens, as lines of the site's log `wuzapi_chatwoot`. Ids and causes only: no message text, no secret."""

from __future__ import annotations

import json
from typing import Any

import frappe

from ..bridge.records import EventRow, Source
from .refusals import note_refusal


class SiteObserver:
	"""Implements `Observer`. One per request or job."""

	def webhook(
		self, source: Source, session: str | None, status: int, reason: str, trace_id: str | None
	) -> None:
		_write(
			"warning" if status >= 400 else "info",
			"webhook",
			source=source.value,
			session=session,
			status=status,
			reason=reason,
			trace_id=trace_id,
		)
		if status == 401 and session:
			note_refusal(session, reason)

	def attempt(self, event: EventRow, outcome: str, seconds: float, error: str | None) -> None:
		_write(
			"error" if outcome == "dead" else "info",
			"attempt",
			trace_id=event.trace_id,
			event_id=event.id,
			session=event.session,
			lane=event.lane,
			kind=event.kind,
			begun=event.begun,
			outcome=outcome,
			seconds=round(seconds, 4),
			error=error,
		)

	def notice(self, what: str, **ids: object) -> None:
		# Frappe keeps errors only, unless a site asks for more.
		_write("error" if what.startswith("a fault") else "warning", "notice", what=what, **ids)


def _write(level: str, event: str, **fields: Any) -> None:
	logger = frappe.logger("wuzapi_chatwoot", allow_site=True, max_size=5_000_000)
	getattr(logger, level)(json.dumps({"event": event, **fields}, ensure_ascii=False, default=str))
