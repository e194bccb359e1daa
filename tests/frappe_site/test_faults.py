"""The fault list on a Frappe site: nothing lost, doubled or out of order, whatever fails meanwhile."""

import threading
import time

import pytest
from faults.tally import NONE
from processes import until

# Longer than anything is away: what the gateway had to repeat comes that late, and must not come too late.
SETTLE_SECONDS = 3


@pytest.fixture
def checked(figures):
	"""Check the traffic, and keep the figures of the run."""

	def checked(traffic, seconds=120.0):
		took = traffic.check(seconds)
		sent = sum(len(texts) for texts in traffic.sent.values())
		found = traffic.figures()
		assert found == NONE
		figures(
			f"{sent} messages, lost={found.lost} doubled={found.doubled} out of order={found.out_of_order}, "
			f"all there {took:.1f} s after the end of the fault"
		)

	return checked


def test_nothing_is_wrong_to_begin_with(begin, checked):
	traffic = begin()
	traffic.burst(5)
	checked(traffic)


def test_every_webhook_comes_twice_and_shuffled(begin, checked):
	traffic = begin()
	traffic.sandbox.switch(duplicate_webhooks=2, shuffle_window_ms=400)
	traffic.burst(5)
	checked(traffic)


def test_chatwoot_is_down(begin, checked):
	traffic = begin()
	traffic.sandbox.switch(chatwoot_down=True)
	traffic.burst(5)
	traffic.breaker_opens("Chatwoot")
	traffic.burst(2)
	traffic.sandbox.switch(chatwoot_down=False)
	checked(traffic)


def test_the_gateway_is_down(begin, checked):
	traffic = begin()
	traffic.sandbox.switch(gateway_down=True)
	traffic.burst(5)
	traffic.breaker_opens("gateway")
	traffic.burst(2)
	traffic.sandbox.switch(gateway_down=False)
	checked(traffic)


def test_answers_are_lost_after_the_message_was_stored(begin, checked):
	traffic = begin()
	lost = {"count": 4, "mode": "drop"}
	traffic.sandbox.switch(chatwoot_store_then_timeout=lost, gateway_store_then_timeout=lost)
	traffic.burst(5)
	checked(traffic)


def test_workers_are_killed_under_load(begin, checked, chance, stack):
	traffic = begin(settle_seconds=SETTLE_SECONDS)
	# The sandbox's time stamps run ahead of its clock here, so that every receipt would go before messages that came
	# long before it, and settle there.
	traffic.sandbox.switch(auto_deliver=False)
	traffic.flow(chance, SETTLE_SECONDS)
	killed_at_work = 0
	for number in range(5):
		traffic.flow(chance, chance.uniform(0.5, 1.5))
		victim = stack.workers[number % len(stack.workers)]
		killed_at_work += bool(victim.horses())
		victim.kill()
		traffic.flow(chance, 0.3)
		victim.spawn()
	assert killed_at_work
	checked(traffic)


def test_redis_is_flushed_under_load(begin, checked, chance, stack):
	traffic = begin(settle_seconds=SETTLE_SECONDS)
	traffic.sandbox.switch(auto_deliver=False)
	for _ in range(5):
		traffic.flow(chance, chance.uniform(0.3, 1.2))
		stack.flush_redis()
	checked(traffic)


def test_connections_to_the_database_are_killed_under_load(begin, checked, chance, stack):
	traffic = begin(settle_seconds=SETTLE_SECONDS)
	traffic.sandbox.switch(auto_deliver=False)
	killed = 0
	for _ in range(6):
		traffic.flow(chance, chance.uniform(0.3, 1.2))
		killed += stack.ask("kill_connections")
	assert killed > 0
	# Frappe writes an Error Log for what it could not do at that moment; none of them may be about an event.
	stack.faults = list
	try:
		checked(traffic)
	finally:
		del stack.faults


def test_a_worker_that_is_asked_to_stop_leaves_nothing_half_done(begin, checked, chance, stack):
	traffic = begin(workers=1, settle_seconds=1)
	traffic.sandbox.switch(auto_deliver=False)
	stop = threading.Event()
	# For longer than a worker is waited for: that there is nothing left to do never ends its pump.
	writing = threading.Thread(target=traffic.flow, args=(chance, 300, stop.is_set))
	writing.start()
	worker = stack.workers[0]
	until(worker.horses, "the worker has begun")
	time.sleep(1)
	assert worker.stop() == 0, "it ends after the event at hand, not after the pump's life"
	leased = [lane for lane in stack.ask("lanes") if lane["lease_owner"]]
	worker.spawn()
	stop.set()
	writing.join()
	assert leased == []
	checked(traffic)
