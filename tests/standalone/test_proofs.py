"""The proof by a message to oneself, by the admin API and from the terminal, between the twins of both sides."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from contextlib import redirect_stdout
from types import SimpleNamespace
from typing import Any

import pytest
from standalone.admin_world import OWN, Administrator
from standalone.command_world import Terminal
from standalone_world import StandaloneWorld, customer_message, world_in

from wuzapi_chatwoot.bridge.model.errors import Retriable, Uncertain
from wuzapi_chatwoot.bridge.model.events import SessionChanged, SessionState
from wuzapi_chatwoot.chatwoot.webhook.signature import signed_headers as chatwoot_signs
from wuzapi_chatwoot.gateways.wuzapi.webhook.signature import signed_headers as gateway_signs
from wuzapi_chatwoot.standalone_host.commands import self_test
from wuzapi_chatwoot.testkit.twins.fake_chatwoot_records import message_payload


class Proving:
	"""A session that is connected, and what happens to the test's message."""

	def __init__(self, world: StandaloneWorld) -> None:
		self.world, self.admin = world, Administrator(world)
		self.admin.sets_up()
		self.admin.pairs()
		change = SessionChanged(SessionState.CONNECTED, address=OWN)
		world.store.note_session_change("workshop", change, world.clock.now())
		self.chatwoot = world.chatwoots["workshop"]

	def address(self, side: str) -> str:
		kept = self.world.host.sessions.kept("workshop")
		assert kept is not None
		return f"/webhook/{side}/workshop?token={kept.webhook_token.value}"

	def chatwoot_tells(self, token: str = "") -> int:
		message = self.chatwoot.messages[-1]
		conversation = self.chatwoot.conversations[message.conversation_id]
		body = message_payload(message, conversation, 3, 1).encode()
		if token:
			return self.world.http.post(f"/webhook/chatwoot/workshop?token={token}", content=body).status_code
		secret = self.world.host.sessions.kept("workshop").chatwoot_secret
		return self._posts("chatwoot", body, chatwoot_signs(body, secret, self.world.clock.now()))

	def goes_out(self) -> None:
		assert self.chatwoot_tells() == 200
		self.world.work()

	def phone_answers(self) -> None:
		body = customer_message("It works", "3AOWN01")
		body["event"]["Info"] |= {"Chat": str(OWN), "Sender": str(OWN), "SenderAlt": "", "IsFromMe": True}
		self.world.clock.advance(1)
		content = json.dumps(body).encode()
		key = self.world.host.sessions.kept("workshop").signing_key
		assert self._posts("wuzapi", content, gateway_signs(content, key)) == 200
		self.world.work()

	def _posts(self, side: str, content: bytes, signed: dict[str, str]) -> int:
		headers = {**signed, "content-type": "application/json"}
		return self.world.http.post(self.address(side), content=content, headers=headers).status_code

	def states(self) -> str:
		return letters(self.admin.asks("/workshop/test"))


def letters(seen: dict[str, Any]) -> str:
	return "".join(step["state"][0] for step in seen["steps"])


@pytest.fixture
def proving(tmp_path) -> Iterator[Proving]:
	with world_in(tmp_path / "data", sessions={}) as world:
		yield Proving(world)


def test_the_whole_path_is_seen_step_by_step(proving):
	begun = proving.admin.does("/workshop/test")
	assert letters(begun) == "owwww"
	assert begun["sentence"] == "The message is on its way."
	assert begun["steps"][1] == {
		"name": "Chatwoot → bridge",
		"state": "waiting",
		"sentence": "Waiting for Chatwoot's webhook.",
		"fix": "",
	}
	proving.goes_out()
	assert proving.states() == "oooww"
	seen = proving.admin.asks("/workshop/test")
	assert (seen["settled"], seen["works"], seen["over"], seen["whole"]) == (True, True, False, False)
	proving.phone_answers()
	assert proving.states() == "ooooo"
	assert proving.admin.asks("/workshop/test")["sentence"] == "The whole path is proved, both ways."
	assert [each.to for each in proving.world.gateways["workshop"].delivered] == [OWN]


def test_a_webhook_that_is_not_believed_is_named(proving):
	proving.admin.does("/workshop/test")
	assert proving.chatwoot_tells("wrong") == 401
	proving.world.clock.advance(16)
	told = proving.admin.asks("/workshop/test")["steps"][1]
	assert told["state"] == "broken"
	assert told["sentence"] == "A webhook came, but was not believed: of Chatwoot, wrong token."
	# One of former times has nothing to do with the next test.
	proving.world.clock.advance(60)
	proving.admin.does("/workshop/test")
	proving.world.clock.advance(16)
	assert "within 15 seconds" in proving.admin.asks("/workshop/test")["steps"][1]["sentence"]


