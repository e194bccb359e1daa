"""What happened on one simulated server, counted for tests and benchmarks. Nothing is ever decided by a counter."""

from __future__ import annotations

from collections import Counter
from typing import Any


class Counters:
	"""Counts requests by route and status, webhooks by fate, and a few things a test looks for."""

	def __init__(self) -> None:
		self.clear()

	def clear(self) -> None:
		"""Start again from zero."""
		self.requests: Counter[str] = Counter()
		self.statuses: Counter[str] = Counter()
		self.webhooks: Counter[str] = Counter()
		self.events: Counter[str] = Counter()
		self.messages: Counter[str] = Counter()
		self.repeats = 0
		self.in_flight = 0
		self.max_in_flight = 0

	def request_begins(self, route: str) -> None:
		"""Count a request that has been taken up."""
		self.requests[route] += 1
		self.in_flight += 1
		self.max_in_flight = max(self.max_in_flight, self.in_flight)

	def request_ends(self, status: int) -> None:
		"""Count its outcome; status 0 stands for an answer that was withheld."""
		self.statuses[str(status) if status else "withheld"] += 1
		# A reset may have put the gauge back to zero while this request was under way.
		self.in_flight = max(0, self.in_flight - 1)

	def as_json(self, repeats_name: str) -> dict[str, Any]:
		"""Return everything counted, ready to be shown."""
		return {
			"requests": dict(self.requests),
			"statuses": dict(self.statuses),
			"webhooks": {
				"sent": self.webhooks["sent"],
				"attempts": self.webhooks["attempts"],
				"acknowledged": self.webhooks["acknowledged"],
				"failed_attempts": self.webhooks["failed_attempts"],
				"given_up": self.webhooks["given_up"],
				"under_way": self.webhooks["sent"]
				- self.webhooks["acknowledged"]
				- self.webhooks["given_up"],
			},
			"events": dict(self.events),
			"messages": dict(self.messages),
			repeats_name: self.repeats,
			"max_concurrent": self.max_in_flight,
		}
