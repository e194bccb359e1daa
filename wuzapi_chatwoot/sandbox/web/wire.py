"""The bytes on the wire: JSON as Go and as Rails write it, and both signatures. No knowledge of any payload."""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import Any
from urllib.parse import urlencode


def _escaped(text: str) -> bytes:
	# <, > and & can only stand inside strings, so replacing them in the whole text is safe.
	text = text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
	text = text.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
	return text.encode("utf-8", "replace")


def go_json(value: Any, *, sort_keys: bool) -> bytes:
	"""Encode as Go's encoding/json does; WuzAPI's JSON mode sorts the keys of every level."""
	return _escaped(json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=sort_keys))


def rails_json(value: Any) -> bytes:
	"""Encode as ActiveSupport does: compact, in insertion order, HTML characters escaped."""
	return _escaped(json.dumps(value, ensure_ascii=False, separators=(",", ":")))


def plain_json(value: Any) -> bytes:
	"""Encode an answer of an API."""
	return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def gateway_body(payload: dict[str, Any], instance: str, user: str, *, as_form: bool) -> tuple[str, bytes]:
	"""Return content type and body of a gateway webhook in JSON mode or in form mode."""
	if not as_form:
		whole = {**payload, "instanceName": instance, "userID": user}
		return "application/json", go_json(whole, sort_keys=True)
	# In form mode the top level is a Go map (sorted) and what is inside are structs (declaration order).
	top_sorted = {key: payload[key] for key in sorted(payload)}
	fields = [
		("instanceName", instance),
		("jsonData", go_json(top_sorted, sort_keys=False).decode()),
		("userID", user),
	]
	return "application/x-www-form-urlencoded", urlencode(fields).encode()


def gateway_signature(key: str, body: bytes) -> str:
	"""Sign the raw body: the value of x-hmac-signature."""
	return hmac.new(key.encode(), body, hashlib.sha256).hexdigest()


def chatwoot_signature(secret: str, timestamp: str, body: bytes) -> str:
	"""Sign time stamp and raw body: the value of X-Chatwoot-Signature."""
	digest = hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()
	return f"sha256={digest}"
