"""Ready-made webhook requests of a WuzAPI gateway: the recorded text message with other ids, chats and times."""

from __future__ import annotations

import hashlib
import hmac
import itertools
import json
import time
from collections.abc import Iterator
from pathlib import Path

_RECORDED = Path(__file__).parents[1] / "tests" / "payloads" / "wuzapi-webhooks" / "message-text.json"
_FIRST_PHONE = 447_700_910_000
_FIRST_LID = 222_200_010_000_000


def phone_of(person: int) -> str:
	"""The invented phone number of a person."""
	return str(_FIRST_PHONE + person)


def lid_of(person: int) -> str:
	"""The other name that WhatsApp has for the same person."""
	return str(_FIRST_LID + person)


def text_template() -> str:
	"""The recorded webhook with `@ID@`, `@PHONE@`, `@LID@`, `@TIME@` and `@TEXT@` in it."""
	payload = json.loads(_RECORDED.read_text(encoding="utf-8"))
	info = payload["event"]["Info"]
	info["Chat"] = info["Sender"] = "@PHONE@@s.whatsapp.net"
	info["SenderAlt"] = "@LID@@lid"
	info["ID"], info["Timestamp"] = "@ID@", "@TIME@"
	for message in (payload["event"]["Message"], payload["event"]["RawMessage"]):
		message["conversation"] = "@TEXT@"
	return json.dumps(payload, ensure_ascii=False, separators=(",", ":"))


def filled(template: str, person: int, number: int, at: float) -> str:
	"""The webhook of one message."""
	return (
		template.replace("@ID@", f"3A{number:018X}")
		.replace("@PHONE@", phone_of(person))
		.replace("@LID@", lid_of(person))
		.replace("@TIME@", time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(at)))
		.replace("@TEXT@", f"Hello, is the shop open today? This is message {number}.")
	)


class Webhooks:
	"""Signed requests; no two of them, nor of any other run, have the same id."""

	def __init__(self, key: str, path: str = "/webhook/wuzapi") -> None:
		self._key = key.encode()
		self._path = path
		self._template = text_template()
		self._numbers = itertools.count(time.time_ns() // 1000)

	def texts(self, people: int, count: int, first: int = 0) -> Iterator[bytes]:
		"""Texts of `people` persons, from the first on, one after the other, round after round. Made when asked for."""
		for place in range(count):
			yield self._request(
				filled(self._template, first + place % people, next(self._numbers), time.time())
			)

	def _request(self, text: str) -> bytes:
		body = text.encode()
		signature = hmac.new(self._key, body, hashlib.sha256).hexdigest()
		return post(self._path, body, f"x-hmac-signature: {signature}\r\n")


def post(path: str, body: bytes, more_headers: str = "") -> bytes:
	"""A whole request, ready to be written."""
	head = (
		f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
		f"{more_headers}Content-Length: {len(body)}\r\n\r\n"
	)
	return head.encode("latin-1") + body
