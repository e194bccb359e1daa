"""A session whose connection nobody has told of, because its user was connected before it became ours."""

from __future__ import annotations

from bridge_world import World

from wuzapi_chatwoot.bridge.model.events import SessionChanged, SessionState


def state(world: World) -> SessionState | None:
	status = world.store.session_status("front-desk")
	return status.state if status is not None else None


def test_a_message_proves_that_it_is_connected(world: World) -> None:
	assert state(world) is None
	world.receive(world.customer("Good morning"))
	world.work()
	assert state(world) is SessionState.CONNECTED


def test_what_has_been_told_stays(world: World) -> None:
	gone = SessionChanged(SessionState.LOGGED_OUT, "the phone removed this linked device")
	world.store.note_session_change("front-desk", gone, world.clock.now())
	world.receive(world.customer("Sent before that, and told late"))
	world.work()
	assert state(world) is SessionState.LOGGED_OUT
