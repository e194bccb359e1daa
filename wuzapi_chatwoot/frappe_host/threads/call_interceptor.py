"""Stands before a gateway or Chatwoot client in a job: something is done before every call."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


class CallInterceptor:
	"""A client's stand-in with the same methods; `before` may raise instead of letting the call happen."""

	def __init__(self, client: Any, before: Callable[[], None]) -> None:
		self._client = client
		self._before = before

	def __getattr__(self, name: str) -> Any:
		method = getattr(self._client, name)

		def call(*args: Any, **kwargs: Any) -> Any:
			self._before()
			return method(*args, **kwargs)

		return call