def test_an_uncertain_post_is_told_and_written_once(proving):
	lost = Uncertain("Chatwoot did not answer in time")
	proving.chatwoot.fail_next("create_conversation", lost, after_doing=True)
	seen = proving.admin.does("/workshop/test")
	assert letters(seen) == "bssss"
	assert "Nothing is written twice by itself." in seen["steps"][0]["fix"]
	assert len(proving.chatwoot.messages) == 1
	assert letters(proving.admin.does("/workshop/test")) == "owwww"
	assert len(proving.chatwoot.conversations) == 1


def test_what_cannot_be_tested_is_a_sentence(proving):
	assert proving.admin.get("/workshop/test").status_code == 404
	assert proving.admin.refused("/nobody/test")[0] == 404
	proving.world.users.setup(proving.admin.user.token).fail_next(
		"status", Retriable("The gateway cannot be reached")
	)
	assert proving.admin.refused("/workshop/test") == (502, "The gateway cannot be reached.")
	proving.admin.user.drop()
	assert proving.admin.refused("/workshop/test") == (
		422,
		"The session is not connected to WhatsApp: connect it first.",
	)
	proving.admin.does("/workshop/disconnect", confirm=True)
	assert proving.admin.refused("/workshop/test") == (
		409,
		"Somebody has disconnected this session on purpose: connect it first.",
	)
	assert proving.chatwoot.messages == []


def test_two_at_once_write_one_message(proving):
	create = proving.chatwoot.create_conversation

	def again(*arguments: object, **more: object) -> object:
		assert proving.admin.refused("/workshop/test")[0] == 409
		return create(*arguments, **more)  # type: ignore[arg-type]

	object.__setattr__(
		proving.world.host.clients, "chatwoot", lambda session: Interrupted(proving.chatwoot, again)
	)
	proving.admin.does("/workshop/test")
	assert len(proving.chatwoot.messages) == 1


class Interrupted:
	"""A Chatwoot in the middle of whose call something else happens."""

	def __init__(self, chatwoot: object, create: object) -> None:
		self._chatwoot, self.create_conversation = chatwoot, create

	def __getattr__(self, name: str) -> object:
		return getattr(self._chatwoot, name)


def test_an_old_proof_is_forgotten(proving):
	proving.admin.does("/workshop/test")
	proving.world.clock.advance(3601)
	assert proving.admin.get("/workshop/test").status_code == 404


# ---- from the terminal


class Watched:
	"""Somebody before a terminal: while it pauses, time goes by, and things happen."""

	def __init__(self, proving: Proving, *happens: Any) -> None:
		self.proving, self.happens, self.now = proving, list(happens), 0.0

	def sleep(self, seconds: float) -> None:
		self.now += seconds
		self.proving.world.clock.advance(seconds)
		# The service's own log goes elsewhere.
		with redirect_stdout(io.StringIO()):
			if self.happens:
				self.happens.pop(0)()

	def monotonic(self) -> float:
		return self.now


@pytest.fixture
def prove(proving, monkeypatch):
	def run(*arguments: str, happens: tuple[Any, ...] = ()) -> Any:
		watched = Watched(proving, *happens)
		time = SimpleNamespace(sleep=watched.sleep, monotonic=watched.monotonic)
		monkeypatch.setattr(self_test, "time", time)
		terminal = Terminal(proving.world)
		return terminal("sessions", "test", "workshop", *arguments)

	return run


def test_the_terminal_ends_with_0_when_what_goes_by_itself_is_proved(prove, proving):
	result = prove(happens=(proving.goes_out,))
	assert result.exit_code == 0
	assert result.stdout.splitlines() == [
		f" + bridge → Chatwoot: The message stands in Chatwoot, in conversation {proving.chatwoot.messages[-1].conversation_id}.",
		" . Chatwoot → bridge: Waiting for Chatwoot's webhook.",
		" + Chatwoot → bridge: Chatwoot's webhook about it has come, and is believed.",
		" + bridge → WhatsApp: WhatsApp has taken it: it is on the phone, in the chat with yourself.",
		" . WhatsApp → bridge: Answer it on the phone, in the chat with yourself.",
		"The way to WhatsApp is proved. Answer the message on the phone, in the chat with yourself.",
	]


def test_the_terminal_waits_for_the_answer_if_it_is_told_to(prove, proving):
	result = prove("--wait", "30", happens=(proving.goes_out, proving.phone_answers))
	assert result.exit_code == 0
	assert result.stdout.splitlines()[-1] == "The whole path is proved, both ways."
	result = prove("--wait", "5", happens=(proving.goes_out,))
	assert result.exit_code == 1


def test_the_terminal_ends_with_1_and_the_fix_when_a_step_is_broken(prove):
	result = prove("--wait", "600")
	assert result.exit_code == 1
	assert " ! Chatwoot → bridge: No webhook of Chatwoot has come for it within 15 seconds." in result.stdout
	assert "     Look whether Chatwoot can reach our address" in result.stdout
	assert result.stdout.splitlines()[-1] == "Problem: Chatwoot → bridge."


def test_scripts_get_one_document(prove, proving):
	told = json.loads(prove("--json", happens=(proving.goes_out,)).stdout)
	assert (told["session"], told["works"], letters(told)) == ("workshop", True, "oooww")
