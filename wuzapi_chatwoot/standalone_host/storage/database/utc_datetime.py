"""A column of times: aware UTC outside, naive UTC with microseconds inside, as Frappe's Datetime columns are."""

from __future__ import annotations

from datetime import datetime, timezone

import sqlalchemy as sa
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator


class UtcDateTime(TypeDecorator[datetime]):
	"""Refuses naive times: nobody could tell which zone they are of."""

	impl = sa.DateTime
	cache_ok = True

	def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
		if value is None:
			return None
		if value.tzinfo is None:
			raise ValueError("The store takes aware times only")
		return value.astimezone(timezone.utc).replace(tzinfo=None)

	def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
		return None if value is None else value.replace(tzinfo=timezone.utc)
