"""Customers of one session among several, and its agent: what they wrote against what arrived in its own inbox."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import Any

from end_to_end.administrator import Administrator
from faults.tally import NONE
from faults.traffic import IN, OUT, Traffic
from processes import Sandbox, until


@dataclass
class SessionTraffic(Traffic):
	"""As `Traffic`, on the phone of one user of the gateway and in one inbox."""

	user: str = ""
	inbox: int = 0
	_conversations: dict[str, int] = field(default_factory=dict)

	@classmethod
	def of(cls, admin: Administrator, name: str, customers: int = 4) -> SessionTraffic:
		"""Every customer has written once, and has a conversation in the session's inbox."""
		shown = admin(f"/{name}")
		traffic = cls(
			admin.sandbox,
			admin.bridge,
			[],
			user=admin.kept(name)["gateway_token"]["value"],
			inbox=shown["inbox_id"],
		)
		traffic.user = user_with(admin.sandbox, traffic.user)["id"]
		# As in the fault tests: within one second nothing else could tell the order.
		admin.sandbox.switch(shuffle_window_ms=1, gateway_webhook_tries=14, gateway_webhook_first_delay_ms=50)
		traffic.newcomers(customers)
		traffic.customers_write(1)
		traffic.all_there()
		return traffic

	def customer_writes(self, customer: str) -> None:
		text = self._next(customer, IN)
		self.sandbox.control("phone/send", {"user": self.user, "customer": customer, "text": text})

	def agent_writes(self, customer: str) -> None:
		text = self._next(customer, OUT)
		if customer not in self._conversations:
			self._conversations.update({number_of(each): each["id"] for each in self.conversations()})
		self.sandbox.control("agent/send", {"conversation_id": self._conversations[customer], "text": text})

	def conversations(self) -> list[dict[str, Any]]:
		"""The customers' in the session's inbox."""
		shown = self.sandbox.control("chatwoot/conversations")["conversations"]
		return [each for each in shown if each["inbox_id"] == self.inbox and number_of(each)]

	def chat(self, customer: str) -> list[dict[str, Any]]:
		"""On the phone."""
		path = f"phone/chats/{customer}?user={self.user}"
		return self.sandbox.control(path, missing={"messages": []})["messages"]

	def arrived(self) -> dict[tuple[str, str], list[str]]:
		there: dict[tuple[str, str], list[str]] = {key: [] for key in self.sent}
		for conversation in self.conversations():
			there.setdefault((number_of(conversation), IN), []).extend(
				each["content"] for each in conversation["messages"] if each["message_type"] == "incoming"
			)
		for customer in self.customers:
			sent = [each["text"] for each in self.chat(customer) if each["via"] == "api"]
			if sent:
				there.setdefault((customer, OUT), []).extend(sent)
		return there

	def statuses(self) -> dict[str, int]:
		shown: dict[str, int] = {}
		for conversation in self.conversations():
			for message in conversation["messages"]:
				if message["message_type"] == "outgoing":
					shown[message["status"]] = shown.get(message["status"], 0) + 1
		return shown

	def check(self, seconds: float = 60.0) -> float:
		"""Wait until all is there and calm; nothing lost, doubled or out of order, and every answer has its ticks."""
		try:
			self.all_there(seconds)
			until(self.calm, "nothing is under way any more", seconds)
			until(
				lambda: set(self.statuses()) <= {"delivered", "read"}, "every answer has its ticks", seconds
			)
		except AssertionError as error:
			raise AssertionError(
				f"{error}\n{self.figures()} {self.statuses()}\n{self.differences()}"
			) from None
		figures = self.figures()
		assert figures == NONE, f"{figures}\n{self.differences()}"
		assert sorted(number_of(each) for each in self.conversations()) == sorted(self.customers)
		assert self.sandbox.control("counters")["chatwoot"]["doubled_source_ids"] == 0
		assert self.bridge.get("/events?state=dead")["events"] == []
		return 0.0

	def streams(self, seconds: float = 1.0) -> None:
		"""Both ways, some 25 messages a second, in an order of their own at each run."""
		self.flow(random.Random(), seconds)


def number_of(conversation: dict[str, Any]) -> str:
	return str(conversation["contact"]["phone_number"] or "").lstrip("+")


def user_with(sandbox: Sandbox, token: str) -> dict[str, Any]:
	"""The gateway's user with this token, whatever its name."""
	users = sandbox.control("gateway/users")["users"]
	return next(each for each in users if each["token"] == token)
