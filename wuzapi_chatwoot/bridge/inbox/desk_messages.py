"""What people do in the host's own desk, on its way through the inbox: how it is stored and read again. No sender to
be proved: whoever stores one has checked who wrote it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from wuzapi_chatwoot.bridge.model.content import Location
from wuzapi_chatwoot.bridge.model.events import DeskEvent, DeskMessage, DeskReaction, Event
from wuzapi_chatwoot.bridge.model.records import Secret, Source
from wuzapi_chatwoot.bridge.ports.connector import Malformed, Reading, WebhookRequest


def payload_of(event: DeskEvent) -> str:
	return json.dumps(asdict(event), ensure_ascii=False)


class DeskConnector:
	"""Implements `Connector` for reading only: nothing comes from the desk by webhook."""

	source = Source.DESK

	def signed(self, request: WebhookRequest) -> bool:
		return False

	def verify(self, request: WebhookRequest, secrets: Sequence[Secret], now: datetime) -> bool:
		return False

	def read(self, request: WebhookRequest) -> Reading:
		raise Malformed("the desk posts no webhooks")

	def parse(self, payload: str) -> Event:
		fields = json.loads(payload)
		if "emoji" in fields:
			return DeskReaction(**fields)
		if fields.get("location"):
			fields["location"] = Location(**fields["location"])
		return DeskMessage(**fields)
