"""Whatever is posted: a reading or a sentence that says what is wrong, never another error."""

from __future__ import annotations

import copy
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from wuzapi_chatwoot.bridge.ports.connector import Malformed, WebhookRequest
from wuzapi_chatwoot.gateways.wuzapi import connector

pytestmark = pytest.mark.no_cover
CONTENT_TYPES = st.sampled_from(
	[
		"application/json",
		"application/x-www-form-urlencoded",
		"multipart/form-data; boundary=B",
		"multipart/form-data",
		"text/plain",
		"",
	]
)
JSON_VALUES = st.recursive(
	st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
	lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
	max_leaves=20,
)
# What any value inside a payload may turn into.
ODD_VALUES = st.one_of(
	st.none(),
	st.booleans(),
	st.integers(),
	st.sampled_from([2**63, -(2**70), 10**400, 1e308, -0.0, 12.0, 0]),
	st.floats(),
	st.text(max_size=8),
	st.sampled_from(
		["", "@", "1@lid", "a@b@c", "\ud800", "\0", "0001-01-01T00:00:00Z", "2026-13-99T99:99:99Z"]
	),
	st.lists(st.none() | st.integers() | st.text(max_size=3), max_size=3),
	st.dictionaries(st.sampled_from(["message", "key", "ID", "text", "x"]), st.integers(), max_size=2),
	st.just({"message": {"message": {"message": {"message": {"conversation": "deep"}}}}}),
)
quickly = settings(
	suppress_health_check=[HealthCheck.function_scoped_fixture],
	max_examples=2 * settings.default.max_examples,
)


def _read(body: bytes, content_type: str):
	request = WebhookRequest(body, {"content-type": content_type, "x-hmac-signature": "00"})
	try:
		return connector.read(request)
	except Malformed:
		return None


def _check(reading) -> None:
	"""What the core does with a reading must not fail either."""
	assert connector.parse(reading.payload) == reading.event
	for text in (reading.payload, reading.key, reading.kind, *reading.instance, repr(reading.event)):
		text.encode()
	json.loads(reading.payload)


def _paths(value, path=()):
	yield path
	children = (
		value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
	)
	for key, child in children:
		yield from _paths(child, (*path, key))


def _replaced(value, path, new):
	value = copy.deepcopy(value)
	target = value
	for key in path[:-1]:
		target = target[key]
	target[path[-1]] = new
	return value


@quickly
@given(body=st.binary(), content_type=CONTENT_TYPES)
def test_any_bytes(body, content_type):
	reading = _read(body, content_type)
	if reading is not None:
		_check(reading)


@quickly
@given(
	text=st.text(),
	wrap=st.sampled_from(["{}", "jsonData={}", '--B\r\nx; name="jsonData"\r\n\r\n{}\r\n--B--']),
)
def test_any_text_in_any_form(text, wrap):
	_read(wrap.replace("{}", text).encode("utf-8", "surrogatepass"), "application/x-www-form-urlencoded")
	_read(wrap.replace("{}", text).encode("utf-8", "surrogatepass"), "multipart/form-data; boundary=B")


@quickly
@given(value=JSON_VALUES)
def test_any_json(value):
	_read(json.dumps(value).encode(), "application/json")


@quickly
@given(
	kind=st.sampled_from(
		["Message", "ReadReceipt", "QR", "HistorySync", "CallOffer", "ChatPresence", "Presence", "x"]
	),
	event=JSON_VALUES,
	beside=st.dictionaries(
		st.sampled_from(["state", "base64", "pollVote", "s3", "userID", "token"]), JSON_VALUES
	),
)
def test_any_event(kind, event, beside):
	reading = _read(json.dumps({**beside, "type": kind, "event": event}).encode(), "application/json")
	assert reading is not None
	_check(reading)


@settings(quickly, max_examples=6 * settings.default.max_examples)
@given(data=st.data())
def test_recorded_payloads_with_odd_values_inside(all_recorded, data):
	hook = data.draw(st.sampled_from(all_recorded)).hook
	for _ in range(data.draw(st.integers(1, 3))):
		# `type` itself may not be odd: without it the body is malformed.
		paths = [path for path in _paths(hook) if path and path != ("type",)]
		hook = _replaced(hook, data.draw(st.sampled_from(paths)), data.draw(ODD_VALUES))

	reading = _read(json.dumps(hook).encode(), "application/json")

	assert reading is not None
	_check(reading)


def test_every_single_value_of_every_recorded_payload_made_odd(recorded):
	odd = [None, 7, -1.5, "odd", [], ["odd"], {}, {"odd": 1}, True]
	for number, path in enumerate(path for path in _paths(recorded.hook) if path and path != ("type",)):
		value = odd[number % len(odd)]
		connector.parse(json.dumps(_replaced(recorded.hook, path, value)))
