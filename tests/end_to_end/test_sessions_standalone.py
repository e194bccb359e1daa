"""A session from nothing to connected, through the admin API: real processes, the gateway's traps included."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from end_to_end.administrator import PHONE, Administrator, administrator
from processes import PATIENCE, ROOT, until

from wuzapi_chatwoot.sandbox.options import GATEWAY_ADMIN_TOKEN


@pytest.fixture
def admin(tmp_path) -> Iterator[Administrator]:
	with administrator(tmp_path) as admin:
		yield admin


@pytest.fixture
def admin_of_agents(tmp_path) -> Iterator[Administrator]:
	"""Whose agent may ask the bridge."""
	with administrator(tmp_path, CONTROL_AGENTS="rafael.lima@example.com") as admin:
		yield admin


def verdict(findings: list[dict[str, Any]], step: str) -> str:
	return next(each["verdict"] for each in findings if each["step"] == step)


def test_from_nothing_to_connected_and_back_to_nothing(admin):
	report = admin("", admin.new)
	assert report["complete"], report
	admin.pairs()
	until(lambda: admin("/workshop/pairing")["name"], "what the number is called")
	assert admin("/workshop/pairing")["sentence"] == "Connected as +44 7700 903001 (Shop 3001)."
	shown = admin.until_state("connected")
	assert shown["number"] == "+44 7700 903001"

	findings = admin("/workshop/doctor")["findings"]
	broken = [each for each in findings if each["verdict"] == "broken"]
	assert broken == []
	# The gateway has told of its connection, and was believed.
	assert verdict(findings, "webhooks of the gateway") == "ok"

	done = admin("/workshop/rotate", {})
	assert done["complete"], done
	assert [each["verdict"] for each in admin("/workshop/doctor")["findings"]].count("broken") == 0

	ended = admin(
		"/workshop/delete",
		{
			"confirm": True,
			"remove_made": True,
			"gateway_admin_token": GATEWAY_ADMIN_TOKEN,
			"inbox_name": "workshop",
		},
	)
	assert ended["done"], ended
	assert admin()["sessions"] == []
	names = [each["name"] for each in admin.sandbox.control("gateway/users")["users"]]
	assert "workshop" not in names


def states(seen: dict[str, Any]) -> list[str]:
	return [step["state"] for step in seen["steps"]]


def test_a_message_to_oneself_proves_the_whole_path(admin):
	admin("", admin.new)
	admin.pairs()
	admin.until_state("connected")
	assert states(admin("/workshop/test", {}))[0] == "ok"
	until(lambda: admin("/workshop/test")["works"], "everything that goes by itself")
	seen = admin("/workshop/test")
	assert states(seen) == ["ok", "ok", "ok", "waiting", "waiting"]
	assert seen["sentence"].endswith("Answer the message on the phone, in the chat with yourself.")

	user = admin.seen()["id"]
	answer = {"user": user, "customer": PHONE, "kind": "text", "text": "It works", "from_me": True}
	admin.sandbox.control("phone/send", answer)
	until(lambda: admin("/workshop/test")["whole"], "the answer is in Chatwoot")
	# In Chatwoot it is one conversation, with the number itself, and both are in it.
	[conversation] = [
		each
		for each in admin.sandbox.control("chatwoot/conversations")["conversations"]
		if each["contact"]["phone_number"] == f"+{PHONE}"
	]
	assert conversation["contact"]["name"] == "workshop (+44 7700 903001)"
	test, answered = conversation["messages"]
	assert (test["source_id"], test["message_type"], test["private"]) == (None, "outgoing", False)
	assert test["content"].startswith("A test of the bridge (workshop, ")
	assert (answered["content"], answered["message_type"]) == ("It works", "outgoing")
	assert admin.sandbox.control("counters")["gateway"]["messages"]["sent_by_api"] == 1


def test_a_chatwoot_that_does_not_tell_is_the_step_that_is_broken(admin):
	admin("", admin.new)
	admin.pairs()
	admin.until_state("connected")
	admin.sandbox.switch(notify_bridge=False)
	admin("/workshop/test", {})
	seen = until(
		lambda: shown if (shown := admin("/workshop/test"))["settled"] else None, "that nothing comes"
	)
	assert states(seen) == ["ok", "broken", "skipped", "skipped", "skipped"]
	assert seen["steps"][1]["sentence"] == "No webhook of Chatwoot has come for it within 15 seconds."


def test_from_a_terminal(admin):
	admin("", admin.new)

	def run(*arguments: str) -> subprocess.Popen[str]:
		environment = {**admin.bridge.environment, "PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)}
		return subprocess.Popen(
			[sys.executable, "-m", "wuzapi_chatwoot.standalone_host", *arguments],
			env=environment,
			cwd=admin.bridge.folder,
			stdout=subprocess.PIPE,
			stderr=subprocess.PIPE,
			text=True,
		)

	connecting = run("sessions", "connect", "workshop")
	until(lambda: admin("/workshop/pairing")["qr"], "a code to scan")
	admin.sandbox.control("phone/scan", {"user": admin.seen()["id"], "phone": PHONE})
	shown, trouble = connecting.communicate(timeout=PATIENCE)
	assert (connecting.returncode, trouble) == (0, "")
	assert shown.splitlines()[-1] == "workshop: Connected as +44 7700 903001 (Shop 3001)."
	admin.until_state("connected")
	listed, _ = run("sessions", "list").communicate(timeout=PATIENCE)
	assert listed == "workshop (+44 7700 903001, Shop 3001): Connected to WhatsApp.\n"
	proving = run("sessions", "test", "workshop", "--json")
	told, trouble = proving.communicate(timeout=PATIENCE)
	assert (proving.returncode, trouble) == (0, "")
	assert states(json.loads(told))[:3] == ["ok", "ok", "ok"]


def test_disconnected_on_purpose_it_is_left_alone(admin):
	admin("", admin.new)
	admin.pairs()
	admin.until_state("connected")
	assert admin("/workshop/disconnect", {"confirm": True})["done"]
	assert admin("/workshop")["state"] == "disconnected"
	assert admin.seen()["clients"] == 0
	admin.bridge.stop()
	admin.bridge.start()
	assert admin("/workshop")["state"] == "disconnected"


def test_a_session_is_there_after_a_restart_and_the_watchdog_tells_how_it_stands(admin):
	admin("", admin.new)
	admin.pairs()
	admin.until_state("connected")
	admin.bridge.kill()
	admin.sandbox.control("phone/unlink", {"user": admin.seen()["id"]})
	admin.bridge.start()
	admin.until_state("logged_out")


def test_what_somebody_changes_at_the_gateway_is_mended(admin):
	"""The address it posts to, and whether it signs: each is a trap of WuzAPI's own, too."""
	admin("", admin.new)
	admin.pairs()
	admin.until_state("connected")
	right = admin.at_gateway("GET", "/webhook")
	admin.at_gateway("POST", "/webhook", {"webhookurl": "http://127.0.0.1:9/elsewhere"})
	until(lambda: admin.at_gateway("GET", "/webhook") == right, "the webhook is set again")
	until(
		lambda: (
			set(admin.at_gateway("GET", "/session/status")["events"].split(",")) == set(right["subscribe"])
		),
		"and used",
	)
	admin.at_gateway("DELETE", "/session/hmac/config")
	until(lambda: admin.at_gateway("GET", "/session/status")["hmac_configured"], "it signs again")


