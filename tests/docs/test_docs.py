"""The documents say what the code does: every setting, metric and route is in the guide, every link leads somewhere."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from enum import Enum
from pathlib import Path

import pytest
import yaml
from fastapi.routing import APIRoute
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings

from wuzapi_chatwoot.bridge.model.records import ConversationPolicy
from wuzapi_chatwoot.standalone_host.config import settings_fields
from wuzapi_chatwoot.standalone_host.config.settings import read_settings
from wuzapi_chatwoot.standalone_host.telemetry.metrics import BreakerCollector
from wuzapi_chatwoot.standalone_host.web.app import create_app
from wuzapi_chatwoot.standalone_host.wiring.host import Host, wire

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
DEPLOY = ROOT / "deploy"
GUIDE = (DOCS / "operator-guide.md").read_text(encoding="utf-8")
EXAMPLE_ENV = (DEPLOY / "example.env").read_text(encoding="utf-8")
FIELDS: dict[str, FieldInfo] = {
	name.upper(): info
	for model in vars(settings_fields).values()
	if isinstance(model, type) and issubclass(model, BaseSettings)
	for name, info in model.model_fields.items()
}
PAGES = sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md"), *DEPLOY.rglob("*.md")])
DECISIONS = sorted((DOCS / "decisions").glob("*.md"))


def by_name(path: Path) -> str:
	return str(path.relative_to(ROOT))


@pytest.fixture
def clean_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
	"""Where only what a test puts there is set."""
	for name in FIELDS:
		monkeypatch.delenv(name, raising=False)
		monkeypatch.delenv(name.lower(), raising=False)
	monkeypatch.chdir(tmp_path)
	return tmp_path


@pytest.fixture
def host(clean_folder: Path) -> Iterator[Host]:
	shutil.copy(DEPLOY / "example.env", clean_folder / ".env")
	(clean_folder / "data").mkdir()
	host = wire(read_settings())
	yield host
	host.store.close()


# ---- settings


def setting_rows() -> dict[str, list[str]]:
	"""The guide's rows about settings, by name."""
	rows = [
		line.strip("|").split("|") for line in GUIDE.splitlines() if re.match(r"\| `[A-Z][A-Z_]+` \|", line)
	]
	return {row[0].strip(" `"): [cell.strip() for cell in row] for row in rows}


def shown_default(info: FieldInfo) -> str | None:
	"""As a person writes it; `None` where the guide says it in words."""
	value = info.default
	match value:
		case bool():
			return str(value).lower()
		case Enum():
			return str(value.value)
		case int() | float():
			return f"{value:g}"
		case Path():
			return str(value)
		case str() if value:
			return value
		case _:
			return None


def test_guide_has_a_row_for_every_setting_and_for_no_other() -> None:
	assert set(setting_rows()) == set(FIELDS)


@pytest.mark.parametrize("name", FIELDS)
def test_guide_tells_the_default(name: str) -> None:
	info, (_, _, told, _) = FIELDS[name], setting_rows()[name]
	assert (told == "required") == info.is_required()
	default = None if info.is_required() else shown_default(info)
	if default is not None:
		assert told == f"`{default}`"


def test_guide_names_every_conversation_policy() -> None:
	meaning = setting_rows()["CONVERSATION_POLICY"][1]
	assert all(f"`{policy.value}`" in meaning for policy in ConversationPolicy)


def test_example_env_has_every_setting_and_no_other() -> None:
	names = re.findall(r"^#?([A-Z][A-Z_]+)=", EXAMPLE_ENV, re.MULTILINE)
	assert sorted(names) == sorted(FIELDS)


def test_example_env_can_be_read_by_systemd_and_docker_too() -> None:
	for line in EXAMPLE_ENV.splitlines():
		assert not line or re.fullmatch(r"# .*|#|# ----.*|#?[A-Z_]+=[^\s'\"$#]+", line), line


@pytest.mark.parametrize("name", [name for name in FIELDS if not FIELDS[name].is_required()])
def test_example_env_comments_show_defaults(name: str) -> None:
	default = shown_default(FIELDS[name])
	shown = re.search(rf"^#{name}=(.*)$", EXAMPLE_ENV, re.MULTILINE)
	if default is not None and shown is not None:
		assert shown.group(1) == default


def test_bridge_starts_with_example_env(host: Host) -> None:
	assert list(host.settings.sessions) == ["default"]
	assert host.settings.warnings == []


def test_example_env_is_right_where_it_is_commented_out(clean_folder: Path) -> None:
	everything = re.sub(r"^#([A-Z_]+=)", r"\1", EXAMPLE_ENV, flags=re.MULTILINE)
	(clean_folder / ".env").write_text(everything.replace("/var/lib/wuzapi-chatwoot", str(clean_folder)))
	shutil.copy(DEPLOY / "sessions.example.toml", clean_folder / "sessions.toml")
	settings = read_settings()
	assert sorted(settings.sessions) == ["front-desk", "workshop"]
	assert settings.warnings == []


