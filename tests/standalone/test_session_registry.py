"""Sessions that come, change and go while the service runs, and the file they are kept in."""

from __future__ import annotations

import json
import stat
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from standalone_world import DEFAULTS, SESSION, StandaloneWorld, world_in

from wuzapi_chatwoot.bridge.model.records import Secret
from wuzapi_chatwoot.bridge.sessions.setup_values import CreatedResources
from wuzapi_chatwoot.standalone_host.registry.session_registry import NameTaken, SessionRegistry
from wuzapi_chatwoot.standalone_host.registry.session_store import (
	Kept,
	PastSecret,
	SessionStoreFile,
	SessionStoreUnusable,
	StoredSession,
)
from wuzapi_chatwoot.testkit.twins.clock import START, FixedClock
from wuzapi_chatwoot.testkit.twins.fake_chatwoot import FakeChatwoot
from wuzapi_chatwoot.testkit.twins.fake_gateway import FakeGateway

KEPT = StoredSession(
	name="workshop",
	gateway_url="http://gateway.example",
	gateway_token=Secret("Fictional-Workshop-Token"),
	chatwoot_url="http://chatwoot.example",
	chatwoot_token=Secret("Fictional-Chatwoot-Token"),
	account_id=3,
	signing_key=Secret("Fictional-Signing-Key-0123456789abcdef"),
	webhook_token=Secret("Fictional-Webhook-Token"),
	inbox_name="Workshop",
	inbox_id=9,
	chatwoot_secret=Secret("Fictional-Inbox-Secret"),
	made=CreatedResources("0f1e2d3c", 9),
	complete=True,
)
HOUR = timedelta(hours=1)


@pytest.fixture
def path(tmp_path: Path) -> Path:
	folder = tmp_path / "data"
	folder.mkdir()
	return folder / "sessions.json"


@pytest.fixture
def clock() -> FixedClock:
	return FixedClock()


@pytest.fixture
def registry(path: Path, clock: FixedClock) -> SessionRegistry:
	return SessionRegistry({SESSION.name: SESSION}, DEFAULTS, SessionStoreFile(path), clock)


def reopened(path: Path) -> SessionRegistry:
	return SessionRegistry({SESSION.name: SESSION}, DEFAULTS, SessionStoreFile(path), FixedClock())


def test_a_session_that_is_kept_can_work(registry):
	registry.put(KEPT)
	assert registry.names == ["front-desk", "workshop"]
	assert registry.sessions() == {
		"front-desk": SESSION,
		"workshop": replace(
			DEFAULTS,
			name="workshop",
			gateway_url="http://gateway.example",
			gateway_token=KEPT.gateway_token,
			chatwoot_url="http://chatwoot.example",
			chatwoot_token=KEPT.chatwoot_token,
			account_id=3,
			inbox_id=9,
			gateway_secrets=(KEPT.signing_key,),
			chatwoot_secrets=(KEPT.chatwoot_secret,),
			webhook_tokens=(KEPT.webhook_token,),
			# Chatwoot has a secret for it, so both sides sign.
			require_signatures=True,
		),
	}


def test_where_chatwoot_does_not_sign_no_signature_is_demanded(registry):
	registry.put(replace(KEPT, chatwoot_secret=None))
	assert not registry.sessions()["workshop"].require_signatures


def test_without_an_inbox_it_is_known_but_does_not_work(registry):
	registry.put(replace(KEPT, inbox_id=None, complete=False))
	assert registry.names == ["front-desk", "workshop"]
	assert list(registry.sessions()) == ["front-desk"]
	assert registry.kept("workshop").inbox_id is None


def test_everything_is_there_after_a_restart(registry, path):
	kept = replace(
		KEPT,
		past_signing_keys=(PastSecret(Secret("old key"), START + HOUR),),
		past_chatwoot_secrets=(PastSecret(Secret("old secret"), START + HOUR),),
	)
	registry.put(kept)
	registry.set_stopped("workshop", True)
	registry.set_stopped("front-desk", True)
	again = reopened(path)
	assert again.kept("workshop") == kept
	assert again.sessions() == registry.sessions()
	assert again.stopped("workshop")
	assert again.stopped("front-desk")
	again.set_stopped("front-desk", False)
	assert not reopened(path).stopped("front-desk")


