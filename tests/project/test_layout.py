"""The project as design and tools expect it: what lies where, how long files are, what is imported and packed."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from fnmatch import fnmatch
from importlib import resources
from pathlib import Path

import pytest

import wuzapi_chatwoot

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "wuzapi_chatwoot"
TEXTS = {
	".cfg",
	".css",
	".html",
	".ini",
	".js",
	".json",
	".md",
	".py",
	".svg",
	".toml",
	".txt",
	".yml",
	".yaml",
}
# The folders in which people of this project happened to work; written apart, so that this file has none of them.
MACHINE_PATHS = re.compile(
	"|".join(["/wor" + "k/", "/tm" + "p/venv", "/Use" + r"rs/\w", r"/hom" + r"e/(?!user/)\w+/"])
)


@pytest.fixture(scope="module")
def tracked() -> list[Path]:
	listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
	if listed.returncode:
		pytest.skip("not a git checkout")
	paths = [ROOT / name for name in listed.stdout.split("\0") if name]
	return [path for path in paths if path.is_file()]


def read(name: str) -> str:
	return (ROOT / name).read_text(encoding="utf-8")


# ---- what lies where


@pytest.mark.parametrize(
	"name",
	[
		".ci/run",
		"CHANGELOG.md",
		"MANIFEST.in",
		"Makefile",
		"README.md",
		"license.txt",
		"pyproject.toml",
		"requirements.txt",
		"setup.py",
	],
)
def test_the_files_that_everybody_looks_for_are_there(name):
	assert read(name).strip()


def test_the_licence_is_mit():
	assert read("license.txt").lstrip().startswith("MIT License")


def test_ci_is_the_test_command():
	assert "make test" in read(".ci/run")
	assert (ROOT / ".ci/run").stat().st_mode & 0o111


def test_the_commands_of_the_readme_exist():
	targets = set(re.findall(r"^([a-z][\w-]*):", read("Makefile"), re.MULTILINE))
	named = set(re.findall(r"\bmake ([a-z][\w-]*)", read("README.md")))
	assert {"demo", "test"} <= named <= targets


def test_the_map_of_the_readme_is_true(tracked):
	"""Two levels below the package, every folder and no other."""
	drawn = re.search(r"```\nwuzapi_chatwoot/\n(.*?)\ntests/", read("README.md"), re.DOTALL)
	assert drawn
	shown, above = set(), ""
	for line in drawn[1].split("\n"):
		[(indent, name)] = re.findall(r"^( +)([a-z_0-9]+)/ ", line)
		above = name if len(indent) == 2 else above
		shown.add(name if len(indent) == 2 else f"{above}/{name}")
	parts = [path.relative_to(PACKAGE).parts[:-1] for path in tracked if PACKAGE in path.parents]
	assert shown == {
		"/".join(folders[:depth]) for folders in parts for depth in (1, 2) if len(folders) >= depth
	}


def test_a_folder_says_what_lives_in_it_and_is_small(tracked):
	folders = {path.parent for path in tracked if PACKAGE in path.parents and path.suffix == ".py"}
	by_frappe = PACKAGE / "wuzapi_chatwoot"
	for folder in folders:
		if folder == by_frappe or by_frappe in folder.parents or folder.name == "tests":
			continue
		said = ast.get_docstring(ast.parse((folder / "__init__.py").read_text(encoding="utf-8")))
		assert said, folder
		files = [path for path in tracked if path.parent == folder and path.suffix == ".py"]
		assert len(files) <= 20, folder


def test_no_test_lies_where_bench_would_import_it(tracked):
	"""Inside the package are only the tests that bench is to run, and it runs them without pytest."""
	inside = [path for path in tracked if PACKAGE in path.parents and fnmatch(path.name, "test_*.py")]
	for path in inside:
		assert path.parent == PACKAGE / "frappe_host" / "tests"
		assert "pytest" not in path.read_text(encoding="utf-8")


# ---- setup


def test_setup_is_a_plain_call_that_bench_can_read():
	"""bench reads the name with a regular expression, and the file runs before the package can be imported."""
	assert read("setup.py").split() == [
		"from",
		"setuptools",
		"import",
		"setup",
		'setup(name="wuzapi_chatwoot")',
	]


def test_the_version_stands_in_one_place(tracked):
	tree = ast.parse(read("wuzapi_chatwoot/__init__.py"))
	names = [
		target.id
		for node in tree.body
		if isinstance(node, ast.Assign)
		for target in node.targets
		if isinstance(target, ast.Name)
	]
	assert names == ["__version__"]
	assert not [node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]
	assert re.fullmatch(r"\d+\.\d+\.\d+", wuzapi_chatwoot.__version__)
	quoted = re.compile(rf"""["']{re.escape(wuzapi_chatwoot.__version__)}["']""")
	ours = [path for path in tracked if path.suffix in {".py", ".toml"} and "tests" not in path.parts]
	assert [path.relative_to(ROOT).as_posix() for path in ours if quoted.search(path.read_text())] == [
		"wuzapi_chatwoot/__init__.py"
	]


def test_dependencies_stand_in_one_place():
	assert sorted(re.split(r"[<>=~! ]", line)[0] for line in read("requirements.txt").split()) == [
		"av",
		"phonenumbers",
		"python-multipart",
		"requests",
		"tzdata",
	]
	project = read("pyproject.toml").partition("[project.optional-dependencies]")[0]
	assert not re.search(r"^dependencies\s*=", project, re.MULTILINE)


# ---- files


def test_no_file_of_the_package_is_too_long(tracked):
	lengths = {
		path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8").count("\n")
		for path in tracked
		if PACKAGE in path.parents and path.suffix in {".py", ".js", ".css"}
	}
	assert {name for name, lines in lengths.items() if lines > 400} == set()


def test_no_path_of_anybodys_machine(tracked):
	found = []
	for path in tracked:
		if path.suffix in TEXTS or path.name in {"Makefile", "run"}:
			found += [(path.name, words) for words in MACHINE_PATHS.findall(path.read_text(encoding="utf-8"))]
	# A test of the docs looks for such paths, and names them.
	assert [hit for hit in found if hit[0] != "test_docs.py"] == []


# ---- imports


def run_without(module: str, code: str) -> subprocess.CompletedProcess[str]:
	"""Run the code where that module cannot be imported."""
	block = f"import sys; sys.modules[{module!r}] = None\n"
	return subprocess.run(
		[sys.executable, "-W", "error", "-c", block + code],
		cwd=ROOT,
		capture_output=True,
		text=True,
		timeout=120,
	)


def test_all_of_the_standalone_bridge_runs_without_frappe():
	code = """
import importlib, pkgutil
import wuzapi_chatwoot
for name in ("bridge", "gateways", "chatwoot", "media", "net", "runtime", "storage", "cli", "testkit", "standalone_host"):
	package = importlib.import_module("wuzapi_chatwoot." + name)
	for found in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
		importlib.import_module(found.name)
		print(found.name)
"""
	done = run_without("frappe", code)
	assert done.returncode == 0, done.stderr
	for name in (
		"bridge.worker.work_lane",
		"chatwoot.client.client",
		"gateways.wuzapi.client.client",
		"standalone_host.web.app",
	):
		assert f"wuzapi_chatwoot.{name}" in done.stdout.split()


@pytest.mark.parametrize("foreign", ["fastapi", "sqlalchemy", "requests", "pydantic"])
def test_the_core_needs_no_library_of_any_host(foreign):
	code = "import wuzapi_chatwoot.bridge.worker.work_lane, wuzapi_chatwoot.bridge.inbox.receive_webhook"
	done = run_without(foreign, code)
	assert done.returncode == 0, done.stderr


# ---- what is packed


def test_what_is_no_python_is_packed_too(tracked):
	[patterns] = re.findall(r"^recursive-include wuzapi_chatwoot (.+)$", read("MANIFEST.in"), re.MULTILINE)
	left_out = [
		path.relative_to(ROOT).as_posix()
		for path in tracked
		if PACKAGE in path.parents
		and path.suffix != ".py"
		and not any(fnmatch(path.name, pattern) for pattern in patterns.split())
	]
	assert left_out == []
	assert "include-package-data = true" in read("pyproject.toml")


def test_folders_of_data_are_packages(tracked):
	"""Else they would be missing from the wheel."""
	without = {
		path.parent.relative_to(ROOT).as_posix()
		for path in tracked
		if PACKAGE in path.parents and path.suffix == ".json" and not (path.parent / "__init__.py").exists()
	}
	assert without == set()


def test_the_package_finds_its_data():
	package = resources.files("wuzapi_chatwoot")
	folders = [folder for folder in (package / "wuzapi_chatwoot" / "doctype").iterdir() if folder.is_dir()]
	doctypes = [folder for folder in folders if folder.name != "__pycache__"]
	assert len(doctypes) >= 6
	for folder in doctypes:
		assert (
			json.loads((folder / f"{folder.name}.json").read_text(encoding="utf-8"))["doctype"] == "DocType"
		)
	assert "<html" in (package / "sandbox" / "page" / "index.html").read_text(encoding="utf-8")