def test_a_restart_of_the_gateway_is_survived(admin):
	admin("", admin.new)
	admin.pairs()
	admin.until_state("connected")
	admin.sandbox.control("gateway/restart", {})
	until(lambda: admin("/workshop/pairing")["phase"] == "connected", "it is back")
	admin.until_state("connected")
	assert [each["verdict"] for each in admin("/workshop/doctor")["findings"]].count("broken") == 0
	assert admin.seen()["clients"] == 1


def test_an_agent_pairs_the_number_in_the_bridges_own_conversation(admin_of_agents):
	admin = admin_of_agents
	admin("", admin.new)

	def conversation() -> dict[str, Any] | None:
		shown = admin.sandbox.control("chatwoot/conversations")["conversations"]
		return next((each for each in shown if each["contact"]["identifier"] == "bridge@control"), None)

	def said() -> list[dict[str, Any]]:
		found = conversation()
		return [each for each in found["messages"] if each["message_type"] == "incoming"] if found else []

	greeting = until(said, "the bridge's greeting")[0]
	assert greeting["content"].startswith("I am the bridge to WhatsApp. I understand:")

	def asks(text: str) -> dict[str, Any]:
		before = len(said())
		admin.sandbox.control("agent/send", {"conversation_id": conversation()["id"], "text": text})
		return until(lambda: said()[before:], f"an answer to {text}")[0]

	scan = asks("qr")
	assert [each["file_type"] for each in scan["attachments"]] == ["image"]
	admin.sandbox.control("phone/scan", {"user": admin.seen()["id"], "phone": PHONE})
	admin.until_state("connected")
	assert asks("status")["content"] == "**+44 7700 903001**: Connected to WhatsApp."
	# Nothing of all this was sent to anybody on WhatsApp.
	assert admin.sandbox.control("counters")["gateway"]["messages"].get("sent_by_api", 0) == 0
