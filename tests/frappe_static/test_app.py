"""What can be said of the Frappe app without Frappe: every name in hooks leads somewhere, and files are as Frappe wants
them. Reads source only.
"""

from __future__ import annotations

import ast
import json
import re
import runpy
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
APP = ROOT / "wuzapi_chatwoot"
MODULE = APP / "wuzapi_chatwoot"
DOCTYPES = sorted(MODULE.glob("doctype/*/*.json"))
PYTHON = sorted(path for path in APP.rglob("*.py") if "node_modules" not in path.parts)
SCRIPTS = sorted(path for path in APP.rglob("*.js") if {"sandbox", "node_modules"}.isdisjoint(path.parts))
HOOKS = runpy.run_path(str(APP / "hooks.py"))
DOTTED = re.compile(r"wuzapi_chatwoot(\.\w+)+")
GUEST_METHODS = {"wuzapi_chatwoot.api.webhooks.wuzapi", "wuzapi_chatwoot.api.webhooks.chatwoot"}


def strings(value: Any) -> Iterator[str]:
	if isinstance(value, str):
		yield value
	elif isinstance(value, dict):
		for key, each in value.items():
			yield from strings(key)
			yield from strings(each)
	elif isinstance(value, list | tuple):
		for each in value:
			yield from strings(each)


def function(dotted: str) -> ast.FunctionDef:
	"""Of this name, in the file that its module stands for."""
	module, _, name = dotted.rpartition(".")
	file = ROOT.joinpath(*module.split(".")).with_suffix(".py")
	assert file.is_file(), f"{dotted}: there is no {file}"
	for node in ast.parse(file.read_text(encoding="utf-8")).body:
		if isinstance(node, ast.FunctionDef) and node.name == name:
			return node
	raise AssertionError(f"{dotted}: {file} has no such function")


def decorator(node: ast.FunctionDef) -> ast.Call | None:
	for each in node.decorator_list:
		if isinstance(each, ast.Call) and ast.unparse(each.func) == "frappe.whitelist":
			return each
	return None


HOOKED = sorted(
	{text for name, value in HOOKS.items() if not name.startswith("_") for text in strings(value)}
)


@pytest.mark.parametrize("dotted", [text for text in HOOKED if DOTTED.fullmatch(text)])
def test_every_path_in_hooks_leads_to_a_function(dotted: str) -> None:
	function(dotted)


def test_hooks_are_not_empty() -> None:
	assert sum(bool(DOTTED.fullmatch(text)) for text in HOOKED) >= 10


def test_scheduled_functions_have_names_of_their_own() -> None:
	"""Frappe 15 names a scheduled job after the last two parts of its path: they are shared by all apps of a site."""
	for dotted in strings(HOOKS["scheduler_events"]):
		if DOTTED.fullmatch(dotted):
			assert "wuzapi_chatwoot" in dotted.rpartition(".")[2]


def test_rows_are_guarded_in_pairs() -> None:
	"""Of a row of a child table, and of what hangs onto a document, Frappe asks the document."""
	lists, single = HOOKS["permission_query_conditions"], HOOKS["has_permission"]
	doctypes = [json.loads(path.read_text(encoding="utf-8")) for path in DOCTYPES]
	assert set(lists) - {"File", "Comment", "Tag Link"} == {
		doctype["name"] for doctype in doctypes if not doctype.get("issingle")
	}
	assert set(single) == {
		doctype["name"] for doctype in doctypes if not doctype.get("issingle") and not doctype.get("istable")
	}


API = [
	f"wuzapi_chatwoot.api.{path.stem}.{node.name}"
	for path in sorted(APP.glob("api/*.py"))
	for node in ast.parse(path.read_text(encoding="utf-8")).body
	if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
]


@pytest.mark.parametrize("dotted", API)
def test_functions_of_the_api_are_whitelisted_annotated_and_described(dotted: str) -> None:
	node = function(dotted)
	call = decorator(node)
	assert call is not None, "not whitelisted"
	options = {each.arg: ast.literal_eval(each.value) for each in call.keywords}
	assert options["methods"], "names the methods it takes"
	assert options.get("allow_guest", False) == (dotted in GUEST_METHODS)
	arguments = [*node.args.args, *node.args.kwonlyargs]
	assert all(each.annotation is not None for each in arguments)
	assert node.returns is not None
	if dotted in GUEST_METHODS:
		assert not arguments, "the body is read raw"
	else:
		assert ast.get_docstring(node)
		asks = ("frappe.has_permission", "_readable(", "may_use(", "_sees_all(", "_ask(")
		assert any(each in ast.unparse(node) for each in asks)