def test_example_sessions_need_no_environment(clean_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
	monkeypatch.setenv("SESSIONS_FILE", str(DEPLOY / "sessions.example.toml"))
	sessions = read_settings().sessions
	assert [len(session.chatwoot_secrets) for session in sessions.values()] == [1, 2]
	assert sessions["workshop"].conversation_policy is ConversationPolicy.NEW


def test_sessions_in_the_guide_load(clean_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
	(example,) = re.findall(r"```toml\n(.*?)```", GUIDE, re.DOTALL)
	(clean_folder / "sessions.toml").write_text(example)
	shutil.copy(DEPLOY / "example.env", clean_folder / ".env")
	monkeypatch.setenv("SESSIONS_FILE", "sessions.toml")
	assert sorted(read_settings().sessions) == ["front-desk", "workshop"]


# ---- metrics and routes


def test_guide_has_every_metric_and_no_other(host: Host) -> None:
	families = list(host.registry.collect())
	names = {family.name + ("_total" if family.type == "counter" else "") for family in families}
	# With the ADMIN_TOKEN only.
	names |= {family.name for family in BreakerCollector(host.bridge).collect()}
	assert names
	assert set(re.findall(r"wuzapi_chatwoot_[a-z_]+", GUIDE)) == names


def test_guide_has_every_route(host: Host) -> None:
	routes = [route for route in create_app(host).routes if isinstance(route, APIRoute)]
	told = {f"`{method} {route.path.rstrip('/') or '/'}`" for route in routes for method in route.methods}
	assert len(told) >= 10
	assert [route for route in told if route not in GUIDE] == []


# ---- deployment


def test_nginx_takes_a_little_more_than_the_bridge() -> None:
	conf = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
	(size,) = re.findall(r"client_max_body_size (\d+)m;", conf)
	assert FIELDS["MAX_BODY_MB"].default < int(size) <= FIELDS["MAX_BODY_MB"].default + 20


def test_nginx_restricts_every_route_but_the_public_ones(host: Host) -> None:
	conf = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
	(pattern,) = re.findall(r"location ~ (\S+) \{\s+allow 127\.0\.0\.1;\s+allow ::1;\s+deny all;", conf)
	paths = {route.path for route in create_app(host).routes if isinstance(route, APIRoute)}
	private = {path for path in paths if not path.startswith("/webhook/")} - {"/", "/health"}
	assert private
	assert [path for path in private if not re.search(pattern, path)] == []
	assert not re.search(pattern, "/health")


@pytest.mark.parametrize(
	("file", "pattern"),
	[
		("wuzapi-chatwoot.service", r"^TimeoutStopSec=(\d+)$"),
		("docker-compose.yml", r"stop_grace_period: (\d+)s$"),
	],
)
def test_services_wait_for_a_stop_in_good_order(file: str, pattern: str) -> None:
	(seconds,) = re.findall(pattern, (DEPLOY / file).read_text(encoding="utf-8"), re.MULTILINE)
	# Open requests, then the events being worked: see __main__.py and wiring.py.
	assert int(seconds) > 10 + 25


def test_compose_file_is_whole() -> None:
	compose = yaml.safe_load((DEPLOY / "docker-compose.yml").read_text(encoding="utf-8"))
	bridge = compose["services"]["bridge"]
	assert (DEPLOY / bridge["build"]["context"] / bridge["build"]["dockerfile"]).is_file()
	assert {volume.split(":")[0] for volume in bridge["volumes"]} == set(compose["volumes"])


def test_dockerfile_copies_what_is_there() -> None:
	text = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
	copied = [name for line in re.findall(r"^COPY (.+) \S+$", text, re.MULTILINE) for name in line.split()]
	assert copied
	assert [name for name in copied if not (ROOT / name).exists()] == []
	ignored = (DEPLOY / "Dockerfile.dockerignore").read_text(encoding="utf-8").splitlines()
	assert [name for name in copied if f"!{name}" not in ignored and f"!{name[2:]}" not in ignored] == []


# ---- pages


def without_code(text: str) -> str:
	return re.sub(r"`[^`\n]*`", "", re.sub(r"^ *```.*?^ *```", "", text, flags=re.DOTALL | re.MULTILINE))


def anchors(page: Path) -> set[str]:
	headings = re.findall(
		r"^#+ (.+)$",
		re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL),
		re.MULTILINE,
	)
	return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=by_name)
def test_links_lead_somewhere(page: Path) -> None:
	dead = []
	for link in re.findall(r"\]\(([^)\s]+)\)", without_code(page.read_text(encoding="utf-8"))):
		if re.match(r"[a-z]+:", link):
			continue
		path, _, anchor = link.partition("#")
		target = (page.parent / path).resolve() if path else page
		if not target.exists() or (anchor and anchor not in anchors(target)):
			dead.append(link)
	assert dead == []


@pytest.mark.parametrize("page", [*PAGES, *sorted(DEPLOY.iterdir())], ids=by_name)
def test_no_machine_of_ours_is_named(page: Path) -> None:
	text = page.read_text(encoding="utf-8")
	assert re.findall(r"/work/|/tmp/\w|/home/\w|/root/", text) == []


def test_decisions_are_numbered_each_once() -> None:
	"""With gaps: those who work side by side take numbers of their own."""
	numbers = [path.name[:4] for path in DECISIONS]
	assert len(set(numbers)) == len(numbers)
	assert all(re.fullmatch(r"\d{4}(-[a-z0-9]+)+\.md", path.name) for path in DECISIONS)


@pytest.mark.parametrize("decision", DECISIONS, ids=by_name)
def test_decisions_have_their_parts(decision: Path) -> None:
	text = decision.read_text(encoding="utf-8")
	assert re.match(rf"# {decision.name[:4]}: \S", text)
	assert re.findall(r"^## (.+)$", text, re.MULTILINE) == ["Context", "Choice", "Refused", "Consequences"]
