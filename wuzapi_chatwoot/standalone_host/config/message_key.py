"""The key of the WhatsApp ids that are derived here: made at the first start, kept beside the sessions' secrets."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from wuzapi_chatwoot.bridge.model.errors import StoreUnavailable
from wuzapi_chatwoot.bridge.model.records import Secret

_FILE = "message-id.key"


def message_key_of(folder: Path) -> Secret:
	"""Raises `StoreUnavailable`. The folder belongs to this process alone, so nobody makes another one meanwhile."""
	file = folder / _FILE
	try:
		if not file.exists():
			_write(file, secrets.token_hex(32))
		key = file.read_text(encoding="ascii").strip()
	except (OSError, UnicodeDecodeError) as error:
		raise StoreUnavailable(f"The key for message ids cannot be read or written: {file}") from error
	if len(key) < 32:
		raise StoreUnavailable(f"The key for message ids is damaged: delete {file}, and a new one is made")
	return Secret(key)


def _write(file: Path, key: str) -> None:
	"""Whole or not at all, and for nobody else to read."""
	half = file.with_suffix(".new")
	half.unlink(missing_ok=True)
	with os.fdopen(
		os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii"
	) as opened:
		opened.write(key)
		opened.flush()
		os.fsync(opened.fileno())
	half.replace(file)
