"""Lanes: order, pauses, death, replay, breaker, and that no fault of ours loses an event."""

import itertools
from collections.abc import Callable
from datetime import timedelta

import pytest
from bridge_world import ANA, World

from wuzapi_chatwoot.bridge.context import Bridge
from wuzapi_chatwoot.bridge.inbox.effects import Effects
from wuzapi_chatwoot.bridge.inbox.replay_event import replay_event
from wuzapi_chatwoot.bridge.inbox.sweep import sweep
from wuzapi_chatwoot.bridge.model.addresses import Address
from wuzapi_chatwoot.bridge.model.content import Media, MediaKind
from wuzapi_chatwoot.bridge.model.errors import Fault, Retriable, StoreUnavailable
from wuzapi_chatwoot.bridge.model.records import EventRow, EventState
from wuzapi_chatwoot.bridge.worker.dispatch_event import dispatch_event
from wuzapi_chatwoot.bridge.worker.work_lane import work_lane

LANE = f"in|front-desk|{ANA}"
BEN = Address("447700900456", "s.whatsapp.net")


def test_a_lane_settles_and_is_worked_by_whatsapps_time(world: World) -> None:
	now = world.clock.now()
	for second in (3, 1, 2):
		world.receive(
			world.customer(f"Message {second}", id=f"3A0{second}", sent_at=now.replace(second=second))
		)
		world.clock.advance(0.1)
	assert world.work(0.1) == 0
	world.work(0.5)
	assert [message.text for message in world.chatwoot.messages] == ["Message 1", "Message 2", "Message 3"]


def test_an_event_that_comes_while_its_lane_is_worked_settles_too(world: World) -> None:
	now = world.clock.now()
	world.receive(world.customer("First", id="1", sent_at=now.replace(second=1)))
	world.clock.advance(1.0)
	world.receive(world.customer("Third", id="3", sent_at=now.replace(second=3)))
	world.work(0.0)
	world.receive(world.customer("Second", id="2", sent_at=now.replace(second=2)))
	world.outlast()
	assert [message.text for message in world.chatwoot.messages] == ["First", "Second", "Third"]


def test_a_failing_head_holds_its_lane_and_no_other(world: World) -> None:
	world.started()
	world.chatwoot.fail_next("post_message", Retriable("busy", fault=Fault.REQUEST, retry_after=5.0))
	world.receive(world.customer("One", id="1"))
	world.receive(world.customer("Two", id="2"))
	world.work(0.6)
	world.receive(world.customer("Other", id="3", chat=BEN, sender=BEN))
	world.work(0.6)
	assert [message.text for message in world.chatwoot.messages] == ["Hello", "Other"]
	world.outlast()
	assert [message.text for message in world.chatwoot.messages] == ["Hello", "Other", "One", "Two"]


def test_pauses_grow_and_the_event_dies_at_their_end(world: World) -> None:
	world.started()
	world.chatwoot.fail_next("post_message", Retriable("error", fault=Fault.REQUEST), times=99)
	world.receive(world.customer("Poison", id="1"))
	world.outlast(60)
	[dead] = world.events(EventState.DEAD)
	assert dead.attempts == len(world.bridge.retries.pauses)
	times = [attempt.at for attempt in world.store.attempts_of(dead.id)]
	pauses = [(after - before).total_seconds() for before, after in itertools.pairwise(times)]
	assert pauses == pytest.approx(list(world.bridge.retries.pauses), abs=0.01)


def test_a_dead_event_can_be_replayed(world: World) -> None:
	world.started()
	world.chatwoot.fail_next("post_message", Retriable("error", fault=Fault.REQUEST), times=15)
	world.receive(world.customer("Poison", id="1"))
	world.outlast(60)
	[dead] = world.events(EventState.DEAD)
	assert replay_event(world.bridge, dead.id) is not None
	world.work()
	texts = [message.text for message in world.chatwoot.messages]
	assert [text for text in texts if not text.startswith("⚠️")] == ["Hello", "Poison"]
	assert replay_event(world.bridge, dead.id) is None


