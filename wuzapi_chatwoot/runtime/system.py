"""The real clock and the real ids: what both hosts give the bridge where tests give it twins."""

from __future__ import annotations

import secrets
from datetime import datetime, timezone


class SystemClock:
	def now(self) -> datetime:
		return datetime.now(timezone.utc)


class RandomIds:
	def new(self) -> str:
		return secrets.token_hex(12)
