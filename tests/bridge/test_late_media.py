"""A file that the gateway could not bring at first: a line stands in for it, and the file follows."""

from __future__ import annotations

from bridge_world import ANA, World

from wuzapi_chatwoot.bridge.model.content import Media, MediaKind, Revoke
from wuzapi_chatwoot.bridge.model.errors import Fault, Retriable, Uncertain
from wuzapi_chatwoot.bridge.model.records import EventState
from wuzapi_chatwoot.bridge.ports.gateway import OutgoingFile

FILM = Media(MediaKind.VIDEO, "video/mp4", caption="Look", ticket="t")
BUSY = Retriable("busy", fault=Fault.REQUEST)


def test_the_line_comes_soon_and_the_file_answers_to_it(world: World) -> None:
	world.gateway.fail_next("download", BUSY, times=4)
	world.gateway.downloads["t"] = b"mp4"
	world.receive(world.customer(id="3A01", content=FILM))
	world.receive(world.customer("Did you see it?", id="3A02"))
	world.work()
	world.work(1)
	world.work(3)
	assert [message.text for message in world.chatwoot.messages] == [
		"🎬 Video: could not be fetched yet; open it on the phone\nLook",
		"Did you see it?",
	]
	world.outlast()
	line, _, film = world.chatwoot.messages
	assert (film.text, film.in_reply_to, film.source_id) == ("", line.id, "WAID:3A01/2")
	assert film.files == (OutgoingFile(b"mp4", "video/mp4", "video.mp4"),)
	assert [
		(row.part, row.chatwoot_message_id) for row in world.store.find_messages("front-desk", ANA, ["3A01"])
	] == [
		(0, line.id),
		(2, film.id),
	]
	assert [(row.part, file.content) for row, file in world.kept] == [(2, b"mp4")]


def test_a_file_that_never_comes_is_kept_as_dead_for_people_to_see(world: World) -> None:
	world.gateway.fail_next("download", BUSY, times=99)
	world.receive(world.customer(id="3A01", content=FILM))
	world.outlast()
	assert [event.kind for event in world.events(EventState.DEAD)] == ["fetch media"]
	assert len(world.chatwoot.messages) == 1


def test_it_is_not_fetched_for_a_message_that_was_taken_back(world: World) -> None:
	world.gateway.fail_next("download", BUSY, times=3)
	world.receive(world.customer(id="3A01", content=FILM))
	for _ in range(3):
		world.work(3)
	world.receive(world.customer(id="D1", content=Revoke("3A01")))
	world.outlast()
	assert [message.files for message in world.chatwoot.messages] == [(), ()]


def test_it_comes_once_though_the_answer_was_lost(world: World) -> None:
	world.gateway.fail_next("download", BUSY, times=3)
	world.gateway.downloads["t"] = b"mp4"
	world.receive(world.customer(id="3A01", content=FILM))
	for _ in range(3):
		world.work(3)
	world.chatwoot.fail_next("post_message", Uncertain("no answer in time"), after_doing=True)
	world.outlast()
	assert world.chatwoot.copies("WAID:3A01/2") == 1
