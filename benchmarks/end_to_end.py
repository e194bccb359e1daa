"""Messages a second from end to end: to Chatwoot, compared with what that Chatwoot can take, and to the gateway."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator

from . import relay
from .load import flood
from .report import Section, Table, goal
from .sizes import Sizes
from .webhooks import post
from .world import World

TITLE = "End to end"
CHATWOOT_MS = 200
# Puma's threads: Chatwoot's default is five a process.
CONCURRENCIES = (8, 16)
# What an immediate Chatwoot is given a second of the run, before it is known how fast it goes.
_GUESS = 100
_NEAR = 0.95
_HEADINGS = (
	"Chatwoot", "messages", "per s", "Chatwoot alone, per s", "ratio", "bridge, of a core", "sandbox, of a core"
)  # fmt: skip


def run(sizes: Sizes) -> Section:
	"""Measure both directions."""
	section = Section("end_to_end", TITLE)
	table = Table(_HEADINGS)
	bounded = []
	with World(sizes.folder) as world:
		relay.warm_up(world, sizes.people)
		_to_chatwoot(table, world, sizes, "at once", int(_GUESS * sizes.seconds), 0)
		for concurrency in CONCURRENCIES:
			world.sandbox.switch(chatwoot_delay_ms=CHATWOOT_MS, chatwoot_max_concurrency=concurrency)
			words = f"{CHATWOOT_MS} ms, {concurrency} at once"
			messages = int(concurrency / (CHATWOOT_MS / 1000) * sizes.seconds)
			bounded.append(_to_chatwoot(table, world, sizes, words, messages, concurrency))
		world.sandbox.switch(chatwoot_delay_ms=0, chatwoot_max_concurrency=0)
		outbound = Table(("agent's messages", "messages", "per s", "bridge, of a core", "sandbox, of a core"))
		_to_gateway(outbound, world, sizes, ticks=False)
		_to_gateway(outbound, world, sizes, ticks=True)
	section.add(
		f"WhatsApp to Chatwoot, {sizes.people} conversations in their steady state, all webhooks as fast as they "
		"are acknowledged. *per s* is the middle 80 % of the arrivals; *Chatwoot alone* is the same Chatwoot in "
		f"the same run, posted to directly by {sizes.people} connections, without the bridge."
	)
	section.add(table)
	section.add(
		goal(
			f"with Chatwoot at {CHATWOOT_MS} ms bounded by Chatwoot, not by us (ratio {_NEAR} or more)",
			met=min(bounded) >= _NEAR,
		)
	)
	section.add("Chatwoot to WhatsApp, the gateway answering at once:")
	section.add(outbound)
	return section


def _to_chatwoot(
	table: Table, world: World, sizes: Sizes, words: str, messages: int, concurrency: int
) -> float:
	ceiling = _ceiling(world, sizes, concurrency)
	relayed = relay.flood_and_follow(world, sizes.people, messages)
	world.settle()
	rate = relayed.progress.rate()
	table.add(words, messages, rate, ceiling, rate / ceiling, relayed.bridge_share, relayed.sandbox_share)
	return rate / ceiling


def _ceiling(world: World, sizes: Sizes, concurrency: int) -> float:
	"""Posts a second that Chatwoot takes from as many connections as there are conversations."""
	# Nobody is told of these messages: they are not the bridge's.
	world.sandbox.switch(notify_bridge=False)
	outcome = flood(world.sandbox.chatwoot, _posts(world), sizes.people, sizes.seconds / 2)
	world.sandbox.switch(notify_bridge=True)
	return outcome.middle_rate


def _posts(world: World) -> Iterator[bytes]:
	told = world.sandbox.control("settings")
	token = f"api-access-token: {told['CHATWOOT_API_KEY']}\r\n"
	conversations = _conversations(world)
	for number in itertools.count():
		path = (
			f"/api/v1/accounts/{told['CHATWOOT_ACCOUNT_ID']}"
			f"/conversations/{conversations[number % len(conversations)]}/messages"
		)
		body = {"content": f"This is message {number}.", "message_type": "incoming"}
		yield post(path, json.dumps(body).encode(), token)


def _to_gateway(table: Table, world: World, sizes: Sizes, *, ticks: bool) -> None:
	world.sandbox.switch(auto_deliver=ticks)
	messages = int(_GUESS / 2 * sizes.seconds)
	requests = list(_answers(_conversations(world), messages))
	relayed = relay.follow(
		world, world.at_gateway, messages, lambda: flood(world.sandbox.page, requests, relay.CONNECTIONS)
	)
	world.settle()
	world.sandbox.switch(auto_deliver=False)
	words = "with a delivery tick for each" if ticks else "sending alone"
	rate = relayed.progress.rate()
	table.add(words, messages, rate, relayed.bridge_share, relayed.sandbox_share)


def _answers(conversations: list[int], count: int) -> Iterator[bytes]:
	for number in range(count):
		body = {"conversation_id": conversations[number % len(conversations)], "text": f"Answer {number}."}
		yield post("/control/agent/send", json.dumps(body).encode())


def _conversations(world: World) -> list[int]:
	return [each["id"] for each in world.sandbox.control("chatwoot/conversations")["conversations"]]
