"""Tables come from the DocType files, and an older database is brought up to them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from wuzapi_chatwoot.bridge.model.addresses import Address
from wuzapi_chatwoot.bridge.model.events import SessionChanged, SessionState, Status
from wuzapi_chatwoot.bridge.model.records import (
	ContactRow,
	ConversationRow,
	Direction,
	MessageRow,
	SessionChange,
)
from wuzapi_chatwoot.standalone_host.storage.database.schema import (
	SchemaError,
	bring_up_to_date,
	build_tables,
	read_doctypes,
)
from wuzapi_chatwoot.standalone_host.storage.database.sqlite_database import SqliteDatabase
from wuzapi_chatwoot.standalone_host.storage.store import SqlStore
from wuzapi_chatwoot.testkit.twins.clock import START
from wuzapi_chatwoot.wuzapi_chatwoot.keys import INDEXES, UNIQUE_KEYS


def doctype(*fields: dict[str, Any], name: str = "Thing", **more: Any) -> dict[str, Any]:
	return {"name": name, "autoname": "autoincrement", "fields": list(fields), **more}


def data(fieldname: str, **more: Any) -> dict[str, Any]:
	return {"fieldname": fieldname, "fieldtype": "Data", **more}


@pytest.fixture
def database(tmp_path: Path) -> Iterator[SqliteDatabase]:
	database = SqliteDatabase(f"sqlite:///{tmp_path / 'x.sqlite'}")
	yield database
	database.close()


def update(database: SqliteDatabase, metadata: sa.MetaData) -> list[str]:
	with database.exclusive() as connection:
		return bring_up_to_date(connection, metadata)


def test_every_doctype_but_singles_has_a_table() -> None:
	doctypes = read_doctypes()
	tables = build_tables(doctypes).tables
	assert set(tables) == {f"tab{name}" for name, each in doctypes.items() if not each.get("issingle")}
	assert "tabWuzAPI Settings" not in tables


def test_every_key_becomes_an_index() -> None:
	tables = build_tables(read_doctypes()).tables
	for unique, keys in ((True, UNIQUE_KEYS), (False, INDEXES)):
		for name, every in keys.items():
			for columns in every.values():
				assert any(
					tuple(column.name for column in index.columns) == columns and index.unique is unique
					for index in tables[f"tab{name}"].indexes
				)


def test_child_tables_know_their_parent() -> None:
	table = build_tables(read_doctypes()).tables["tabWuzAPI Contact Address"]
	assert {"parent", "parenttype", "parentfield", "idx"} <= set(table.columns.keys())
	assert any([column.name for column in index.columns] == ["parent", "idx"] for index in table.indexes)


def test_a_link_to_numbered_rows_is_a_number() -> None:
	columns = build_tables(read_doctypes()).tables["tabWuzAPI Message"].columns
	assert isinstance(columns["conversation"].type, sa.BigInteger)
	assert isinstance(columns["session"].type, sa.String)


def test_layout_and_tables_have_no_column() -> None:
	fields = [
		{"fieldname": "a", "fieldtype": "Section Break"},
		{"fieldname": "b", "fieldtype": "Table", "options": "Other"},
		data("c"),
	]
	table = build_tables({"Thing": doctype(*fields)}).tables["tabThing"]
	assert table.columns.keys() == ["name", "c"]


def test_an_unknown_field_type_is_named() -> None:
	with pytest.raises(SchemaError, match="Thing: the field where has the type Geolocation"):
		build_tables({"Thing": doctype({"fieldname": "where", "fieldtype": "Geolocation"})})


def test_a_key_over_an_unknown_column_is_named() -> None:
	with pytest.raises(SchemaError, match="WuzAPI Lane: the key unique_lane names the unknown column 'lane'"):
		build_tables({"WuzAPI Lane": doctype(data("other"), name="WuzAPI Lane")})


def test_a_new_database_gets_everything_and_an_old_one_nothing(database: SqliteDatabase) -> None:
	metadata = build_tables(read_doctypes())
	assert set(update(database, metadata)) == set(metadata.tables)
	assert update(database, metadata) == []


def test_missing_columns_are_added_with_their_defaults(database: SqliteDatabase) -> None:
	update(database, build_tables({"Thing": doctype(data("a"))}))
	with database.writing() as connection:
		connection.exec_driver_sql('INSERT INTO "tabThing" (a) VALUES (?)', ("old",))
	newer = build_tables(
		{
			"Thing": doctype(
				data("a"),
				{"fieldname": "count", "fieldtype": "Int", "default": "3"},
				{"fieldname": "at", "fieldtype": "Datetime"},
				{"fieldname": "kind", "fieldtype": "Select", "options": "it's\nnot", "default": "it's"},
			)
		}
	)
	assert update(database, newer) == ["tabThing.count", "tabThing.at", "tabThing.kind"]
	with database.reading() as connection:
		row = connection.execute(sa.select(newer.tables["tabThing"])).one()
	assert tuple(row) == (1, "old", 3, None, "it's")
	assert update(database, newer) == []


def test_missing_and_changed_indexes_are_renewed(database: SqliteDatabase) -> None:
	metadata = build_tables(read_doctypes())
	update(database, metadata)
	with database.writing() as connection:
		connection.exec_driver_sql("DROP INDEX wuzapi_lane_unique_lane")
		connection.exec_driver_sql("DROP INDEX wuzapi_lane_due")
		connection.exec_driver_sql('CREATE INDEX wuzapi_lane_due ON "tabWuzAPI Lane" (session)')
	renewed = update(database, metadata)
	assert renewed == ["tabWuzAPI Lane.wuzapi_lane_due", "tabWuzAPI Lane.wuzapi_lane_unique_lane"]
	assert update(database, metadata) == []


def test_rows_are_never_numbered_twice(tmp_path: Path) -> None:
	store = SqlStore.open(f"sqlite:///{tmp_path / 'x.sqlite'}")
	first = store.add_contact("main", "Ada", [])
	store.close()
	database = SqliteDatabase(f"sqlite:///{tmp_path / 'x.sqlite'}")
	with database.writing() as connection:
		connection.exec_driver_sql('DELETE FROM "tabWuzAPI Contact"')
	database.close()
	store = SqlStore.open(f"sqlite:///{tmp_path / 'x.sqlite'}")
	assert store.add_contact("main", "Bob", []).id == first.id + 1
	store.close()


def test_data_survives_reopening(tmp_path: Path) -> None:
	url = f"sqlite:///{tmp_path / 'x.sqlite'}"
	store = SqlStore.open(url)
	assert "tabWuzAPI Event" in store.schema_changes
	marks = store.reconcile_marks("main", START)
	store.close()
	store = SqlStore.open(url)
	assert store.schema_changes == []
	assert store.reconcile_marks("main", START.replace(year=2030)) == marks
	store.close()


def test_a_database_from_before_there_was_a_history_gets_its_table_and_keeps_one_from_then_on(
	tmp_path: Path,
) -> None:
	url = f"sqlite:///{tmp_path / 'x.sqlite'}"
	older = {name: each for name, each in read_doctypes().items() if name != "WuzAPI Session Change"}
	database = SqliteDatabase(url)
	update(database, build_tables(older))
	with database.writing() as connection:
		connection.exec_driver_sql(
			"INSERT INTO \"tabWuzAPI Session\" (name, state, state_since) VALUES ('main', 'connected', ?)",
			("2026-03-02 09:00:00.000000",),
		)
	database.close()

	store = SqlStore.open(url)
	assert store.schema_changes == ["tabWuzAPI Session Change"]
	store.note_session_change("main", SessionChanged(SessionState.CONNECTED), START)
	assert store.session_changes("main", 10) == []
	store.note_session_change("main", SessionChanged(SessionState.LOGGED_OUT, "by the phone"), START)
	store.close()

	store = SqlStore.open(url)
	history = [SessionChange(START, SessionState.LOGGED_OUT, "by the phone")]
	assert (store.schema_changes, store.session_changes("main", 10)) == ([], history)
	store.close()


NEWER_FIELDS = {
	"WuzAPI Message": (
		*("sender", "reply_to_id", "options"),
		*("reactions", "earlier_texts", "deleted_at"),
	),
	"WuzAPI Contact": ("name_source", "avatar_id"),
	# `last_message_at` is as new, but has an index by now that tables of then cannot have.
	"WuzAPI Conversation": ("last_incoming_at",),
}


def as_it_was(doctypes: dict[str, Any]) -> dict[str, Any]:
	"""Before messages of every kind were known."""
	return {
		name: {
			**each,
			"fields": [
				field for field in each["fields"] if field["fieldname"] not in NEWER_FIELDS.get(name, ())
			],
		}
		for name, each in doctypes.items()
	}


def test_rows_from_before_every_kind_of_message_was_known_are_read(tmp_path: Path) -> None:
	url = f"sqlite:///{tmp_path / 'x.sqlite'}"
	database = SqliteDatabase(url)
	update(database, build_tables(as_it_was(read_doctypes())))
	old = {
		"Contact": "(name, session, contact_name, is_group) VALUES (1, 'main', 'Ada', 0)",
		"Contact Address": "(parent, idx, session, address) VALUES (1, 1, 'main', '1@lid')",
		"Conversation": (
			"(name, session, chat, reply_to, contact, is_group) VALUES (2, 'main', '1@lid', '1@lid', 1, 0)"
		),
		"Message": (
			"(name, session, conversation, chat, whatsapp_id, part, direction, status, sent_at, status_at, origin,"
			" kind, text, sender_name) VALUES (3, 'main', 2, '1@lid', 'A', 0, 'in', 'sent',"
			" '2026-03-02 09:00:00.000000', '2026-03-02 09:00:00.000000', 'customer', 'text', 'Hello', 'Ada')"
		),
	}
	with database.writing() as connection:
		for table, row in old.items():
			connection.exec_driver_sql(f'INSERT INTO "tabWuzAPI {table}" {row}')
	database.close()

	store = SqlStore.open(url)
	added = {f"tab{name}.{field}" for name, every in NEWER_FIELDS.items() for field in every}
	assert set(store.schema_changes) == added
	lid = Address("1", "lid")
	contact, conversation = ContactRow(1, "main", "Ada", (lid,)), ConversationRow(2, "main", lid, lid, 1)
	message = MessageRow(
		3, "main", 2, lid, "A", 0, Direction.IN, Status.SENT, START, START, origin="customer", text="Hello"
	)
	assert store.find_contacts("main", [lid]) == [contact]
	assert store.find_conversation_of_contact(1) == conversation
	assert store.get_message(3) == replace(message, sender_name="Ada")
	store.close()
