"""What time it is at a Chatwoot. Signatures of webhooks bear that time, and one that is far off is refused.

Asks `/api`, which needs no token: none goes along.
"""

from __future__ import annotations

import json
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime

import requests

from wuzapi_chatwoot.bridge.model.errors import NotFound, Retriable
from wuzapi_chatwoot.chatwoot.client.calls import CONNECT_SECONDS, READ_SECONDS
from wuzapi_chatwoot.chatwoot.client.failures import NOT_CHATWOOT, of_answer, of_exception
from wuzapi_chatwoot.chatwoot.parse import fields


def server_time(http: requests.Session, url: str) -> datetime | None:
	"""Aware UTC, whole seconds; `None` if the answer does not tell it. Raises any `BridgeError`."""
	try:
		answer = http.get(
			f"{url.strip().rstrip('/')}/api",
			headers={"Accept": "application/json"},
			timeout=(CONNECT_SECONDS, READ_SECONDS),
			allow_redirects=False,
		)
	except (requests.RequestException, ValueError) as error:
		raise of_exception(error, creates=False) from error
	failure = of_answer(answer, creates=False)
	if isinstance(failure, NotFound):
		# Every Chatwoot has this page.
		raise Retriable(NOT_CHATWOOT, detail=failure.detail)
	if failure is not None:
		raise failure
	body = fields.mapping(json.loads(answer.content)) if answer.content else {}
	# Chatwoot's own clock rather than that of a proxy before it.
	told = fields.moment(body.get("timestamp")) or _from_header(answer.headers.get("date", ""))
	return told.replace(microsecond=0) if told else None


def _from_header(date: str) -> datetime | None:
	try:
		parsed = parsedate_to_datetime(date)
	except (TypeError, ValueError):
		return None
	# `-0000` is UTC too, and comes without a zone.
	return parsed.astimezone(timezone.utc) if parsed.tzinfo else parsed.replace(tzinfo=timezone.utc)
