"""Nobody who hangs gets all the workers: pure figures, no threads."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from bridge_world import new_world

from wuzapi_chatwoot.bridge.guards.worker_shares import Destinations, WorkerShares, shared
from wuzapi_chatwoot.bridge.model.lanes import session_of

SESSION = new_world().session
HERE = replace(SESSION, name="here", gateway_url="http://one.example")
BESIDE = replace(HERE, name="beside")
THERE = replace(HERE, name="there", gateway_url="http://two.example")
SHARED = shared({each.name: each for each in (HERE, BESIDE, THERE)})


def lanes(side: str, count: int) -> list[str]:
	return [f"{side}|{number}" for number in range(count)]


def taken(shares: WorkerShares, side: str) -> int:
	return sum(shares.take(lane) for lane in lanes(side, 100))


def test_one_gateway_leaves_as_many_as_it_holds():
	shares = WorkerShares(8, [], SHARED)
	assert taken(shares, "out|here") == 4
	# They are of one gateway, and so is what comes in.
	assert (taken(shares, "out|beside"), taken(shares, "in|here")) == (0, 0)
	assert shares.crowded == {"here", "beside"}
	assert taken(shares, "out|there") == 2


def test_what_runs_already_counts():
	shares = WorkerShares(8, lanes("out|here", 5), SHARED)
	assert (shares.free, shares.crowded) == (3, {"here", "beside"})
	assert (taken(shares, "out|beside"), taken(shares, "out|there")) == (0, 2)


def test_one_chatwoot_for_all_may_have_all():
	shares = WorkerShares(8, [], shared({"here": HERE, "beside": BESIDE}))
	assert (taken(shares, "in|here"), shares.free, shares.crowded) == (8, 0, set())


def test_a_gateway_that_hangs_is_not_held_against_its_sessions_chatwoot():
	"""Nor the other way round: who shares one of the two with the crowd is served by the other one."""
	elsewhere = replace(THERE, name="elsewhere", account_id=SESSION.account_id + 1)
	called = shared({each.name: each for each in (HERE, THERE, elsewhere)})
	shares = WorkerShares(8, [], called)
	assert taken(shares, "out|here") == 4
	assert shares.crowded == {"here"}
	assert taken(shares, "in|there") == 2
	assert taken(shares, "out|elsewhere") == 1
	assert shares.free == 1


def test_a_gateway_that_hangs_leaves_a_quarter_however_many_chatwoots_it_serves():
	"""And so does a Chatwoot, however many gateways write to it."""
	by_account = {f"here-{number}": replace(HERE, account_id=number) for number in range(20)}
	by_gateway = {f"here-{number}": replace(HERE, gateway_url=f"http://{number}") for number in range(20)}
	for sessions in (by_account, by_gateway):
		sessions["there"] = replace(THERE, account_id=99)
		shares = WorkerShares(64, [], shared(sessions))
		for name in sessions:
			if name != "there":
				taken(shares, f"out|{name}")
		assert shares.free >= 16
		assert set(sessions) - shares.crowded == {"there"}
		assert taken(shares, "out|there") > 0


def test_two_accounts_of_one_chatwoot_are_two():
	sessions = {"here": HERE, "there": replace(HERE, name="there", account_id=SESSION.account_id + 1)}
	shares = WorkerShares(8, [], shared(sessions))
	assert taken(shares, "in|here") == 4
	assert shares.crowded == {"here"}


def test_one_worker_is_for_everybody():
	assert taken(WorkerShares(1, [], SHARED), "out|here") == 1


def test_lanes_of_a_session_that_is_gone_are_worked():
	assert taken(WorkerShares(8, [], SHARED), "out|gone") > 0


def test_akin_are_those_who_call_the_same():
	shares = WorkerShares(8, [], SHARED)
	assert shares.akin(["out|here|1"]) == {"here", "beside"}
	assert shares.akin(["out|there|1", "in|here|2"]) == {"here", "beside", "there"}
	assert shares.akin(["out|gone|1"]) == set()
	assert WorkerShares(8, [], shared({"here": HERE, "beside": BESIDE})).akin(["out|here|1"]) == {
		"here",
		"beside",
	}


class Due:
	"""What is due, longest first, as a store tells it: so many at once."""

	def __init__(self, *lanes: str, limit: int = 8) -> None:
		self.lanes, self.limit = lanes, limit
		self.asked = 0

	def __call__(self, without: Collection[str]) -> list[str]:
		self.asked += 1
		assert self.asked < 10
		return [lane for lane in self.lanes if session_of(lane) not in without][: self.limit]


def test_those_who_stand_behind_many_of_one_gateway_are_found():
	due = Due(*lanes("out|here", 30), *lanes("in|beside", 30), *lanes("out|there", 30))
	shares = WorkerShares(8, [], SHARED)
	assert shares.take_due(due) == [*lanes("out|here", 4), *lanes("out|there", 2)]
	assert shares.free == 2


def test_a_lane_gets_one_worker_however_often_it_is_told_of():
	due = Due("out|there|0", *lanes("out|here", 30))
	shares = WorkerShares(8, ["out|there|1"], SHARED)
	assert shares.take_due(due) == ["out|there|0", *lanes("out|here", 3)]
	assert (due.asked, shares.free) == (2, 3)
	assert not shares.take("out|there|1")


def test_without_a_free_worker_nobody_is_asked():
	due = Due("out|there|0")
	assert (WorkerShares(2, lanes("out|here", 2), SHARED).take_due(due), due.asked) == ([], 0)


def test_who_is_called_is_put_together_once_for_each_change():
	sessions = {"here": HERE, "there": THERE}
	destinations = Destinations(lambda: sessions)
	called = destinations.called()
	assert called == {"here": ("gateway http://one.example",), "there": ("gateway http://two.example",)}
	assert destinations.called() is called
	sessions = {"here": HERE}
	assert destinations.called() == {"here": ()}
