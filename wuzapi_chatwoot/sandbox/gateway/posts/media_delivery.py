"""Puts the file of a webhook where the user's media delivery wants it: in the body, in a bucket, both, nowhere."""

from __future__ import annotations

import base64
from typing import Any

from wuzapi_chatwoot.sandbox.gateway.users import S3Settings

IN_BODY = ("base64", "mimeType", "fileName")


def as_delivered(payload: dict[str, Any], settings: S3Settings) -> dict[str, Any]:
	"""Return the payload as the user gets it. The bucket is only named, nothing is stored in it."""
	if "base64" not in payload:
		return payload
	delivered = dict(payload)
	if settings.media_delivery in ("s3", "both") and settings.enabled:
		delivered["s3"] = _in_bucket(payload, settings)
	if settings.media_delivery not in ("base64", "both"):
		for key in IN_BODY:
			delivered.pop(key, None)
	return delivered


def _in_bucket(payload: dict[str, Any], settings: S3Settings) -> dict[str, Any]:
	key = f"users/fictional/inbox/{payload['fileName']}"
	base = settings.public_url or f"{settings.endpoint}/{settings.bucket}"
	return {
		"url": f"{base.rstrip('/')}/{key}",
		"key": key,
		"bucket": settings.bucket,
		"size": len(base64.b64decode(payload["base64"])),
		"mimeType": payload["mimeType"],
		"fileName": payload["fileName"],
	}
