"""The DocType files are well-formed as Frappe 15 wants them, and agree with the keys and the core's records."""

from __future__ import annotations

import json
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from wuzapi_chatwoot.bridge.model.events import SessionState, Status
from wuzapi_chatwoot.bridge.model.records import (
	ContactRow,
	ConversationPolicy,
	ConversationRow,
	Direction,
	EventState,
	MessageRow,
	NameSource,
	Source,
)
from wuzapi_chatwoot.wuzapi_chatwoot.keys import INDEXES, UNIQUE_KEYS

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "wuzapi_chatwoot" / "wuzapi_chatwoot" / "doctype"
FILES = sorted(FOLDER.glob("*/*.json"))
DOCTYPES: dict[str, dict[str, Any]] = {
	doctype["name"]: doctype for doctype in (json.loads(file.read_text(encoding="utf-8")) for file in FILES)
}
FIELDS = [(name, field) for name, doctype in DOCTYPES.items() for field in doctype["fields"]]

# Frappe 15, core/doctype/docfield
FIELDTYPES = {
	*(
		"Autocomplete",
		"Attach",
		"Attach Image",
		"Barcode",
		"Button",
		"Check",
		"Code",
		"Color",
		"Column Break",
	),
	*("Currency", "Data", "Date", "Datetime", "Duration", "Dynamic Link", "Float", "Fold", "Geolocation"),
	*(
		"Heading",
		"HTML",
		"HTML Editor",
		"Icon",
		"Image",
		"Int",
		"JSON",
		"Link",
		"Long Text",
		"Markdown Editor",
	),
	*("Password", "Percent", "Phone", "Read Only", "Rating", "Section Break", "Select", "Signature"),
	*("Small Text", "Tab Break", "Table", "Table MultiSelect", "Text", "Text Editor", "Time"),
}
LAYOUT = {"Section Break", "Column Break", "Tab Break"}
CORE_DOCTYPES = {"DocType", "User", "Role", "File", "Contact"}
# Frappe 15, model/__init__.py and DocType.check_reserved names
RESERVED = {
	*("name", "parent", "parentfield", "parenttype", "idx", "creation", "owner", "modified", "modified_by"),
	*("docstatus", "doctype", "meta", "flags"),
}
NAMING_RULES = {
	"hash": "Random",
	"autoincrement": "Autoincrement",
	"field:session_name": "By fieldname",
	None: None,
}
BYTES_A_CHARACTER = 4
LARGEST_KEY = 3072


def field_of(doctype: str, fieldname: str) -> dict[str, Any]:
	return next(field for field in DOCTYPES[doctype]["fields"] if field["fieldname"] == fieldname)


def options_of(doctype: str, fieldname: str) -> list[str]:
	return [option for option in field_of(doctype, fieldname)["options"].split("\n") if option]


def test_every_record_of_the_design_has_its_doctype() -> None:
	assert set(DOCTYPES) == {
		"WuzAPI Settings",
		"WuzAPI Session",
		"WuzAPI Session User",
		"WuzAPI Session Change",
		"WuzAPI Contact",
		"WuzAPI Contact Address",
		"WuzAPI Conversation",
		"WuzAPI Message",
		"WuzAPI Event",
		"WuzAPI Event Attempt",
		"WuzAPI Lane",
	}


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_doctype_lies_where_frappe_looks_for_it(file: Path) -> None:
	doctype = json.loads(file.read_text(encoding="utf-8"))
	scrubbed = doctype["name"].lower().replace(" ", "_")
	assert file.stem == file.parent.name == scrubbed
	assert (file.parent / "__init__.py").is_file()


@pytest.mark.parametrize("name", DOCTYPES)
def test_a_doctype_is_complete(name: str) -> None:
	doctype = DOCTYPES[name]
	assert doctype["doctype"] == "DocType"
	assert doctype["module"] == "WuzAPI Chatwoot"
	assert doctype["engine"] == "InnoDB"
	assert doctype["owner"] == "Administrator"
	assert doctype["track_changes"] == 0
	assert doctype["index_web_pages_for_search"] == 0
	assert doctype["states"] == []
	assert {"creation", "modified", "permissions", "sort_field", "sort_order"} <= set(doctype)
	assert doctype.get("naming_rule") == NAMING_RULES[doctype.get("autoname")]
	assert len(name) <= 61


@pytest.mark.parametrize("name", DOCTYPES)
def test_the_order_of_fields_is_that_of_the_fields(name: str) -> None:
	names = [field["fieldname"] for field in DOCTYPES[name]["fields"]]
	assert DOCTYPES[name]["field_order"] == names
	assert len(names) == len(set(names))
	assert not RESERVED & set(names)
	assert all(len(each) <= 64 and each == each.lower() and each.isidentifier() for each in names)


@pytest.mark.parametrize("name", DOCTYPES)
def test_titles_searches_and_sorting_name_fields(name: str) -> None:
	doctype = DOCTYPES[name]
	known = set(doctype["field_order"]) | {"name", "creation", "modified", "idx"}
	named = {doctype["sort_field"], *(doctype.get("search_fields") or "name").split(",")}
	if "title_field" in doctype:
		named.add(doctype["title_field"])
	assert named <= known


