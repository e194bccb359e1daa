"""Forty sessions on one bridge, a quarter of them on a gateway that hangs. The figures of hundreds are the benchmarks'."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from end_to_end.administrator import Administrator, administrator
from processes import Sandbox, until

HERE, THERE = 30, 10
ROUNDS = 3
# Conversations of each session on the other gateway: more answers to it than the bridge has workers.
CHATS = 3
WORKERS = 16


@dataclass
class Many:
	admin: Administrator
	other: Sandbox
	"""Whose gateway some sessions are on. All have the first one's Chatwoot."""
	inboxes: dict[str, int]

	def gateway_of(self, name: str) -> Sandbox:
		return self.other if name.startswith("there") else self.admin.sandbox

	def customer_writes(self, name: str, text: str, chat: int = 0) -> None:
		body = {"user": name, "customer": _customer(name, chat), "text": text}
		self.gateway_of(name).control("phone/send", body)

	def texts(self, kind: str = "incoming") -> dict[str, list[list[str]]]:
		"""By session: what stands in the conversations of its inbox."""
		names = {inbox: name for name, inbox in self.inboxes.items()}
		found: dict[str, list[list[str]]] = {}
		for each in self.conversations():
			texts = [message["content"] for message in each["messages"] if message["message_type"] == kind]
			found.setdefault(names[each["inbox_id"]], []).append(texts)
		return found

	def conversations(self) -> list[dict[str, Any]]:
		return self.admin.sandbox.control("chatwoot/conversations")["conversations"]

	def answers(self, prefix: str) -> dict[str, str]:
		"""The agent answers in every conversation of those sessions; what was written, by customer."""
		written = {}
		names = {inbox: name for name, inbox in self.inboxes.items()}
		for each in self.conversations():
			name = names[each["inbox_id"]]
			if name.startswith(prefix):
				customer = each["contact"]["phone_number"].lstrip("+")
				written[customer] = f"Answer to {customer}"
				body = {"conversation_id": each["id"], "text": written[customer]}
				self.admin.sandbox.control("agent/send", body)
		return written

	def on_phones(self, prefix: str) -> dict[str, list[str]]:
		"""What the gateway has sent to the customers of those sessions."""
		found = {}
		for name in self.inboxes:
			if name.startswith(prefix):
				for chat in range(CHATS if prefix == "there" else 1):
					customer = _customer(name, chat)
					path = f"phone/chats/{customer}?user={name}"
					shown = self.gateway_of(name).control(path, missing={"messages": []})["messages"]
					if sent := [each["text"] for each in shown if each["via"] == "api"]:
						found[customer] = sent
		return found


def _customer(name: str, chat: int) -> str:
	side, number = name.split("-")
	return str(447700910000 + (5000 if side == "there" else 0) + int(number) * 10 + chat)


@pytest.fixture(scope="module")
def many(tmp_path_factory) -> Iterator[Many]:
	folder = tmp_path_factory.mktemp("many")
	settings = {"WORKERS": WORKERS, "SETTLE_SECONDS": 0.5, "FETCH_SECONDS": 3600}
	with administrator(folder, **settings) as admin, Sandbox(folder / "other", admin.bridge.url) as other:
		many = Many(admin, other, {})
		# First those that will hang: whoever goes through all of them comes to the others later.
		names = [
			f"{side}-{number}"
			for side, count in (("there", THERE), ("here", HERE))
			for number in range(count)
		]
		for name in names:
			report = admin.sets_up(name=name, gateway_url=many.gateway_of(name).gateway)
			many.inboxes[name] = report["inbox_id"]
			admin(f"/{name}/connect", {})
		for number, name in enumerate(many.inboxes):
			gateway = many.gateway_of(name)
			users = lambda gateway=gateway: gateway.control("gateway/users")["users"]  # noqa: E731
			until(lambda users=users, name=name: _of(users(), name)["qr"], "a code to scan")
			gateway.control("phone/scan", {"user": name, "phone": str(447700990000 + number)})
		until(lambda: _states(admin) == {"connected"}, "all are connected")
		yield many
		other.signal(signal.SIGCONT)


def _of(users: list[dict[str, Any]], name: str) -> dict[str, Any]:
	return next(each for each in users if each["name"] == name)


def _states(admin: Administrator) -> set[str]:
	return {each["state"] for each in admin()["sessions"]}


def test_each_message_is_once_and_in_order_in_its_own_inbox(many):
	for switch in (many.admin.sandbox, many.other):
		switch.switch(shuffle_window_ms=1)
	for number in range(ROUNDS):
		for name in many.inboxes:
			for chat in range(CHATS if name.startswith("there") else 1):
				many.customer_writes(name, f"{name} {chat} {number}", chat)
	wanted = {
		name: [
			[f"{name} {chat} {number}" for number in range(ROUNDS)]
			for chat in range(CHATS if name.startswith("there") else 1)
		]
		for name in many.inboxes
	}
	sent = sum(len(texts) for chats in wanted.values() for texts in chats)
	until(lambda: _count(many.texts()) >= sent, "all is there")
	assert {name: sorted(chats) for name, chats in many.texts().items()} == wanted


def test_a_gateway_that_hangs_holds_up_nobody_else(many):
	"""It takes every call and answers none: more of them are due than there are workers."""
	many.other.signal(signal.SIGSTOP)
	to_there = many.answers("there")
	assert len(to_there) > WORKERS
	written = many.answers("here")
	until(lambda: many.on_phones("here").keys() >= written.keys(), "the others are served", 30)
	many.customer_writes("here-0", "Still there?")
	until(lambda: "Still there?" in many.texts()["here-0"][0], "both ways", 30)
	health = many.admin.bridge.call("GET", "/health").json()["checks"]
	assert {health[f"gateway of here-{number}"] for number in range(HERE)} == {"ok"}
	assert {health[f"gateway of there-{number}"] for number in range(THERE)} == {"no answer in time"}
	many.other.signal(signal.SIGCONT)
	# The connection that was kept was frozen for too long.
	many.other._http.close()
	until(lambda: many.on_phones("there").keys() >= to_there.keys(), "and the rest when it goes on")
	assert many.on_phones("there") == {customer: [text] for customer, text in to_there.items()}
	assert many.on_phones("here") == {customer: [text] for customer, text in written.items()}


def _count(texts: dict[str, list[list[str]]]) -> int:
	return sum(len(each) for chats in texts.values() for each in chats)
