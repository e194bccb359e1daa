"""A Frappe site and the sandbox: gunicorn, RQ workers, a Redis of our own, as `tests/frappe_site` starts them.

The Redis is ours so that no worker of the bench takes our jobs, and ours take nobody else's. MariaDB is the bench's.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from . import processes, relay
from .sizes import Sizes
from .webhooks import Webhooks
from .world import World

_ROOT = Path(__file__).parents[1]
_TESTS = (_ROOT / "tests", _ROOT / "tests" / "frappe_site")


class FrappeWorld(World):
	"""No workers at first. What a section does to the site's conversations begins with `begin`."""

	def __init__(self, sizes: Sizes) -> None:
		super().__init__(sizes.folder)
		assert sizes.bench is not None
		assert sizes.site is not None
		self._bench, self._site, self._people = sizes.bench, sizes.site, sizes.people

	def _start(self) -> None:
		sys.path[:0] = [path for path in map(str, _TESTS) if path not in sys.path]
		from frappe_stack import WEBHOOK, Stack

		folder = tempfile.TemporaryDirectory(prefix="wuzapi-chatwoot-benchmark-", dir=self._parent)
		self.folder = Path(self._stack.enter_context(folder))
		self._path = WEBHOOK.format("wuzapi")
		self.site: Any = Stack(self._bench, self._site, self.folder)
		# Those of our jobs that are not the product's.
		self.site.environment["PYTHONPATH"] = str(_ROOT)
		self.site.web.environment.pop("DEV_SERVER", None)
		# Longer than the generator keeps a connection idle.
		self.site.web.environment["GUNICORN_CMD_ARGS"] = "--keep-alive 5"
		self._stack.push(self.site.__exit__)
		self.site.start()
		# It would look for missed messages every second, which is work of another kind.
		self.site.ticker.kill()
		self.site.configure("developer_mode", 0)
		self.sandbox = self.site.sandbox
		self.bridge_url = self.site.url

	def begin(self) -> None:
		"""An empty site and an empty sandbox, then first contact of everybody; ends with no worker and no job."""
		self.site.begin(workers=1)
		self.sandbox.switch(auto_deliver=False)
		self.webhooks = Webhooks(self.sandbox.control("settings")["WUZAPI_HMAC_KEY"], self._path)
		relay.warm_up(self, self._people)
		self.wait_for(lambda: -self.waiting(), 0)
		self.stop_workers()

	def stop_workers(self) -> None:
		"""And forget all jobs."""
		self.site.stop_workers()
		self.site.flush_redis()

	def add_workers(self, number: int, *, nice: bool = True) -> None:
		"""`nice`: with the lower priority that Frappe gives to its workers, or with ours."""
		for _ in range(number):
			worker = self.site.add_worker()
			self._until_named(worker)
			if not nice:
				os.setpriority(os.PRIO_PROCESS, worker.pid, os.getpriority(os.PRIO_PROCESS, 0))

	def _until_named(self, worker: Any) -> None:
		# It has lowered its priority by then.
		worker.until_ready(lambda: "Listening on" in worker.output())

	def waiting(self) -> int:
		"""Events that have not come to an end."""
		return int(self.site.ask("count", doctype="WuzAPI Event", state="waiting"))

	def run(self, module: str, *arguments: object, given: object = None) -> str:
		"""Run a module of ours in the bench's Python; what it printed."""
		python = str(self._bench / "env" / "bin" / "python")
		return subprocess.run(
			[python, "-W", "ignore", "-m", f"benchmarks.{module}", *map(str, arguments)],
			cwd=self._bench / "sites",
			env={**os.environ, **self.site.environment},
			input=json.dumps(given),
			stdout=subprocess.PIPE,
			text=True,
			check=True,
		).stdout

	def statements(self) -> list[str]:
		"""What one acknowledgement sends to MariaDB."""
		given = {"key": self.sandbox.control("settings")["WUZAPI_HMAC_KEY"], "path": self._path}
		found: list[str] = json.loads(self.run("frappe_statements", given=given).splitlines()[-1])
		return found

	def settle(self) -> None:
		"""Wait until echoes are acknowledged."""
		self.wait_for(lambda: -self.under_way(), 0)
		time.sleep(1.0)

	@property
	def sandbox_pid(self) -> int:
		return int(self.sandbox.pid)

	def busy(self) -> tuple[float, float]:
		"""Processor seconds of the workers with all their jobs, and of the sandbox, so far."""
		workers = 0.0
		for worker in self.site.workers:
			workers += processes.processor_seconds(worker.pid, children=True)
			for horse in worker.horses():
				with contextlib.suppress(OSError):
					workers += processes.processor_seconds(horse, children=True)
		return workers, processes.processor_seconds(self.sandbox_pid)

	def web_busy(self) -> float:
		"""Processor seconds of gunicorn's workers so far."""
		pid = self.site.web.pid
		children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
		return sum(processes.processor_seconds(int(child)) for child in children)

	def _last_words(self) -> str:
		return "\n".join(f"{name}:\n{text}" for name, text in self.site.outputs)[-3000:]
