"""Whether a webhook was signed with one of our secrets. There is no time stamp in it: replays are caught by event keys."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Sequence

from wuzapi_chatwoot.bridge.model.records import Secret
from wuzapi_chatwoot.bridge.ports.connector import Body, Malformed, WebhookRequest
from wuzapi_chatwoot.gateways.wuzapi.webhook.envelope import is_multipart, multipart_fields

HEADER = "x-hmac-signature"

# Go's JSON encoder writes these five as escapes, Python's does not.
_GO_ESCAPES = {ord(character): f"\\u{ord(character):04x}" for character in "<>&\u2028\u2029"}


def signed(request: WebhookRequest) -> bool:
	return bool(request.headers.get(HEADER, "").strip())


def verify(request: WebhookRequest, secrets: Sequence[Secret]) -> bool:
	"""Lower-case hex HMAC-SHA256 with one of the secrets, over the bytes that WuzAPI signs."""
	given = request.headers.get(HEADER, "").strip().lower().encode("utf-8", "replace")
	try:
		content = signed_bytes(request)
	except Malformed:
		return False
	# Every secret is tried, so that the time taken does not tell which one was nearly right.
	matches = [
		hmac.compare_digest(
			given, hmac.new(secret.value.encode(), content, hashlib.sha256).hexdigest().encode()
		)
		for secret in secrets
		if secret
	]
	return any(matches)


def signed_headers(body: bytes, key: Secret) -> dict[str, str]:
	"""As WuzAPI signs a body that is neither multipart nor a form."""
	return {HEADER: hmac.new(key.value.encode(), body, hashlib.sha256).hexdigest()}


def signed_bytes(request: WebhookRequest) -> Body:
	"""The raw body; of a multipart body the JSON object of its text fields, as Go writes it."""
	if not is_multipart(request):
		return request.body
	texts = multipart_fields(request).texts
	written = json.dumps(texts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
	return written.translate(_GO_ESCAPES).encode("utf-8", "replace")
