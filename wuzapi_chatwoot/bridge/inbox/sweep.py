"""Tidy up: forget events that came to an end long ago, with their files. Dead ones stay until somebody acts."""

from __future__ import annotations

from datetime import timedelta

from wuzapi_chatwoot.bridge.context import Bridge

_BATCH = 500


def sweep(bridge: Bridge, keep: timedelta) -> int:
	"""Trim events older than `keep` in small steps; how many."""
	before = bridge.clock.now() - keep
	trimmed = 0
	while True:
		batch = bridge.store.trim_events(before, _BATCH)
		for key in batch.files:
			bridge.files.delete(key)
		trimmed += batch.events
		if batch.events < _BATCH:
			return trimmed
