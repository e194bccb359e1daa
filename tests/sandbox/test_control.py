"""The control API, the page, and the life of the process."""

import json
import signal
import socket
import subprocess
import sys

import pytest
import requests

from wuzapi_chatwoot.sandbox.process import PACKAGE_FOLDER, SandboxProcess, wait_until

ANA = "447700900123"


def test_many_customers_write_many_messages(sandbox, receiver):
	sent = sandbox.control("phone/send", {"customers": 5, "prefix": "m", "count": 4})
	assert sent["sent"] == 20
	bodies = receiver.wait("wuzapi", 20)
	assert len({body["event"]["Info"]["Chat"] for body in bodies}) == 5
	assert len({body["event"]["Info"]["ID"] for body in bodies}) == 20


def test_sending_in_the_background_answers_at_once(sandbox, receiver):
	body = {"customer": ANA, "prefix": "m", "count": 3, "interval_ms": 5, "background": True}
	assert sandbox.control("phone/send", body)["sent"] == 0
	receiver.wait("wuzapi", 3)


def test_agent_finds_a_conversation_by_customer(sandbox, account):
	conversation = account.conversation()
	attachments = [{"kind": "image", "name": "cake.jpg"}]
	sent = sandbox.control("agent/send", {"customer": ANA, "text": "Hi", "attachments": attachments})
	assert sent["conversation_id"] == conversation["id"]
	(shown,) = sandbox.control("chatwoot/conversations")["conversations"]
	assert shown["messages"][0]["attachments"][0]["name"] == "cake.jpg"


def test_state_shows_both_worlds(sandbox, account):
	account.conversation(message={"content": "Hello", "message_type": "incoming"})
	sandbox.control("phone/send", {"customer": ANA, "kind": "image", "caption": "Look"})
	state = sandbox.control("state?limit=1")
	assert state["chats"][0]["messages"][0]["text"] == "Look"
	assert state["conversations"][0]["messages"][0]["content"] == "Hello"
	assert state["switches"]["chatwoot_down"] is False
	assert state["bridge"]["reachable"] is None


def test_files_are_served_so_that_they_cannot_run_as_part_of_the_page(sandbox):
	body = {"customer": ANA, "kind": "document", "name": "x.html", "mimetype": "text/html", "data": "PGI+"}
	sent = sandbox.control("phone/send", body)["messages"][0]
	answer = requests.get(f"{sandbox.page}/control/files/phone/{sent['id']}", timeout=30)
	assert answer.content == b"<b>"
	assert answer.headers["Content-Security-Policy"] == "sandbox"
	assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
	("path", "body", "status"),
	[
		("phone/send", {"text": "to whom?"}, 400),
		("phone/send", {"customer": "nobody at all"}, 400),
		("phone/send", {"customer": ANA, "kind": "telepathy"}, 400),
		("phone/send", {"customer": ANA, "kind": "delete", "target": "3A0"}, 404),
		("phone/send", {"customer": "5511900000001", "to_group": True}, 400),
		("agent/send", {"conversation_id": 1, "text": "x"}, 404),
		("agent/retry", {"message_id": 1}, 404),
	],
)
def test_requests_that_make_no_sense_are_refused_in_words(sandbox, path, body, status):
	answer = requests.post(f"{sandbox.page}/control/{path}", json=body, timeout=30)
	assert answer.status_code == status
	assert answer.json()["error"]


def test_events_tell_of_changes(sandbox):
	with requests.get(f"{sandbox.page}/control/events", stream=True, timeout=30) as stream:
		lines = stream.iter_lines()
		first = next(line for line in lines if line.startswith(b"data: "))
		sandbox.control("phone/send", {"customer": ANA, "text": "Hi"})
		second = next(line for line in lines if line.startswith(b"data: "))
	assert int(second[6:]) > int(first[6:])


def test_page_needs_nothing_from_elsewhere(sandbox):
	page = requests.get(f"{sandbox.page}/", timeout=30)
	assert page.status_code == 200
	assert "http://" not in page.text.replace("http://www.w3.org", "")
	assert "https://" not in page.text
	assert requests.get(f"{sandbox.page}/nothing.js", timeout=30).status_code == 404


def test_reset_forgets_messages_but_never_uses_an_id_again(sandbox, account):
	first = account.conversation()
	sandbox.control("phone/send", {"customer": ANA, "text": "Hi"})
	sandbox.switch(chatwoot_delay_ms=5)
	sandbox.control("reset", {})
	assert sandbox.control("chatwoot/conversations") == {"conversations": []}
	assert sandbox.control(f"phone/chats/{ANA}")["messages"] == []
	assert sandbox.control("switches")["chatwoot_delay_ms"] == 0
	assert account.conversation()["id"] > first["id"]


def test_old_messages_are_let_go_when_told_to_keep_few(receiver_process):
	with SandboxProcess("--keep", "10", bridge_url=receiver_process.url) as sandbox:
		sandbox.control("phone/send", {"customer": ANA, "prefix": "m", "count": 200})
		messages = sandbox.control(f"phone/chats/{ANA}")["messages"]
	assert 10 <= len(messages) <= 20
	assert messages[-1]["text"] == "m200"


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
def test_process_stops_at_once_even_while_somebody_watches(stop):
	child = _started("--port", "0", "--gateway-port", "0", "--chatwoot-port", "0")
	try:
		page = json.loads(child.stdout.readline())["page"]
		with requests.get(f"{page}/control/events", stream=True, timeout=30) as stream:
			next(stream.iter_lines())
			child.send_signal(stop)
			assert child.wait(30) == 0
	finally:
		_ended(child)


def test_busy_port_is_named(sandbox):
	port = sandbox.gateway.rpartition(":")[2]
	child = _started("--port", "0", "--gateway-port", port, "--chatwoot-port", "0")
	try:
		_, errors = child.communicate(timeout=30)
	finally:
		_ended(child)
	assert child.returncode == 1
	assert f"port {port} (gateway) is in use".encode() in errors
	assert b"--gateway-port" in errors


def test_ports_are_free_again_afterwards(receiver_process):
	with SandboxProcess(bridge_url=receiver_process.url) as sandbox:
		port = int(sandbox.page.rpartition(":")[2])
	with socket.socket() as probe:
		assert wait_until(lambda: probe.connect_ex(("127.0.0.1", port)) != 0)


def _started(*arguments):
	return subprocess.Popen(
		[sys.executable, "-m", "wuzapi_chatwoot.sandbox", *arguments],
		cwd=PACKAGE_FOLDER,
		stdout=subprocess.PIPE,
		stderr=subprocess.PIPE,
	)


def _ended(child):
	if child.poll() is None:
		child.kill()
		child.wait()
	child.stdout.close()
	child.stderr.close()
