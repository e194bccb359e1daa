"""Leases of lanes that are being worked are renewed, in time and not too often."""

from __future__ import annotations

from datetime import timedelta

from bridge_world import ANA, World

from wuzapi_chatwoot.runtime.lease_renewal import LeaseRenewal

LANE = f"in|front-desk|{ANA}"


def test_a_lane_in_a_long_call_stays_leased(world: World) -> None:
	world.receive(world.customer())
	now, leases = world.clock.now(), LeaseRenewal("worker", 60.0, elapsed=0.0)
	until = now + timedelta(seconds=60)
	assert world.store.claim_lane(LANE, "worker", now, until)
	with leases.renewed(LANE):
		leases.renew_if_due(world.bridge, leases.pause - 0.1)
		assert world.store.next_due() == until
		world.clock.advance(50)
		leases.renew_if_due(world.bridge, leases.pause)
	assert world.store.due_lanes(until + timedelta(seconds=49), 10) == []
	world.clock.advance(50)
	leases.renew_if_due(world.bridge, 1000.0)
	assert world.store.due_lanes(until + timedelta(seconds=50), 10) == [LANE]


def test_it_is_renewed_several_times_before_it_runs_out() -> None:
	assert LeaseRenewal("worker", 20.0, elapsed=0.0).pause <= 5.0
	assert LeaseRenewal("worker", 180.0, elapsed=0.0).pause <= 10.0
