"""Work that the bridge gives itself, on its way through the inbox: how it is stored and read again.

It is apart from the messages so that it never holds one up: names, pictures, files that come late.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from wuzapi_chatwoot.bridge.model.content import Media, MediaKind
from wuzapi_chatwoot.bridge.model.events import (
	Event,
	FetchMedia,
	HeldChange,
	NoteToAgents,
	OwnEvent,
	RefreshContact,
	ShowFailure,
	TellAgents,
	UnknownEvent,
	UnprovedEvent,
)
from wuzapi_chatwoot.bridge.model.records import Secret, Source
from wuzapi_chatwoot.bridge.ports.connector import Malformed, Reading, WebhookRequest

_PLAIN = {
	"refresh contact": RefreshContact,
	"tell agents": TellAgents,
	"note to agents": NoteToAgents,
	"held change": HeldChange,
	"show failure": ShowFailure,
	"unproved event": UnprovedEvent,
}
_KINDS = {**_PLAIN, "fetch media": FetchMedia}


def kind_of(work: OwnEvent) -> str:
	return next(kind for kind, made in _KINDS.items() if isinstance(work, made))


def payload_of(work: OwnEvent) -> str:
	return json.dumps({"kind": kind_of(work), **asdict(work)}, ensure_ascii=False)


class InternalConnector:
	"""Implements `Connector` for reading only: nobody posts this."""

	source = Source.BRIDGE

	def signed(self, request: WebhookRequest) -> bool:
		return False

	def verify(self, request: WebhookRequest, secrets: Sequence[Secret], now: datetime) -> bool:
		return False

	def read(self, request: WebhookRequest) -> Reading:
		raise Malformed("the bridge posts no webhooks to itself")

	def parse(self, payload: str) -> Event:
		fields = json.loads(payload)
		kind = fields.pop("kind", None)
		if kind in _PLAIN:
			event: Event = _PLAIN[kind](**fields)
			return event
		if kind == "fetch media":
			media = fields["media"] | {"kind": MediaKind(fields["media"]["kind"])}
			return FetchMedia(**fields | {"media": Media(**media)})
		return UnknownEvent(str(kind))
