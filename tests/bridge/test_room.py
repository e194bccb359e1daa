"""Large files are carried as far as there is room, and nobody waits for it."""

from __future__ import annotations

from dataclasses import replace

from bridge_world import World

from wuzapi_chatwoot.bridge.guards.memory_budget import SMALL, MemoryBudget
from wuzapi_chatwoot.bridge.model.content import Media, MediaKind
from wuzapi_chatwoot.bridge.model.records import EventState


def test_there_is_room_for_so_many_bytes_and_always_for_small_ones_and_for_one():
	room = MemoryBudget(10 * SMALL)
	with room.taken(6 * SMALL) as first, room.taken(5 * SMALL) as second, room.taken(SMALL) as small:
		assert (first, second, small) == (True, False, True)
		with room.taken(4 * SMALL) as third:
			assert third
	with room.taken(100 * SMALL) as alone, room.taken(2 * SMALL) as beside:
		assert (alone, beside) == (True, False)
	with room.taken(10 * SMALL) as whole:
		assert whole
	with MemoryBudget().taken(10**12) as any_size:
		assert any_size


def test_a_file_without_room_waits_and_holds_up_no_worker(world: World) -> None:
	room = MemoryBudget(10 * SMALL)
	world.bridge = replace(world.bridge, room=room)
	picture = Media(MediaKind.IMAGE, "image/jpeg", size=8 * SMALL)
	world.receive(world.customer(content=picture), media=b"\xff\xd8\xff picture")
	with room.taken(5 * SMALL):
		world.clock.advance(1)
		[lane] = world.store.due_lanes(world.clock.now(), 10)
		world.work(0)
		[event] = world.events(EventState.WAITING)
		assert (event.lane, event.attempts) == (lane, 0)
		assert "other large files" in str(event.last_error)
	world.work(2)
	assert lane not in [each.lane for each in world.events(EventState.WAITING)]
	[talk] = world.chatwoot.conversations.values()
	assert [file.content for message in talk.messages for file in message.files] == [b"\xff\xd8\xff picture"]
