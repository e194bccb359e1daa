"""The commands for sessions that are there: ending them, new secrets, the doctor."""

from __future__ import annotations

import pytest
from standalone.admin_world import GATEWAY_ADMIN
from standalone.command_world import Terminal, ready, terminal
from standalone_world import a_dead_event, world_in

from wuzapi_chatwoot.bridge.model.errors import Permanent

__all__ = ["ready", "terminal"]


@pytest.mark.parametrize(
	("command", "done"),
	[
		("disconnect", "It is disconnected, and stays so until somebody connects it."),
		("logout", "The pairing has ended."),
		("delete", "The session is deleted."),
	],
)
def test_an_ending_says_what_is_lost_and_asks(ready, command, done):
	ready.admin.pairs()
	asked = ready("sessions", command, "workshop", input="n\n")
	assert asked.exit_code == 1
	assert asked.stderr.count("\n  ") >= 1
	assert "? [y/N]" in asked.stderr
	assert ready.admin.user.logged_in
	assert ready.world.host.sessions.names == ["workshop"]
	result = ready("sessions", command, "workshop", input="y\n")
	assert (result.exit_code, result.stdout.splitlines()[-1]) == (0, done)


def test_scripts_are_not_asked(ready):
	answer = ready.json(
		"sessions", "delete", "workshop", "--yes", "--remove-made", "--inbox-name", "workshop",
		GATEWAY_ADMIN_TOKEN=GATEWAY_ADMIN,
	)  # fmt: skip
	assert answer["done"]
	assert ready.world.users.accounts == {}
	assert ready("sessions", "delete", "workshop", "--yes").exit_code == 1


def test_what_could_not_be_removed_ends_with_1(ready):
	assert (
		"Type the name of the inbox"
		in ready("sessions", "delete", "workshop", "--yes", "--remove-made").output
	)
	result = ready("sessions", "delete", "workshop", "--remove-made", input="workshop\ny\n")
	assert result.exit_code == 1
	assert len(ready.world.inboxes.account) == 1
	assert " ! gateway user: removing a user takes the gateway administrator's token" in result.stdout


@pytest.mark.parametrize(
	("only", "steps"), [((), 2), (("--only", "gateway"), 1), (("--only", "chatwoot"), 1)]
)
def test_secrets_are_replaced(ready, only, steps):
	result = ready("sessions", "rotate", "workshop", *only)
	assert result.exit_code == 0
	assert result.stdout.count(" + ") == steps
	ready.world.inboxes.fail_next("new_secret", Permanent("no"))
	assert ready("sessions", "rotate", "workshop", "--only", "chatwoot").exit_code == 1


def test_the_doctor_ends_with_1_where_something_is_broken(ready):
	result = ready("doctor")
	assert result.exit_code == 1
	assert " ! WhatsApp: The session is not connected.\n     Connect it.\n" in result.stdout
	report = ready.json("doctor", "workshop")["workshop"]
	assert not report["healthy"]
	assert ready("doctor", "nobody").stderr == "There is no session 'nobody'.\n"


def test_the_doctor_tells_of_one_event_that_was_given_up(tmp_path):
	with world_in(tmp_path / "data") as world:
		a_dead_event(world)
		told = Terminal(world)("doctor").stdout
		assert " ? queue: 1 event was given up, of one session or another.\n" in told


def test_a_doctor_without_patients(terminal):
	result = terminal("doctor")
	assert (result.exit_code, result.stdout) == (0, "There is no session.\n")
