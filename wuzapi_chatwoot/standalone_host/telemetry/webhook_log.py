"""Which webhooks have come since the start, and which was refused last: what the doctor asks. In memory only."""

from __future__ import annotations

from datetime import datetime

from wuzapi_chatwoot.bridge.inbox.admit_webhook import KEPT, REFUSED, Answer
from wuzapi_chatwoot.bridge.model.records import Source
from wuzapi_chatwoot.bridge.ports.host import Clock

_SENDERS = {Source.GATEWAY: "of the gateway", Source.CHATWOOT: "of Chatwoot"}


class WebhookLog:
	"""Threads write single values, which takes no lock. Only known sessions are noted, so that it does not grow."""

	def __init__(self, clock: Clock) -> None:
		self._clock = clock
		self._last: dict[tuple[str, Source], datetime] = {}
		self._refused: dict[tuple[str, Source], tuple[datetime, str]] = {}

	def note(self, source: Source, answer: Answer) -> None:
		if answer.session is None:
			return
		if answer.status in (REFUSED, KEPT):
			self._refused[answer.session, source] = (self._clock.now(), answer.reason)
		elif answer.status < 400:
			self._last[answer.session, source] = self._clock.now()

	def last(self, session: str, source: Source) -> datetime | None:
		"""When the last one came that was believed."""
		return self._last.get((session, source))

	def last_refusal(self, session: str, since: datetime | None = None) -> str | None:
		"""Of a sender of which none has been believed since. With `since`: only one that came then or later."""
		for source, who in _SENDERS.items():
			refused, last = self._refused.get((session, source)), self.last(session, source)
			if refused is None or (since is not None and refused[0] < since):
				continue
			if last is None or last <= refused[0]:
				return f"{who}, {refused[1]}"
		return None
