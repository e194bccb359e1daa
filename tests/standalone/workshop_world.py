"""A service with one session that its administrator has set up there: `workshop`. Test files import its fixtures."""

from __future__ import annotations

import pytest
from standalone.admin_world import Administrator, world
from standalone_world import StandaloneWorld

from wuzapi_chatwoot.bridge.model.events import SessionChanged, SessionState

__all__ = ["world"]


@pytest.fixture
def admin(world: StandaloneWorld) -> Administrator:
	admin = Administrator(world)
	admin.sets_up()
	return admin


def notes(world: StandaloneWorld, state: SessionState, session: str = "workshop", **more: object) -> None:
	world.store.note_session_change(session, SessionChanged(state, **more), world.clock.now())
