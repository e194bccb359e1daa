"""The outer shape of a WuzAPI webhook: JSON, form or multipart, turned into one JSON object and the media's bytes.

Does not know what any event means.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl

from ..bridge.ports import Malformed, WebhookRequest
from .fields import Fields, load

_NAME = re.compile(rb';\s*name="([^"]*)"', re.IGNORECASE)
_BOUNDARY = re.compile(r'boundary="?([^";]+)"?', re.IGNORECASE)
_CHATWOOT_EVENT = re.compile(r"[a-z]+_[a-z_.]+")

# The media goes to a file of its own; older releases put the user's token into every payload.
_LEFT_OUT = frozenset({"base64", "token"})


@dataclass(frozen=True, slots=True)
class Envelope:
	hook: Fields
	"""The event object, with `userID` and `instanceName`."""
	payload: str
	"""`hook` as JSON text, without media, token and the second copy of the message (`RawMessage`)."""
	media: bytes | None
	instance: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FormFields:
	"""The fields of a form or multipart body. `file` are the bytes of the multipart's file part."""

	texts: Mapping[str, str]
	file: bytes | None = None


def is_multipart(request: WebhookRequest) -> bool:
	return _media_type(request) == "multipart/form-data"


def open_envelope(request: WebhookRequest) -> Envelope:
	"""Raises `Malformed`."""
	try:
		return _open(request)
	except RecursionError:
		raise Malformed("The body is nested too deeply to be a WuzAPI webhook.") from None


def _open(request: WebhookRequest) -> Envelope:
	file = None
	# The signature of a multipart body covers its text fields only, so nothing else in it may be believed.
	if is_multipart(request):
		fields = multipart_fields(request)
		hook, file = _from_fields(fields), fields.file
	elif _media_type(request) == "application/json" or request.body.lstrip().startswith(b"{"):
		hook = _object(_decoded(request.body), "The body")
	else:
		hook = _from_fields(_urlencoded_fields(request.body))
	_check_shape(Fields(hook))
	whole = Fields(hook)
	payload, hook = _payload_of(hook)
	media = _media_of(whole.text("base64"))
	return Envelope(
		hook=Fields(hook),
		payload=payload,
		media=file if media is None else media,
		instance=tuple(_encodable(text) for key in ("userID", "token") if (text := whole.text(key))),
	)


def _media_type(request: WebhookRequest) -> str:
	return request.headers.get("content-type", "").partition(";")[0].strip().lower()


def _decoded(body: bytes) -> str:
	try:
		return body.decode("utf-8-sig")
	except UnicodeDecodeError:
		raise Malformed("The body is not UTF-8 text.") from None


def _object(text: str, what: str) -> dict[str, object]:
	try:
		value = load(text)
	except ValueError:
		raise Malformed(f"{what} is not JSON.") from None
	if not isinstance(value, dict):
		raise Malformed(f"{what} is JSON, but not an object.")
	return value


def _urlencoded_fields(body: bytes) -> FormFields:
	pairs = parse_qsl(_decoded(body), keep_blank_values=True)
	return FormFields(dict(reversed(pairs)))


def multipart_fields(request: WebhookRequest) -> FormFields:
	"""The parts of a multipart body: texts by name, and the bytes of the part that is a file."""
	boundary = _BOUNDARY.search(request.headers.get("content-type", ""))
	if boundary is None:
		raise Malformed("The body is multipart, but its boundary is not named.")
	texts: dict[str, str] = {}
	file = None
	delimiter = b"\r\n--" + boundary[1].strip().encode("utf-8", "replace")
	for part in (b"\r\n" + request.body).split(delimiter)[1:]:
		head, blank_line, content = part.partition(b"\r\n\r\n")
		name = _NAME.search(head)
		if not blank_line or name is None:
			continue
		if b"filename=" in head.lower():
			file = content
		else:
			texts.setdefault(name[1].decode("utf-8", "replace"), content.decode("utf-8", "replace"))
	return FormFields(texts, file)


def _from_fields(fields: FormFields) -> dict[str, object]:
	texts = Fields(dict(fields.texts))
	if "jsonData" not in texts:
		raise Malformed("The body is neither JSON nor a form with the field jsonData.")
	hook = _object(texts.text("jsonData"), "The field jsonData")
	known = Fields(hook)
	for key in ("userID", "instanceName"):
		if key not in known and texts.text(key):
			hook[key] = texts.text(key)
	return hook


def _check_shape(hook: Fields) -> None:
	if hook.text("type"):
		return
	if _CHATWOOT_EVENT.fullmatch(hook.text("event")):
		raise Malformed(
			"This is a webhook of Chatwoot, posted to the address that is meant for WuzAPI: "
			"give Chatwoot the bridge's address for Chatwoot."
		)
	raise Malformed("The body has no type, so it is not a WuzAPI webhook.")


def _payload_of(hook: dict[str, object]) -> tuple[str, dict[str, object]]:
	kept = {key: value for key, value in hook.items() if key.lower() not in _LEFT_OUT}
	for key, value in kept.items():
		if key.lower() == "event" and isinstance(value, dict):
			kept[key] = {name: item for name, item in value.items() if name.lower() != "rawmessage"}
	payload = json.dumps(kept, ensure_ascii=False, separators=(",", ":"))
	try:
		payload.encode()
	except UnicodeEncodeError:
		# Half a surrogate pair is valid in JSON and nowhere else.
		payload = _encodable(payload)
		kept = _object(payload, "The body")
	return payload, kept


def _encodable(text: str) -> str:
	return text.encode("utf-8", "replace").decode()


def _media_of(text: str) -> bytes | None:
	"""The bytes of a base64 text; `None` if there is none or it is broken."""
	try:
		return base64.b64decode(text, validate=True) or None
	except (binascii.Error, ValueError):
		return None
