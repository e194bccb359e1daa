"""The catalogue of texts is complete: what is written for people can be translated, and translations leave none out."""

import ast
import json
import re
from pathlib import Path

import pytest

APP = Path(__file__).resolve().parents[2] / "wuzapi_chatwoot"
CATALOGUE = APP / "locale" / "main.pot"
TRANSLATIONS = sorted((APP / "locale").glob("*.po"))
AGAIN = "make it anew: bench generate-pot-file --app wuzapi_chatwoot"


def entries(path: Path) -> dict[str, str]:
	"""Text → translation, of a catalogue."""
	found: dict[str, str] = {}
	for block in path.read_text(encoding="utf-8").split("\n\n"):
		parts = {"msgid": "", "msgstr": ""}
		kind = ""
		for line in block.splitlines():
			if match := re.match(r'(msgid|msgstr) (".*")$', line):
				kind = match[1]
				parts[kind] += ast.literal_eval(match[2])
			elif line.startswith('"') and kind:
				parts[kind] += ast.literal_eval(line)
		found[parts["msgid"]] = parts["msgstr"]
	return found


def python_texts() -> set[str]:
	"""Of `_("…")` and `frappe._("…")`."""
	texts = set()
	for path in [*APP.glob("frappe_host/**/*.py"), *APP.glob("api/*.py")]:
		for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
			if not isinstance(node, ast.Call) or not node.args or not isinstance(node.args[0], ast.Constant):
				continue
			name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
			if name == "_" and "tests" not in path.parts:
				texts.add(node.args[0].value)
	return texts


def script_texts() -> set[str]:
	"""Of `__("…")`."""
	paths = [*APP.glob("public/js/**/*.js"), *APP.glob("wuzapi_chatwoot/**/*.js")]
	found = "\n".join(path.read_text(encoding="utf-8") for path in paths)
	return {json.loads(text) for text in re.findall(r'\b__\(\s*("(?:[^"\\]|\\.)*")', found)}


def doctype_texts() -> set[str]:
	texts = set()
	for path in APP.glob("wuzapi_chatwoot/doctype/*/*.json"):
		for field in json.loads(path.read_text(encoding="utf-8"))["fields"]:
			texts |= {field[key] for key in ("label", "description") if field.get(key)}
	return texts


@pytest.mark.parametrize("texts", [python_texts, script_texts, doctype_texts], ids=lambda each: each.__name__)
def test_every_text_stands_in_the_catalogue(texts):
	assert len(texts()) > 5
	assert sorted(texts() - set(entries(CATALOGUE))) == [], AGAIN


def test_every_translation_is_whole():
	for path in TRANSLATIONS:
		translated = entries(path)
		assert [text for text in entries(CATALOGUE) if text and not translated.get(text)] == [], path.name
