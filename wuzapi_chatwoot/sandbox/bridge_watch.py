"""Looks at the bridge from outside while a page is open: its lanes and its health. Never needed for anything else."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Callable
from typing import Any

from wuzapi_chatwoot.sandbox.options import Options
from wuzapi_chatwoot.sandbox.web.http_client import Answer, HttpClient, NoAnswer

EVERY_SECONDS = 0.5
PATIENCE_SECONDS = 2.0


class BridgeWatch:
	"""Asks the bridge twice a second as long as somebody watches."""

	def __init__(self, options: Options, changed: Callable[[], None]) -> None:
		self.seen: dict[str, Any] = {"reachable": None, "health": None, "lanes": [], "breakers": []}
		self._url = options.bridge_url
		self._headers = {"Authorization": f"Bearer {options.admin_token}", "Accept": "application/json"}
		self._changed = changed
		self._client = HttpClient("wuzapi-chatwoot-sandbox")
		self._watchers = 0
		self._task: asyncio.Task[None] | None = None

	def begin(self) -> None:
		"""Somebody begins to watch."""
		self._watchers += 1
		if self._task is None or self._task.done():
			self._task = asyncio.create_task(self._look_on())

	def end(self) -> None:
		"""Somebody stops watching."""
		self._watchers -= 1

	async def stop(self) -> None:
		"""Stop asking."""
		if self._task is not None:
			self._task.cancel()
			with contextlib.suppress(asyncio.CancelledError):
				await self._task
		self._client.close()

	async def _look_on(self) -> None:
		while self._watchers > 0:
			seen = await self._look()
			if seen != self.seen:
				self.seen = seen
				self._changed()
			await asyncio.sleep(EVERY_SECONDS)

	async def _look(self) -> dict[str, Any]:
		lanes, health = await asyncio.gather(self._get("/lanes"), self._get("/health"))
		shown = _object(lanes) if lanes and lanes.status == 200 else {}
		return {
			"reachable": lanes is not None or health is not None,
			"health": health and {"status": health.status, "report": _object(health)},
			"lanes_status": lanes.status if lanes else None,
			"lanes": shown.get("lanes") or [],
			"breakers": shown.get("breakers") or [],
		}

	async def _get(self, path: str) -> Answer | None:
		try:
			return await self._client.request(
				"GET", self._url + path, self._headers, timeout=PATIENCE_SECONDS
			)
		except NoAnswer:
			return None


def _object(answer: Answer) -> dict[str, Any]:
	try:
		value = json.loads(answer.body)
	except ValueError:
		return {}
	return value if isinstance(value, dict) else {}