def test_people_are_refused_in_one_way() -> None:
	"""Frappe shows what is thrown as HTML; `refuse` makes text of it."""
	for path in PYTHON:
		if path.name == "refusal.py" or "tests" in path.parts:
			continue
		source = path.read_text(encoding="utf-8")
		assert not re.search(r"\bfrappe\.(throw|msgprint)\(|import (throw|msgprint)\b", source), path


def test_nothing_outside_the_api_is_whitelisted() -> None:
	for path in PYTHON:
		if path.parent != APP / "api":
			assert "@frappe.whitelist" not in path.read_text(encoding="utf-8"), path


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_every_method_that_javascript_calls_is_whitelisted(path: Path) -> None:
	for match in DOTTED.finditer(path.read_text(encoding="utf-8")):
		dotted = match.group()
		if dotted.startswith("wuzapi_chatwoot.api."):
			assert decorator(function(dotted)) is not None, dotted


@pytest.mark.parametrize("path", DOCTYPES, ids=lambda path: path.stem)
def test_every_doctype_has_its_controller(path: Path) -> None:
	name = json.loads(path.read_text(encoding="utf-8"))["name"]
	controller = path.with_suffix(".py")
	tree = ast.parse(controller.read_text(encoding="utf-8"))
	classes = {
		node.name: [ast.unparse(base) for base in node.bases]
		for node in tree.body
		if isinstance(node, ast.ClassDef)
	}
	doctype = json.loads(path.read_text(encoding="utf-8"))
	base = "SessionRecordRow" if doctype.get("istable") else "SessionRecord"
	# Settings have one row, and no session.
	assert classes == {name.replace(" ", ""): ["Document" if doctype.get("issingle") else base]}
	assert len(controller.read_text(encoding="utf-8").splitlines()) <= 80


def test_doctypes_with_keys_create_them() -> None:
	keys = runpy.run_path(str(MODULE / "keys.py"))
	for path in DOCTYPES:
		name = json.loads(path.read_text(encoding="utf-8"))["name"]
		source = path.with_suffix(".py").read_text(encoding="utf-8")
		wanted = name in keys["UNIQUE_KEYS"] or name in keys["INDEXES"]
		assert ("def on_doctype_update" in source) == wanted, name
		assert (f'create_keys("{name}")' in source) == wanted, name


@pytest.mark.parametrize("path", PYTHON, ids=lambda path: str(path.relative_to(APP)))
def test_python_compiles_and_commits_only_with_a_reason(path: Path) -> None:
	source = path.read_text(encoding="utf-8")
	compile(source, str(path), "exec")
	for line in source.splitlines():
		if "frappe.db.commit()" in line and not line.lstrip().startswith(("#", '"')):
			assert "# nosemgrep" in line, line


def test_requests_do_not_commit() -> None:
	for path in [
		*APP.glob("api/*.py"),
		*MODULE.glob("doctype/*/*.py"),
		APP / "frappe_host" / "web" / "webhook_endpoint.py",
	]:
		source = path.read_text(encoding="utf-8")
		assert "db.commit" not in source, path
		assert "db.rollback" not in source, path
		assert "in_job=True" not in source, path


def test_modules_and_patches() -> None:
	assert (APP / "modules.txt").read_text(encoding="utf-8").split("\n") == ["WuzAPI Chatwoot", ""]
	lines = (APP / "patches.txt").read_text(encoding="utf-8").splitlines()
	sections = [line for line in lines if line.startswith("[")]
	assert sections == ["[pre_model_sync]", "[post_model_sync]"]
	for line in lines:
		if line and not line.startswith(("[", "#")):
			function(f"{line.split('#')[0].strip()}.execute")


def test_bench_tests_import_nothing_that_a_bench_has_not() -> None:
	"""Bench imports every test_*.py inside the package."""
	for path in (path for path in PYTHON if path.name.startswith("test_")):
		names = {
			name
			for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
			for name in (
				[each.name for each in node.names]
				if isinstance(node, ast.Import)
				else [node.module or ""]
				if isinstance(node, ast.ImportFrom) and not node.level
				else []
			)
		}
		assert not {name.partition(".")[0] for name in names} & {
			"pytest",
			"fastapi",
			"sqlalchemy",
			"hypothesis",
		}, path
