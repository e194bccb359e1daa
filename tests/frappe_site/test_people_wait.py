"""One worker and messages without end: what people wait for comes soon all the same, and no message pays for it."""

import threading

import pytest
from processes import until


@pytest.mark.parametrize("workers", [1, 2])
def test_a_busy_pump_gives_way_to_people(begin, stack, chance, figures, workers):
	traffic = begin(customers=8, workers=workers)
	stop = threading.Event()

	def write():
		# Fewer than one worker can take, and never so few that a pump would end for want of them.
		while not stop.wait(0.1):
			traffic.customer_writes(chance.choice(traffic.customers))

	flow = threading.Thread(target=write)
	flow.start()
	try:
		waits = [_wait_for_a_look(stack, traffic) for _ in range(5)]
	finally:
		stop.set()
		flow.join()
	took = traffic.check(180)
	shown = ", ".join(f"{seconds:.1f} s ({messages} messages)" for seconds, messages in waits)
	figures(
		f"{workers} worker(s), {_sent(traffic)} messages; looks waited {shown}; all there {took:.1f} s after the last"
	)
	# A pump that gave way to nobody would take those of its whole life first, some six hundred.
	assert max(messages for _, messages in waits) < 300


def _wait_for_a_look(stack, traffic):
	"""When the pump has been at it for a while. Returns for how many seconds, and how many messages came meanwhile."""
	before = _sent(traffic)
	until(lambda: _sent(traffic) > before + 40, "messages flow")
	asked_at = _sent(traffic)
	stack.ask("ask_for_a_look")
	seconds = until(lambda: stack.ask("waited_for_the_look"), "the look has been done", seconds=200)
	return seconds, _sent(traffic) - asked_at


def _sent(traffic):
	return sum(len(texts) for texts in traffic.sent.values())
