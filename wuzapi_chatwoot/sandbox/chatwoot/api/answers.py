"""The error answers of Chatwoot's API, and how parameters are read from JSON and from forms."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from fastapi import Request
from starlette.datastructures import UploadFile

from wuzapi_chatwoot.sandbox.chatwoot.store import Invalid
from wuzapi_chatwoot.sandbox.files import File
from wuzapi_chatwoot.sandbox.web.http_server import Call, Refused, Reply, json_reply

NOT_FOUND = {"error": "Resource could not be found"}
UNKNOWN_TOKEN = {"error": "Invalid Access Token"}
NO_TOKEN = {"errors": ["You need to sign in or sign up before continuing."]}


def refuse(status: int, value: Any) -> Refused:
	"""Make the exception that answers with this body."""
	return Refused(json_reply(value, status))


def not_found() -> Refused:
	"""Make the 404."""
	return refuse(404, NOT_FOUND)


def invalid(error: Invalid) -> Refused:
	"""Make the 422 of a broken rule."""
	return refuse(422, {"message": str(error), "attributes": error.attributes})


def server_error() -> Refused:
	"""Make the 500 that a broken database key ends in."""
	return Refused(Reply(500, b'{"status":500,"error":"Internal Server Error"}'))


def json_object(call: Call) -> dict[str, Any]:
	"""Read the body as an object; nothing sent counts as an empty one."""
	if not call.body:
		return {}
	try:
		value = call.json()
	except ValueError as error:
		raise refuse(400, {"status": 400, "error": "Bad Request"}) from error
	return value if isinstance(value, dict) else {}


def as_bool(value: Any) -> bool:
	"""Read a truth value as Rails does."""
	return value not in (None, False, "", "0", 0, "f", "F", "false", "FALSE", "off", "OFF")


async def form_or_json(call: Call) -> tuple[dict[str, Any], list[File]]:
	"""Read parameters from JSON or from a form; files called `attachments[]` come on their own, others by name."""
	content_type = call.header(b"content-type") or ""
	if not content_type.startswith(("multipart/form-data", "application/x-www-form-urlencoded")):
		return json_object(call), []
	sent = False

	async def receive() -> dict[str, Any]:
		nonlocal sent
		body = b"" if sent else call.body
		sent = True
		return {"type": "http.request", "body": body, "more_body": False}

	fields: dict[str, Any] = {}
	files: list[File] = []
	async with Request(dict(call.scope), receive).form() as form:
		for name, value in form.multi_items():
			if isinstance(value, UploadFile):
				# What names the file and its type is what the sender declared, not what is in it.
				declared = value.content_type or "application/octet-stream"
				file = File(value.filename or "file", declared, await value.read())
				if name.startswith("attachments"):
					files.append(file)
				else:
					fields[name] = file
			else:
				_set_field(fields, name, value)
	return fields, files


def _set_field(fields: dict[str, Any], name: str, value: str) -> None:
	outer, bracket, inner = name.partition("[")
	if not bracket or inner == "]":
		fields[outer] = value
		return
	nested = fields.setdefault(outer, {})
	if isinstance(nested, dict):
		nested[inner.rstrip("]")] = value


def content_attributes(value: Any) -> dict[str, Any]:
	"""Read content attributes given as an object or as JSON text; what cannot be read is dropped."""
	if isinstance(value, str):
		try:
			value = json.loads(value)
		except ValueError:
			return {}
	return dict(value) if isinstance(value, dict) else {}


def demanded(fields: dict[str, Any], names: Iterable[str]) -> None:
	"""Refuse a request in which a parameter is missing."""
	for name in names:
		if fields.get(name) in (None, ""):
			raise refuse(422, {"error": f"param is missing or the value is empty: {name}"})
