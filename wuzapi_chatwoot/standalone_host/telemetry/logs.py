"""Structured logs: one JSON object a line on standard output, or readable lines for a terminal.

No message text and no secret is ever handed to a logger; see `observer.py` for what is. Of an exception only its
type is told: its words, and the values of variables, may be people's messages.
"""

from __future__ import annotations

import logging
import sys
import threading
from contextlib import suppress

import structlog


def set_up_logs(level: str, format: str) -> None:
	"""What libraries log takes the same way, from `warning` upwards."""
	processors: list[structlog.typing.Processor] = [
		structlog.processors.add_log_level,
		structlog.processors.TimeStamper(fmt="iso", utc=True),
	]
	if format == "console":
		processors.append(structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback))
	else:
		processors.append(structlog.processors.JSONRenderer(ensure_ascii=False))
	structlog.configure(
		processors=processors,
		wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, level.upper())),
		logger_factory=lambda *_: _OUTPUT,
		cache_logger_on_first_use=True,
	)
	if hasattr(sys.stdout, "reconfigure"):
		# Whatever alphabet the machine is set to, a name from another one stops no log line.
		sys.stdout.reconfigure(errors="backslashreplace")
	root = logging.getLogger()
	if not any(isinstance(handler, _FromLibraries) for handler in root.handlers):
		root.addHandler(_FromLibraries(logging.WARNING))
	root.setLevel(logging.WARNING)


class _Output:
	"""Lines on standard output. A closed pipe or a full disk costs the line, never the work that is told of."""

	def __init__(self) -> None:
		self._lock = threading.Lock()

	def msg(self, message: str) -> None:
		with self._lock, suppress(OSError, ValueError):
			sys.stdout.write(message + "\n")
			sys.stdout.flush()

	debug = info = warning = error = critical = msg


_OUTPUT = _Output()


class _FromLibraries(logging.Handler):
	"""Hands on what uvicorn and others log, without their tracebacks."""

	def emit(self, record: logging.LogRecord) -> None:
		kind = record.exc_info[0] if record.exc_info else None
		structlog.get_logger().log(
			record.levelno,
			"library",
			logger=record.name,
			message=record.getMessage().strip(),
			error=kind.__name__ if kind else None,
		)
