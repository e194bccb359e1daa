"""Chatwoot's webhook signature: HMAC-SHA256 over time stamp and raw body. Judges bytes, does not read them."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from datetime import datetime

from wuzapi_chatwoot.bridge.model.records import Secret

SIGNATURE_HEADER = "x-chatwoot-signature"
TIMESTAMP_HEADER = "x-chatwoot-timestamp"
WINDOW_SECONDS = 300


def is_signed(headers: Mapping[str, str]) -> bool:
	return bool(headers.get(SIGNATURE_HEADER))


def is_genuine(body: bytes, headers: Mapping[str, str], secrets: Sequence[Secret], now: datetime) -> bool:
	"""Signed with one of the secrets over these very bytes, at most `WINDOW_SECONDS` from `now`."""
	timestamp = headers.get(TIMESTAMP_HEADER, "")
	if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 12):
		return False
	if abs(now.timestamp() - int(timestamp)) > WINDOW_SECONDS:
		return False
	given = headers.get(SIGNATURE_HEADER, "").encode()
	signed = timestamp.encode() + b"." + body
	# Every secret is tried, so that the time taken does not tell which one was right.
	matches = [hmac.compare_digest(given, signature_of(signed, secret)) for secret in secrets if secret]
	return any(matches)


def signed_headers(body: bytes, secret: Secret, now: datetime) -> dict[str, str]:
	"""As Chatwoot signs."""
	timestamp = str(int(now.timestamp()))
	signature = signature_of(timestamp.encode() + b"." + body, secret)
	return {TIMESTAMP_HEADER: timestamp, SIGNATURE_HEADER: signature.decode()}


def signature_of(signed: bytes, secret: Secret) -> bytes:
	digest = hmac.new(secret.value.encode(), signed, hashlib.sha256).hexdigest()
	return f"sha256={digest}".encode()
