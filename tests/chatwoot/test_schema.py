"""The compact schema against Chatwoot's own description, where that file lies beside the project."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

ROOT = Path(__file__).resolve().parents[2]
SCHEMA = json.loads((Path(__file__).parent / "schema.json").read_text(encoding="utf-8"))
# The description is Chatwoot's, half a megabyte, and not part of this repository: compared where it is to be had.
DESCRIPTIONS = [
	path for path in [ROOT.parent / "shared" / "reference" / "chatwoot-swagger.json"] if path.exists()
]
UNDOCUMENTED_CALLS = {
	("POST", "/contact_inboxes/filter"),
	("PATCH", "/conversations/{conversation_id}/messages/{message_id}"),
}
PREFIX = "/api/v1/accounts/{account_id}"


def load(path: Path) -> dict[str, Any]:
	return json.loads(path.read_text(encoding="utf-8"))


def resolved(entry: dict[str, Any], whole: dict[str, Any]) -> dict[str, Any]:
	if "$ref" not in entry:
		return entry
	for key in entry["$ref"].removeprefix("#/").split("/"):
		whole = whole[key]
	return whole


def names_in(schema: dict[str, Any], whole: dict[str, Any]) -> set[str]:
	"""Names of the properties, those of objects inside with a dot; what is below them is free-form."""
	found = resolved(schema, whole)
	names = {name for choice in found.get("anyOf", []) for name in names_in(choice, whole)}
	for name, entry in found.get("properties", {}).items():
		names.add(name)
		if name == "message":
			names |= {f"{name}.{inner}" for inner in names_in(entry, whole)}
	return names


def described_path(call: dict[str, Any]) -> str:
	return call["path"] if call["path"].startswith("/public/") else PREFIX + call["path"]


def described_names(call: dict[str, Any], place: str, description: dict[str, Any]) -> set[str]:
	path = description["paths"][described_path(call)]
	operation = path[call["method"].lower()]
	if place == "query":
		every = [*path.get("parameters", []), *operation.get("parameters", [])]
		parameters = [resolved(entry, description) for entry in every]
		return {entry["name"] for entry in parameters if entry["in"] == "query"}
	bodies = operation["requestBody"]["content"]
	kind = {"body": "application/json", "form": "multipart/form-data"}[place]
	# Of a contact's picture the description says only that it must go in a form.
	body = bodies[kind if kind in bodies else "application/json"]
	return names_in(body["schema"], description)


def places(call: dict[str, Any]) -> list[str]:
	return [place for place in ("query", "body", "form") if place in call]


def undocumented(call: dict[str, Any]) -> bool:
	return call.get("undocumented", {}).get("call", False)


def test_the_schema_is_one():
	for call in SCHEMA["calls"]:
		for place in places(call):
			jsonschema.Draft202012Validator.check_schema({**call[place], "$defs": SCHEMA["$defs"]})


def test_calls_that_chatwoot_does_not_describe():
	assert {
		(call["method"], call["path"]) for call in SCHEMA["calls"] if undocumented(call)
	} == UNDOCUMENTED_CALLS


@pytest.mark.parametrize("call", SCHEMA["calls"], ids=lambda call: f"{call['method']} {call['path']}")
def test_chatwoot_describes_this_call(call):
	for description in map(load, DESCRIPTIONS):
		described = call["method"].lower() in description["paths"].get(described_path(call), {})
		assert described is not undocumented(call)


@pytest.mark.parametrize(
	("call", "place"),
	[(call, place) for call in SCHEMA["calls"] if not undocumented(call) for place in places(call)],
	ids=lambda value: value if isinstance(value, str) else f"{value['method']} {value['path']}",
)
def test_chatwoot_describes_every_property(call, place):
	"""But for those listed as undocumented, and those really are."""
	for description in map(load, DESCRIPTIONS):
		unknown = names_in(call[place], SCHEMA) - described_names(call, place, description)
		assert unknown == set(call.get("undocumented", {}).get(place, []))


def test_every_call_of_the_schema_is_made_by_a_test():
	"""A call that no test makes is one that the client does not make, or that nobody watches."""
	tests = "".join(
		path.read_text(encoding="utf-8") for path in Path(__file__).parent.glob("test_client_*.py")
	)
	for call in SCHEMA["calls"]:
		path = (
			call["path"]
			.replace("{conversation_id}", "231")
			.replace("{message_id}", "10501")
			.replace("/contacts/{id}", "/contacts/412")
			.replace("{id}", "7")
			.replace("{inbox_identifier}", "FictionalInbox01")
			.replace("{contact_identifier}", "5511900000001%40s%2Ewhatsapp%2Enet")
		)
		assert f"chatwoot.{call['method'].lower()}(" in tests
		base = "{origin}" if path.startswith("/public/") else "{account}"
		assert f'{base}{path}"' in tests
