"""Hundreds of sessions on one bridge: what setting one up costs, what looking after all costs, and one gateway that hangs."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterable, Iterator
from typing import Any

import requests

from wuzapi_chatwoot.sandbox.options import GATEWAY_ADMIN_TOKEN
from wuzapi_chatwoot.sandbox.process import SandboxProcess

from . import processes
from .report import Section, Table, goal, percentile
from .sizes import Sizes
from .world import World

TITLE = "Hundreds of sessions"
WATCH_SECONDS = 5
_MESSAGES = 5
# So many of all are on the gateway that hangs, one in:
_SHARE = 6
# Their customers: more answers to the gateway that hangs than the bridge has workers.
_CHATS = 2
_LOOK_SECONDS = 20.0
_SLOWER = 1.5


def run(sizes: Sizes) -> Section:
	"""Measure all of it with one set of sessions."""
	section = Section("many_sessions", TITLE)
	with (
		World(sizes.folder, WATCH_SECONDS=WATCH_SECONDS) as world,
		SandboxProcess("--keep", "50", "--seed", "2", bridge_url=world.bridge_url) as other,
	):
		crowd = _Crowd(world, other, sizes.sessions)
		_set_ups(section, crowd)
		_steady_state(section, crowd)
		_messages(section, crowd)
		_one_hangs(section, crowd)
	return section


class _Crowd:
	"""The sessions, and how they are talked to. Those named "there" are on the other gateway."""

	def __init__(self, world: World, other: SandboxProcess, count: int) -> None:
		self.world, self.other = world, other
		there = count // _SHARE
		# Those that will hang first: whoever goes through all comes to the others later.
		self.there = [f"there-{number}" for number in range(there)]
		self.here = [f"here-{number}" for number in range(count - there)]
		self._http = requests.Session()
		self._http.trust_env = False
		self.told: dict[str, Any] = world.sandbox.control("settings")
		self._http.headers["Authorization"] = f"Bearer {self.told['ADMIN_TOKEN']}"
		self.inboxes: dict[int, str] = {}

	@property
	def names(self) -> list[str]:
		return self.there + self.here

	def gateway_of(self, name: str) -> SandboxProcess:
		return self.other if name.startswith("there") else self.world.sandbox

	def ask(self, path: str, body: dict[str, Any] | None = None) -> requests.Response:
		"""The bridge, as its operator."""
		method = "GET" if body is None else "POST"
		answer = self._http.request(method, self.world.bridge_url + path, json=body, timeout=120)
		if answer.status_code != 200 and path != "/health":
			raise RuntimeError(f"{path}: {answer.status_code} {answer.text[:500]}")
		return answer

	def set_up(self, name: str) -> float:
		"""How long it takes, in seconds."""
		given = {
			"name": name,
			"gateway_url": self.gateway_of(name).gateway,
			"gateway_admin_token": GATEWAY_ADMIN_TOKEN,
			"chatwoot_url": self.told["CHATWOOT_URL"],
			"chatwoot_token": self.told["CHATWOOT_API_KEY"],
			"account_id": self.told["CHATWOOT_ACCOUNT_ID"],
		}
		began = time.perf_counter()
		report = self.ask("/admin/api/sessions", given).json()
		took = time.perf_counter() - began
		if not report["complete"]:
			raise RuntimeError(str(report))
		self.inboxes[report["inbox_id"]] = name
		return took

	def pair_all(self) -> None:
		for name in self.names:
			self.ask(f"/admin/api/sessions/{name}/connect", {})
		for number, name in enumerate(self.names):
			self.world.wait_for(lambda name=name: int(self._shows_code(name)), 1)  # type: ignore[misc]
			body = {"user": name, "phone": str(447700990000 + number)}
			self.gateway_of(name).control("phone/scan", body)
		self.world.wait_for(self._connected, len(self.names))

	def _shows_code(self, name: str) -> bool:
		return bool(self.ask(f"/admin/api/sessions/{name}/pairing").json()["qr"])

	def _connected(self) -> int:
		sessions = self.ask("/admin/api/sessions").json()["sessions"]
		return sum(each["state"] == "connected" for each in sessions)

	def write(self, names: Iterable[str], text: str, chats: int = 1) -> int:
		"""A message of every customer of these numbers; how many."""
		count = 0
		for name in names:
			for chat in range(chats):
				body = {"user": name, "customer": customer(name, chat), "text": text}
				self.gateway_of(name).control("phone/send", body)
				count += 1
		return count

	def conversations(self) -> Iterator[tuple[str, dict[str, Any]]]:
		for each in self.world.sandbox.control("chatwoot/conversations")["conversations"]:
			if each["inbox_id"] in self.inboxes:
				yield self.inboxes[each["inbox_id"]], each

	def answer(self, conversations: list[int]) -> None:
		for number in conversations:
			body = {"conversation_id": number, "text": "An answer."}
			self.world.sandbox.control("agent/send", body)


def customer(name: str, chat: int) -> str:
	"""A number that nobody else has."""
	side, number = name.split("-")
	return str(447700910000 + (40_000 if side == "there" else 0) + int(number) * 10 + chat)


def _set_ups(section: Section, crowd: _Crowd) -> None:
	taken = [crowd.set_up(name) for name in crowd.names]
	crowd.pair_all()
	tenth = max(1, len(taken) // 10)
	first, last = taken[:tenth], taken[-tenth:]
	table = Table(("set-ups", "first tenth, ms", "last tenth, ms", "ratio"))
	ms = [1000 * percentile(each, 0.5) for each in (first, last)]
	table.add(len(taken), *ms, ms[1] / ms[0])
	section.add(
		"Set up one after the other through the admin API, both sides at once to answer; the median of each tenth:"
	)
	section.add(table)


def _steady_state(section: Section, crowd: _Crowd) -> None:
	crowd.world.settle()
	before, busy = _calls(crowd), crowd.world.busy()[0]
	time.sleep(_LOOK_SECONDS)
	calls = (_calls(crowd) - before) / _LOOK_SECONDS
	share = (crowd.world.busy()[0] - busy) / _LOOK_SECONDS
	pid = crowd.world.bridge_pid
	table = Table(("sessions", "calls of gateways, per s", "of a core", "threads", "memory, MiB"))
	threads = len(os.listdir(f"/proc/{pid}/task"))
	table.add(len(crowd.names), calls, share, threads, processes.memory_mib(pid))
	section.add(f"With nothing to do but to look at each number every {WATCH_SECONDS} s (the default is 60):")
	section.add(table)
	asked = Table(("asked for", "KiB", "ms"))
	for path in ("/admin/api/sessions", "/metrics", "/health"):
		began = time.perf_counter()
		answer = crowd.ask(path)
		asked.add(path, len(answer.content) / 1024, 1000 * (time.perf_counter() - began))
	section.add(asked)


def _calls(crowd: _Crowd) -> int:
	both = (crowd.world.sandbox, crowd.other)
	return sum(sum(each.control("counters")["gateway"]["requests"].values()) for each in both)


def _messages(section: Section, crowd: _Crowd) -> None:
	for sandbox in (crowd.world.sandbox, crowd.other):
		sandbox.switch(shuffle_window_ms=1)
	before = crowd.world.in_chatwoot()
	began, sent = time.perf_counter(), 0
	for number in range(_MESSAGES):
		sent += crowd.write(crowd.there, str(number), _CHATS) + crowd.write(crowd.here, str(number))
	crowd.world.wait_for(lambda: crowd.world.in_chatwoot() - before, sent)
	took = time.perf_counter() - began
	wanted, wrong = [str(number) for number in range(_MESSAGES)], 0
	for _, each in crowd.conversations():
		texts = [message["content"] for message in each["messages"] if message["message_type"] == "incoming"]
		wrong += texts != wanted
	section.add(
		f"{sent} messages to all numbers, as fast as the sandbox writes them, were in their inboxes after {took:.1f} s."
	)
	section.add(goal("each once and in order in its own inbox", met=not wrong))


def _one_hangs(section: Section, crowd: _Crowd) -> None:
	here = [each["id"] for name, each in crowd.conversations() if name.startswith("here")]
	there = [each["id"] for name, each in crowd.conversations() if name.startswith("there")]
	well = _answered(crowd, here)
	child = crowd.other._child
	assert child is not None
	os.kill(child.pid, signal.SIGSTOP)
	try:
		crowd.answer(there)
		# Until nobody is left to take more of them.
		time.sleep(2.0)
		ill = _answered(crowd, here)
	finally:
		os.kill(child.pid, signal.SIGCONT)
	table = Table(("answers on", "answers", "all well, s", "one gateway hangs, s", "ratio"))
	table.add(f"{len(crowd.here)} sessions", len(here), well, ill, ill / well)
	section.add(
		f"{len(crowd.there)} sessions are on a gateway that takes calls and answers none, with {len(there)} answers waiting "
		f"for it; how long the others' answers take:"
	)
	section.add(table)
	section.add(goal(f"served as before (ratio {_SLOWER} or less)", met=ill / well <= _SLOWER))


def _answered(crowd: _Crowd, conversations: list[int]) -> float:
	before, began = crowd.world.at_gateway(), time.perf_counter()
	crowd.answer(conversations)
	crowd.world.wait_for(lambda: crowd.world.at_gateway() - before, len(conversations))
	return time.perf_counter() - began
