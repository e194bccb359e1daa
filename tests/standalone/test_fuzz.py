"""Anything at all, properly signed, through the real routes and then through the work: no 500, no fault of ours.

What it ever found lies in `payloads/found/`, and is tried first.
"""

from __future__ import annotations

import copy
import itertools
import json
import random
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from standalone_world import (
	PAYLOADS,
	StandaloneWorld,
	agent_message,
	customer_message,
	form_of,
	recordings,
)

from wuzapi_chatwoot.bridge.model.records import EventState

pytestmark = pytest.mark.no_cover
few = settings(
	database=None,
	suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
many = settings(few, max_examples=4 * settings.default.max_examples)

FOUND = sorted((PAYLOADS / "found").glob("*"))
SOURCES = pytest.mark.parametrize("source", ["wuzapi", "chatwoot"])
KINDS = [
	"application/json",
	"application/x-www-form-urlencoded",
	"multipart/form-data; boundary=x",
	"",
	"\xff",
]

ODD_TEXTS = [
	"0",
	"-1",
	"null",
	"1e999",
	"=",
	"%",
	"+",
	"@",
	"é@é",
	"a@b@c",
	"2026-02-30T25:61:61Z",
	"0001-01-01T00:00:00Z",
	"@s.whatsapp.net",
	"status@broadcast",
	"1:2@lid",
	"120363000000000001@g.us",
	"WAID:",
	"{{a}}",
	"http://",
	"https://[",
	"data:;base64,",
	"=?utf-8?q?x?=",
	"message_created",
	"Message",
]
texts = st.text(st.characters(codec=None, exclude_categories=()), max_size=12) | st.sampled_from(
	[*ODD_TEXTS, "", "\0", "\ud800", "\u202e", "x" * 5000, "9" * 400]
)
values = st.recursive(
	st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats() | texts,
	lambda inside: st.lists(inside, max_size=3) | st.dictionaries(texts, inside, max_size=3),
	max_leaves=6,
)


@pytest.fixture
def survives(world: StandaloneWorld) -> Callable[..., None]:
	"""Post it, work all that comes of it, and see that nothing was too much."""
	# Something to refer to: a conversation on both sides, known to every later event.
	world.customer_writes("Hello", "3AFICTION00")
	world.work()
	for id in (231, 1):
		world.told_by_chatwoot(agent_message("Hello", 9000 + id))
	world.outlast()

	def survives(source: str, body: bytes, **headers: str) -> None:
		seen, attempts = len(world.observer.webhooks), len(world.observer.attempts)
		answer = world.told(source, body, **headers)
		assert answer.status_code in (200, 400, 401), answer.text
		assert len(world.observer.webhooks) == seen + 1
		world.outlast()
		faults = [seen.error for seen in world.observer.attempts[attempts:] if "a fault" in str(seen.error)]
		assert not faults
		assert not world.store.list_events(EventState.WAITING, 1)
		assert not [notice for notice in world.observer.notices if "nobody could be told" in notice.what]

	return survives


def encoded(value: object) -> bytes:
	return json.dumps(value).encode()


@pytest.mark.parametrize("path", FOUND, ids=lambda path: path.name)
def test_what_was_found_before(survives, path):
	survives("wuzapi" if path.name.startswith("wuzapi") else "chatwoot", path.read_bytes())


@SOURCES
def test_any_bytes(survives, source):
	@few
	@given(st.binary(max_size=200), st.sampled_from(KINDS))
	@example(b"--x\r\n\r\n--x", KINDS[2])
	@example(
		b'--x\r\nContent-Disposition: form-data; name="jsonData"\r\n\r\n{"type": "Message"}\r\n--x--',
		KINDS[2],
	)
	def run(body: bytes, kind: str) -> None:
		survives(source, body, **{"content-type": kind.encode("latin-1")})

	run()


@SOURCES
def test_any_json(survives, source):
	@few
	@given(values)
	def run(value: object) -> None:
		survives(source, encoded(value))

	run()


@SOURCES
def test_any_event(survives, source):
	"""With a name that leads it further in."""
	names = sorted({_name(source, path.read_bytes()) for path in recordings(source)})

	@many
	@given(st.sampled_from(names), st.dictionaries(st.sampled_from(_keys(source)), values, max_size=8))
	def run(name: str, rest: dict[str, object]) -> None:
		hook = {"type": name, "event": rest} if source == "wuzapi" else {**rest, "event": name}
		survives(source, encoded(hook))

	run()


@SOURCES
def test_recorded_webhooks_with_changes(survives, source):
	hooks = [json.loads(path.read_bytes()) for path in recordings(source)]
	hooks += [customer_message("Hello") if source == "wuzapi" else agent_message("Hello")] * 20
	numbers = itertools.count(1)

	@many
	@given(
		st.sampled_from(hooks),
		st.lists(st.tuples(st.integers(0, 2**32), st.sampled_from(CHANGES), values), min_size=1, max_size=4),
		st.sampled_from(KINDS[:2]) if source == "wuzapi" else st.just(KINDS[0]),
	)
	def run(hook: dict[str, Any], changes: list[tuple[int, str, object]], kind: str) -> None:
		changed = _told_anew(source, hook, next(numbers))
		for seed, change, value in changes:
			_change(changed, random.Random(seed), change, value)
		if kind == KINDS[1] and isinstance(changed, dict):
			form = {key: str(text).encode("utf-8", "replace") for key, text in form_of(changed).items()}
			body = urlencode(form).encode()
		else:
			body = encoded(changed)
		survives(source, body, **{"content-type": kind})

	run()


CHANGES = ["replace", "replace", "delete", "duplicate", "copy", "swap", "wrap"]


def _places(value: object) -> list[tuple[Any, Any]]:
	"""Every container in the value with each of its keys."""
	found: list[tuple[Any, Any]] = []
	if isinstance(value, dict | list):
		for key in list(value) if isinstance(value, dict) else range(len(value)):
			found.append((value, key))
			found += _places(value[key])
	return found


def _told_anew(source: str, hook: dict[str, Any], number: int) -> dict[str, Any]:
	"""As a message that was not told before, which would be put aside."""
	anew = copy.deepcopy(hook)
	if source == "chatwoot":
		return {**anew, "id": 100_000 + number} if "id" in anew else anew
	event = anew.get("event")
	if isinstance(event, dict) and isinstance(event.get("Info"), dict):
		event["Info"]["ID"] = f"3AFUZZ{number:06}"
	return anew


def _change(hook: dict[str, Any], chance: random.Random, change: str, value: object) -> None:
	places = _places(hook)
	if not places:
		return
	container, key = chance.choice(places)
	other_container, other_key = chance.choice(places)
	match change:
		case "replace":
			container[key] = value
		case "delete":
			del container[key]
		case "duplicate" if isinstance(container, list):
			container.append(copy.deepcopy(container[key]))
		case "duplicate":
			container[str(key).upper()] = copy.deepcopy(container[key])
		case "copy":
			container[key] = copy.deepcopy(other_container[other_key])
		case "swap":
			here, there = copy.deepcopy(container[key]), copy.deepcopy(other_container[other_key])
			other_container[other_key] = here
			container[key] = there
		case "wrap":
			container[key] = [copy.deepcopy(container[key])]


def _name(source: str, body: bytes) -> str:
	return str(json.loads(body).get("type" if source == "wuzapi" else "event"))


def _keys(source: str) -> list[str]:
	"""All words that stand anywhere in the recordings."""
	words = {
		str(key)
		for path in recordings(source)
		for _, key in _places(json.loads(path.read_bytes()))
		if isinstance(key, str)
	}
	return sorted(words)
