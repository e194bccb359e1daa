"""What of the desk can be held to the rules without a bench: scripts, styles, workspace and number cards."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path
from typing import Any

import pytest

PACKAGE = Path(__file__).parents[2] / "wuzapi_chatwoot"
MODULE = PACKAGE / "wuzapi_chatwoot"
BUNDLES = sorted((PACKAGE / "public" / "js").rglob("*.js"))
SCRIPTS = sorted(MODULE.rglob("*.js"))
STYLES = sorted((PACKAGE / "public" / "css").rglob("*.css"))
JSON_FILES = sorted((MODULE / "workspace").rglob("*.json")) + sorted((MODULE / "number_card").rglob("*.json"))
DOCTYPES: dict[str, dict[str, Any]] = {
	doctype["name"]: doctype
	for doctype in (json.loads(file.read_text("utf-8")) for file in (MODULE / "doctype").glob("*/*.json"))
}
STANDARD_FIELDS = {"name", "owner", "creation", "modified"}


def short(file: Path) -> str:
	return str(file.relative_to(PACKAGE))


def read(file: Path) -> Any:
	return json.loads(file.read_text("utf-8"))


def fields_of(doctype: str) -> set[str]:
	return set(DOCTYPES[doctype]["field_order"]) | STANDARD_FIELDS


def whitelisted(dotted: str) -> bool:
	"""Whether the path names a function with `@frappe.whitelist`. By its text: there is no Frappe here."""
	module, _, name = dotted.rpartition(".")
	file = PACKAGE.parent / Path(*module.split(".")).with_suffix(".py")
	if not file.is_file():
		return False
	for node in ast.parse(file.read_text("utf-8")).body:
		if isinstance(node, ast.FunctionDef) and node.name == name:
			return any("frappe.whitelist" in ast.unparse(decorator) for decorator in node.decorator_list)
	return False


def test_there_is_something_to_check() -> None:
	assert len(BUNDLES) > 5
	assert len(SCRIPTS) > 5
	assert len(JSON_FILES) > 3
	assert STYLES


@pytest.mark.parametrize("file", BUNDLES + SCRIPTS, ids=short)
def test_every_method_that_a_script_calls_is_whitelisted(file: Path) -> None:
	for dotted in re.findall(r"[\"'](wuzapi_chatwoot(?:\.[a-z_]+)+)[\"']", file.read_text("utf-8")):
		assert whitelisted(dotted), dotted


def test_the_scripts_call_what_the_desk_offers() -> None:
	called = {
		dotted
		for file in BUNDLES + SCRIPTS
		for dotted in re.findall(r"[\"'](wuzapi_chatwoot\.api(?:\.[a-z_]+)+)[\"']", file.read_text("utf-8"))
	}
	assert {
		"wuzapi_chatwoot.api.conversations.get_messages",
		"wuzapi_chatwoot.api.messages.send",
		"wuzapi_chatwoot.api.messages.send_again",
		"wuzapi_chatwoot.api.messages.react",
		"wuzapi_chatwoot.api.messages.read_map_link",
		"wuzapi_chatwoot.api.messages.mark_read",
		"wuzapi_chatwoot.api.events.replay",
		"wuzapi_chatwoot.api.sessions.examine",
	} <= called


@pytest.mark.parametrize("file", SCRIPTS, ids=short)
def test_a_script_lies_beside_its_doctype_and_is_for_it(file: Path) -> None:
	assert file.stem.removesuffix("_list") == file.parent.name
	names = re.findall(r"(?:form\.on\(|listview_settings\[)\"([^\"]+)\"", file.read_text("utf-8"))
	assert [name.lower().replace(" ", "_") for name in names] == [file.parent.name]


@pytest.mark.parametrize("file", BUNDLES, ids=short)
def test_text_from_whatsapp_can_only_become_text(file: Path) -> None:
	for way in ("innerHTML", "outerHTML", "insertAdjacentHTML", ".html(", "document.write", "eval("):
		assert way not in file.read_text("utf-8")


@pytest.mark.parametrize("file", STYLES, ids=short)
def test_styles_take_their_colours_from_the_theme_and_work_in_both_directions(file: Path) -> None:
	text = re.sub(r"/\*.*?\*/", "", file.read_text("utf-8"), flags=re.S)
	assert not re.search(r"#[0-9a-fA-F]{3,8}\b|rgba?\(|hsla?\(", text)
	assert not re.search(r"^\s*(left|right|(margin|padding|border)-(left|right))\b", text, flags=re.M)
	assert not re.search(r"\b(text-align|float):\s*(left|right)", text)
	assert all(variable.startswith("--") for variable in re.findall(r"var\(([^,)]+)", text))


def test_the_bundle_of_styles_has_them_all() -> None:
	bundle = (PACKAGE / "public" / "css" / "wuzapi_thread.bundle.scss").read_text("utf-8")
	named = re.findall(r'^@use "(.+)";$', bundle, flags=re.M)
	assert sorted(named) == [f"thread/{file.stem}" for file in STYLES]


@pytest.mark.parametrize("file", JSON_FILES, ids=short)
def test_a_record_of_the_module_lies_where_frappe_looks_for_it(file: Path) -> None:
	record = read(file)
	assert file.stem == file.parent.name
	assert file.parent.name == record["name"].lower().replace(" ", "_")
	assert file.parent.parent.name == record["doctype"].lower().replace(" ", "_")
	assert record["module"] == "WuzAPI Chatwoot"


@pytest.mark.parametrize("file", sorted((MODULE / "number_card").rglob("*.json")), ids=short)
def test_a_number_card_counts_rows_by_fields_that_exist(file: Path) -> None:
	card = read(file)
	assert (card["type"], card["function"]) == ("Document Type", "Count")
	assert card["is_standard"] == card["is_public"] == 1
	for one in json.loads(card["filters_json"]):
		# Frappe 16 refuses the fifth element that older ones wrote.
		doctype, field, _, _ = one
		assert doctype == card["document_type"]
		assert field in fields_of(doctype)


def test_the_workspace_names_only_what_exists() -> None:
	workspace = read(MODULE / "workspace" / "whatsapp" / "whatsapp.json")
	cards = {read(file)["name"] for file in (MODULE / "number_card").rglob("*.json")}
	assert workspace["public"] == 1
	assert {role["role"] for role in workspace["roles"]} == {
		"WuzAPI Manager",
		"WuzAPI User",
		"System Manager",
	}
	assert {card["number_card_name"] for card in workspace["number_cards"]} == cards
	for shortcut in workspace["shortcuts"]:
		assert set(json.loads(shortcut.get("stats_filter", "{}"))) <= fields_of(shortcut["link_to"])
	for link in workspace["links"]:
		assert link["type"] == "Card Break" or link["link_to"] in DOCTYPES


def test_the_blocks_of_the_workspace_are_those_that_it_lists() -> None:
	workspace = read(MODULE / "workspace" / "whatsapp" / "whatsapp.json")
	shown: dict[str, list[str]] = {}
	for block in json.loads(workspace["content"]):
		name = block["data"].get(f"{block['type']}_name")
		if name:
			shown.setdefault(block["type"], []).append(name)
	assert shown["number_card"] == [card["label"] for card in workspace["number_cards"]]
	assert shown["shortcut"] == [shortcut["label"] for shortcut in workspace["shortcuts"]]
	assert shown["card"] == [link["label"] for link in workspace["links"] if link["type"] == "Card Break"]