def test_a_destination_that_is_down_is_asked_by_one_and_counts_against_nobody(world: World) -> None:
	people = [Address(f"4477009000{number}", "s.whatsapp.net") for number in range(10, 40)]
	for number, person in enumerate(people):
		world.receive(world.customer("Hi", id=f"3A{number}", chat=person, sender=person))
	world.chatwoot.fail_next("find_contacts", Retriable("Chatwoot does not answer"), times=60)
	for _ in range(120):
		world.work(1.0)
	tried = world.chatwoot.count("find_contacts")
	assert 5 <= tried < 25
	assert all(event.attempts == 0 for event in world.events(EventState.WAITING))
	world.outlast(400)
	assert len(world.chatwoot.messages) == 30
	assert world.events(EventState.DEAD) == []
	assert world.recovered == ["Chatwoot"]


def test_a_rate_limit_opens_the_breaker_at_once(world: World) -> None:
	world.started()
	world.chatwoot.fail_next("post_message", Retriable("too many requests", rate_limited=True))
	world.receive(world.customer("One", id="1"))
	world.receive(world.customer("Other", id="2", chat=BEN, sender=BEN))
	world.work()
	assert world.chatwoot.count("post_message", "create_contact") == 2
	assert [state.open for state in world.breakers.states()] == [True]
	world.outlast()
	assert sorted(message.text for message in world.chatwoot.messages) == ["Hello", "One", "Other"]


def test_a_fault_of_ours_is_recorded_without_its_values_and_tried_again(world: World) -> None:
	world.chatwoot.fail_next("find_contacts", ValueError("secret message text"))
	world.receive(world.customer())
	world.work()
	[event] = world.events(EventState.WAITING)
	assert "ValueError" in event.last_error
	assert "secret" not in event.last_error
	world.outlast()
	assert [message.text for message in world.chatwoot.messages] == ["Hello"]


