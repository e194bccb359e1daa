"""Whatever strangers send fits the columns of every database: MariaDB refuses what is longer, SQLite shows nothing of it."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from standalone_world import SESSION, StandaloneWorld, customer_message, recordings, world_in

from wuzapi_chatwoot.bridge.model.addresses import LONGEST_ADDRESS, Address
from wuzapi_chatwoot.bridge.model.display_names import LONGEST_NAME
from wuzapi_chatwoot.bridge.model.message_ids import LONGEST_ID, stored_id
from wuzapi_chatwoot.bridge.model.records import EventState
from wuzapi_chatwoot.standalone_host.storage.database.tables import METADATA
from wuzapi_chatwoot.wuzapi_chatwoot.keys import BY_BYTES, UNIQUE_KEYS
from wuzapi_chatwoot.wuzapi_chatwoot.limits import limits

LONG = "é😀x" * 2000
PACKAGE = Path(__file__).parents[2] / "wuzapi_chatwoot"
# Columns for what people of the company set up, or what the bridge itself makes: nobody outside fills them.
OWN = {
	*("WuzAPI Session", "WuzAPI Session User", "WuzAPI Settings"),
	*("session", "state", "source", "direction", "status", "chatwoot_status", "origin", "name_source"),
	*(
		"event_key",
		"chatwoot_conversation_key",
		"trace_id",
		"lease_owner",
		"outcome",
		"file",
		"party",
		"party_type",
		"conversation",
		"contact",
	),
}
ADDRESSES = {"address", "chat", "reply_to", "last_incoming_sender", "sender", "lid"}
IDS = {"last_incoming_id", "read_up_to_id", "whatsapp_id", "reply_to_id", "avatar_id"}
NAMES = {"contact_name", "sender_name"}
# A sentence of ours with what the other side said, which its connector has cut.
SENTENCES = {"error", "last_error", "detail"}


def test_every_column_for_text_has_its_kind_and_holds_it():
	"""A new column shows here: somebody must say what keeps texts from outside within its length."""
	for (doctype, column), most in limits().items():
		if doctype in OWN or column in OWN:
			continue
		place = f"{doctype}.{column}"
		if column in ADDRESSES:
			assert most >= LONGEST_ADDRESS, place
		elif column in IDS:
			# `call-` before it, and how the call ended behind it.
			assert most >= LONGEST_ID + len("call--rejected"), place
		elif column in NAMES:
			assert most >= LONGEST_NAME, place
		elif column == "lane":
			assert most >= len("out||") + 60 + LONGEST_ADDRESS, place
		elif column in ("phone", "kind", "chatwoot_status"):
			assert most >= 60, place
		else:
			assert column in SENTENCES, f"{place}: what comes from outside, and what is it cut to?"
			assert most > 4000, place


def test_every_text_of_a_unique_key_is_compared_by_bytes():
	for doctype, keys in UNIQUE_KEYS.items():
		texts = {column for columns in keys.values() for column in columns if (doctype, column) in limits()}
		assert texts - {"session"} <= set(BY_BYTES[doctype]), doctype


def test_ids_are_read_as_ids():
	"""`Fields.text` of an id would let one through that no column holds."""
	# They are shown in a text or told to Chatwoot, which has limits of its own.
	free = {"selectedButtonID", "selectedID", "selectedRowID", "sourceID", "rowID"}
	for file in sorted((PACKAGE / "wuzapi").glob("parse*.py")):
		for keys in re.findall(r"\.texts?\(([^()]*)\)", file.read_text(encoding="utf-8")):
			ids = set(re.findall(r'"(\w*I[Dd]s?)"', keys)) - free
			assert not ids, f"{file.name}: {ids}"


@pytest.mark.parametrize("length", [LONGEST_ID, LONGEST_ID + 1, 140, 141, 5000])
def test_ids_that_begin_alike_stay_apart(length):
	ids = {stored_id("A" * (length - 1) + last) for last in "ABC"}
	assert len(ids) == 3
	assert all(len(id) <= LONGEST_ID for id in ids)
	assert {stored_id(id) for id in ids} == ids


@pytest.mark.parametrize("text", [f"{'9' * 500}@s.whatsapp.net", f"1@{'x' * 500}", f"{'9' * 130}@lid"])
def test_an_address_that_is_longer_than_any_is_none(text):
	assert Address.parse(text) is None
	assert Address("9" * 65, "s.whatsapp.net").phone is None


# ---- every string of every recorded webhook, made longer than any column


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
	if isinstance(value, dict):
		for key, each in value.items():
			yield from places(each, (*path, key))
	elif isinstance(value, list):
		for number, each in enumerate(value):
			yield from places(each, (*path, number))
	elif isinstance(value, str):
		yield path


def longer(hook: dict[str, Any], path: tuple[Any, ...]) -> dict[str, Any]:
	hook = copy.deepcopy(hook)
	inside: Any = hook
	for step in path[:-1]:
		inside = inside[step]
	text = inside[path[-1]]
	# An address stays one, and an id keeps its beginning.
	inside[path[-1]] = f"9{'8' * 300}@{text.partition('@')[2]}" if "@" in text else text + LONG
	return hook


def overlong(world: StandaloneWorld) -> list[str]:
	"""What stands in a column that would not hold it on a site."""
	found = []
	with world.store._database.reading() as connection:
		for (doctype, column), most in limits().items():
			cell = METADATA.tables[f"tab{doctype}"].columns[column]
			query = sa.select(cell).where(sa.func.length(cell) > most)
			found += [f"{doctype}.{column}: {str(text)[:50]}" for text in connection.execute(query).scalars()]
	return found


def test_a_text_that_is_too_long_would_be_seen(tmp_path):
	with world_in(tmp_path) as world:
		world.store.add_contact("front-desk", LONG, [])
		assert [seen.partition(":")[0] for seen in overlong(world)] == ["WuzAPI Contact.contact_name"]


@pytest.mark.parametrize("source", ["wuzapi", "chatwoot"])
@pytest.mark.no_cover
def test_no_text_of_a_stranger_is_longer_than_its_column(tmp_path, source):
	with world_in(tmp_path) as world:
		stored, tried = 0, set()
		for path in recordings(source):
			hook = json.loads(path.read_bytes())
			if source == "chatwoot":
				hook = of_our_inbox(hook)
			for place in places(hook):
				# Where the same stands in another recording it is read by the same line.
				names = tuple(step for step in place if isinstance(step, str))
				if names in tried:
					continue
				tried.add(names)
				stored += world.told(source, longer(hook, place)).json().get("status") == "stored"
			world.work()
		assert stored > 20
		for _ in range(20):
			world.work(3600)
		assert overlong(world) == []
		faults = [
			row.last_error for row in world.events() if "a fault in the bridge" in (row.last_error or "")
		]
		assert faults == []


def of_our_inbox(hook: dict[str, Any]) -> dict[str, Any]:
	text = json.dumps(hook)
	text = re.sub(r'"inbox_id": \d+', f'"inbox_id": {SESSION.inbox_id}', text)
	text = re.sub(r'"account_id": \d+', f'"account_id": {SESSION.account_id}', text)
	hook = json.loads(text)
	for key, id in (("account", SESSION.account_id), ("inbox", SESSION.inbox_id)):
		if isinstance(hook.get(key), dict):
			hook[key]["id"] = id
	return hook


def test_one_member_with_a_long_id_does_not_stop_a_group(tmp_path):
	"""A quote, a reaction and an edit of a message with an id of 141 characters: all are shown, once, and what follows."""
	with world_in(tmp_path) as world:
		long = "3EB0" + "A" * 137
		hook = customer_message("Look", long)
		quote = {"extendedTextMessage": {"text": "Yes", "contextInfo": {"stanzaID": long}}}
		reaction = {"reactionMessage": {"key": {"ID": long}, "text": "👍"}}
		edit = {
			"protocolMessage": {"type": 14, "key": {"ID": long}, "editedMessage": {"conversation": "Look!"}}
		}
		for number, message in enumerate([quote, reaction, edit, {"conversation": "After"}]):
			world.told_by_gateway(hook)
			hook = customer_message("", f"3A0{number}")
			hook["event"]["Message"] = message
		world.told_by_gateway(hook)
		world.outlast()
		assert len(world.chatwoot.messages) == 5
		assert [row for row in world.events() if row.state is not EventState.DONE] == []
		assert overlong(world) == []
