"""Wakes whoever shows the state of the sandbox when something has changed. Carries no content."""

from __future__ import annotations

import asyncio


class Changes:
	"""A number that rises with every change, and a way to wait for the next one."""

	def __init__(self) -> None:
		self.version = 0
		self._waiting: list[asyncio.Future[None]] = []

	def happened(self) -> None:
		"""Something changed."""
		self.version += 1
		waiting, self._waiting = self._waiting, []
		for future in waiting:
			if not future.done():
				future.set_result(None)

	async def after(self, version: int, timeout: float) -> int:
		"""Wait until there is something newer than `version`, at most `timeout` seconds."""
		if self.version == version:
			future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
			self._waiting.append(future)
			await asyncio.wait([future], timeout=timeout)
			if not future.done():
				self._waiting.remove(future)
		return self.version
