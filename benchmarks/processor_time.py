"""Processor time of the bridge for each message: all of it, acknowledging alone, and the HTTP client alone."""

from __future__ import annotations

import http.client
import json
import time
from collections.abc import Callable
from datetime import datetime, timezone
from urllib.parse import urlsplit

from wuzapi_chatwoot.bridge.model.records import Secret, Session
from wuzapi_chatwoot.bridge.ports.chatwoot import Post
from wuzapi_chatwoot.chatwoot.client.client import ChatwootInbox

from . import relay
from .load import flood, steady
from .report import Section, Table, percentile
from .sizes import Sizes
from .world import World

TITLE = "Processor time per message"
# Messages a second of the unhurried run.
CALM = 20
_CALLS = 300


def run(sizes: Sizes) -> Section:
	"""Measure the bridge's processor time."""
	table = Table(("", "messages", "ms of processor time each"))
	with World(sizes.folder) as world:
		relay.warm_up(world, sizes.people)
		whole = _flooded(table, world, sizes)
		_calm(table, world, sizes)
		world.sandbox.switch(notify_bridge=False)
		_flooded(table, world, sizes, "the same, Chatwoot not echoing each message back to us")
		ours, bare = _of_the_client(table, world)
	# Nothing is relayed while this is measured: every event is still settling.
	with World(sizes.folder, SETTLE_SECONDS=60) as world:
		_acknowledging(table, world, sizes)
	section = Section("processor_time", TITLE, [table])
	section.add(
		f"One core can therefore carry at most {1000 / whole:,.0f} messages/s. A call by our Chatwoot client "
		f"(requests) is {100 * ours / whole:.0f} % of the whole; a bare `http.client` would need {bare:.2f} ms."
	)
	return section


def _flooded(table: Table, world: World, sizes: Sizes, words: str = "") -> float:
	messages = int(50 * sizes.seconds)
	before = world.busy()[0]
	relay.flood_and_follow(world, sizes.people, messages)
	world.settle()
	each = (world.busy()[0] - before) / messages * 1000
	table.add(words or "relayed as fast as possible, acknowledgement and echo included", messages, each)
	return each


def _calm(table: Table, world: World, sizes: Sizes) -> None:
	texts = list(world.webhooks.texts(sizes.people, int(CALM * sizes.seconds)))
	before, arrived = world.busy()[0], world.in_chatwoot()
	steady(world.bridge_url, texts, CALM)
	world.wait_for(world.in_chatwoot, arrived + len(texts))
	world.settle()
	each = (world.busy()[0] - before) / len(texts) * 1000
	table.add(f"relayed at {CALM} per s", len(texts), each)


def _acknowledging(table: Table, world: World, sizes: Sizes) -> None:
	texts = list(world.webhooks.texts(sizes.people, int(50 * sizes.seconds)))
	before = world.busy()[0]
	flood(world.bridge_url, texts, relay.CONNECTIONS)
	table.add("acknowledging alone", len(texts), (world.busy()[0] - before) / len(texts) * 1000)


def _of_the_client(table: Table, world: World) -> tuple[float, float]:
	"""Milliseconds of this process for posting a message, by our client and by the bare minimum."""
	told = world.sandbox.control("settings")
	account, inbox = int(told["CHATWOOT_ACCOUNT_ID"]), int(told["CHATWOOT_INBOX_ID"])
	conversation = world.sandbox.control("chatwoot/conversations")["conversations"][0]["id"]
	token = told["CHATWOOT_API_KEY"]
	client = ChatwootInbox(
		Session("x", "http://x", Secret("x"), world.sandbox.chatwoot, Secret(token), account, inbox)
	)
	message = Post(text="Hello", incoming=True, source_id="", sent_at=datetime.now(timezone.utc))
	ours = _processor_ms(lambda: client.post_message(conversation, message))
	table.add("one call by our Chatwoot client (requests)", _CALLS, ours)

	parts = urlsplit(world.sandbox.chatwoot)
	connection = http.client.HTTPConnection(parts.hostname or "", parts.port)
	path = f"/api/v1/accounts/{account}/conversations/{conversation}/messages"
	headers = {"api-access-token": token, "Content-Type": "application/json"}

	def bare_call() -> None:
		body = json.dumps({"content": "Hello", "message_type": "incoming"})
		connection.request("POST", path, body, headers)
		json.loads(connection.getresponse().read())

	bare = _processor_ms(bare_call)
	connection.close()
	table.add("the same call by http.client", _CALLS, bare)
	return ours, bare


def _processor_ms(call: Callable[[], object]) -> float:
	"""The median of ten, so that a first connection or a collection does not count."""
	taken = []
	for _ in range(10):
		started = time.process_time()
		for _ in range(_CALLS // 10):
			call()
		taken.append((time.process_time() - started) / (_CALLS // 10) * 1000)
	return percentile(taken, 0.5)
