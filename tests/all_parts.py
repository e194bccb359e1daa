"""`make test`: runs its parts one after the other, whatever became of the one before, and sums up.

	python tests/all_parts.py [part …]

Without names, all of them. Exits with 1 if any part failed.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
CORES = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
APART = "processes or browser"
# Who works with processes of others waits much: more of them than there are cores.
PARTS: dict[str, list[list[str]]] = {
	"lint": [["ruff", "check", "."], ["ruff", "format", "--check", "."], ["lint-imports"]],
	"types": [["mypy"]],
	"processes": [
		["pytest", "-m", APART, "-n", str(2 * CORES), "--dist", "loadfile", "--no-loadscope-reorder"]
	],
	"in-process": [["pytest", "-m", f"not ({APART})", "-n", str(CORES), "--dist", "worksteal", "--cov"]],
	"fast": [["pytest", "-m", f"not ({APART})", "-n", str(CORES), "--dist", "worksteal"]],
}
OF_MAKE_TEST = ("lint", "types", "in-process", "processes")


def run(part: str) -> tuple[bool, float]:
	"""Whether all its commands passed, and the seconds that they took."""
	began = time.monotonic()
	passed = True
	for command, *arguments in PARTS[part]:
		print(f"\n$ {' '.join([command, *arguments])}", flush=True)
		passed &= subprocess.run([BIN / command, *arguments], cwd=ROOT, check=False).returncode == 0
	return passed, time.monotonic() - began


def main(parts: list[str]) -> int:
	results = {part: run(part) for part in parts or OF_MAKE_TEST}
	print()
	for part, (passed, seconds) in results.items():
		print(f"  {'passed' if passed else 'FAILED'}  {part} ({seconds:.0f} s)")
	return 0 if all(passed for passed, _ in results.values()) else 1


if __name__ == "__main__":
	sys.exit(main(sys.argv[1:]))
