"""How long messages take while a fifth of Chatwoot's calls fail, and how long new chats wait behind a backlog."""

from __future__ import annotations

import os
import time

from . import relay
from .load import flood
from .report import Section, Table, goal, percentile
from .sizes import Sizes
from .webhooks import phone_of
from .world import World

TITLE = "In trouble"
_PERCENT = 20
_RATE = 10.0
"""Messages a second while calls fail."""
_GOAL_SECONDS = 5.0
_CHATS = 500
_NEW = 11
_EVERY = 0.1


def run(sizes: Sizes) -> Section:
	"""Measure both, each with processes of its own."""
	section = Section("trouble", TITLE)
	section.add(f"Load average before: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores.")
	_hiccups(section, sizes)
	_backlog(section, sizes)
	return section


def _hiccups(section: Section, sizes: Sizes) -> None:
	with World(sizes.folder, keep=100_000) as world:
		relay.warm_up(world, sizes.people)
		world.sandbox.switch(chatwoot_fail_percent=_PERCENT)
		count = int(_RATE * sizes.seconds)
		sent: dict[str, float] = {}
		took: list[float] = []
		before = _calls(world)
		texts = world.webhooks.texts(sizes.people, count)
		began = time.perf_counter()
		for number, request in enumerate(texts):
			while (left := began + number / _RATE - time.perf_counter()) > 0:
				time.sleep(min(left, _EVERY))
				_note(world, sent, took)
			sent[_text(request)] = time.perf_counter()
			flood(world.bridge_url, [request], 1)
		deadline = time.perf_counter() + 120
		while sent and time.perf_counter() < deadline:
			time.sleep(_EVERY)
			_note(world, sent, took)
		calls = (_calls(world) - before) / count
	table = Table(("messages", "missing", "p50 s", "p95 s", "p99 s", "max s", "calls of Chatwoot each"))
	p95 = percentile(took, 0.95)
	table.add(
		count, len(sent), percentile(took, 0.5), p95, percentile(took, 0.99), max(took, default=0.0), calls
	)
	section.add(
		f"{_PERCENT} % of all calls of Chatwoot are answered 500, by chance; {sizes.people} conversations, {_RATE:.0f} "
		f"messages a second by a timetable, from the webhook until the message is seen in Chatwoot (looked for every {_EVERY} s)."
	)
	section.add(table)
	section.add(goal(f"p95 below {_GOAL_SECONDS:.0f} s, none missing", met=p95 < _GOAL_SECONDS and not sent))


def _backlog(section: Section, sizes: Sizes) -> None:
	with World(sizes.folder, keep=100_000) as world:
		world.sandbox.switch(chatwoot_down=True)
		flood(world.bridge_url, list(world.webhooks.texts(_CHATS, sizes.backlog)), relay.CONNECTIONS)
		world.sandbox.switch(chatwoot_down=False)
		world.wait_for(world.in_chatwoot, 1)
		# The newcomers are the first of a world of more people whose others have written before.
		requests = list(world.webhooks.texts(_NEW, _NEW, first=_CHATS))
		already = world.in_chatwoot()
		began = time.perf_counter()
		flood(world.bridge_url, requests, _NEW)
		waiting = {phone_of(_CHATS + number) for number in range(_NEW)}
		waited: list[float] = []
		deadline = began + 120
		while waiting and time.perf_counter() < deadline:
			time.sleep(_EVERY)
			for phone in waiting & _people(world):
				waiting.discard(phone)
				waited.append(time.perf_counter() - began)
		drained = world.in_chatwoot() - already
	table = Table(
		(
			"events",
			"chats",
			"new chats",
			"served",
			"median s",
			"last s",
			"of the backlog meanwhile",
			"left of it",
		)
	)
	last = max(waited, default=0.0)
	table.add(
		sizes.backlog, _CHATS, _NEW, len(waited), percentile(waited, 0.5), last, drained,
		sizes.backlog - already - drained,
	)  # fmt: skip
	section.add(
		"Chatwoot was down while customers wrote; it is back, the backlog drains, and people who never wrote before "
		"write once each, all at the same moment. How long until their message is in Chatwoot:"
	)
	section.add(table)
	section.add(goal("within ten seconds, all of them", met=not waiting and last < 10.0))


def _text(request: bytes) -> str:
	number = request.rpartition(b"This is message ")[2].partition(b".")[0]
	return number.decode()


def _note(world: World, sent: dict[str, float], took: list[float]) -> None:
	conversations = world.sandbox.control("chatwoot/conversations")["conversations"]
	now = time.perf_counter()
	for conversation in conversations:
		for message in conversation["messages"]:
			number = (message["content"] or "").rpartition("This is message ")[2].rstrip(".")
			if number in sent:
				took.append(now - sent.pop(number))


def _people(world: World) -> set[str]:
	"""Whose first message is in Chatwoot."""
	return {
		each["contact"]["phone_number"].lstrip("+")
		for each in world.sandbox.control("chatwoot/conversations")["conversations"]
		if each["messages"] and each["contact"].get("phone_number")
	}


def _calls(world: World) -> int:
	return sum(world.counters()["chatwoot"]["requests"].values())
