"""Customers and an agent who write to each other, and the comparison of what they wrote with what arrived."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from faults.tally import NONE, Figures, tally
from processes import PATIENCE, Bridge, Sandbox, until

FIRST_CUSTOMER = 447700901001

IN, OUT = "to Chatwoot", "to WhatsApp"


@dataclass
class Traffic:
	"""What was written so far, by customer and direction."""

	sandbox: Sandbox
	bridge: Bridge
	customers: list[str]
	sent: dict[tuple[str, str], list[str]] = field(default_factory=dict)

	@classmethod
	def begin(cls, sandbox: Sandbox, bridge: Bridge, customers: int = 8) -> Traffic:
		"""Every customer has written once, and has a conversation in Chatwoot."""
		traffic = cls(sandbox, bridge, [])
		traffic.newcomers(customers)
		traffic.customers_write(1)
		traffic.all_there()
		return traffic

	def newcomers(self, count: int) -> None:
		"""People who have not written so far."""
		self.customers += [str(FIRST_CUSTOMER + len(self.customers) + number) for number in range(count)]

	# ---- writing

	def customer_writes(self, customer: str) -> None:
		text = self._next(customer, IN)
		self.sandbox.control("phone/send", {"customer": customer, "text": text})

	def agent_writes(self, customer: str) -> None:
		text = self._next(customer, OUT)
		self.sandbox.control("agent/send", {"customer": customer, "text": text})

	def _next(self, customer: str, direction: str) -> str:
		so_far = self.sent.setdefault((customer, direction), [])
		so_far.append(f"{direction}, {customer[-3:]}, number {len(so_far) + 1}")
		return so_far[-1]

	def burst(self, rounds: int) -> None:
		"""Everybody writes in turn, both ways, as fast as it goes."""
		for _ in range(rounds):
			for customer in self.customers:
				self.customer_writes(customer)
				self.agent_writes(customer)

	def customers_write(self, rounds: int) -> None:
		for _ in range(rounds):
			for customer in self.customers:
				self.customer_writes(customer)

	def agents_write(self, rounds: int) -> None:
		for _ in range(rounds):
			for customer in self.customers:
				self.agent_writes(customer)

	def flow(self, chance: random.Random, seconds: float, ends: Callable[[], Any] = lambda: False) -> None:
		"""Anybody writes to anybody, about 25 messages a second, for so long or until something is true."""
		deadline = time.monotonic() + seconds
		while time.monotonic() < deadline and not ends():
			write = chance.choice([self.customer_writes, self.agent_writes])
			write(chance.choice(self.customers))
			time.sleep(chance.uniform(0.01, 0.05))

	# ---- looking

	def breaker_opens(self, name: str) -> None:
		"""Wait until the bridge has noticed that this destination is down."""
		until(lambda: self._open_breaker(name), f"the breaker of {name} is open")

	def _open_breaker(self, name: str) -> bool:
		breakers = self.bridge.get("/lanes")["breakers"]
		return any(each["open"] and each["destination"].startswith(name) for each in breakers)

	def arrived(self) -> dict[tuple[str, str], list[str]]:
		"""What is in Chatwoot as written by customers, and on the phones as sent by the gateway."""
		state = self.sandbox.control("state?limit=100000")
		there: dict[tuple[str, str], list[str]] = {key: [] for key in self.sent}
		for conversation in sorted(state["conversations"], key=lambda each: each["id"]):
			customer = conversation["contact"]["phone_number"].lstrip("+")
			there.setdefault((customer, IN), []).extend(
				each["content"] for each in conversation["messages"] if each["message_type"] == "incoming"
			)
		for chat in state["chats"]:
			sent = [each["text"] for each in chat["messages"] if each["via"] == "api"]
			if sent:
				there.setdefault((chat["customer"], OUT), []).extend(sent)
		return there

	def figures(self, *directions: str) -> Figures:
		"""As of now, over all conversations."""
		there = self.arrived()
		keys = [key for key in there if not directions or key[1] in directions]
		return sum((tally(self.sent.get(key, []), there[key]) for key in keys), NONE)

	def differences(self) -> str:
		"""Where it is not as it should be, for failure messages."""
		there = self.arrived()
		lines = []
		for key, arrived in there.items():
			sent = self.sent.get(key, [])
			if arrived != sent:
				lines += [
					f"{key[0]} {key[1]}: {tally(sent, arrived)}",
					f"  {len(sent)} sent, arrived: {_numbers(arrived)}",
				]
		return "\n".join([*lines, *self._failures()])

	def _failures(self) -> list[str]:
		return [
			f"shown as failed in conversation {conversation['id']}: {message}"
			for conversation in self.sandbox.control("chatwoot/conversations")["conversations"]
			for message in conversation["messages"]
			if message["status"] == "failed"
		]

	def statuses(self) -> dict[str, int]:
		"""How many of the agents' messages show which status."""
		shown: dict[str, int] = {}
		for conversation in self.sandbox.control("chatwoot/conversations")["conversations"]:
			for message in conversation["messages"]:
				if message["message_type"] == "outgoing":
					shown[message["status"]] = shown.get(message["status"], 0) + 1
		return shown

	# ---- the end

	def all_there(self, seconds: float = PATIENCE) -> None:
		"""Wait until all has arrived, in whatever order and however often."""
		until(lambda: self.figures().lost == 0, "everything has arrived", seconds)

	def calm(self) -> bool:
		"""Nothing is under way anywhere."""
		return not any(
			(self.under_way("gateway"), self.under_way("chatwoot"), self.bridge.get("/lanes")["lanes"])
		)

	def under_way(self, side: str) -> int:
		"""How many webhooks of this side have neither arrived nor been given up."""
		return self.sandbox.control("counters")[side]["webhooks"]["under_way"]

	def fetches(self) -> int:
		"""How many pages of conversations the bridge has asked Chatwoot for."""
		requests = self.sandbox.control("counters")["chatwoot"]["requests"]
		return sum(count for route, count in requests.items() if route.endswith("{account}/conversations"))

	def check(self, seconds: float = PATIENCE) -> float:
		"""Wait until all is there and calm, then for another fetch; nothing lost, doubled or out of order.

		Returns how long it took until all was there, in seconds.
		"""
		started = time.monotonic()
		try:
			self.all_there(seconds)
			took = time.monotonic() - started
			until(self.calm, "nothing is under way any more", seconds)
			until(self._nothing_failed, "no message is shown as failed", seconds)
			before = self.fetches()
			until(lambda: self.fetches() >= before + 3, "another fetch", seconds)
			until(self.calm, "nothing is under way after it", seconds)
		except AssertionError as error:
			raise AssertionError(
				f"{error}\n{self.figures()} {self.statuses()}\n{self.differences()}"
			) from None
		self._compare()
		return took

	def _nothing_failed(self) -> bool:
		return "failed" not in self.statuses()

	def _compare(self) -> None:
		figures = self.figures()
		assert figures == NONE, f"{figures}\n{self.differences()}"
		conversations = self.sandbox.control("chatwoot/conversations")["conversations"]
		assert len(conversations) == len(self.customers), "each customer has one conversation"
		assert self.sandbox.control("counters")["chatwoot"]["doubled_source_ids"] == 0
		assert "failed" not in self.statuses()
		assert self.bridge.get("/events?state=dead")["events"] == []
		assert self.bridge.faults() == []


def _numbers(messages: list[str]) -> str:
	return " ".join(message.rpartition(" ")[2] for message in messages)
