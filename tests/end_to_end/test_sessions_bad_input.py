"""What people get wrong, and what changes behind our back: a sentence each time, no secret in it, and a repeat completes."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from end_to_end.administrator import Administrator, administrator
from end_to_end.session_traffic import SessionTraffic
from processes import free_port, until

from wuzapi_chatwoot.sandbox import defaults

WRONG = "Fictional-Wrong-Token-0123456789abcdef"


@pytest.fixture(scope="module")
def shared(tmp_path_factory) -> Iterator[Administrator]:
	with administrator(tmp_path_factory.mktemp("bad-input")) as admin:
		yield admin


@pytest.fixture
def admin(shared) -> Administrator:
	return shared


class _Page(BaseHTTPRequestHandler):
	"""What a web server shows that is neither a gateway nor a Chatwoot."""

	def do_GET(self) -> None:
		page = b"<!doctype html><title>Welcome</title>"
		self.send_response(200)
		self.send_header("Content-Type", "text/html")
		self.send_header("Content-Length", str(len(page)))
		self.end_headers()
		self.wfile.write(page)

	do_POST = do_GET

	def log_message(self, *about: object) -> None:
		return


@contextmanager
def closed() -> Iterator[str]:
	yield f"http://127.0.0.1:{free_port()}"


@contextmanager
def some_page() -> Iterator[str]:
	with ThreadingHTTPServer(("127.0.0.1", 0), _Page) as server:
		thread = threading.Thread(target=server.serve_forever, args=(0.01,))
		thread.start()
		yield f"http://127.0.0.1:{server.server_address[1]}"
		server.shutdown()
		thread.join()


WRONG_INPUT = [
	("gateway_url", closed, "gateway user", "Nothing answers at the gateway's address"),
	("gateway_url", some_page, "gateway user", "What answered is not WuzAPI"),
	("chatwoot_url", closed, "Chatwoot account", "Chatwoot"),
	("chatwoot_url", some_page, "Chatwoot account", "what answered is not Chatwoot"),
]


@pytest.mark.parametrize(("field", "place", "step", "words"), WRONG_INPUT)
def test_a_wrong_address(admin, request, field, place, step, words):
	name = f"wrong {abs(hash(request.node.name)) % 10**6}"
	with place() as address:
		failed = refused(admin, {**admin.new, "name": name, field: address})
	assert failed["name"] == step
	assert words in failed["sentence"]
	again = admin("", {**admin.new, "name": name})
	assert again["complete"], again


@pytest.mark.parametrize(
	("changes", "step", "words"),
	[
		({"gateway_admin_token": WRONG}, "gateway user", "token"),
		({"gateway_admin_token": None, "gateway_user_token": WRONG}, "gateway user", "token"),
		({"chatwoot_token": WRONG}, "Chatwoot account", "token"),
		({"chatwoot_token": defaults.CHATWOOT_AGENT_TOKEN}, "Chatwoot account", "administrator"),
		({"account_id": defaults.FOREIGN_ACCOUNT_ID}, "Chatwoot account", "account"),
		({"inbox_id": 4711}, "Chatwoot inbox", "inbox"),
	],
)
def test_what_is_refused_is_said_and_a_repeat_completes(admin, request, changes, step, words):
	name = f"wrong {abs(hash(request.node.name)) % 10**6}"
	failed = refused(admin, {**admin.new, "name": name, **changes})
	assert failed["name"] == step, failed
	assert words in failed["sentence"].lower() or words in failed["sentence"], failed
	right = {**admin.new, "name": name, **({"new_inbox": True} if "inbox_id" in changes else {})}
	if "gateway_user_token" in changes:
		# That token is the session's own from now on; a user with it can be made.
		right["gateway_user_token"] = None
	again = admin("", right)
	assert again["complete"], again


def refused(admin: Administrator, given: dict[str, object]) -> dict[str, str]:
	"""The step that failed, and the whole answer, in which no secret may be."""
	answer = admin.ask("", given)
	assert answer.status_code == 200, answer.text
	report = answer.json()
	assert not report["complete"]
	for secret in (WRONG, admin.new["chatwoot_token"], admin.new["gateway_admin_token"]):
		assert secret not in answer.text
	assert defaults.CHATWOOT_AGENT_TOKEN not in answer.text
	[failed] = [each for each in report["steps"] if each["state"] == "failed"]
	return failed


def test_addresses_that_never_answer_are_given_up(admin):
	"""They take the connection; the wizard waits as long as for any call, and says so. Both at once: it takes time."""
	with socket.create_server(("127.0.0.1", 0)) as silent, ThreadPoolExecutor() as pool:
		address = f"http://127.0.0.1:{silent.getsockname()[1]}"
		tries = [
			pool.submit(refused, admin, {**admin.new, "name": f"silent {field}", field: address})
			for field in ("gateway_url", "chatwoot_url")
		]
		assert ["did not answer" in each.result()["sentence"] for each in tries] == [True, True]


def test_an_inbox_deleted_behind_our_back(admin):
	name = "deleted"
	report = admin.sets_up(name=name)
	admin.pairs(name, "447700903055")
	admin.until_state("connected", name)
	admin.in_chatwoot("DELETE", f"/inboxes/{report['inbox_id']}")
	found = admin.broken(name)
	assert [each["step"] for each in found][:1] == ["Chatwoot inbox"], found
	user = admin.seen(name)["id"]
	said = {"user": user, "customer": "447700904001"}
	admin.sandbox.control("phone/send", {**said, "text": "Meanwhile"})

	def waits() -> bool:
		waiting = admin.bridge.get("/events?state=waiting")["events"]
		return any("is gone from Chatwoot" in (each["last_error"] or "") for each in waiting)

	until(waits, "the message has been tried, and waits")
	again = admin("", {**admin.new, "name": name})
	assert again["complete"], again
	assert again["inbox_id"] != report["inbox_id"]
	admin.sandbox.control("phone/send", {**said, "text": "Afterwards"})
	traffic = SessionTraffic(admin.sandbox, admin.bridge, [], user=user, inbox=again["inbox_id"])

	def shown() -> list[str]:
		return [each["content"] for found in traffic.conversations() for each in found["messages"]]

	until(lambda: shown() == ["Meanwhile", "Afterwards"], "both messages have come, in order")
	assert admin.broken(name) == []
