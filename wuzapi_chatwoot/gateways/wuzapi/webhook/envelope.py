"""The outer shape of a WuzAPI webhook: JSON, form or multipart, turned into one JSON object and the media's bytes.

Does not know what any event means.
"""

from __future__ import annotations

import binascii
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from wuzapi_chatwoot.bridge.ports.connector import Body, Malformed, WebhookRequest
from wuzapi_chatwoot.gateways.wuzapi.parse.fields import Fields, load
from wuzapi_chatwoot.gateways.wuzapi.webhook.raw_body import (
	Lifted,
	Parts,
	form_fields,
	lift_media,
	multipart_parts,
)

_BASE64 = re.compile(rb"[A-Za-z0-9+/]*={0,2}")
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
	token: str = ""


def is_multipart(request: WebhookRequest) -> bool:
	return _media_type(request) == "multipart/form-data"


def open_envelope(request: WebhookRequest) -> Envelope:
	"""Raises `Malformed`."""
	try:
		return _open(request)
	except RecursionError:
		raise Malformed("The body is nested too deeply to be a WuzAPI webhook.") from None


def _open(request: WebhookRequest) -> Envelope:
	# The signature of a multipart body covers its text fields only, so nothing else in it may be believed.
	if is_multipart(request):
		parts = multipart_fields(request)
		return _with_file(_opened(_from_fields(parts.texts)), parts.file)
	if _media_type(request) == "application/json" or bytes(request.body[:64]).lstrip().startswith(b"{"):
		return _opened(_object(request.body, "The body"))
	with form_fields(request.body) as fields:
		return _opened(_from_fields(fields))


def _with_file(envelope: Envelope, file: bytes | None) -> Envelope:
	return replace(envelope, media=file) if envelope.media is None else envelope


def _opened(read: _Object) -> Envelope:
	_check_shape(Fields(read.value))
	whole = Fields(read.value)
	payload, hook = _payload_of(read.value)
	text = whole.text("base64")
	return Envelope(
		hook=Fields(hook),
		payload=payload,
		media=_media_of(read.lifted.string(text) or text),
		token=_encodable(whole.text("token")),
		instance=tuple(_encodable(text) for key in ("userID", "token") if (text := whole.text(key))),
	)


def _media_type(request: WebhookRequest) -> str:
	return request.headers.get("content-type", "").partition(";")[0].strip().lower()


@dataclass(frozen=True, slots=True)
class _Object:
	"""A JSON object, read. Of a large body the media's text is in `lifted`."""

	value: dict[str, object]
	lifted: Lifted


def _object(text: Body, what: str) -> _Object:
	"""Raises `Malformed`."""
	lifted = lift_media(text)
	value = _loaded(lifted.text, what)
	at_the_top = sum(
		isinstance(each, str) and lifted.string(each) is not None
		for key, each in value.items()
		if key.lower() == "base64"
	)
	if at_the_top != len(lifted.strings):
		# Something else is called so, too, and belongs to the payload.
		lifted = Lifted(bytes(text), ())
		value = _loaded(lifted.text, what)
	return _Object(value, lifted)


def _loaded(text: bytes, what: str) -> dict[str, object]:
	try:
		value = load(text.decode("utf-8-sig"))
	except UnicodeDecodeError:
		raise Malformed(f"{what} is not UTF-8 text.") from None
	except ValueError:
		raise Malformed(f"{what} is not JSON.") from None
	if not isinstance(value, dict):
		raise Malformed(f"{what} is JSON, but not an object.")
	return value


def multipart_fields(request: WebhookRequest) -> Parts:
	"""The parts of a multipart body. Raises `Malformed`."""
	return multipart_parts(request.body, request.headers.get("content-type", ""))


def _from_fields(fields: Mapping[str, str | Body]) -> _Object:
	known = {name.lower(): name for name in reversed(list(fields))}
	if "jsondata" not in known:
		raise Malformed("The body is neither JSON nor a form with the field jsonData.")
	data = fields[known["jsondata"]]
	read = _object(data.encode("utf-8", "replace") if isinstance(data, str) else data, "The field jsonData")
	hook = Fields(read.value)
	for key in ("userID", "instanceName"):
		text = fields.get(known.get(key.lower(), ""))
		if key not in hook and text:
			read.value[key] = text if isinstance(text, str) else bytes(text).decode("utf-8", "replace")
	return read


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
		kept = _loaded(payload.encode(), "The body")
	return payload, kept


def _encodable(text: str) -> str:
	return text.encode("utf-8", "replace").decode()


def _media_of(text: str | Body) -> bytes | None:
	"""The bytes of a base64 text; `None` if there is none or it is broken."""
	given = text.encode("ascii", "replace") if isinstance(text, str) else text
	# Judged apart: decoding strictly would copy it first, and there are a hundred megabytes.
	if len(given) % 4 or not _BASE64.fullmatch(given):
		return None
	try:
		return binascii.a2b_base64(given) or None
	except binascii.Error:
		return None
