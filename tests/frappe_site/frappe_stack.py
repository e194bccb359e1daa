"""A site's own processes for tests: gunicorn, RQ workers, a Redis, a stand-in for the scheduler; and the sandbox.

The site's database is the bench's. Redis is ours, so that it may be flushed and no other worker takes our jobs.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
from pathlib import Path
from typing import Any

import processes
import requests
from processes import Child, Sandbox, free_port, until

HERE = Path(__file__).resolve().parent
WEBHOOK = "/api/method/wuzapi_chatwoot.api.webhooks.{}?session=front-desk"
TICK_SECONDS = 1


class BenchChild(Child):
	"""A program of the bench, run where Frappe wants to be run: in the bench's folder `sites`."""

	def __init__(
		self, name: str, arguments: list[str], bench: Path, folder: Path, env: dict[str, str]
	) -> None:
		super().__init__(name, arguments, folder, env)
		self._bench = bench

	def spawn(self) -> None:
		kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
		environment = {**kept, "PYTHONPATH": str(HERE), "PYTHONUNBUFFERED": "1", **self.environment}
		with self.log.open("ab") as log:
			self._process = subprocess.Popen(
				self._arguments,
				stdin=subprocess.DEVNULL,
				stdout=log,
				stderr=subprocess.STDOUT,
				env=environment,
				cwd=self._bench / "sites",
				start_new_session=True,
			)
		processes._guardian.tell(f"+{self._process.pid}")


class Worker(BenchChild):
	def kill(self) -> None:
		"""With the process that does the job: RQ gives it a group of its own."""
		horses = self.horses()
		super().kill()
		for horse in horses:
			with contextlib.suppress(ProcessLookupError):
				os.kill(horse, signal.SIGKILL)

	def horses(self) -> list[int]:
		children = Path(f"/proc/{self.pid}/task/{self.pid}/children")
		return [int(pid) for pid in children.read_text().split()] if self.running else []


class Agent:
	"""See `agent.py`."""

	def __init__(self, python: Path, bench: Path, environment: dict[str, str]) -> None:
		self._process = subprocess.Popen(
			[str(python), str(HERE / "agent.py")],
			stdin=subprocess.PIPE,
			stdout=subprocess.PIPE,
			text=True,
			env={**os.environ, **environment},
			cwd=bench / "sites",
		)

	def __call__(self, command: str, **arguments: Any) -> Any:
		assert self._process.stdin is not None
		assert self._process.stdout is not None
		self._process.stdin.write(json.dumps([command, arguments]) + "\n")
		self._process.stdin.flush()
		line = self._process.stdout.readline()
		while line and not line.startswith('{"'):
			line = self._process.stdout.readline()
		assert line, "the agent ended"
		answer = json.loads(line)
		assert "error" not in answer, answer
		return answer["answer"]

	def close(self) -> None:
		self._process.terminate()
		self._process.communicate()


