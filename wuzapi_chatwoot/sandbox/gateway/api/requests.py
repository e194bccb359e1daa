"""Reads request bodies as the gateway's Go decoder does, and shapes its answers. Knows no endpoint."""

from __future__ import annotations

import base64
import binascii
import re
from typing import Any

from wuzapi_chatwoot.sandbox.gateway.phones.people import PHONE_SERVER
from wuzapi_chatwoot.sandbox.web.http_server import Call, Refused, Reply, json_reply

SERVERS = ("s.whatsapp.net", "g.us", "lid", "newsletter", "broadcast")

# What a Go field may be given, and what it is when nothing was given.
# `object` stands for a field that takes more than one type.
EMPTY: dict[type, Any] = {str: "", bool: None, int: 0, float: 0.0, list: [], dict: {}, object: None}


def success(data: Any) -> Reply:
	"""Answer in the envelope of success."""
	return json_reply({"code": 200, "data": data, "success": True})


def failure(status: int, error: str) -> Reply:
	"""Answer in the envelope of failure."""
	return json_reply({"code": status, "error": error, "success": False}, status)


def wordless_failure() -> Reply:
	"""Answer as several endpoints do when WhatsApp gave no answer: a failure that calls itself a success."""
	return json_reply({"code": 500, "success": True}, 500)


def refuse(status: int, error: str) -> Refused:
	"""Make the exception that answers with a failure."""
	return Refused(failure(status, error))


UNREADABLE = "could not decode Payload"
# The same fault, as the endpoints for settings and for polls spell it.
UNREADABLE_SETTING = "could not decode payload"


def decoded(call: Call, complaint: str = UNREADABLE, **fields: type) -> dict[str, Any]:
	"""Decode the body into the wanted fields: keys in any case, wrong types refused, unknown keys ignored."""
	try:
		given = call.json()
	except ValueError as error:
		raise refuse(400, complaint) from error
	if not isinstance(given, dict):
		raise refuse(400, complaint)
	lowered = {key.lower(): value for key, value in given.items()}
	return {name: _typed(lowered.get(name), kind, complaint) for name, kind in fields.items()}


def _typed(value: Any, kind: type, complaint: str) -> Any:
	if value is None:
		return EMPTY[kind]
	if kind is float and isinstance(value, int) and not isinstance(value, bool):
		return float(value)
	if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
		raise refuse(400, complaint)
	return value


def recipient(phone: str) -> str:
	"""Turn the `Phone` of a request into an address; hardly anything is checked, as in the original."""
	phone = phone.removeprefix("+")
	return phone if "@" in phone else phone + PHONE_SERVER


def checked_for_sending(jid: str) -> None:
	"""Refuse what whatsmeow refuses to send to."""
	user, _, server = jid.partition("@")
	if ":" in user:
		raise refuse(500, "error sending message: message recipient must be a user JID with no device part")
	if server not in SERVERS:
		raise refuse(500, f"error sending message: can't send message to unknown server {server}")


DATA_URL = re.compile(r"data:([^,]*?)(;base64)?,", re.DOTALL)


def data_of(value: str, prefix: str, complaint: str) -> tuple[bytes, str]:
	"""Decode a data URL that has to begin with `prefix`; returns the bytes and the declared type."""
	if value.startswith(("http://", "https://")):
		# The original fetches public addresses only; for a sandbox every address is a private one.
		raise refuse(400, "failed to fetch file from url: refusing to connect to a private address")
	match = DATA_URL.match(value) if value.startswith(prefix) else None
	if match is None:
		raise refuse(400, complaint)
	try:
		return base64.b64decode(value[match.end() :], validate=True), match.group(1)
	except (binascii.Error, ValueError) as error:
		raise refuse(400, "could not decode base64 encoded data from payload") from error
