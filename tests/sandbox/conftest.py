"""A sandbox as a child process, and in place of the bridge a receiver that keeps what it is sent."""

import contextlib
import json
import shutil
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import requests
from playwright.sync_api import expect, sync_playwright

from wuzapi_chatwoot.sandbox import defaults
from wuzapi_chatwoot.sandbox.process import SandboxProcess, wait_until

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = (
	"--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
	"--disable-component-update --disable-sync"
)


class Receiver:
	"""Takes webhooks as the bridge would, and answers as it is told."""

	def __init__(self):
		self.clear()
		receiver = self

		class Handler(BaseHTTPRequestHandler):
			protocol_version = "HTTP/1.1"

			def do_POST(self):
				body = self.rfile.read(int(self.headers["Content-Length"]))
				status = receiver.take(self.path, dict(self.headers.items()), body)
				self.send_response(status)
				self.send_header("Content-Length", "0")
				self.end_headers()

			def log_message(self, *arguments):
				pass

		server_class = type("Server", (ThreadingHTTPServer,), {"request_queue_size": 128})
		self._server = server_class(("127.0.0.1", 0), Handler)
		self._server.daemon_threads = True
		self.url = f"http://127.0.0.1:{self._server.server_port}"
		self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
		self._thread.start()

	def clear(self):
		self.requests = []
		self.statuses = []

	def take(self, path, headers, body):
		status = self.statuses.pop(0) if self.statuses else 200
		self.requests.append((path, headers, body, status))
		return status

	def bodies(self, side, **wanted):
		"""Every JSON body that came for one side and has these top-level values."""
		found = [json.loads(body) for path, _, body, _ in list(self.requests) if path == f"/webhook/{side}"]
		return [each for each in found if all(each.get(key) == value for key, value in wanted.items())]

	def wait(self, side, count=1, **wanted):
		"""Wait until so many of them are there, and return them."""
		wait_until(lambda: len(self.bodies(side, **wanted)) >= count)
		return self.bodies(side, **wanted)

	def stop(self):
		self._server.shutdown()
		self._server.server_close()
		self._thread.join()


class Api:
	"""A client of one simulated server."""

	def __init__(self, url, headers):
		self.url = url
		self.session = requests.Session()
		self.session.trust_env = False
		self.session.headers["Connection"] = "close"
		self.session.headers.update(headers)

	def __call__(self, method, path, body=None, **options):
		return self.session.request(method, self.url + path, json=body, timeout=30, **options)


@pytest.fixture(scope="session")
def receiver_process():
	receiver = Receiver()
	yield receiver
	receiver.stop()


@pytest.fixture(scope="session")
def sandbox_process(receiver_process):
	with SandboxProcess("--seed", "7", bridge_url=receiver_process.url) as sandbox:
		yield sandbox


@pytest.fixture
def sandbox(sandbox_process, receiver_process):
	counted = sandbox_process.control("counters").values()
	with contextlib.suppress(AssertionError):
		# Those that a test had refused are tried again for longer than it is worth waiting.
		_let_arrive(
			sandbox_process, 0.3 if any(side["webhooks"]["failed_attempts"] for side in counted) else 10
		)
	sandbox_process.control("reset", {})
	# As long as a connect really takes is for the tests that are about it.
	sandbox_process.switch(gateway_connect_ms=10)
	receiver_process.clear()
	return sandbox_process


def _let_arrive(sandbox, seconds):
	"""Wait for the webhooks of what was done, or they would arrive in what comes next."""

	def arrived():
		counted = sandbox.control("counters").values()
		return not any(side["webhooks"]["under_way"] for side in counted)

	wait_until(arrived, seconds)


@pytest.fixture
def receiver(sandbox, receiver_process):
	return receiver_process


@pytest.fixture
def forget_webhooks(sandbox, receiver):
	"""Forgets what came so far, all of it: webhooks come in any order, so having one says nothing of another."""

	def forget():
		_let_arrive(sandbox, 10)
		receiver.clear()

	return forget


@pytest.fixture
def gateway(sandbox):
	api = Api(sandbox.gateway, {"token": defaults.GATEWAY_TOKEN})
	yield api
	api.session.close()


@pytest.fixture
def chatwoot(sandbox):
	api = Api(sandbox.chatwoot, {"api-access-token": defaults.CHATWOOT_TOKEN})
	yield api
	api.session.close()


class Account:
	"""The few Chatwoot calls that most tests begin with."""

	base = f"/api/v1/accounts/{defaults.ACCOUNT_ID}"

	def __init__(self, chatwoot):
		self.chatwoot = chatwoot

	def contact(self, number="447700900123", **fields):
		jid = f"{number}@s.whatsapp.net"
		body = {"name": "Ana Example", "phone_number": f"+{number}", "identifier": jid}
		body |= {"inbox_id": defaults.INBOX_ID, "source_id": jid, **fields}
		answer = self.chatwoot("POST", f"{self.base}/contacts", body)
		assert answer.status_code == 200, answer.text
		return answer.json()["payload"]["contact"]

	def conversation(self, **fields):
		contact = self.contact()
		body = {"inbox_id": defaults.INBOX_ID, "contact_id": contact["id"]}
		body |= {"source_id": contact["contact_inboxes"][0]["source_id"], **fields}
		answer = self.chatwoot("POST", f"{self.base}/conversations", body)
		assert answer.status_code == 200, answer.text
		return answer.json()

	def write(self, conversation, content="Hello", **fields):
		path = f"{self.base}/conversations/{conversation['id']}/messages"
		return self.chatwoot("POST", path, {"content": content, **fields})


@pytest.fixture
def account(chatwoot):
	return Account(chatwoot)


@pytest.fixture(scope="module")
def browser():
	# `make test` installs one: none is a failure, not a reason to skip.
	assert CHROMIUM, "Chromium is needed for the browser tests"
	expect.set_options(timeout=30_000)
	with sync_playwright() as playwright:
		browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS.split())
		yield browser
		browser.close()


@pytest.fixture
def page(browser, sandbox):
	page = browser.new_page(viewport={"width": 1280, "height": 800})
	page.set_default_timeout(30_000)
	complaints = []
	page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
	page.on("pageerror", lambda error: complaints.append(str(error)))
	page.goto(sandbox.page)
	# Until it knows the people, a browser lets nobody touch the form; a test could still hand it a file.
	page.wait_for_selector("#phone-form:not([inert])")
	yield page
	page.close()
	assert complaints == []