@pytest.mark.parametrize(
	("name", "field"), FIELDS, ids=lambda each: each if isinstance(each, str) else each["fieldname"]
)
def test_a_field_is_one_that_frappe_and_people_understand(name: str, field: dict[str, Any]) -> None:
	assert field["fieldtype"] in FIELDTYPES
	if field["fieldtype"] not in LAYOUT:
		assert field.get("label"), "people need a label"
	if field["fieldtype"] == "Datetime":
		assert field["precision"] == "6"
	if field["fieldtype"] == "Link":
		assert field["options"] in DOCTYPES or field["options"] in CORE_DOCTYPES
	if field["fieldtype"] == "Dynamic Link":
		assert field_of(name, field["options"])["fieldtype"] == "Link"
	if field["fieldtype"] == "Table":
		assert DOCTYPES[field["options"]]["istable"] == 1
	if field["fieldtype"] == "Select" and "default" in field:
		assert field["default"] in field["options"].split("\n")
	if field.get("reqd"):
		assert "depends_on" not in field
	if field.get("in_list_view"):
		assert field["fieldtype"] not in LAYOUT | {"Password", "Table", "Code", "Long Text"}


@pytest.mark.parametrize("name", DOCTYPES)
def test_permissions_are_for_our_roles(name: str) -> None:
	doctype = DOCTYPES[name]
	roles = [permission["role"] for permission in doctype["permissions"] if not permission.get("permlevel")]
	if doctype.get("istable"):
		assert doctype["permissions"] == []
		return
	assert roles[:2] == ["System Manager", "WuzAPI Manager"]
	assert set(roles[2:]) <= {"WuzAPI User"}
	for permission in doctype["permissions"]:
		assert permission["read"] == 1
		if permission["role"] == "WuzAPI User":
			assert not {"write", "create", "delete", "export", "permlevel"} & set(permission)
		assert "share" not in permission, "a share would override the sessions' lists"
		if doctype.get("in_create"):
			assert not {"write", "create"} & set(permission), "machines write these rows"


def test_machines_rows_are_numbered_and_read_only() -> None:
	for name, doctype in DOCTYPES.items():
		if name in ("WuzAPI Settings", "WuzAPI Session", "WuzAPI Session User"):
			continue
		assert doctype["autoname"] == "autoincrement"
		for field in doctype["fields"]:
			if field["fieldtype"] not in LAYOUT and field["fieldname"] not in ("party_type", "party"):
				assert field.get("read_only") == 1, f"{name}.{field['fieldname']}"


def test_secrets_are_password_fields() -> None:
	secrets = [
		(name, field)
		for name, field in FIELDS
		if field["fieldtype"] not in LAYOUT
		and any(sign in field["fieldname"] for sign in ("token", "secret"))
	]
	assert len(secrets) == 8
	for name, field in secrets:
		assert field["fieldtype"] == "Password", f"{name}.{field['fieldname']}"


@pytest.mark.parametrize(
	("doctype", "fieldname", "values"),
	[
		("WuzAPI Session", "state", SessionState),
		("WuzAPI Session Change", "state", SessionState),
		("WuzAPI Session", "conversation_policy", ConversationPolicy),
		("WuzAPI Message", "status", Status),
		("WuzAPI Message", "chatwoot_status", Status),
		("WuzAPI Message", "direction", Direction),
		("WuzAPI Lane", "direction", Direction),
		("WuzAPI Event", "state", EventState),
		("WuzAPI Event", "source", Source),
		("WuzAPI Contact", "name_source", NameSource),
	],
)
def test_choices_are_the_cores_words(doctype: str, fieldname: str, values: Any) -> None:
	assert options_of(doctype, fieldname) == [value.value for value in values]


def test_lists_that_may_grow_long_have_room() -> None:
	"""MariaDB's `text`, which is all that a Small Text is, ends at 64 KB."""
	for fieldname in ("options", "reactions", "earlier_texts"):
		assert field_of("WuzAPI Message", fieldname)["fieldtype"] == "Long Text"


def test_every_stored_value_has_a_column() -> None:
	renamed = {"id": None, "name": "contact_name"}
	for doctype, record in (
		("WuzAPI Message", MessageRow),
		("WuzAPI Contact", ContactRow),
		("WuzAPI Conversation", ConversationRow),
	):
		names = [renamed.get(field.name, field.name) for field in fields(record)]
		assert set(names) - {None} <= set(DOCTYPES[doctype]["field_order"])


def test_keys_name_columns_of_known_doctypes() -> None:
	for keys in (UNIQUE_KEYS, INDEXES):
		for doctype, every in keys.items():
			columns = {field["fieldname"] for field in DOCTYPES[doctype]["fields"]}
			for key in every.values():
				assert key
				assert set(key) <= columns


def test_names_of_keys_are_unique_within_a_doctype() -> None:
	for doctype in UNIQUE_KEYS:
		assert not set(UNIQUE_KEYS[doctype]) & set(INDEXES.get(doctype, {}))


def test_keys_fit_into_an_index_of_mariadb() -> None:
	sizes = {"Int": 8, "Check": 1, "Datetime": 8}
	for keys in (UNIQUE_KEYS, INDEXES):
		for doctype, every in keys.items():
			for key in every.values():
				columns = [field_of(doctype, column) for column in key]
				size = sum(
					sizes.get(field["fieldtype"]) or BYTES_A_CHARACTER * field.get("length", 140)
					for field in columns
				)
				assert size <= LARGEST_KEY
				assert all(
					field["fieldtype"] in ("Data", "Link", "Select") or field["fieldtype"] in sizes
					for field in columns
				)


def test_the_columns_that_hold_chatwoots_numbers_hold_large_ones() -> None:
	"""Frappe makes an Int a bigint only if its length is above 11."""
	for name, field in FIELDS:
		if field["fieldtype"] == "Int" and (
			"chatwoot" in field["fieldname"] or field["fieldname"].endswith("_id")
		):
			assert field["length"] > 11, f"{name}.{field['fieldname']}"