class Stack:
	"""Looks, to `faults.traffic`, like the standalone host."""

	def __init__(self, bench: Path, site: str, folder: Path) -> None:
		self._bench, self._folder = bench, folder
		redis, web, self._realtime_port = free_port(), free_port(), free_port()
		self.redis_port = redis
		self.url = f"http://127.0.0.1:{web}"
		python = bench / "env" / "bin" / "python"
		address = f"redis://127.0.0.1:{redis}"
		self.environment = {
			"SITE": site,
			"FRAPPE_SITE": site,
			"FRAPPE_REDIS_QUEUE": address,
			"FRAPPE_REDIS_CACHE": address,
			# Pages ask for realtime at its own port, and get their assets from the web server.
			"DEV_SERVER": "1",
		}
		frappe = [str(python), "-m", "frappe.utils.bench_helper", "frappe"]
		gunicorn = [str(python), "-m", "gunicorn", "-b", f"127.0.0.1:{web}", "-w", "2", "--threads", "4"]
		self.redis = self._child(
			"redis",
			["redis-server", "--port", str(redis), "--bind", "127.0.0.1", "--save", "", "--dir", str(folder)],
		)
		self.web = self._child("web", [*gunicorn, "-t", "60", "one_site:application"])
		self.realtime = self._child("realtime", ["node", str(bench / "apps" / "frappe" / "socketio.js")])
		self._worker = [*frappe, "worker", "--queue", "short,default,long"]
		self.workers: list[Worker] = []
		self.ticker = self._child("ticker", [str(python), str(HERE / "agent.py"), "tick", str(TICK_SECONDS)])
		self.sandbox = Sandbox(
			folder,
			self.url,
			*("--seed", "11"),
			*("--gateway-webhook-path", WEBHOOK.format("wuzapi")),
			*("--chatwoot-webhook-path", WEBHOOK.format("chatwoot")),
		)
		self._python = python
		self._agent: Agent | None = None
		self._config: dict[str, Any] = {}
		"""What the site's configuration was."""

	def _child(self, name: str, arguments: list[str]) -> BenchChild:
		return BenchChild(name, arguments, self._bench, self._folder, self.environment)

	def start(self) -> Stack:
		self.redis.spawn()
		until(lambda: "Ready to accept" in self.redis.output(), "Redis is ready")
		self._agent = Agent(self._python, self._bench, self.environment)
		# The bench's own scheduler must not give this site's work to the bench's own workers.
		self.configure("pause_scheduler", 1)
		# Known before the web server starts: Frappe 16 keeps a site's configuration for a minute.
		self.configure("socketio_port", self._realtime_port)
		self.sandbox.start()
		self.web.spawn()
		self.web.until_ready(self.answers)
		self.ticker.spawn()
		return self

	__enter__ = start

	def __exit__(self, *_: object) -> None:
		for worker in self.workers:
			worker.kill()
		self.ticker.kill()
		self.realtime.kill()
		self.web.stop()
		self.sandbox.stop()
		if self._agent is not None:
			for key, value in self._config.items():
				self.ask("set_config", key=key, value=value)
			self._agent.close()
		self.redis.stop()

	def ask(self, command: str, **arguments: Any) -> Any:
		assert self._agent is not None
		return self._agent(command, **arguments)

	def configure(self, key: str, value: Any) -> None:
		"""Until the end."""
		before = self.ask("set_config", key=key, value=value)
		self._config.setdefault(key, before)

	def start_realtime(self) -> None:
		"""What pages in a browser need beside the web server: it tells them the port."""
		port = self._realtime_port
		self.realtime.environment = {
			**self.environment,
			"FRAPPE_SOCKETIO_PORT": str(port),
			"FRAPPE_BENCH_ROOT": str(self._as_in_production()),
		}
		self.realtime.spawn()
		until(lambda: str(port) in self.realtime.output(), "socketio is ready")

	def _as_in_production(self) -> Path:
		"""The bench as the realtime server shall see it: in developer mode that of Frappe 16 asks the bench's own web server
		who somebody is, and not ours.
		"""
		root, config = self._folder / "bench", "common_site_config.json"
		(root / "sites").mkdir(parents=True, exist_ok=True)
		for folder in (self._bench, self._bench / "sites"):
			for path in folder.iterdir():
				link = root / path.relative_to(self._bench)
				if path.name not in ("sites", config) and not link.exists():
					link.symlink_to(path)
		kept = json.loads((self._bench / "sites" / config).read_text())
		(root / "sites" / config).write_text(json.dumps({**kept, "developer_mode": 0}))
		return root

	def answers(self) -> bool:
		with contextlib.suppress(requests.RequestException):
			return requests.get(self.url + "/api/method/ping", timeout=10).status_code == 200
		return False

	def begin(self, workers: int, **session: Any) -> None:
		"""With nothing of earlier tests, and so many workers."""
		self.stop_workers()
		self.flush_redis()
		self.sandbox.reset()
		given = self.sandbox.control("settings")
		self.ask("prepare", given={**_session_of(given), **session})
		for _ in range(workers):
			self.add_worker()

	def add_worker(self) -> Worker:
		number = len(self.workers)
		worker = Worker(f"worker-{number}", self._worker, self._bench, self._folder, self.environment)
		self.workers.append(worker)
		worker.spawn()
		return worker

	def stop_workers(self) -> None:
		for worker in self.workers:
			worker.kill()
		self.workers = []

	def flush_redis(self) -> None:
		subprocess.run(
			["redis-cli", "-p", str(self.redis_port), "flushall"], check=True, stdout=subprocess.DEVNULL
		)

	# ---- as `faults.traffic` asks the standalone host

	def get(self, path: str) -> Any:
		if path == "/lanes":
			down = [
				{"open": True, "destination": why} for why in self.ask("waiting_for") if " is down" in why
			]
			return {"lanes": self.ask("lanes"), "breakers": down}
		assert path == "/events?state=dead", path
		return {"events": self.ask("dead")}

	def faults(self) -> list[str]:
		return self.ask("faults")

	@property
	def outputs(self) -> list[tuple[str, str]]:
		children = [self.sandbox, self.web, *self.workers]
		return [(f"end of the output of {child.name}", child.tail(40)) for child in children]


def _session_of(given: dict[str, Any]) -> dict[str, Any]:
	"""The sandbox names its settings as the standalone host does."""
	return {
		"enabled": 1,
		"gateway_url": given["WUZAPI_URL"],
		"gateway_token": given["WUZAPI_USER_TOKEN"],
		"gateway_secret": given["WUZAPI_HMAC_KEY"],
		"chatwoot_url": given["CHATWOOT_URL"],
		"chatwoot_token": given["CHATWOOT_API_KEY"],
		"chatwoot_secret": given["CHATWOOT_WEBHOOK_SECRET"],
		"account_id": given["CHATWOOT_ACCOUNT_ID"],
		"inbox_id": given["CHATWOOT_INBOX_ID"],
		"settle_seconds": 0.5,
	}
