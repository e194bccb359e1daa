"""Every recorded webhook becomes exactly the value that stands in `expected/`, in whatever form it arrives."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from wuzapi_chatwoot.bridge.ports.connector import Malformed
from wuzapi_chatwoot.gateways.wuzapi import connector


def _with_keys(value: Any, change: Callable[[str], str]) -> Any:
	if isinstance(value, dict):
		return {change(key): _with_keys(item, change) for key, item in value.items()}
	if isinstance(value, list):
		return [_with_keys(item, change) for item in value]
	return value


def test_no_payload_is_without_an_expectation(payloads, all_recorded):
	assert {path.name for path in payloads.glob("*.json")} == {recorded.name for recorded in all_recorded}


def test_json(recorded, as_json):
	reading = connector.read(as_json(recorded.body))

	assert reading.event == recorded.event
	assert reading.media == recorded.media
	assert reading.kind == recorded.hook["type"]
	assert reading.instance == ("0f1e2d3c4b5a69788796a5b4c3d2e1f0",)


def test_form(recorded, as_form):
	reading = connector.read(as_form(recorded.hook))

	assert reading.event == recorded.event
	assert reading.media == recorded.media
	assert reading.instance == ("0f1e2d3c4b5a69788796a5b4c3d2e1f0",)


def test_the_stored_payload_gives_the_same_event_again(recorded, as_json, as_form):
	for request in (as_json(recorded.body), as_form(recorded.hook)):
		assert connector.parse(connector.read(request).payload) == recorded.event


@pytest.mark.parametrize("change", [str.lower, str.upper, str.swapcase])
def test_the_case_of_keys_does_not_matter(recorded, as_json, change):
	reading = connector.read(as_json(_with_keys(recorded.hook, change)))

	assert reading.event == recorded.event
	assert reading.media == recorded.media
	assert connector.parse(reading.payload) == recorded.event


def test_the_payload_keeps_all_but_the_media_and_the_second_copy(recorded, as_json):
	expected = recorded.hook
	expected.pop("base64", None)
	if isinstance(expected["event"], dict):
		expected["event"].pop("RawMessage", None)

	assert json.loads(connector.read(as_json(recorded.body)).payload) == expected


@pytest.mark.parametrize("name", ["contact.json", "pushname.json"])
def test_shapes_that_wuzapi_does_not_deliver(payloads, as_json, name):
	"""They are bare events of its library; posted as they are, they are no webhooks."""
	body = (payloads / "not-delivered" / name).read_bytes()

	with pytest.raises(Malformed, match="no type"):
		connector.read(as_json(body))
