"""`make test-frappe`: puts this checkout onto a site of a bench, runs the three parts of its tests, and sums up.

python tests/frappe_site/all_parts.py /path/to/frappe-bench test.localhost

Every part runs, whatever became of the one before. Redis is one of our own: workers and the scheduler of the bench may
run, and take none of the tests' jobs. Exits with 1 if any part failed.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path[:0] = [str(HERE.parent), str(HERE)]

import prepare  # noqa: E402
from processes import free_port, until  # noqa: E402

_RAN = re.compile(rb"^Ran (\d+) tests? in ", re.MULTILINE)


@dataclass(frozen=True)
class Part:
	name: str
	passed: bool
	why: str = ""

	def __str__(self) -> str:
		return f"{'passed' if self.passed else 'FAILED'}  {self.name}{f': {self.why}' if self.why else ''}"


@contextmanager
def own_redis(folder: Path) -> Iterator[str]:
	"""The address of an empty one."""
	port = free_port()
	log = folder / "redis.log"
	with log.open("wb") as output:
		process = subprocess.Popen(
			["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(folder)],
			stdin=subprocess.DEVNULL,
			stdout=output,
			stderr=subprocess.STDOUT,
		)
		try:
			until(lambda: b"Ready to accept" in log.read_bytes(), "Redis is ready")
			yield f"redis://127.0.0.1:{port}"
		finally:
			process.terminate()
			process.wait()


def in_the_package(bench: Path, site: str, redis: str) -> Part:
	"""What bench itself finds: `frappe_host/tests`. Its exit code alone would also be 0 where nothing ran."""
	name = "tests inside the package (bench run-tests)"
	environment = {"CI": "1", "FRAPPE_REDIS_QUEUE": redis, "FRAPPE_REDIS_CACHE": redis}
	command = [bench / "env" / "bin" / "python", "-m", "frappe.utils.bench_helper", "frappe", "--site", site]
	process = subprocess.Popen(
		[*command, "run-tests", "--app", prepare.APP],
		cwd=bench / "sites",
		env={**os.environ, **environment},
		stdout=subprocess.PIPE,
		stderr=subprocess.STDOUT,
	)
	assert process.stdout is not None
	output = b""
	for line in process.stdout:
		sys.stdout.buffer.write(line)
		sys.stdout.flush()
		output += line
	return judged(name, process.wait(), output)


def judged(name: str, code: int, output: bytes) -> Part:
	ran = sum(int(number) for number in _RAN.findall(output))
	if code:
		return Part(name, passed=False, why=f"exit code {code}")
	return Part(name, passed=ran > 0, why=f"{ran} tests ran")


def with_pytest(name: str, bench: Path, site: str, *arguments: str) -> Part:
	environment = {**os.environ, "FRAPPE_BENCH": str(bench), "SITE": site}
	code = subprocess.run([sys.executable, *arguments], cwd=ROOT, env=environment).returncode
	return Part(name, passed=not code, why=f"exit code {code}" if code else "")


def main(bench: Path, site: str) -> int:
	prepare.main(bench, site)
	with tempfile.TemporaryDirectory() as folder, own_redis(Path(folder)) as redis:
		parts = [in_the_package(bench, site, redis)]
	parts.append(
		with_pytest(
			"three sides with real processes (tests/frappe_site)",
			bench,
			site,
			"-m",
			"pytest",
			"tests/frappe_site",
		)
	)
	prepare.build(bench)
	parts.append(
		with_pytest(
			"the desk in Chromium (tests/frappe_browser)",
			*(bench, site),
			*("tests/frappe_site/with_site.py", "pytest", "tests/frappe_browser"),
		)
	)
	print("\nOn the bench:", *parts, sep="\n  ")
	return 0 if all(part.passed for part in parts) else 1


if __name__ == "__main__":
	sys.exit(main(Path(sys.argv[1]).resolve(), sys.argv[2]))