def test_what_cannot_be_written_at_the_end_is_worked_again_and_not_doubled(
	world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
	def locked(*args: object) -> None:
		raise StoreUnavailable("The database is locked")

	world.started()
	world.receive(world.customer("Once", id="1"))
	world.clock.advance(1.0)
	with monkeypatch.context() as patch:
		patch.setattr(world.store, "add_message", locked)
		with pytest.raises(StoreUnavailable):
			work_lane(world.bridge, LANE, "worker")
	assert work_lane(world.bridge, LANE, "another worker") == 0
	assert work_lane(world.bridge, LANE, "worker") == 1
	assert world.chatwoot.copies("WAID:1") == 1


def test_a_dead_workers_lane_is_taken_over_when_its_lease_has_run_out(world: World) -> None:
	world.receive(world.customer())
	now = world.clock.advance(1.0)
	assert world.store.claim_lane(LANE, "gone", now, now.replace(minute=5))
	assert work_lane(world.bridge, LANE, "worker") == 0
	world.clock.advance(600)
	assert work_lane(world.bridge, LANE, "worker") == 1


def test_a_worker_that_must_stop_gives_the_lane_back(world: World) -> None:
	for number in range(5):
		world.receive(world.customer(id=str(number)))
	world.clock.advance(1.0)
	assert [work_lane(world.bridge, LANE, "worker") for _ in range(2)] == [1, 1]
	assert work_lane(world.bridge, LANE, "worker", lambda: False) == 1
	assert work_lane(world.bridge, LANE, "another") == 2


def test_a_lane_has_longer_turns_the_more_it_has_had_and_short_ones_again_when_nothing_waits(
	world: World,
) -> None:
	for _ in range(2):
		for number in range(50):
			world.receive(world.customer(id=f"{world.clock.advance(1)} {number}"))
		world.clock.advance(1)
		turns = []
		while ended := work_lane(world.bridge, LANE, "worker"):
			turns.append(ended)
		assert turns == [1, 1, 2, 4, 8, 16, 18]


def test_a_lane_that_fails_goes_behind_all_that_wait(world: World) -> None:
	world.receive(world.customer("Poison", id="1"))
	world.clock.advance(1.0)
	world.chatwoot.fail_next("find_contacts", Retriable("error", fault=Fault.REQUEST))
	work_lane(world.bridge, LANE, "worker")
	for number in range(30):
		world.receive(world.customer(id=f"B{number}", chat=BEN, sender=BEN))
	world.clock.advance(60.0)
	other = f"in|front-desk|{BEN}"
	for _ in range(4):
		work_lane(world.bridge, other, "worker")
	lanes = [lane for lane in world.store.due_lanes(world.clock.now(), 10) if "contact" not in lane]
	assert lanes == [other, LANE]


def test_an_event_waits_for_a_session_that_is_missing_from_the_configuration(world: World) -> None:
	"""However long: it is not tried out, not given up, and nothing of it is trimmed."""
	world.receive(world.customer())
	sessions = dict(world.sessions)
	world.sessions.clear()
	for _ in range(40):
		world.clock.advance(3600)
		world.work()
	assert sweep(world.bridge, timedelta(hours=1)) == 0
	[event] = world.events(EventState.WAITING)
	assert (event.attempts, event.last_error) == (0, "the session is not configured")
	world.sessions.update(sessions)
	world.outlast()
	assert [message.text for message in world.chatwoot.messages] == ["Hello"]


def test_done_events_are_trimmed_with_their_files_and_dead_ones_stay(world: World) -> None:
	world.receive(world.customer(content=Media(MediaKind.IMAGE, "image/png")), media=b"\x89PNG")
	world.work()
	world.chatwoot.fail_next("post_message", Retriable("error", fault=Fault.REQUEST), times=99)
	world.receive(world.customer("Poison", id="2"))
	world.outlast(60)
	assert world.files.contents
	world.clock.advance(15 * 86400)
	# The picture, the look at its sender's name, and what was said of the dead one.
	assert sweep(world.bridge, timedelta(days=14)) == 3
	assert world.files.contents == {}
	assert len(world.events(EventState.DEAD)) == 1


def faults_at(monkeypatch: pytest.MonkeyPatch, fault: Exception, hits: Callable[[EventRow], bool]) -> None:
	def faulty(bridge: Bridge, event: EventRow) -> Effects:
		if hits(event):
			raise fault
		return dispatch_event(bridge, event)

	monkeypatch.setattr("wuzapi_chatwoot.bridge.worker.work_lane.dispatch_event", faulty)


@pytest.mark.parametrize(
	("fault", "attempts"), [(ValueError("does not fit"), 3), (OSError("no space left on device"), 14)]
)
def test_a_fault_of_ours_that_is_in_the_event_ends_after_a_few_tries_and_the_lane_goes_on(
	world: World, monkeypatch: pytest.MonkeyPatch, fault: Exception, attempts: int
) -> None:
	world.started()
	world.receive(world.customer("Poison", id="1"))
	[poison] = world.events(EventState.WAITING)
	faults_at(monkeypatch, fault, lambda event: event.id == poison.id)
	world.receive(world.customer("After it", id="2"))
	world.outlast(400)
	[dead] = world.events(EventState.DEAD)
	assert dead.attempts == attempts
	texts = [message.text for message in world.chatwoot.messages]
	assert "After it" in texts
	assert "Poison" not in texts


def test_where_others_come_through_a_fault_of_ours_ends_its_event_within_seconds(
	world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
	world.started()
	began = world.clock.now()
	world.receive(world.customer("Poison", id="1"))
	[poison] = world.events(EventState.WAITING)
	faults_at(monkeypatch, ValueError("does not fit"), lambda event: event.id == poison.id)
	for number in range(20):
		world.receive(world.customer(f"Other {number}", id=f"A{number}", chat=BEN, sender=BEN))
		world.clock.advance(1.0)
		world.work()
	[dead] = world.events(EventState.DEAD)
	assert "ValueError" in dead.last_error
	assert world.clock.now() - began < timedelta(minutes=1)


def test_a_fault_of_ours_that_hits_everybody_ends_nobodys_message(
	world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
	world.started()
	with monkeypatch.context() as broken:
		faults_at(broken, KeyError("column"), lambda event: True)
		for number in range(5):
			world.receive(world.customer(f"Ana {number}", id=f"A{number}"))
			world.receive(world.customer(f"Ben {number}", id=f"B{number}", chat=BEN, sender=BEN))
		for _ in range(300):
			world.clock.advance(1.0)
			world.work()
		assert world.events(EventState.DEAD) == []
	world.outlast()
	assert world.events(EventState.DEAD) == []
	texts = [message.text for message in world.chatwoot.messages]
	assert [text for text in texts if "Ana" in text] == [f"Ana {number}" for number in range(5)]
	assert [text for text in texts if "Ben" in text] == [f"Ben {number}" for number in range(5)]
