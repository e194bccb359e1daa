"""What one more session costs must not grow with those that are there."""

from __future__ import annotations

from dataclasses import replace

from standalone.test_session_registry import KEPT
from standalone_world import SESSION, world_in

from wuzapi_chatwoot.bridge.model.records import Secret


def kept(number: int):
	return replace(
		KEPT, name=f"number-{number}", gateway_token=Secret(f"Fictional-{number}"), inbox_id=1000 + number
	)


def test_only_the_session_that_changes_is_written(tmp_path, monkeypatch):
	with world_in(tmp_path, SESSION) as world:
		registry = world.host.sessions
		for number in range(20):
			registry.put(kept(number))
		settle, settled = world.store.settle_in_inbox, []

		def noted(session, now):
			settled.append(session.name)
			return settle(session, now)

		monkeypatch.setattr(type(world.store), "settle_in_inbox", lambda store, *given: noted(*given))
		registry.put(kept(20))
		registry.put(replace(kept(7), inbox_id=4711))
		registry.set_stopped("number-3", True)
		assert settled == ["number-20", "number-7"]
