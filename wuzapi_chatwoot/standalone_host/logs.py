"""Structured logs: one JSON object a line on standard output, or readable lines for a terminal.

No message text and no secret is ever handed to a logger; see `observer.py` for what is.
"""

from __future__ import annotations

import logging

import structlog


def set_up_logs(level: str, format: str) -> None:
	processors: list[structlog.typing.Processor] = [
		structlog.processors.add_log_level,
		structlog.processors.TimeStamper(fmt="iso", utc=True),
	]
	if format == "console":
		processors.append(structlog.dev.ConsoleRenderer())
	else:
		processors += [
			structlog.processors.dict_tracebacks,
			structlog.processors.JSONRenderer(ensure_ascii=False),
		]
	numeric = (
		logging.getLevelNamesMapping()[level.upper()]
		if hasattr(logging, "getLevelNamesMapping")
		else (logging.getLevelName(level.upper()))
	)
	structlog.configure(
		processors=processors,
		wrapper_class=structlog.make_filtering_bound_logger(numeric),
		logger_factory=structlog.PrintLoggerFactory(),
		cache_logger_on_first_use=True,
	)
