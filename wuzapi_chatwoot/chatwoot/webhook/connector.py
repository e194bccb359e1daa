"""How Chatwoot's webhooks are proved and read: the `Connector` of this sender. Stateless, stores nothing."""

from __future__ import annotations

import hashlib
import json
import math
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from wuzapi_chatwoot.bridge.model.events import ChatwootDeletion, ChatwootEvent
from wuzapi_chatwoot.bridge.model.records import Secret, Source
from wuzapi_chatwoot.bridge.ports.connector import Malformed, Reading, WebhookRequest
from wuzapi_chatwoot.chatwoot.parse import fields
from wuzapi_chatwoot.chatwoot.parse.parse import LONGEST_KIND, parse_event
from wuzapi_chatwoot.chatwoot.webhook.signature import is_genuine, is_signed

_CREDENTIALS = frozenset({"pubsub_token"})
_DEEPEST = 60
_FORM = re.compile(rb"(?:[A-Za-z]+=[^&{\s]*&)*jsonData=")


class ChatwootConnector:
	source = Source.CHATWOOT

	def signed(self, request: WebhookRequest) -> bool:
		return is_signed(request.headers)

	def verify(self, request: WebhookRequest, secrets: Sequence[Secret], now: datetime) -> bool:
		return is_genuine(bytes(request.body), request.headers, secrets, now)

	def read(self, request: WebhookRequest) -> Reading:
		"""Raises `Malformed`."""
		body = bytes(request.body)
		data = _load(body)
		event = fields.text(data.get("event"))
		if _is_of_wuzapi(data):
			raise Malformed("This is a webhook of WuzAPI; here is the address for Chatwoot's.")
		if event is None:
			raise Malformed("The body has no `event`, which every webhook of Chatwoot names.")
		read = parse_event(data)
		return Reading(
			event=read,
			kind=event[:LONGEST_KIND],
			payload=payload_of(data),
			key=deletion_key(read.id) if isinstance(read, ChatwootDeletion) else _key(event, data, body),
		)

	def parse(self, payload: str) -> ChatwootEvent:
		return parse_event(fields.mapping(json.loads(payload)))


connector = ChatwootConnector()


def payload_of(data: Mapping[str, Any]) -> str:
	"""JSON text from which `parse` reads the same event."""
	return json.dumps(data, ensure_ascii=False, separators=(",", ":"))


def message_key(id: int) -> str:
	"""The key of a new message, however we came to know of it: Chatwoot may deliver it twice."""
	return f"message_created/{id}"


def deletion_key(id: int) -> str:
	"""Of a message's deletion: once, however many updates show it deleted, and apart from all its other updates."""
	return f"message_deleted/{id}"


def _key(event: str, data: Mapping[str, Any], body: bytes) -> str:
	id = fields.whole(data.get("id"))
	if event == "message_created" and id is not None:
		return message_key(id)
	return f"{event[:LONGEST_KIND]}/{id or '-'}/{hashlib.sha256(body).hexdigest()}"


def _load(body: bytes) -> Mapping[str, Any]:
	# At the beginning of a field: an agent may write this word, too.
	if _FORM.match(body[:2000].lstrip()):
		raise Malformed("This is a webhook of WuzAPI, in form encoding; here is the address for Chatwoot's.")
	try:
		data = _cleaned(json.loads(body.decode("utf-8-sig")), 0)
	except (ValueError, RecursionError):
		raise Malformed("The body is not JSON that can be read.") from None
	if not isinstance(data, dict):
		raise Malformed("The body is JSON, but not an object.")
	return data


def _is_of_wuzapi(data: Mapping[str, Any]) -> bool:
	"""The likeliest mistake in a setup: the two addresses swapped."""
	return isinstance(data.get("type"), str) and ("userID" in data or "instanceName" in data)


def _cleaned(value: object, depth: int) -> object:
	"""The value without credentials and without what JSON text in UTF-8 cannot hold."""
	if depth > _DEEPEST:
		raise ValueError("nested too deeply")
	match value:
		case dict():
			return {
				fields.printable(key): _cleaned(entry, depth + 1)
				for key, entry in value.items()
				if key not in _CREDENTIALS
			}
		case list():
			return [_cleaned(entry, depth + 1) for entry in value]
		case str():
			return fields.printable(value)
		case float():
			return value if math.isfinite(value) else None
		case _:
			return value
