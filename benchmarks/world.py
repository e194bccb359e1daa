"""The bridge and the sandbox as processes of their own, on free ports and in a temporary folder."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import requests

from wuzapi_chatwoot.sandbox.process import SandboxProcess

from . import processes
from .webhooks import Webhooks

_ROOT = Path(__file__).parents[1]
_START_SECONDS = 60.0
_STOP_SECONDS = 40.0


class WorldFailed(Exception):
	"""A process ended, or did not do its work in time."""


class World:
	"""Both processes run within the `with` block. The bridge has its defaults, but for what is given here."""

	def __init__(
		self, folder: Path | None, *, keep: int = 50, database: Path | None = None, **settings: object
	) -> None:
		self._parent = folder
		self._keep = keep
		self._settings = settings
		if database is not None:
			self._settings["DATABASE_URL"] = f"sqlite:///{database}"
		self._stack = ExitStack()
		self._child: subprocess.Popen[bytes] | None = None

	def __enter__(self) -> World:
		try:
			self._start()
		except BaseException:
			self._stack.close()
			raise
		return self

	def __exit__(self, *about: object) -> None:
		self._stack.close()

	def _start(self) -> None:
		self.folder = Path(
			self._stack.enter_context(
				tempfile.TemporaryDirectory(prefix="wuzapi-chatwoot-benchmark-", dir=self._parent)
			)
		)
		port = _free_port()
		self.bridge_url = f"http://127.0.0.1:{port}"
		self.sandbox = SandboxProcess("--keep", str(self._keep), "--seed", "1", bridge_url=self.bridge_url)
		self._stack.enter_context(self.sandbox)
		# Ticks for agents' messages only where a section wants them.
		self.sandbox.switch(auto_deliver=False)
		told = self.sandbox.control("settings")
		self.webhooks = Webhooks(told["WUZAPI_HMAC_KEY"])
		self._settings = {
			**told,
			"HOST": "127.0.0.1",
			"PORT": port,
			"DATA_DIR": self.folder,
			# Asking Chatwoot for what no webhook brought happens at start and then not again while measuring.
			"FETCH_SECONDS": 86_400,
			**self._settings,
		}
		self._start_bridge()

	def _start_bridge(self) -> None:
		path = os.pathsep.join(filter(None, [str(_ROOT), os.environ.get("PYTHONPATH")]))
		log = self._stack.enter_context((self.folder / "bridge.log").open("wb"))
		self._child = subprocess.Popen(
			[sys.executable, "-m", "wuzapi_chatwoot.standalone_host", "serve"],
			cwd=self.folder,
			env={
				**os.environ,
				**{name: str(value) for name, value in self._settings.items()},
				"PYTHONPATH": path,
			},
			stdin=subprocess.DEVNULL,
			stdout=log,
			stderr=subprocess.STDOUT,
		)
		self._stack.callback(self._stop_bridge, self._child)
		self.wait_for(self._answers, 1, _START_SECONDS)
		# The first look at Chatwoot for missed messages.
		self.wait_for(lambda: sum(self.counters()["chatwoot"]["requests"].values()), 1, _START_SECONDS)

	def _stop_bridge(self, child: subprocess.Popen[bytes]) -> None:
		child.terminate()
		try:
			child.wait(_STOP_SECONDS)
		except subprocess.TimeoutExpired:
			child.kill()
			child.wait()

	def _answers(self) -> int:
		with requests.Session() as http:
			http.trust_env = False
			try:
				return int(http.get(self.bridge_url + "/", timeout=2).status_code == 200)
			except requests.RequestException:
				return 0

	# ---- what is asked of it

	@property
	def bridge_pid(self) -> int:
		assert self._child is not None
		return self._child.pid

	@property
	def sandbox_pid(self) -> int:
		child = self.sandbox._child
		assert child is not None
		return child.pid

	def counters(self) -> dict[str, Any]:
		"""What the sandbox has counted."""
		counted: dict[str, Any] = self.sandbox.control("counters")
		return counted

	def in_chatwoot(self) -> int:
		"""Customers' messages that have reached Chatwoot so far."""
		return int(self.counters()["chatwoot"]["messages"].get("incoming", 0))

	def at_gateway(self) -> int:
		"""Agents' messages that have reached the gateway so far."""
		return int(self.counters()["gateway"]["messages"].get("sent_by_api", 0))

	def under_way(self) -> int:
		"""Webhooks of the sandbox that are not acknowledged yet."""
		counted = self.counters()
		return int(counted["gateway"]["webhooks"]["under_way"] + counted["chatwoot"]["webhooks"]["under_way"])

	def wait_for(
		self, count: Callable[[], int], wanted: int, seconds: float = 120.0, every: float = 0.1
	) -> None:
		"""Wait until `count` reaches `wanted`; `seconds` is how long it may stand still."""
		best, deadline = -1, time.monotonic() + seconds
		while (reached := count()) < wanted:
			if self._child is not None and self._child.poll() is not None:
				raise WorldFailed(f"the bridge ended with {self._child.returncode}: {self._last_words()}")
			if reached > best:
				best, deadline = reached, time.monotonic() + seconds
			if time.monotonic() > deadline:
				raise WorldFailed(f"stuck at {reached} of {wanted}: {self._last_words()}")
			time.sleep(every)

	def settle(self) -> None:
		"""Wait until all that follows from what was sent is over: echoes, and the work on them."""
		self.wait_for(lambda: -self.under_way(), 0)
		time.sleep(1.0)

	def _last_words(self) -> str:
		return (self.folder / "bridge.log").read_text(encoding="utf-8", errors="replace")[-1500:]

	def busy(self) -> tuple[float, float]:
		"""Processor seconds of bridge and sandbox so far."""
		return processes.processor_seconds(self.bridge_pid), processes.processor_seconds(self.sandbox_pid)


def _free_port() -> int:
	with socket.socket() as probe:
		probe.bind(("127.0.0.1", 0))
		return int(probe.getsockname()[1])