def test_only_the_owner_may_read_the_file(registry, path):
	registry.put(KEPT)
	assert stat.S_IMODE(path.stat().st_mode) == 0o600
	registry.put(replace(KEPT, inbox_id=10))
	assert stat.S_IMODE(path.stat().st_mode) == 0o600
	assert [each.name for each in path.parent.iterdir()] == ["sessions.json"]


def test_past_secrets_are_believed_until_their_time(registry, clock):
	past = (PastSecret(Secret("oldest"), START + HOUR), PastSecret(Secret("older"), START + 2 * HOUR))
	registry.put(replace(KEPT, past_signing_keys=past, past_chatwoot_secrets=past[:1]))

	def believed() -> tuple[list[str], list[str]]:
		session = registry.sessions()["workshop"]
		return (
			[secret.value for secret in session.gateway_secrets[1:]],
			[secret.value for secret in session.chatwoot_secrets[1:]],
		)

	assert believed() == (["oldest", "older"], ["oldest"])
	clock.advance(3599)
	assert believed() == (["oldest", "older"], ["oldest"])
	clock.advance(1)
	assert believed() == (["older"], [])
	clock.advance(3600)
	assert believed() == ([], [])


def test_what_has_not_changed_is_the_same_object(registry):
	registry.put(KEPT)
	before = registry.sessions()["workshop"]
	registry.set_stopped("front-desk", True)
	assert registry.sessions()["workshop"] is before


def test_a_session_of_the_environment_cannot_be_replaced_or_removed(registry):
	with pytest.raises(NameTaken, match="is set in the environment"):
		registry.put(replace(KEPT, name="front-desk"))
	registry.remove("front-desk")
	assert list(registry.sessions()) == ["front-desk"]
	assert registry.is_fixed("front-desk")
	assert not registry.is_fixed("workshop")


@pytest.mark.parametrize(
	("changes", "what"),
	[
		({"gateway_token": SESSION.gateway_token}, "WUZAPI_URL and WUZAPI_USER_TOKEN"),
		({"inbox_id": SESSION.inbox_id}, "Chatwoot inbox"),
	],
)
def test_no_two_sessions_have_one_number_or_one_inbox(registry, changes, what):
	with pytest.raises(NameTaken, match=f"'front-desk' has the same {what}"):
		registry.put(replace(KEPT, **changes))
	assert registry.kept("workshop") is None


def test_the_environment_wins_over_what_is_kept(registry, path, clock):
	registry.put(KEPT)
	named_alike = replace(SESSION, name="workshop", inbox_id=70, gateway_token=Secret("another"))
	again = SessionRegistry({"workshop": named_alike}, DEFAULTS, SessionStoreFile(path), clock)
	assert again.sessions() == {"workshop": named_alike}
	assert again.hidden == ["workshop"]
	assert again.kept("workshop") is None


def test_removed_is_gone_for_good(registry, path):
	registry.put(KEPT)
	registry.set_stopped("workshop", True)
	registry.remove("workshop")
	assert registry.names == ["front-desk"]
	assert not reopened(path).stopped("workshop")
	registry.remove("workshop")


def test_listeners_are_told_of_every_change(registry):
	told = []
	registry.on_change(lambda: told.append(sorted(registry.sessions())))
	registry.put(KEPT)
	registry.set_stopped("workshop", False)
	registry.remove("workshop")
	registry.remove("workshop")
	assert told == [["front-desk", "workshop"], ["front-desk"]]


@pytest.mark.parametrize("content", [b"", b"{", b'{"sessions": {"a": {"name": "Fictional-Secret"}}}', b"[]"])
def test_a_damaged_file_is_told_without_its_content(path, content):
	path.write_bytes(content)
	with pytest.raises(SessionStoreUnusable) as raised:
		SessionStoreFile(path).read()
	assert "is damaged" in str(raised.value)
	assert "Fictional" not in str(raised.value)


