"""One worker, and a gateway that takes calls and never answers, with more answers waiting for it than the worker has
threads: everybody else is served meanwhile.
"""

from __future__ import annotations

import contextlib
import socket
import threading
import time

import pytest
from faults.tally import NONE
from processes import until

HANGING_SESSIONS = 6
CHATS = 4
# What there is of `frappe_host.jobs._THREADS`, less what one gateway gets.
HELD = 4
ROUNDS = 3


class Silent:
	"""Takes every call, and answers none."""

	def __init__(self) -> None:
		self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)
		self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
		self.calls: list[socket.socket] = []
		threading.Thread(target=self._take, daemon=True).start()

	def _take(self) -> None:
		with contextlib.suppress(OSError):
			while True:
				call, _ = self._listener.accept()
				call.setblocking(False)
				self.calls.append(call)

	def given_up(self) -> int:
		"""How many calls the other side has ended."""
		return sum(self._ended(call) for call in list(self.calls))

	@staticmethod
	def _ended(call: socket.socket) -> bool:
		with contextlib.suppress(BlockingIOError):
			try:
				while call.recv(65536):
					pass
			except ConnectionError:
				pass
			return True
		return False

	def close(self) -> None:
		for each in (self._listener, *self.calls):
			each.close()


@pytest.fixture
def silent():
	silent = Silent()
	yield silent
	silent.close()


def test_a_gateway_that_hangs_leaves_the_others_their_threads(begin, stack, silent, figures):
	traffic = begin(customers=4, workers=1, settle_seconds=1)
	well = _burst(traffic)
	tokens = [f"fictional-token-{number}" for number in range(HANGING_SESSIONS)]
	stack.ask("add_sessions", tokens=tokens, gateway_url=silent.url, callback_url=stack.url)
	for number in range(HANGING_SESSIONS):
		for chat in range(CHATS):
			phone = f"+{447700905000 + 10 * number + chat}"
			stack.ask("send", text="Is anybody there?", session=f"many-{number}", phone=phone)
	until(lambda: len(silent.calls) >= HELD, "the gateway is called")
	ill = _burst(traffic)
	held, given_up = len(silent.calls), silent.given_up()
	figures(
		f"{HANGING_SESSIONS * CHATS} answers for a gateway that hangs, {held} calls under way, {given_up} given up; "
		f"the others' {2 * ROUNDS * 4} messages: {well:.1f} s while all is well, {ill:.1f} s now, ratio {ill / well:.1f}"
	)
	assert given_up == 0, "the others' messages have arrived while it is waited for"
	assert traffic.figures() == NONE
	assert [answer for answer in stack.ask("lanes") if "|many-" in answer["lane"]], "and its own wait"
	stack.stop_workers()
	stack.ask("drop_sessions")


def _burst(traffic) -> float:
	"""How long it takes until all is there, in seconds."""
	began = time.monotonic()
	traffic.burst(ROUNDS)
	traffic.all_there(240)
	return time.monotonic() - began
