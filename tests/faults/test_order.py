"""Chatwoot gives its times in milliseconds to webhooks and in whole seconds to those who ask: the order holds."""

import json
from dataclasses import replace
from datetime import timedelta

from bridge_world import new_world

from wuzapi_chatwoot.bridge.model.records import EventState
from wuzapi_chatwoot.bridge.ports.chatwoot import SeenMessage
from wuzapi_chatwoot.bridge.worker.fetch_missed import fetch_missed
from wuzapi_chatwoot.testkit.twins.fake_chatwoot import FakeChatwoot


def test_a_fetched_message_does_not_go_ahead_of_an_older_one_of_the_same_second(monkeypatch):
	world = new_world()
	fetch_missed(world.bridge, world.session)
	conversation = world.started()
	world.clock.advance(0.3)
	older = world.chatwoot.agent_writes(conversation, "Brought by its webhook")
	world.receive(older, key=f"message_created/{older.id}")
	world.clock.advance(0.3)
	world.chatwoot.agent_writes(conversation, "Fetched")
	ask = FakeChatwoot.messages_after

	def in_whole_seconds(*arguments):
		return [_in_whole_seconds(seen) for seen in ask(*arguments)]

	monkeypatch.setattr(FakeChatwoot, "messages_after", in_whole_seconds)
	assert fetch_missed(world.bridge, world.session) == 1
	world.work(5)
	assert world.events(EventState.WAITING) == []
	assert [each.text for each in world.gateway.delivered] == ["Brought by its webhook", "Fetched"]


def _in_whole_seconds(seen: SeenMessage) -> SeenMessage:
	created_at = seen.created_at.replace(microsecond=0)
	payload = json.loads(seen.payload)
	assert seen.created_at - created_at < timedelta(seconds=1)
	payload["created_at"] = created_at.isoformat()
	return SeenMessage(seen.id, seen.source_id, created_at, seen.failed, seen.to_send, json.dumps(payload))


def test_after_a_start_nothing_goes_out_before_chatwoot_was_asked_for_what_is_older():
	world = new_world()
	fetch_missed(world.bridge, world.session)
	conversation = world.started()
	asked = []
	world.bridge = replace(world.bridge, caught_up=lambda session: bool(asked))
	world.chatwoot.agent_writes(conversation, "Its webhook was lost")
	younger = world.chatwoot.agent_writes(conversation, "Brought by its webhook")
	world.receive(younger, key=f"message_created/{younger.id}")
	world.work(5)
	[waiting] = world.events(EventState.WAITING)
	assert (waiting.attempts, world.gateway.delivered) == (0, [])
	fetch_missed(world.bridge, world.session)
	asked.append(True)
	world.work(5)
	assert [each.text for each in world.gateway.delivered] == [
		"Its webhook was lost",
		"Brought by its webhook",
	]