def test_what_cannot_be_written_is_not_believed_to_be(registry, path, monkeypatch):
	registry.put(KEPT)

	def full(*_: object) -> None:
		raise OSError(28, "No space left on device")

	monkeypatch.setattr("os.fsync", full)
	with pytest.raises(SessionStoreUnusable, match="cannot be written: No space left"):
		registry.put(replace(KEPT, inbox_id=10))
	assert registry.sessions()["workshop"].inbox_id == 9
	assert json.loads(path.read_bytes())["sessions"]["workshop"]["inbox_id"] == 9
	assert [each.name for each in path.parent.iterdir()] == ["sessions.json"]


def test_a_file_that_cannot_be_read(tmp_path):
	with pytest.raises(SessionStoreUnusable, match="cannot be read: Is a directory"):
		SessionStoreFile(tmp_path).read()


def test_no_secret_shows_in_what_is_printed():
	assert "Fictional-" not in repr(Kept({"workshop": KEPT}))


# ---- the running service follows


@pytest.fixture
def world(tmp_path: Path) -> Iterator[StandaloneWorld]:
	with world_in(tmp_path / "data", sessions={}) as world:
		yield world


def serve(world: StandaloneWorld, name: str, inbox_id: int) -> None:
	world.gateways[name] = FakeGateway()
	world.chatwoots[name] = FakeChatwoot(account_id=3, inbox_id=inbox_id, clock=world.clock)


def test_from_no_session_to_a_delivered_message_without_a_restart(world):
	serve(world, "workshop", 9)
	assert world.told_by_gateway(b"{}").status_code == 404
	world.host.sessions.put(replace(KEPT, signing_key=Secret("Fictional-Hmac-Key")))
	assert world.http.get("/").json()["sessions"] == 1
	assert world.customer_writes("Good morning").status_code == 200
	world.work()
	assert [message.text for message in world.chatwoots["workshop"].messages] == ["Good morning"]
	world.host.sessions.remove("workshop")
	assert world.customer_writes("Again", "3AFICTION02").status_code == 404


def test_a_changed_session_gets_new_clients_and_others_keep_theirs(world):
	serve(world, "workshop", 9)
	serve(world, "garage", 10)
	world.host.sessions.put(KEPT)
	world.host.sessions.put(
		replace(KEPT, name="garage", inbox_id=10, gateway_token=Secret("Fictional-Garage"))
	)

	def clients(name: str) -> tuple[object, object]:
		session = world.bridge.sessions()[name]
		return world.bridge.gateway(session), world.bridge.chatwoot(session)

	workshop, garage = clients("workshop"), clients("garage")
	assert clients("workshop") == workshop
	world.host.sessions.put(replace(KEPT, gateway_url="http://other-gateway.example"))
	changed = clients("workshop")
	assert changed[0] is not workshop[0]
	assert changed[1] is not workshop[1]
	assert clients("garage") == garage


def test_a_session_that_is_gone_leaves_no_client_behind(world):
	serve(world, "workshop", 9)
	world.host.sessions.put(KEPT)
	session = world.bridge.sessions()["workshop"]
	before = world.bridge.gateway(session)
	world.host.sessions.remove("workshop")
	assert world.bridge.gateway(session) is not before


def test_health_looks_at_the_sessions_of_the_moment(world):
	serve(world, "workshop", 9)
	assert set(world.http.get("/health").json()["checks"]) == {"workers", "store"}
	world.host.sessions.put(KEPT)
	world.clock.advance(6)
	assert set(world.http.get("/health").json()["checks"]) == {
		"workers",
		"store",
		"gateways",
		"Chatwoots",
	}
	world.host.sessions.remove("workshop")
	world.clock.advance(6)
	assert set(world.http.get("/health").json()["checks"]) == {"workers", "store"}


def test_a_new_session_is_fetched_at_once(world, monkeypatch):
	serve(world, "workshop", 9)
	fetched = threading.Event()

	def fetch(bridge: object, session: object) -> int:
		assert session.name == "workshop"
		fetched.set()
		return 0

	monkeypatch.setattr("wuzapi_chatwoot.standalone_host.workers.housekeeping.fetch_missed", fetch)
	with world.http:
		assert not world.host.housekeeping.caught_up("workshop")
		world.host.sessions.put(KEPT)
		assert fetched.wait(20)
