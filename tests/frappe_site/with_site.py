"""Starts a site's processes, says in the environment where they are, runs a command, and ends them:

python tests/frappe_site/with_site.py pytest tests/frappe_browser
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE)]

from frappe_stack import Stack  # noqa: E402


def main(command: list[str]) -> int:
	bench, site = Path(os.environ["FRAPPE_BENCH"]).resolve(), os.environ["SITE"]
	with tempfile.TemporaryDirectory() as folder, Stack(bench, site, Path(folder)) as stack:
		stack.begin(workers=1)
		stack.ask("finish_setup")
		stack.start_realtime()
		# What is run may end the realtime server, and start it again.
		signal.signal(signal.SIGUSR1, lambda *_: stack.realtime.kill())
		signal.signal(signal.SIGUSR2, lambda *_: stack.realtime.running or stack.realtime.spawn())
		where = {
			"SITE_URL": stack.url,
			"SANDBOX_CONTROL": f"{stack.sandbox.page}/control",
			"SANDBOX_SESSION": "front-desk",
			"REALTIME_SWITCH": str(os.getpid()),
		}
		return subprocess.run([sys.executable, "-m", *command], env={**os.environ, **where}).returncode


if __name__ == "__main__":
	sys.exit(main(sys.argv[1:]))
