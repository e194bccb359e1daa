"""The sandbox and the bridge as processes of their own: started, stopped, killed, and none of them left behind.

Every child leads a process group. A guardian process ends the groups that are left when the test process is gone,
however it went. Children are forks of one process that has imported the programs already: that import is most of what a
start costs. `standalone/test_process.py` and `sandbox/test_control.py` start them as people do.
"""

from __future__ import annotations

import atexit
import contextlib
import json
import multiprocessing
import os
import random
import runpy
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar

import requests

ROOT = Path(__file__).resolve().parents[1]
START_SECONDS = 60.0
STOP_SECONDS = 45.0
# As long as a connect really takes is for the tests that are about it.
QUICK_CONNECT_MS = 50
# Two thirds of a minute more than anything should take on a busy machine.
PATIENCE = 60.0

_GUARDIAN = """
import os, signal, sys
groups = set()
for line in sys.stdin:
	sign, number = line[0], int(line[1:])
	(groups.add if sign == "+" else groups.discard)(number)
for group in groups:
	try:
		os.killpg(group, signal.SIGKILL)
	except ProcessLookupError:
		pass
"""

T = TypeVar("T")


def _ports() -> range:
	"""Each worker of pytest-xdist has its own: a port that one of its programs will use again is given to no other."""
	worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % 17
	return range(15_000 + 1_000 * worker, 16_000 + 1_000 * worker)


def free_port() -> int:
	"""A port that nobody uses and that the system gives to no outgoing connection, so that it can be had again."""
	for _ in range(200):
		port = random.SystemRandom().choice(_ports())
		with socket.socket() as probe:
			probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
			with contextlib.suppress(OSError):
				probe.bind(("127.0.0.1", port))
				return port
	raise RuntimeError("no free port was found")


def until(condition: Callable[[], T], what: str, seconds: float = PATIENCE, every: float = 0.05) -> T:
	"""Wait until the condition is true and return its value; AssertionError when it never is."""
	deadline = time.monotonic() + seconds
	while True:
		if value := condition():
			return value
		if time.monotonic() > deadline:
			raise AssertionError(f"not within {seconds:.0f} s: {what}")
		time.sleep(every)


class _Guardian:
	def __init__(self) -> None:
		self._process: subprocess.Popen[str] | None = None

	def tell(self, line: str) -> None:
		if self._process is None:
			self._process = subprocess.Popen(
				[sys.executable, "-c", _GUARDIAN], stdin=subprocess.PIPE, text=True, start_new_session=True
			)
		assert self._process.stdin is not None
		self._process.stdin.write(line + "\n")
		self._process.stdin.flush()

	def dismiss(self) -> None:
		"""Let it end, and end what is left."""
		if self._process is not None and self._process.stdin is not None:
			self._process.stdin.close()
			self._process.wait(STOP_SECONDS)
			self._process = None


_guardian = _Guardian()
atexit.register(_guardian.dismiss)


_forks = multiprocessing.get_context("forkserver")
_forks.set_forkserver_preload(["wuzapi_chatwoot.standalone_host.__main__", "wuzapi_chatwoot.sandbox.sandbox"])


def _run_module(arguments: list[str], log: str, folder: str, environment: dict[str, str]) -> None:
	"""In the fork: as `python -m` with these arguments, in a process group, an environment and a folder of its own."""
	os.setsid()
	output = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
	for stream, number in ((sys.stdout, 1), (sys.stderr, 2)):
		os.dup2(output, number)
		stream.reconfigure(encoding="utf-8", write_through=True)  # type: ignore[union-attr]
	os.close(output)
	os.chdir(folder)
	os.environ.clear()
	os.environ.update(environment)
	sys.argv = arguments
	runpy.run_module(arguments[0], run_name="__main__", alter_sys=True)


class _Fork:
	"""As much of `subprocess.Popen` as is needed here."""

	def __init__(self, *given: object) -> None:
		self._process = _forks.Process(target=_run_module, args=given, daemon=True)
		self._process.start()
		assert self._process.pid is not None
		self.pid: int = self._process.pid

	def poll(self) -> int | None:
		return self._process.exitcode

	def wait(self, seconds: float | None = None) -> int:
		self._process.join(seconds)
		if self._process.exitcode is None:
			raise subprocess.TimeoutExpired("a fork", seconds or 0)
		return self._process.exitcode


