"""Nobody who hangs gets all the workers: pure figures, no threads."""

from __future__ import annotations

from dataclasses import replace

from standalone_world import SESSION

from wuzapi_chatwoot.standalone_host.shares import Shares, shared

HERE = replace(SESSION, name="here", gateway_url="http://one.example")
BESIDE = replace(HERE, name="beside")
THERE = replace(HERE, name="there", gateway_url="http://two.example")
SHARED = shared({each.name: each for each in (HERE, BESIDE, THERE)})


def lanes(side: str, count: int) -> list[str]:
	return [f"{side}|{number}" for number in range(count)]


def taken(shares: Shares, side: str) -> int:
	return sum(shares.take(lane) for lane in lanes(side, 100))


def test_one_gateway_leaves_as_many_as_it_holds():
	shares = Shares(8, [], SHARED)
	assert taken(shares, "out|here") == 4
	# They are of one gateway, and so is what comes in.
	assert (taken(shares, "out|beside"), taken(shares, "in|here")) == (0, 0)
	assert shares.crowded == {"here", "beside"}
	assert taken(shares, "out|there") == 2


def test_what_runs_already_counts():
	shares = Shares(8, lanes("out|here", 5), SHARED)
	assert (shares.free, shares.crowded) == (3, {"here", "beside"})
	assert (taken(shares, "out|beside"), taken(shares, "out|there")) == (0, 2)


def test_one_chatwoot_for_all_may_have_all():
	shares = Shares(8, [], shared({"here": HERE, "beside": BESIDE}))
	assert (taken(shares, "in|here"), shares.free, shares.crowded) == (8, 0, set())


def test_two_accounts_of_one_chatwoot_are_two():
	sessions = {"here": HERE, "there": replace(HERE, name="there", account_id=SESSION.account_id + 1)}
	shares = Shares(8, [], shared(sessions))
	assert taken(shares, "in|here") == 4
	assert shares.crowded == {"here"}


def test_one_worker_is_for_everybody():
	assert taken(Shares(1, [], SHARED), "out|here") == 1


def test_lanes_of_a_session_that_is_gone_are_worked():
	assert taken(Shares(8, [], SHARED), "out|gone") > 0
