"""`sessions connect`: pairing in a terminal, by a picture or by a code that is typed."""

from __future__ import annotations

import json
import os
from collections.abc import Callable

import pytest
from standalone.admin_world import OWN, PICTURE
from standalone.command_world import Terminal, ready, terminal
from standalone.workshop_world import notes

from wuzapi_chatwoot.bridge.model.errors import Retriable
from wuzapi_chatwoot.bridge.model.events import SessionChanged, SessionState
from wuzapi_chatwoot.sandbox.gateway.qr_picture import qr_data_url
from wuzapi_chatwoot.standalone_host.commands import pairing

__all__ = ["ready", "terminal"]


@pytest.fixture
def moments(monkeypatch) -> Callable[..., list[Callable[[], object]]]:
	"""What happens on the phone, one thing a pause. Time passes with the pauses."""
	passed = [0.0]
	monkeypatch.setattr(pairing.time, "monotonic", lambda: passed[0])

	def plan(*acts: Callable[[], object]) -> list[Callable[[], object]]:
		left = list(acts)

		def pause(seconds: float) -> None:
			passed[0] += seconds
			if left:
				left.pop(0)()

		monkeypatch.setattr(pairing.time, "sleep", pause)
		return left

	return plan


def paired(ready: Terminal) -> None:
	ready.admin.user.pair(OWN)


def knows_number(ready: Terminal) -> None:
	ready.admin.user.used_address = OWN


def test_from_picture_to_connected(ready, moments):
	first, second = qr_data_url("first"), qr_data_url("second")
	user = ready.admin.user
	left = moments(
		lambda: user.show_qr(first),
		lambda: None,
		lambda: user.show_qr(second),
		lambda: None,
		lambda: paired(ready),
		lambda: knows_number(ready),
	)
	result = ready("sessions", "connect", "workshop")
	assert result.exit_code == 0, result.output
	assert left == []
	assert result.stdout.splitlines()[-1] == "workshop: Connected as +1 202-555-0100."
	# Each picture once, however often it was asked for.
	assert result.stdout.count("then scan the picture") == 2
	assert result.stdout.count("█") > 200
	assert "\x1b" not in result.stdout


def test_a_banned_number_is_not_connected_again_and_again(ready, moments):
	def refuses() -> None:
		ready.admin.user.connected = False
		change = SessionChanged(SessionState.BANNED, banned_for_seconds=3600)
		ready.world.host.store.note_session_change("workshop", change, ready.world.clock.now())

	moments(refuses)
	result = ready("sessions", "connect", "workshop")
	assert result.exit_code == 1
	assert result.stderr.startswith("WhatsApp has banned the number until ")
	assert ready.world.users.setup(ready.admin.user.token).count("connect") == 1


def test_in_a_terminal_the_picture_takes_the_place_of_the_one_before(capsys, monkeypatch):
	screen = pairing._Screen(quiet=False)
	monkeypatch.setattr(type(screen._stream), "isatty", lambda stream: True, raising=False)
	monkeypatch.setattr(pairing.shutil, "get_terminal_size", lambda: os.terminal_size((20, 10)))
	for text in ("one\ntwo", "one\ntwo", "x" * 30, "end"):
		screen.show(text)
	assert capsys.readouterr().out == f"one\ntwo\n\x1b[2A\x1b[J{'x' * 30}\n\x1b[2A\x1b[Jend\n"


def test_for_scripts_only_the_end_is_on_standard_output(ready, moments):
	user = ready.admin.user
	moments(lambda: user.show_qr(qr_data_url("x")), lambda: (paired(ready), knows_number(ready)))
	result = ready("sessions", "connect", "workshop", "--json")
	told = json.loads(result.stdout)
	assert (told["session"], told["phase"], told["number"]) == ("workshop", "connected", "+1 202-555-0100")
	assert "█" in result.stderr


def test_when_the_codes_have_run_out_others_are_asked_for(ready, moments):
	user, clock = ready.admin.user, ready.world.clock

	def expires() -> None:
		clock.advance(30)
		user.expire_qr()
		notes(ready.world, SessionState.FAILED, detail="nobody scanned the code in time")

	moments(
		lambda: user.show_qr(qr_data_url("x")),
		expires,
		lambda: user.show_qr(qr_data_url("y")),
		lambda: (paired(ready), knows_number(ready)),
	)
	assert ready("sessions", "connect", "workshop").exit_code == 0
	assert ready.world.users.setup(user.token).count("connect") == 2


def test_by_a_code_that_is_typed(ready, moments):
	user = ready.admin.user
	moments(
		lambda: user.show_qr(PICTURE),
		lambda: user.show_qr(qr_data_url("x")),
		lambda: (paired(ready), knows_number(ready)),
	)
	result = ready("sessions", "connect", "workshop", "--phone", "+12025550100")
	assert result.exit_code == 0
	assert result.stdout.count("Type ABCD-EFGH on that phone") == 1
	assert "█" not in result.stdout


def test_nobody_scans(ready, moments):
	moments()
	result = ready("sessions", "connect", "workshop", "--timeout", "10")
	assert (result.exit_code, result.stderr) == (5, "Nobody has paired workshop within 10 seconds.\n")


def test_a_picture_that_cannot_be_drawn_is_no_end(ready, moments):
	user = ready.admin.user
	moments(lambda: user.show_qr(PICTURE), lambda: (paired(ready), knows_number(ready)))
	result = ready("sessions", "connect", "workshop")
	assert result.exit_code == 0
	assert (
		"The gateway gave no PNG picture. Take the admin page, or --phone for a code to type."
		in result.stdout
	)


def test_a_gateway_that_is_down(ready):
	ready.world.users.setup(ready.admin.user.token).fail_next("status", Retriable("nothing answers there"))
	result = ready("sessions", "connect", "workshop")
	assert (result.exit_code, result.stderr) == (1, "Nothing answers there.\n")
