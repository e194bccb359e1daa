"""Whether a session's secret is being replaced in Chatwoot at this moment, as every process of the site sees it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from wuzapi_chatwoot.frappe_host.task_state.task_state import recall, remember

_WHAT = "secret_changes"
# Seconds: if the job dies in the middle; and after the end, for requests that have read the session before.
_AT_MOST = 120
_AND_A_MOMENT = 10


def secret_changes(session: str) -> bool:
	return bool(recall(session, _WHAT))


@contextmanager
def under_way(session: str) -> Iterator[None]:
	"""From before Chatwoot is asked until the new one is committed. In a job."""
	remember(session, _WHAT, {"under_way": True}, _AT_MOST)
	try:
		yield
	finally:
		remember(session, _WHAT, {"under_way": True}, _AND_A_MOMENT)