class Child:
	"""One program, its output in a file. It may be started again after it has ended.

	`arguments` are those of `python -m`: a module and what it is given.
	"""

	def __init__(self, name: str, arguments: list[str], folder: Path, environment: Mapping[str, str]) -> None:
		folder.mkdir(parents=True, exist_ok=True)
		self.name = name
		self.log = folder / f"{name}.log"
		self.folder = folder
		self.environment = dict(environment)
		self._arguments = arguments
		self._process: _Fork | subprocess.Popen[bytes] | None = None

	@property
	def pid(self) -> int:
		assert self._process is not None, f"{self.name} does not run"
		return self._process.pid

	@property
	def running(self) -> bool:
		return self._process is not None and self._process.poll() is None

	def spawn(self) -> None:
		# Nothing of the caller's environment: neither a proxy nor anybody's settings.
		kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
		environment = {**kept, "PYTHONPATH": str(ROOT), **self.environment}
		self._process = _Fork(self._arguments, str(self.log), str(self.folder), environment)
		_guardian.tell(f"+{self._process.pid}")

	def signal(self, number: int) -> None:
		with contextlib.suppress(ProcessLookupError):
			os.killpg(self.pid, number)

	def kill(self) -> None:
		"""As `kill -9`: no time for anything."""
		if self._process is not None:
			self.signal(signal.SIGKILL)
			self._wait()

	def stop(self) -> int | None:
		"""Ask it to end (SIGTERM); its exit code, -9 if it had to be killed, `None` if it did not run."""
		if self._process is None:
			return None
		self.signal(signal.SIGTERM)
		try:
			return self._wait(STOP_SECONDS)
		except subprocess.TimeoutExpired:
			self.signal(signal.SIGKILL)
			return self._wait()

	def _wait(self, seconds: float | None = None) -> int:
		assert self._process is not None
		code = self._process.wait(seconds)
		_guardian.tell(f"-{self._process.pid}")
		self._process = None
		return code

	def output(self) -> str:
		return self.log.read_text(encoding="utf-8", errors="replace") if self.log.exists() else ""

	def tail(self, lines: int = 60) -> str:
		return "\n".join(self.output().splitlines()[-lines:])

	def until_ready(self, ready: Callable[[], bool]) -> None:
		def ended_or_ready() -> bool:
			if not self.running:
				raise AssertionError(f"{self.name} ended instead of starting:\n{self.tail()}")
			return ready()

		until(ended_or_ready, f"{self.name} is ready", START_SECONDS)

	def __exit__(
		self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
	) -> None:
		self.stop()


class Sandbox(Child):
	"""The simulated gateway and Chatwoot. `control` is how tests act in it and look at it."""

	def __init__(self, folder: Path, bridge_url: str, *more: str) -> None:
		ports = ["--port", "0", "--gateway-port", "0", "--chatwoot-port", "0"]
		arguments = ["wuzapi_chatwoot.sandbox", *ports, "--bridge-url", bridge_url, *more]
		super().__init__("sandbox", arguments, folder, {})
		self.page = self.gateway = self.chatwoot = ""
		self._http = requests.Session()
		self._http.trust_env = False
		# A kept connection may be closed by the server just as the next call is written into it.
		self._http.headers["Connection"] = "close"

	def start(self) -> Sandbox:
		self.spawn()
		self.until_ready(self._says_where)
		self.switch(gateway_connect_ms=QUICK_CONNECT_MS)
		return self

	__enter__ = start

	def reset(self) -> None:
		"""Begin again with nothing."""
		self.control("reset", {})
		self.switch(gateway_connect_ms=QUICK_CONNECT_MS)

	def _says_where(self) -> bool:
		for line in self.output().splitlines():
			if line.startswith("{"):
				urls = json.loads(line)
				self.page, self.gateway, self.chatwoot = urls["page"], urls["gateway"], urls["chatwoot"]
				return True
		return False

	def stop(self) -> int | None:
		self._http.close()
		return super().stop()

	def control(
		self, path: str, body: dict[str, Any] | None = None, *, missing: dict[str, Any] | None = None
	) -> Any:
		"""GET without a body, POST with one. `missing` is the answer when there is none."""
		url = f"{self.page}/control/{path}"
		answer = self._http.request("GET" if body is None else "POST", url, json=body, timeout=30)
		if answer.status_code == 404 and missing is not None:
			return missing
		assert answer.status_code == 200, f"{path}: {answer.status_code} {answer.text}"
		return answer.json()

	def file(self, path: str) -> bytes:
		"""The bytes behind `phone/<message id>` or `chatwoot/<signed id>`."""
		answer = self._http.get(f"{self.page}/control/files/{path}", timeout=30)
		assert answer.status_code == 200, f"{path}: {answer.status_code}"
		return answer.content

	def switch(self, **switches: Any) -> None:
		self.control("switches", switches)


