"""Describes the machine that the figures are of, with what flushing to its disk costs."""

from __future__ import annotations

import os
import platform
import sqlite3
import subprocess
import tempfile
import time
from datetime import datetime, timezone
from pathlib import Path

from .report import Section, Table, percentile

FLUSHES = 300


def describe(folder: Path | None) -> Section:
	"""The machine as a section; the disk is that of the temporary folders."""
	table = Table(["", ""])
	table.add("Date", datetime.now(timezone.utc).strftime("%Y-%m-%d %H:%M UTC"))
	table.add("Commit", _commit())
	table.add("Processor", f"{_field('/proc/cpuinfo', 'model name')}, {os.cpu_count()} cores")
	table.add("Memory", f"{int(_field('/proc/meminfo', 'MemTotal').split()[0]) / 1024**2:.1f} GiB")
	table.add("System", f"Linux {platform.release()}")
	table.add("Python, SQLite", f"{platform.python_version()}, {sqlite3.sqlite_version}")
	median, slow = _flush_seconds(folder)
	table.add("Writing 4 KiB and fsync", f"median {median * 1000:.2f} ms, p95 {slow * 1000:.2f} ms")
	table.add("Load average before", f"{os.getloadavg()[0]:.2f}")
	return Section("machine", "Machine", [table])


def _field(file: str, name: str) -> str:
	for line in Path(file).read_text(encoding="utf-8").splitlines():
		key, _, value = line.partition(":")
		if key.strip() == name:
			return value.strip()
	return "0"


def _commit() -> str:
	try:
		answer = subprocess.run(
			["git", "describe", "--always", "--dirty"],
			cwd=Path(__file__).parent,
			capture_output=True,
			text=True,
			check=True,
		)
	except (OSError, subprocess.CalledProcessError):
		return "unknown"
	return answer.stdout.strip()


def _flush_seconds(folder: Path | None) -> tuple[float, float]:
	"""Median and p95 of appending a page and flushing it, in seconds."""
	taken = []
	with tempfile.NamedTemporaryFile(dir=folder) as file:
		for _ in range(FLUSHES):
			started = time.perf_counter()
			os.write(file.fileno(), bytes(4096))
			os.fsync(file.fileno())
			taken.append(time.perf_counter() - started)
	return percentile(taken, 0.5), percentile(taken, 0.95)
