"""Reads the bodies of control requests. Refuses what makes no sense with words that say why."""

from __future__ import annotations

import base64
import binascii
from typing import Any

from wuzapi_chatwoot.sandbox.files import File, made

Json = dict[str, Any]


class BadControl(Exception):
	"""The request makes no sense, or names something that does not exist (404)."""

	def __init__(self, text: str, status: int = 400) -> None:
		super().__init__(text)
		self.status = status


def text_of(body: Json, name: str, default: str | None = None) -> str:
	"""Return a text."""
	value = body.get(name, default)
	if value is None:
		raise BadControl(f"{name} is missing")
	if not isinstance(value, (str, int)) or isinstance(value, bool):
		raise BadControl(f"{name} is a text")
	return str(value)


def flag_of(body: Json, name: str) -> bool:
	"""Return a truth value, false when not given."""
	value = body.get(name, False)
	if not isinstance(value, bool):
		raise BadControl(f"{name} is true or false")
	return value


def number_of(body: Json, name: str, default: int) -> int:
	"""Return a whole number that is not negative."""
	value = body.get(name, default)
	if isinstance(value, bool) or not isinstance(value, int) or value < 0:
		raise BadControl(f"{name} is a whole number, 0 or more")
	return value


def coordinate_of(body: Json, name: str, default: float) -> float:
	"""Return a latitude or longitude in degrees."""
	value = body.get(name, default)
	if isinstance(value, bool) or not isinstance(value, (int, float)) or not -180 <= value <= 180:
		raise BadControl(f"{name} is a number of degrees")
	return float(value)


def texts_of(body: Json, name: str, default: list[str]) -> list[str]:
	"""Return a list of texts."""
	value = body.get(name, default)
	if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
		raise BadControl(f"{name} is a list of texts")
	return list(value)


def offered_of(body: Json) -> list[Json]:
	"""What an interactive message offers, as Chatwoot keeps it."""
	items = body.get("items", [])
	if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
		raise BadControl("items is a list of objects")
	return items


def part_of(body: Json, name: str, defaults: dict[str, str]) -> dict[str, str] | None:
	"""Return an object of texts; true stands for the defaults, nothing or false for None."""
	value = body.get(name, False)
	if value is False or value is None:
		return None
	given = {} if value is True else value
	if not isinstance(given, dict):
		raise BadControl(f"{name} is true, or an object")
	return {key: text_of(given, key, default) for key, default in defaults.items()}


def file_of(body: Json, kind: str, number: int) -> File:
	"""Return the file that was sent along, or a made one of that kind."""
	name = text_of(body, "name", "")
	if "data" in body:
		try:
			data = base64.b64decode(text_of(body, "data"), validate=True)
		except (binascii.Error, ValueError) as error:
			raise BadControl("data is no base64") from error
		return File(name or "file", text_of(body, "mimetype", "application/octet-stream"), data)
	try:
		return made(kind, number, name)
	except ValueError as error:
		raise BadControl(str(error)) from error
