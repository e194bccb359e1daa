"""The bridge is killed, and asked to stop, while people write both ways."""

import random

import pytest
from processes import START_SECONDS

# Longer than the bridge is ever away: what the gateway had to repeat comes that late, and must not come too late.
SETTLE_SECONDS = 3


@pytest.fixture
def chance(request):
	"""Randomness that can be had again: the seed is shown when a test fails."""
	seed = random.SystemRandom().randrange(10_000)
	request.node.add_report_section("setup", "random", f"seed {seed}")
	return random.Random(seed)


def test_kill_9_at_random_moments_under_load(begin, recovered, chance):
	traffic = _begin(begin, chance)
	for _ in range(5):
		traffic.flow(chance, chance.uniform(0.2, 2.0))
		traffic.bridge.kill()
		_come_back(traffic, chance)
	recovered(traffic.check() - SETTLE_SECONDS)
	repeated = traffic.sandbox.control("counters")["gateway"]["repeated_send_ids"]
	assert repeated > 0, "no kill came in the middle of a send, so this has shown little"


def test_stop_and_start_under_load(begin, recovered, chance):
	traffic = _begin(begin, chance)
	traffic.flow(chance, chance.uniform(0.1, 0.8))
	assert traffic.bridge.stop() == 0
	_come_back(traffic, chance)
	recovered(traffic.check() - SETTLE_SECONDS)
	assert traffic.sandbox.control("counters")["gateway"]["repeated_send_ids"] == 0, (
		"nothing was left half done"
	)


def _begin(begin, chance):
	"""Lanes that are at work."""
	traffic = begin(settle_seconds=SETTLE_SECONDS)
	# The sandbox's time stamps run ahead of its clock here, so that every receipt would go before messages that came
	# long before it, and settle there.
	traffic.sandbox.switch(auto_deliver=False)
	# Long enough for a kill to come in the middle of a call.
	traffic.sandbox.switch(chatwoot_delay_ms=20, gateway_delay_ms=100)
	traffic.flow(chance, SETTLE_SECONDS)
	return traffic


def _come_back(traffic, chance):
	"""Nobody waits for the bridge with writing. What the gateway has to repeat has arrived when this returns."""
	traffic.bridge.spawn()
	traffic.flow(chance, START_SECONDS, ends=traffic.bridge.answers)
	traffic.flow(chance, START_SECONDS, ends=lambda: not traffic.under_way("gateway"))
	assert traffic.bridge.answers()
