"""The bytes of files that the site refused to keep as File documents: below `private/wuzapi_chatwoot/refused`, by the
number of their message. Nobody is served them; who has access to the server finds them there.
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from pathlib import Path

import frappe

from wuzapi_chatwoot.bridge.model.errors import StoreUnavailable


def keep_refused(message: int, content: bytes) -> bool:
	"""False: it is there already."""
	path = _folder() / f"{message}-{hashlib.sha256(content).hexdigest()[:16]}"
	if path.exists():
		return False
	try:
		path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
		path.write_bytes(content)
		path.chmod(0o600)
	except OSError as error:
		raise StoreUnavailable("A file cannot be written", detail=error.strerror or "") from error
	return True


def forget_refused(before: datetime) -> int:
	"""How many are gone."""
	forgotten = 0
	for path in _folder().glob("*"):
		if path.stat().st_mtime < before.timestamp():
			path.unlink(missing_ok=True)
			forgotten += 1
	return forgotten


def _folder() -> Path:
	return Path(frappe.get_site_path("private", "wuzapi_chatwoot", "refused"))
