"""What Chatwoot takes as an inbox's name and callback address, said before it is asked. Calls nothing."""

from __future__ import annotations

from urllib.parse import urlsplit

from wuzapi_chatwoot.bridge.model.errors import Permanent
from wuzapi_chatwoot.chatwoot.parse import fields

LONGEST_NAME = 255
LONGEST_CALLBACK = 2048


def clean_name(name: str) -> str:
	"""In one line. Raises `Permanent`. Which signs a name may bear differs by version: that Chatwoot itself says."""
	cleaned = " ".join(fields.printable(name).split())
	if not cleaned:
		raise Permanent("the inbox needs a name")
	if len(cleaned) > LONGEST_NAME:
		raise Permanent(f"the inbox's name is too long: {len(cleaned)} characters of at most {LONGEST_NAME}")
	return cleaned


def check_callback(callback: str) -> str:
	"""Trimmed; may be empty. Raises `Permanent`."""
	trimmed = callback.strip()
	if not trimmed:
		return ""
	if len(trimmed) > LONGEST_CALLBACK:
		raise Permanent(
			f"the callback address is too long for Chatwoot: {len(trimmed)} characters of at most {LONGEST_CALLBACK}"
		)
	if not _is_web_address(trimmed):
		raise Permanent(
			"the callback address is none that Chatwoot can post to: it begins with http:// or https://"
		)
	return trimmed


def _is_web_address(text: str) -> bool:
	try:
		parts = urlsplit(text)
		port = parts.port
	except ValueError:
		return False
	usable = parts.scheme in ("http", "https") and bool(parts.hostname) and port != 0
	return usable and text.isprintable() and " " not in text
