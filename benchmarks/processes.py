"""What the kernel tells of a process: processor time, memory, open files."""

from __future__ import annotations

import os
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")


def processor_seconds(pid: int, *, children: bool = False) -> float:
	"""User and system time that the process has used so far, all threads, in seconds; with `children` also that of
	its children that have ended.
	"""
	fields = (
		Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()
	)
	return sum(map(int, fields[11 : 15 if children else 13])) / _TICKS


def memory_mib(pid: int) -> float:
	"""Memory of its own, without pages of files: the mapped database would count as memory otherwise."""
	return _status(pid, "RssAnon") / 1024


def resident_mib(pid: int) -> float:
	"""Resident memory with pages of mapped files, which the kernel takes back when it wants to."""
	return _status(pid, "VmRSS") / 1024


def open_files(pid: int) -> int:
	"""Open files and connections."""
	return len(os.listdir(f"/proc/{pid}/fd"))


def _status(pid: int, name: str) -> int:
	for line in Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace").splitlines():
		if line.startswith(name + ":"):
			return int(line.split()[1])
	raise ValueError(f"/proc/{pid}/status has no {name}")
