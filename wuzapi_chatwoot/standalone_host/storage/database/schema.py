"""Builds the database tables from the DocType JSON files, which are the only schema, and keeps a database up to them.

Tables are called as in Frappe (`tabWuzAPI Event`) and have the same columns, with two differences: a column that Frappe
would fill with 0 for "none" may be NULL here, and a Link to rows numbered by the database is a number here. Adds what
is missing and renews indexes; never drops or changes a column.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.schema import CreateColumn
from sqlalchemy.types import TypeEngine

from wuzapi_chatwoot.standalone_host.storage.database.utc_datetime import UtcDateTime
from wuzapi_chatwoot.wuzapi_chatwoot.keys import INDEXES, UNIQUE_KEYS
from wuzapi_chatwoot.wuzapi_chatwoot.limits import read_doctypes as read_doctypes

DocType = Mapping[str, Any]
Field = Mapping[str, Any]

_WITHOUT_COLUMN = frozenset(
	("Section Break", "Column Break", "Tab Break", "Fold", "Heading", "HTML", "Button", "Table")
)
_NUMBERED = "autoincrement"


class SchemaError(Exception):
	"""A DocType file that cannot become a table."""


def _text(field: Field) -> TypeEngine[Any]:
	return sa.String(field.get("length") or 140)


def _whole_number(field: Field) -> TypeEngine[Any]:
	return sa.BigInteger()


_COLUMN_TYPES: Mapping[str, Callable[[Field], TypeEngine[Any]]] = {
	"Data": _text,
	"Link": _text,
	"Dynamic Link": _text,
	"Select": _text,
	"Password": lambda field: sa.Text(),
	"Small Text": lambda field: sa.Text(),
	"Text": lambda field: sa.Text(),
	"Long Text": lambda field: sa.Text(),
	"Code": lambda field: sa.Text(),
	"JSON": lambda field: sa.Text(),
	"Check": lambda field: sa.SmallInteger(),
	"Int": _whole_number,
	"Float": lambda field: sa.Float(),
	"Datetime": lambda field: UtcDateTime(),
}


def build_tables(doctypes: Mapping[str, DocType]) -> sa.MetaData:
	"""One table for each DocType that is no Single, with its keys and indexes."""
	metadata = sa.MetaData()
	for doctype in doctypes.values():
		if doctype.get("issingle"):
			continue
		table = sa.Table(
			f"tab{doctype['name']}",
			metadata,
			*_standard_columns(doctype),
			*(
				_column(doctype, field, doctypes)
				for field in doctype["fields"]
				if field["fieldtype"] not in _WITHOUT_COLUMN
			),
			sqlite_autoincrement=doctype.get("autoname") == _NUMBERED,
		)
		_add_keys(table, doctype)
	return metadata


def bring_up_to_date(connection: sa.Connection, metadata: sa.MetaData) -> list[str]:
	"""Create what is missing in the database; returns it as `table`, `table.column` or `table.index`, for the log."""
	inspector = sa.inspect(connection)
	present = set(inspector.get_table_names())
	added = []
	for table in metadata.sorted_tables:
		if table.name not in present:
			table.create(connection)
			added.append(table.name)
			continue
		known = {column["name"] for column in inspector.get_columns(table.name)}
		for column in table.columns:
			if column.name not in known:
				_add_column(connection, table, column)
				added.append(f"{table.name}.{column.name}")
		added += _renew_indexes(connection, table, inspector)
	return added


def _renew_indexes(connection: sa.Connection, table: sa.Table, inspector: sa.Inspector) -> list[str]:
	"""Create what is missing, and again what covers other columns than it should."""
	known = {index["name"]: index for index in inspector.get_indexes(table.name)}
	renewed = []
	for index in sorted(table.indexes, key=lambda index: str(index.name)):
		present = known.get(index.name)
		if present is not None:
			same_columns = present["column_names"] == [column.name for column in index.columns]
			if same_columns and bool(present["unique"]) is bool(index.unique):
				continue
			index.drop(connection)
		index.create(connection)
		renewed.append(f"{table.name}.{index.name}")
	return renewed


def _standard_columns(doctype: DocType) -> Iterator[sa.Column[Any]]:
	if doctype.get("autoname") == _NUMBERED:
		# SQLite numbers rows by itself only if the type is called INTEGER; it holds 64 bits.
		yield sa.Column("name", sa.Integer(), primary_key=True)
	else:
		yield sa.Column("name", sa.String(140), primary_key=True)
	if doctype.get("istable"):
		yield sa.Column("parent", sa.BigInteger(), nullable=False)
		yield sa.Column("parenttype", sa.String(140))
		yield sa.Column("parentfield", sa.String(140))
		yield sa.Column("idx", sa.Integer(), nullable=False)


def _column(doctype: DocType, field: Field, doctypes: Mapping[str, DocType]) -> sa.Column[Any]:
	fieldtype = field["fieldtype"]
	make_type = _COLUMN_TYPES.get(fieldtype)
	if make_type is None:
		raise SchemaError(
			f"{doctype['name']}: the field {field['fieldname']} has the type {fieldtype}, "
			f"for which the standalone host knows no column"
		)
	if fieldtype == "Link" and doctypes.get(field["options"], {}).get("autoname") == _NUMBERED:
		make_type = _whole_number
	default = field.get("default")
	return sa.Column(
		field["fieldname"],
		make_type(field),
		nullable=True,
		server_default=None if default is None else str(default),
	)


def _add_keys(table: sa.Table, doctype: DocType) -> None:
	name = doctype["name"]
	prefix = name.lower().replace(" ", "_")
	for unique, every in ((True, UNIQUE_KEYS.get(name, {})), (False, INDEXES.get(name, {}))):
		for key, columns in every.items():
			try:
				sa.Index(f"{prefix}_{key}", *(table.columns[column] for column in columns), unique=unique)
			except KeyError as error:
				raise SchemaError(f"{name}: the key {key} names the unknown column {error}") from None
	if doctype.get("istable"):
		sa.Index(f"{prefix}_parent", table.columns["parent"], table.columns["idx"])


def _add_column(connection: sa.Connection, table: sa.Table, column: sa.Column[Any]) -> None:
	quoted = connection.dialect.identifier_preparer.format_table(table)
	definition = CreateColumn(column).compile(dialect=connection.dialect)
	connection.exec_driver_sql(f"ALTER TABLE {quoted} ADD COLUMN {definition}")
