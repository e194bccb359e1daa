"""The demo: a sandbox, and the bridge as a child process that is set up to work with it."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import signal
import socket
import sys
import tempfile
from collections.abc import Coroutine, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from wuzapi_chatwoot.sandbox.control.views import settings
from wuzapi_chatwoot.sandbox.options import Options, add_arguments, from_arguments
from wuzapi_chatwoot.sandbox.process import PACKAGE_FOLDER
from wuzapi_chatwoot.sandbox.sandbox import Sandbox
from wuzapi_chatwoot.sandbox.web.http_client import HttpClient, NoAnswer
from wuzapi_chatwoot.sandbox.web.listener import PortBusy

BRIDGE_PORT = 8080
READY_SECONDS = 30.0
STOP_SECONDS = 5.0
BRIDGE_COMMAND = ("-m", "wuzapi_chatwoot.standalone_host", "serve")


class BridgeEnded(Exception):
	"""The bridge ended without having been told to."""

	def __init__(self, code: int) -> None:
		super().__init__(f"the bridge ended with exit code {code}; its own output above says why")


class BridgeSilent(Exception):
	"""The bridge runs but does not answer."""


def main(arguments: Sequence[str]) -> int:
	"""Run the demo until Ctrl-C; returns the exit code."""
	parser = argparse.ArgumentParser(prog="python -m wuzapi_chatwoot.sandbox demo")
	parser.add_argument(
		"--bridge-port", type=int, default=int(os.environ.get("BRIDGE_PORT", BRIDGE_PORT)), metavar="…"
	)
	parser.add_argument(
		"--data-dir",
		default="",
		metavar="…",
		help="keep the bridge's data here (default: a temporary folder)",
	)
	add_arguments(parser)
	given = parser.parse_args(arguments)
	options = from_arguments(given)
	options = replace(options, bridge_url=f"http://{options.host}:{given.bridge_port}")
	try:
		with contextlib.ExitStack() as stack:
			folder = given.data_dir or stack.enter_context(
				tempfile.TemporaryDirectory(prefix="wuzapi-chatwoot-demo-", ignore_cleanup_errors=True)
			)
			asyncio.run(_run(options, given.bridge_port, Path(folder)))
	except PortBusy as busy:
		option = "--port" if busy.name == "page" else f"--{busy.name}-port"
		print(
			f"{busy}. Choose another one with {option}, for example {option} {busy.port + 100}",
			file=sys.stderr,
		)
		return 1
	except (BridgeEnded, BridgeSilent) as error:
		print(f"The demo stops: {error}", file=sys.stderr)
		return 1
	return 0


async def _run(options: Options, bridge_port: int, folder: Path) -> None:
	_check_free(options.host, bridge_port)
	stopping = asyncio.Event()
	loop = asyncio.get_running_loop()
	for number in (signal.SIGTERM, signal.SIGINT):
		loop.add_signal_handler(number, stopping.set)
	sandbox = Sandbox(options)
	bridge: asyncio.subprocess.Process | None = None
	try:
		await sandbox.start()
		folder.mkdir(parents=True, exist_ok=True)
		bridge = await asyncio.create_subprocess_exec(
			sys.executable,
			*BRIDGE_COMMAND,
			env={**os.environ, **_environment(sandbox, bridge_port, folder)},
			stdin=asyncio.subprocess.DEVNULL,
		)
		await _first_of(_until_ready(options.bridge_url), bridge, stopping)
		if not stopping.is_set():
			print(f"\n  The demo is running. Open {sandbox.urls['page']} in a browser.", flush=True)
			print("  Stop it with Ctrl-C.\n", flush=True)
			await _first_of(stopping.wait(), bridge, stopping)
	finally:
		# A second Ctrl-C may come while things are being stopped; it must not leave the bridge behind.
		if bridge is not None:
			await _stop(bridge)
		await sandbox.stop()


def _check_free(host: str, port: int) -> None:
	with socket.socket() as probe:
		probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
		try:
			probe.bind((host, port))
		except OSError as error:
			raise PortBusy("bridge", port) from error


def _environment(sandbox: Sandbox, port: int, folder: Path) -> dict[str, str]:
	own = {"HOST": sandbox.options.host, "PORT": str(port), "DATA_DIR": str(folder)}
	path = os.pathsep.join(filter(None, [str(PACKAGE_FOLDER), os.environ.get("PYTHONPATH")]))
	return {**{name: str(value) for name, value in settings(sandbox).items()}, **own, "PYTHONPATH": path}


async def _until_ready(url: str) -> None:
	client = HttpClient("wuzapi-chatwoot-sandbox")
	deadline = asyncio.get_running_loop().time() + READY_SECONDS
	try:
		while asyncio.get_running_loop().time() < deadline:
			with contextlib.suppress(NoAnswer):
				await client.request("GET", url + "/", {}, timeout=2.0)
				return
			await asyncio.sleep(0.1)
	finally:
		client.close()
	raise BridgeSilent(f"the bridge does not answer at {url} within {READY_SECONDS:.0f} s")


async def _first_of(
	work: Coroutine[Any, Any, Any], bridge: asyncio.subprocess.Process, stopping: asyncio.Event
) -> None:
	"""Wait for the work, the end of the bridge, or the wish to stop."""
	working = asyncio.ensure_future(work)
	ended, stopped = asyncio.ensure_future(bridge.wait()), asyncio.ensure_future(stopping.wait())
	done, pending = await asyncio.wait({working, ended, stopped}, return_when=asyncio.FIRST_COMPLETED)
	for future in pending:
		future.cancel()
	await asyncio.gather(*pending, return_exceptions=True)
	# Ctrl-C reaches the bridge as well: then its end is no accident.
	if ended in done and not stopping.is_set():
		raise BridgeEnded(ended.result())
	if working in done:
		working.result()


async def _stop(bridge: asyncio.subprocess.Process) -> None:
	if bridge.returncode is not None:
		return
	with contextlib.suppress(ProcessLookupError):
		bridge.terminate()
	try:
		await asyncio.wait_for(bridge.wait(), STOP_SECONDS)
	except (TimeoutError, asyncio.TimeoutError):
		bridge.kill()
		await bridge.wait()
