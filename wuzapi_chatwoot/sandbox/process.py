"""Starts a sandbox as a child process and talks to its control API: for tests and benchmarks in Python.

with SandboxProcess(bridge_url="http://127.0.0.1:8080") as sandbox:
	sandbox.control("phone/send", {"customer": "447700900123", "text": "Hello"})
	wait_until(lambda: sandbox.control("counters")["chatwoot"]["messages"].get("incoming") == 1)
"""

from __future__ import annotations

import json
import os
import selectors
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any

import requests

PACKAGE_FOLDER = Path(__file__).resolve().parents[2]
# A busy machine takes that long.
START_SECONDS = 60.0
STOP_SECONDS = 5.0


class SandboxProcess:
	"""A sandbox on free ports, stopped at the end of the `with` block."""

	def __init__(self, *arguments: str, bridge_url: str | None = None) -> None:
		self.page = self.gateway = self.chatwoot = ""
		self._arguments = ["--port", "0", "--gateway-port", "0", "--chatwoot-port", "0", *arguments]
		if bridge_url is not None:
			self._arguments += ["--bridge-url", bridge_url]
		self._child: subprocess.Popen[bytes] | None = None
		self._http = requests.Session()
		# A proxy from the environment has no business between two programs on one machine.
		self._http.trust_env = False
		# A kept connection may be closed by the server just as the next call is written into it.
		self._http.headers["Connection"] = "close"

	def __enter__(self) -> SandboxProcess:
		self.start()
		return self

	def __exit__(
		self,
		kind: type[BaseException] | None,
		error: BaseException | None,
		trace: TracebackType | None,
	) -> None:
		self.stop()

	def start(self) -> None:
		"""Start it and wait until all three servers answer."""
		path = os.pathsep.join(filter(None, [str(PACKAGE_FOLDER), os.environ.get("PYTHONPATH")]))
		self._child = subprocess.Popen(
			[sys.executable, "-m", "wuzapi_chatwoot.sandbox", *self._arguments],
			stdout=subprocess.PIPE,
			env={**os.environ, "PYTHONPATH": path},
		)
		urls = json.loads(self._first_line(self._child))
		self.page, self.gateway, self.chatwoot = urls["page"], urls["gateway"], urls["chatwoot"]

	def stop(self) -> int | None:
		"""Stop it; returns its exit code."""
		self._http.close()
		child, self._child = self._child, None
		if child is None:
			return None
		child.terminate()
		try:
			code = child.wait(STOP_SECONDS)
		except subprocess.TimeoutExpired:
			child.kill()
			code = child.wait()
		if child.stdout is not None:
			child.stdout.close()
		return code

	def control(self, path: str, body: dict[str, Any] | None = None) -> Any:
		"""Call the control API: GET without a body, POST with one; raises when it is refused."""
		url = f"{self.page}/control/{path}"
		answer = (
			self._http.get(url, timeout=30) if body is None else self._http.post(url, json=body, timeout=120)
		)
		if answer.status_code != 200:
			raise ValueError(f"{path}: {answer.status_code} {answer.text}")
		return answer.json()

	def switch(self, **switches: Any) -> None:
		"""Set switches."""
		self.control("switches", switches)

	def _first_line(self, child: subprocess.Popen[bytes]) -> bytes:
		assert child.stdout is not None
		with selectors.DefaultSelector() as selector:
			selector.register(child.stdout, selectors.EVENT_READ)
			ready = selector.select(START_SECONDS)
		line = child.stdout.readline() if ready else b""
		if not line:
			code = child.poll()
			self.stop()
			raise RuntimeError(f"the sandbox did not start (exit code {code})")
		return line


def wait_until(condition: Callable[[], Any], seconds: float = 15.0, every: float = 0.02) -> Any:
	"""Wait for a condition to hold and return its value; AssertionError when it never does."""
	deadline = time.monotonic() + seconds
	while True:
		if value := condition():
			return value
		if time.monotonic() > deadline:
			raise AssertionError(f"not within {seconds} s")
		time.sleep(every)
