"""Creates the unique keys and indexes of our DocTypes on a site, and lets their texts be compared by bytes; called by every
controller's `on_doctype_update`, and after every migration.
"""

from __future__ import annotations

import frappe

from wuzapi_chatwoot.wuzapi_chatwoot.keys import BY_BYTES, INDEXES, UNIQUE_KEYS

# Others of MariaDB's pay no regard to blanks at the end, which belong to an id.
_BYTES = "utf8mb4_nopad_bin"


def create_keys(doctype: str) -> None:
	"""Idempotent: Frappe looks whether a key is there."""
	compare_bytes(doctype)
	for name, columns in UNIQUE_KEYS.get(doctype, {}).items():
		frappe.db.add_unique(doctype, list(columns), name)
	for name, columns in INDEXES.get(doctype, {}).items():
		frappe.db.add_index(doctype, list(columns), name)


def create_every_key() -> None:
	"""Frappe calls `on_doctype_update` only if a DocType's own file has changed; and a column that it makes wider loses its
	collation, whoever asked for that.
	"""
	for doctype in {*UNIQUE_KEYS, *BY_BYTES, *INDEXES}:
		if frappe.db.table_exists(doctype):
			create_keys(doctype)


def compare_bytes(doctype: str) -> None:
	"""Costs a copy of the table where a column is changed, and a look where none is."""
	changes = [
		f"MODIFY `{row.name}` {row.type} CHARACTER SET utf8mb4 COLLATE {_BYTES}"
		f"{'' if row.nullable == 'YES' else ' NOT NULL'}{f' DEFAULT {row.value}' if row.value else ''}"
		for row in frappe.db.sql(
			"""SELECT column_name AS name, column_type AS type, is_nullable AS nullable, column_default AS value
			FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = %(table)s
			AND column_name IN %(columns)s AND collation_name <> %(bytes)s""",
			{"table": f"tab{doctype}", "columns": BY_BYTES.get(doctype, ("",)), "bytes": _BYTES},
			as_dict=True,
		)
	]
	if changes:
		frappe.db.sql_ddl(f"ALTER TABLE `tab{doctype}` {', '.join(changes)}")
