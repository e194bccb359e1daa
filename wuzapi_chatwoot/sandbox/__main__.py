"""Starts a sandbox from the command line, or the demo: the sandbox with the bridge as a child process."""

from __future__ import annotations

import asyncio
import json
import signal
import sys
from typing import TYPE_CHECKING

from wuzapi_chatwoot.sandbox.requirements import Missing, require_packages

if TYPE_CHECKING:
	from wuzapi_chatwoot.sandbox.options import Options


async def serve(options: Options) -> None:
	"""Run until told to stop; prints the addresses as one line of JSON when everything answers."""
	from wuzapi_chatwoot.sandbox.sandbox import Sandbox

	stopping = asyncio.Event()
	loop = asyncio.get_running_loop()
	for number in (signal.SIGTERM, signal.SIGINT):
		loop.add_signal_handler(number, stopping.set)
	sandbox = Sandbox(options)
	try:
		await sandbox.start()
		print(json.dumps(sandbox.urls), flush=True)
		await stopping.wait()
	finally:
		await sandbox.stop()


def main(arguments: list[str]) -> int:
	"""Run what the command line asks for; returns the exit code."""
	try:
		require_packages()
	except Missing as missing:
		print(missing, file=sys.stderr)
		return 1
	# Not at the top: these need what may be missing.
	from wuzapi_chatwoot.sandbox import demo
	from wuzapi_chatwoot.sandbox.options import parse
	from wuzapi_chatwoot.sandbox.web.listener import PortBusy

	if arguments[:1] == ["demo"]:
		return demo.main(arguments[1:])
	try:
		asyncio.run(serve(parse(arguments)))
	except PortBusy as busy:
		option = "--port" if busy.name == "page" else f"--{busy.name}-port"
		print(f"{busy}; choose another with {option} (0: any free one)", file=sys.stderr)
		return 1
	return 0


if __name__ == "__main__":
	sys.exit(main(sys.argv[1:]))
