"""What nobody has set is the same everywhere: in the bridge's own value, in the DocType, in the standalone host."""

from __future__ import annotations

import dataclasses
import json
from enum import Enum
from pathlib import Path
from typing import Any

import pytest

from wuzapi_chatwoot.bridge.model.records import Session
from wuzapi_chatwoot.standalone_host.config.settings import read_settings
from wuzapi_chatwoot.standalone_host.config.settings_fields import SessionFields

DOCTYPE = (
	Path(__file__).resolve().parents[2]
	/ "wuzapi_chatwoot/wuzapi_chatwoot/doctype/wuzapi_session/wuzapi_session.json"
)
FIELDS: dict[str, dict[str, Any]] = {
	field["fieldname"]: field for field in json.loads(DOCTYPE.read_text(encoding="utf-8"))["fields"]
}
DEFAULTS = {
	each.name: each.default
	for each in dataclasses.fields(Session)
	if each.default is not dataclasses.MISSING
	and not each.name.endswith(("_secrets", "_tokens", "_instance"))
}
NEEDED = {
	"CHATWOOT_URL": "https://chat.example.com",
	"CHATWOOT_API_KEY": "FictionalChatwootToken",
	"CHATWOOT_ACCOUNT_ID": "3",
	"CHATWOOT_INBOX_ID": "7",
	"WUZAPI_URL": "http://wuzapi.example:8081",
	"WUZAPI_USER_TOKEN": "FictionalUserToken",
}


def stored(value: Any) -> str | None:
	"""As a DocType file writes a default; `None`: it has none."""
	if isinstance(value, Enum):
		return str(value.value)
	if isinstance(value, bool):
		return str(int(value))
	if isinstance(value, int | float):
		return f"{value:.12g}"
	return value or None


@pytest.mark.parametrize("name", sorted(DEFAULTS))
def test_a_new_session_on_a_site_is_set_as_the_bridge_expects(name: str) -> None:
	# A site has a time zone of its own: empty stands for it.
	expected = None if name == "time_zone" else stored(DEFAULTS[name])
	# Frappe gives what has no default an empty value of the field's type.
	empty = "0" if FIELDS[name]["fieldtype"] in ("Check", "Int", "Float") else None
	assert FIELDS[name].get("default", empty) == expected


@pytest.mark.parametrize("name", sorted(DEFAULTS))
def test_a_choice_of_the_bridge_has_all_its_words_on_a_site(name: str) -> None:
	if isinstance(DEFAULTS[name], Enum):
		assert FIELDS[name]["fieldtype"] == "Select"
		assert FIELDS[name]["options"].split("\n") == [each.value for each in type(DEFAULTS[name])]
	else:
		assert FIELDS[name]["fieldtype"] != "Select"


def test_a_new_session_of_the_standalone_host_is_set_as_the_bridge_expects(
	monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
	monkeypatch.chdir(tmp_path)
	for name in [*SessionFields.model_fields, "sessions_file"]:
		monkeypatch.delenv(name, raising=False)
		monkeypatch.delenv(name.upper(), raising=False)
	for name, value in NEEDED.items():
		monkeypatch.setenv(name, value)
	[session] = read_settings().sessions.values()
	assert {name: getattr(session, name) for name in DEFAULTS} == DEFAULTS


def test_both_hosts_offer_everything() -> None:
	offered = {name.replace("largest_file_mb", "largest_file") for name in SessionFields.model_fields}
	assert set(DEFAULTS) <= offered
	assert set(DEFAULTS) <= set(FIELDS)
	assert len(DEFAULTS) >= 20
