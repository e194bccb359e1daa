"""Memory that is free again goes back to the system, also after large files."""

from __future__ import annotations

import ctypes
from contextlib import suppress

# Of glibc's malloc.h.
_MMAP_THRESHOLD = -3
_ARENA_MAX = -8
_LARGE = 512 * 1024
_ARENAS = 4


def give_back_freed_memory() -> None:
	"""To be called before threads begin. Nothing happens where the C library is another one.

	By itself glibc learns from the first large block that is freed to keep blocks of its size, in each thread's arena.
	"""
	with suppress(OSError, AttributeError, TypeError):
		library = ctypes.CDLL(None)
		library.mallopt(_MMAP_THRESHOLD, _LARGE)
		library.mallopt(_ARENA_MAX, _ARENAS)