class Bridge(Child):
	"""The standalone host. The same data folder is used again at every start.

	`patience`: it waits so many seconds for an answer at most.
	"""

	def __init__(
		self, folder: Path, port: int, settings: Mapping[str, object], patience: float | None = None
	) -> None:
		self.url = f"http://127.0.0.1:{port}"
		self.data = folder / "data"
		own = {"HOST": "127.0.0.1", "PORT": port, "DATA_DIR": self.data, "LOG_LEVEL": "info"}
		environment = {name.upper(): str(value) for name, value in {**own, **settings}.items()}
		program = ["wuzapi_chatwoot.standalone_host"]
		if patience is not None:
			program = ["impatient_bridge", str(patience)]
		super().__init__("bridge", [*program, "serve"], folder, environment)
		self._http = requests.Session()
		self._http.trust_env = False
		# A kept connection may belong to an earlier life of the bridge.
		self._http.headers["Connection"] = "close"
		self._http.headers["Authorization"] = f"Bearer {environment.get('ADMIN_TOKEN', '')}"

	def start(self) -> Bridge:
		self.spawn()
		self.until_ready(self.answers)
		return self

	__enter__ = start

	def answers(self) -> bool:
		with contextlib.suppress(requests.RequestException):
			return self._http.get(self.url + "/", timeout=5).status_code == 200
		return False

	def stop(self) -> int | None:
		self._http.close()
		return super().stop()

	def call(self, method: str, path: str) -> requests.Response:
		"""One request, as the operator."""
		return self._http.request(method, self.url + path, timeout=30)

	def get(self, path: str) -> Any:
		answer = self.call("GET", path)
		assert answer.status_code == 200, f"{path}: {answer.status_code} {answer.text}"
		return answer.json()

	def faults(self) -> list[str]:
		"""Lines of its output that tell of a fault of ours; there must be none, whatever happens outside."""
		signs = ("Traceback", "a fault in the bridge", "a fault in the dispatcher", "a fault while")
		return [line for line in self.output().splitlines() if any(sign in line for sign in signs)]


class Installation:
	"""A sandbox, and the bridges that are set up to work with it, one after the other on the same port."""

	def __init__(self, folder: Path, *more: str) -> None:
		self._folder = folder
		self._port = free_port()
		self._bridges = 0
		self.bridge: Bridge | None = None
		self.sandbox = Sandbox(folder, f"http://127.0.0.1:{self._port}", *more)

	def __enter__(self) -> Installation:
		self.sandbox.start()
		return self

	def __exit__(
		self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
	) -> None:
		self.clear()
		self.sandbox.stop()

	def new_bridge(self, *, patience: float | None = None, **settings: object) -> Bridge:
		"""With empty data, not yet started; names of settings in lower case."""
		self.clear()
		self._bridges += 1
		given = self.sandbox.control("settings")
		given |= settings
		self.bridge = Bridge(self._folder / f"bridge-{self._bridges}", self._port, given, patience)
		return self.bridge

	def clear(self) -> None:
		"""Stop the bridge, and let the sandbox begin again."""
		if self.bridge is not None:
			self.bridge.kill()
			self.bridge.stop()
			self.bridge = None
		self.sandbox.reset()

	@property
	def outputs(self) -> list[tuple[str, str]]:
		"""For failure messages: what the programs said last."""
		children = [self.sandbox, *([self.bridge] if self.bridge is not None else [])]
		return [(f"end of the output of the {child.name}", child.tail()) for child in children]
