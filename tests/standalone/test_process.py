"""The command as people run it: what it refuses to start with, and how it ends."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import requests
from standalone_world import agent_message, customer_message, gateway_signature

pytestmark = pytest.mark.processes
ROOT = Path(__file__).resolve().parents[2]
SECRETS = ("Fictional-Hmac-Key", "Fictional-User-Token", "Fictional-Api-Key", "Fictional-Password")
NEEDED = {
	"CHATWOOT_URL": "http://127.0.0.1:9",
	"CHATWOOT_API_KEY": "Fictional-Api-Key",
	"CHATWOOT_ACCOUNT_ID": "3",
	"CHATWOOT_INBOX_ID": "7",
	"WUZAPI_URL": "http://127.0.0.1:9",
	"WUZAPI_USER_TOKEN": "Fictional-User-Token",
	"WUZAPI_HMAC_KEY": "Fictional-Hmac-Key",
	"PORT": "0",
	"SETTLE_SECONDS": "0",
}
COMMAND = (sys.executable, "-m", "wuzapi_chatwoot.standalone_host", "serve")


def environment(**variables: str) -> dict[str, str]:
	return {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "error", **variables}


def serve(folder: Path, **variables: str) -> subprocess.CompletedProcess[str]:
	"""Run it where it must refuse to start."""
	return subprocess.run(
		COMMAND, cwd=folder, env=environment(**variables), capture_output=True, text=True, timeout=60
	)


def refusal(done: subprocess.CompletedProcess[str]) -> list[str]:
	"""The sentences, when there is nothing else."""
	assert done.returncode == 2
	for secret in SECRETS:
		assert secret not in done.stdout + done.stderr
	sentences = done.stderr.splitlines()
	assert all(sentence[0].isupper() and sentence.endswith(".") for sentence in sentences)
	return sentences


class Bridge:
	"""A running bridge."""

	def __init__(self, folder: Path, **variables: str) -> None:
		self.child = subprocess.Popen(
			COMMAND,
			cwd=folder,
			env=environment(**(NEEDED | variables)),
			stdout=subprocess.PIPE,
			stderr=subprocess.PIPE,
			text=True,
		)
		self.lines: list[dict[str, object]] = []
		self.http = requests.Session()
		self.http.trust_env = False
		self.http.headers["Connection"] = "close"
		self.url = f"http://127.0.0.1:{self.wait_for('listening')['port']}"

	def wait_for(self, event: str, **values: object) -> dict[str, object]:
		"""Read the log up to such a line."""
		assert self.child.stdout is not None
		for text in self.child.stdout:
			line = json.loads(text)
			self.lines.append(line)
			if line["event"] == event and values.items() <= line.items():
				return line
		raise AssertionError(f"it ended without the line {event}: {self.child.communicate()}")

	def gateway_tells(self, hook: dict[str, object]) -> requests.Response:
		body = json.dumps(hook).encode()
		headers = {"x-hmac-signature": gateway_signature(body), "content-type": "application/json"}
		return self.http.post(f"{self.url}/webhook/wuzapi", data=body, headers=headers, timeout=20)

	def end(self, number: int = signal.SIGTERM) -> tuple[int, str]:
		"""Its exit code and what it wrote to stderr."""
		self.child.send_signal(number)
		out, err = self.child.communicate(timeout=40)
		self.lines += [json.loads(text) for text in out.splitlines()]
		return self.child.returncode, err

	def close(self) -> None:
		self.http.close()
		if self.child.poll() is None:
			self.child.kill()
		self.child.communicate()


@pytest.fixture
def start(tmp_path: Path) -> Iterator[object]:
	running: list[Bridge] = []

	def start(**variables: str) -> Bridge:
		running.append(Bridge(tmp_path, **variables))
		return running[-1]

	yield start
	for bridge in running:
		bridge.close()


# ---- refusing to start


def test_missing_settings(tmp_path):
	done = serve(tmp_path)
	assert refusal(done) == [
		"CHATWOOT_URL is not set.",
		"CHATWOOT_API_KEY is not set.",
		"CHATWOOT_ACCOUNT_ID is not set.",
		"CHATWOOT_INBOX_ID is not set.",
		"WUZAPI_URL is not set.",
		"WUZAPI_USER_TOKEN is not set.",
	]
	assert done.stdout == ""


def test_the_console_script_is_the_same_command(tmp_path):
	script = Path(sys.executable).parent / "wuzapi-chatwoot"
	if not script.exists():
		pytest.skip("the package is not installed")
	done = subprocess.run(
		[script, "serve"], cwd=tmp_path, env=environment(**NEEDED, HOST="no.such.host.invalid"),
		capture_output=True, text=True, timeout=60,
	)  # fmt: skip
	[sentence] = refusal(done)
	assert sentence.startswith("Cannot listen on no.such.host.invalid port 0 (")


def test_a_busy_port(tmp_path):
	with socket.create_server(("127.0.0.1", 0)) as taken:
		port = str(taken.getsockname()[1])
		done = serve(tmp_path, **(NEEDED | {"PORT": port}))
	assert refusal(done) == [
		f"Cannot listen on 127.0.0.1 port {port} (Address already in use); set HOST or PORT."
	]


def test_a_data_folder_in_use(tmp_path, start):
	start()
	done = serve(tmp_path, **NEEDED)
	assert refusal(done) == ["DATA_DIR data is in use by another running bridge."]


def test_a_data_folder_that_is_none(tmp_path):
	(tmp_path / "data").write_text("a file")
	done = serve(tmp_path, **NEEDED)
	assert refusal(done) == ["DATA_DIR data must be a folder that the bridge may write (File exists)."]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_data_folder_that_may_not_be_written(tmp_path):
	(tmp_path / "data").mkdir(mode=0o500)
	done = serve(tmp_path, **NEEDED)
	assert refusal(done) == ["DATA_DIR data must be a folder that the bridge may write (Permission denied)."]


@pytest.mark.parametrize(
	("url", "words"),
	[
		("nonsense", "DATABASE_URL is no address of a database"),
		("postgresql://me:Fictional-Password@db.example/x", "DATABASE_URL must name a SQLite file"),
		("sqlite:///nowhere/at/all/bridge.db", "The database file cannot be opened"),
		("sqlite://", "DATABASE_URL must name a SQLite file"),
	],
)
def test_a_database_that_cannot_be_opened(tmp_path, url, words):
	done = serve(tmp_path, **NEEDED, DATABASE_URL=url)
	[sentence] = refusal(done)
	assert words in sentence
	assert "DATABASE_URL" in sentence


def test_a_database_of_another_kind(tmp_path):
	(tmp_path / "bridge.db").write_bytes(b"This is no database at all. " * 100)
	done = serve(tmp_path, **NEEDED, DATABASE_URL="sqlite:///bridge.db")
	[sentence] = refusal(done)
	assert "DATABASE_URL" in sentence


# ---- ending


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_in_good_order(start, tmp_path, number):
	bridge = start()
	assert requests.get(f"{bridge.url}/", timeout=20).json()["sessions"] == 1
	assert bridge.end(number) == (0, "")
	# The last connection puts the write-ahead log into the file.
	assert [path.name for path in (tmp_path / "data").glob("bridge.db*")] == ["bridge.db"]


def test_a_signal_before_it_serves_ends_it_too(tmp_path):
	"""Also when nobody could connect so far: no moment in which the signal is lost."""
	child = subprocess.Popen(
		COMMAND, cwd=tmp_path, env=environment(**NEEDED), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
	)  # fmt: skip
	try:
		assert child.stdout is not None
		for line in child.stdout:
			if '"listening"' in line:
				break
		child.send_signal(signal.SIGTERM)
		_, err = child.communicate(timeout=30)
	finally:
		child.kill()
		child.wait()
	assert (child.returncode, err) == (0, "")


def test_what_was_acknowledged_is_there_at_the_next_start(start):
	first = start()
	assert first.gateway_tells(customer_message("Hello")).json()["status"] == "stored"
	first.wait_for("attempt")  # nobody answers on the other side
	assert first.end() == (0, "")
	second = start()
	again = second.wait_for("attempt")
	assert again["outcome"] in ("retry", "deferred")
	assert again["begun"] == 2
	assert second.gateway_tells(customer_message("Hello")).json()["status"] == "known already"
	assert second.end() == (0, "")


class SlowChatwoot:
	"""Accepts a call and answers when told to."""

	def __init__(self) -> None:
		self.called, self.answer = threading.Event(), threading.Event()
		outer = self

		class Handler(BaseHTTPRequestHandler):
			def do_GET(self) -> None:
				self._serve()

			def do_POST(self) -> None:
				outer.called.set()
				outer.answer.wait(30)
				self._serve()

			def _serve(self) -> None:
				body = b'{"payload": []}'
				self.send_response(200)
				self.send_header("content-type", "application/json")
				self.send_header("content-length", str(len(body)))
				self.end_headers()
				self.wfile.write(body)

			def log_message(self, *_: object) -> None: ...

		self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
		self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
		self.thread = threading.Thread(target=self.server.serve_forever, args=(0.01,))

	def __enter__(self) -> SlowChatwoot:
		self.thread.start()
		return self

	def __exit__(self, *_: object) -> None:
		self.answer.set()
		self.server.shutdown()
		self.thread.join()
		self.server.server_close()


def test_an_event_being_worked_is_brought_to_an_end(start):
	with SlowChatwoot() as chatwoot:
		bridge = start(CHATWOOT_URL=chatwoot.url)
		bridge.gateway_tells(customer_message("Hello"))
		assert chatwoot.called.wait(20)
		bridge.child.send_signal(signal.SIGTERM)
		with pytest.raises(subprocess.TimeoutExpired):
			bridge.child.wait(0.5)
		chatwoot.answer.set()
		assert bridge.end() == (0, "")
	assert [line["outcome"] for line in bridge.lines if line["event"] == "attempt"] == ["retry"]


def test_a_chatwoot_webhook_is_refused_without_a_secret_and_the_start_says_so(start):
	bridge = start()
	told = [line["warning"] for line in bridge.lines if line["event"] == "settings"]
	assert any("CHATWOOT_WEBHOOK_SECRET" in str(warning) for warning in told)
	answer = bridge.http.post(f"{bridge.url}/webhook/chatwoot", json=agent_message("Hello"), timeout=20)
	assert answer.status_code == 401
	assert bridge.end() == (0, "")


# ---- raw requests, which no client would send


def raw(bridge: Bridge, request: bytes, *, end: bool = False) -> bytes:
	"""What comes back until the server closes."""
	host, port = bridge.url.removeprefix("http://").split(":")
	with socket.create_connection((host, int(port)), timeout=20) as connection:
		connection.sendall(request)
		if end:
			connection.shutdown(socket.SHUT_WR)
		answer = b""
		while piece := connection.recv(65536):
			answer += piece
	return answer


def test_lying_and_huge_bodies(start):
	bridge = start(MAX_BODY_MB="1")
	head = b"POST /webhook/wuzapi HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
	# Refused by what is announced: no byte of it is waited for.
	answer = raw(bridge, head + b"Content-Length: 99999999999\r\n\r\n")
	assert answer.startswith(b"HTTP/1.1 413 ")
	bridge.wait_for("webhook", status=413)
	# In pieces, without a word of how much there will be. Who says that it is signed is listened to so far.
	claim = b"x-hmac-signature: " + b"0" * 64 + b"\r\n"
	piece = b"40000\r\n" + b"x" * 0x40000 + b"\r\n"
	answer = raw(bridge, head + claim + b"Transfer-Encoding: chunked\r\n\r\n" + piece * 4 + b"1\r\nx\r\n")
	assert answer.startswith(b"HTTP/1.1 413 ")
	bridge.wait_for("webhook", status=413)
	# Less than announced: cut off.
	raw(bridge, head + b"Content-Length: 100\r\n\r\n{}", end=True)
	bridge.wait_for("webhook", status=400, reason="the body was cut off")
	# More than announced: what was announced is read, and it is not signed.
	answer = raw(bridge, head + b"Content-Length: 2\r\n\r\n{}{}{}")
	assert answer.startswith(b"HTTP/1.1 401 ")
	bridge.wait_for("webhook", status=401)
	# What is no HTTP never reaches the routes, but the log.
	assert raw(bridge, b"\x16\x03\x01 hello\r\n\r\n").startswith(b"HTTP/1.1 400 ")
	bridge.wait_for("library", logger="uvicorn.error")
	assert bridge.end() == (0, "")
	assert len([line for line in bridge.lines if line["event"] == "webhook"]) == 4
