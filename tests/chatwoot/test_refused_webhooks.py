"""Bodies that are no webhook of Chatwoot, and arbitrary input."""

import copy
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wuzapi_chatwoot.bridge.ports.connector import Malformed, Reading, WebhookRequest
from wuzapi_chatwoot.chatwoot import connector

FOLDER = Path(__file__).resolve().parents[1] / "payloads"
RECORDED = {
	path.stem: json.loads(path.read_bytes()) for path in sorted((FOLDER / "chatwoot-webhooks").glob("*.json"))
}
NEW = RECORDED["01_message_created_outgoing_text_agent"]


def read(data: object) -> Reading:
	body = data if isinstance(data, bytes) else json.dumps(data).encode()
	return connector.read(WebhookRequest(body=body, headers={}))


def outcome(body: bytes) -> Reading | str:
	"""The reading, or the sentence of the refusal."""
	try:
		return read(body)
	except Malformed as error:
		return str(error)


def new(**changes: object) -> dict:
	return {**copy.deepcopy(NEW), **changes}


@pytest.mark.parametrize("text", ["jsonData=", "Try curl -d jsonData=%7B%7D", "a=1&jsonData={}"])
def test_an_agent_may_write_what_stands_in_forms(text):
	"""Also where it comes early in the body."""
	body = json.dumps({"content": text, **{key: value for key, value in NEW.items() if key != "content"}})
	assert read(body.encode()).event.text == text


class TestRefusals:
	@pytest.mark.parametrize(
		("body", "sentence"),
		[
			(b"", "The body is not JSON that can be read."),
			(b"hello", "The body is not JSON that can be read."),
			(b'{"event":"message_created"', "The body is not JSON that can be read."),
			(b'{"event":"\xff"}', "The body is not JSON that can be read."),
			(b"[" * 100_000, "The body is not JSON that can be read."),
			(b'{"event":"x","a":' + b"[" * 80 + b"]" * 80 + b"}", "The body is not JSON that can be read."),
			(b"[]", "The body is JSON, but not an object."),
			(b"null", "The body is JSON, but not an object."),
			(b"{}", "The body has no `event`, which every webhook of Chatwoot names."),
			(b'{"event":""}', "The body has no `event`, which every webhook of Chatwoot names."),
			(b'{"event":{"a":1}}', "The body has no `event`, which every webhook of Chatwoot names."),
		],
	)
	def test_malformed(self, body, sentence):
		assert outcome(body) == sentence

	def test_an_endless_number(self):
		"""Newer Pythons refuse it, older ones read it; neither may fall over."""
		assert outcome(b'{"event":"x","a":' + b"9" * 5000 + b"}")

	def test_a_byte_order_mark_is_no_fault(self):
		assert read(b"\xef\xbb\xbf" + json.dumps(NEW).encode()).key == "message_created/10501"

	@pytest.mark.parametrize(
		"path", sorted((FOLDER / "wuzapi-webhooks").glob("*.json")), ids=lambda path: path.stem
	)
	def test_webhooks_of_wuzapi_are_named(self, path):
		with pytest.raises(Malformed, match="webhook of WuzAPI"):
			read(path.read_bytes())

	def test_webhooks_of_wuzapi_in_a_form_are_named(self):
		with pytest.raises(Malformed, match="webhook of WuzAPI, in form encoding"):
			read(b"instanceName=front-desk&jsonData=%7B%22type%22%3A%22Message%22%7D&userID=1")


JSON = st.recursive(
	st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=20),
	lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
	max_leaves=20,
)
WORDS = st.sampled_from(
	["message_created", "message_updated", "conversation_created", "contact_updated", "?"]
)


def paths_in(value: object, path: tuple = ()) -> list[tuple]:
	entries = (
		value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
	)
	return [path, *(deeper for key, entry in entries for deeper in paths_in(entry, (*path, key)))]


PATHS = [
	(name, path)
	for name in (
		"02_message_created_outgoing_images_agent",
		"13_message_created_reply_to_incoming",
		"19_message_updated_retry_first",
		"25_conversation_status_changed_resolved",
	)
	for path in paths_in(RECORDED[name])
	if path
]


def mutated(name: str, path: tuple, value: object) -> dict:
	data = copy.deepcopy(RECORDED[name])
	place = data
	for key in path[:-1]:
		place = place[key]
	place[path[-1]] = value
	return data


class TestArbitraryInput:
	@given(st.binary(max_size=300))
	def test_bytes(self, body):
		assert outcome(body)

	@given(WORDS, st.dictionaries(st.text(max_size=10), JSON, max_size=5))
	def test_json(self, word, data):
		reading = read({**data, "event": word})
		assert connector.parse(reading.payload) == reading.event
		reading.payload.encode("utf-8")

	@settings(max_examples=6 * settings.default.max_examples)
	@given(st.sampled_from(PATHS), JSON)
	def test_mutations_of_the_recorded(self, place, value):
		try:
			reading = read(mutated(*place, value))
		except Malformed:
			assert place[1] == ("event",)
			return
		assert connector.parse(reading.payload) == reading.event

	@given(st.sampled_from(["content", "data_url", "created_at", "name", "source_id"]), st.text())
	def test_texts(self, key, text):
		data = new(attachments=[{"data_url": text}]) if key == "data_url" else new(**{key: text})
		reading = read(data)
		assert connector.parse(reading.payload) == reading.event
