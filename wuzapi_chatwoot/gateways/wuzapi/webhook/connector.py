"""The connector of WuzAPI's webhooks: proves them, reads them, names them. Stateless.

Keys say which deliveries tell the same thing: a message by chat, author and id, a receipt by what it says of whom and
where, a call by its id. Everything else by its kind and a digest of the body, which a *repeated delivery* shares. But so does a
*repeated fact*: every `Connected` has the same body, since WuzAPI numbers and dates neither. Whoever remembers
keys must not let an old `SessionChanged` hide a new one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime

from wuzapi_chatwoot.bridge.model.addresses import AddressKind, canonical
from wuzapi_chatwoot.bridge.model.content import EMPTY, Edit, Media, Undecryptable, Unknown
from wuzapi_chatwoot.bridge.model.events import Call, Event, GatewayEvent, Receipt, WhatsAppMessage
from wuzapi_chatwoot.bridge.model.records import Secret, Source
from wuzapi_chatwoot.bridge.ports.connector import Body, Reading, WebhookRequest
from wuzapi_chatwoot.gateways.wuzapi.parse.parse import kind_of, parse, parse_hook
from wuzapi_chatwoot.gateways.wuzapi.webhook import signature
from wuzapi_chatwoot.gateways.wuzapi.webhook.envelope import open_envelope


class WuzapiConnector:
	source = Source.GATEWAY

	def signed(self, request: WebhookRequest) -> bool:
		return signature.signed(request)

	def verify(self, request: WebhookRequest, secrets: Sequence[Secret], now: datetime) -> bool:
		"""`now` is not used: WuzAPI signs no time."""
		return signature.verify(request, secrets)

	def read(self, request: WebhookRequest) -> Reading:
		"""JSON, form (`jsonData`) or multipart. Raises `Malformed`."""
		envelope = open_envelope(request)
		event, kind = parse_hook(envelope.hook), kind_of(envelope.hook)
		return Reading(
			event=event,
			kind=kind,
			payload=envelope.payload,
			key=_key(event, kind, request.body),
			media=envelope.media if _holds_media(event) else None,
			instance=envelope.instance,
			token=envelope.token,
		)

	def parse(self, payload: str) -> Event:
		return parse(payload)


connector = WuzapiConnector()


def _key(event: GatewayEvent, kind: str, body: Body) -> str:
	match event:
		case WhatsAppMessage(content=Undecryptable()) if kind == "UndecryptableMessage":
			# Not under the message's own key: the phone may send the same message again, readable.
			return f"undecryptable/{_place(event)}"
		case WhatsAppMessage(content=Unknown(kind=kind)) if kind == EMPTY:
			# The same: it came before its content.
			return f"empty/{_place(event)}"
		case WhatsAppMessage():
			return f"message/{_place(event)}"
		case Receipt(message_ids=ids, status=status, by=by):
			chat = canonical(event.chat, event.chat_alt)
			return f"receipt/{','.join(ids)}/{status.value}/{by}/{chat}"
		case Call():
			return event.key
		case _:
			return f"{kind}/{hashlib.sha256(body).hexdigest()}"


def _place(message: WhatsAppMessage) -> str:
	"""An id is its author's choice: another one's message under the same id is not the same message."""
	place = f"{canonical(message.chat, message.chat_alt)}/{message.id}"
	if message.from_me:
		return f"{place}/ours"
	shared = message.chat.kind in (AddressKind.GROUP, AddressKind.BROADCAST)
	return f"{place}/{canonical(message.sender, message.sender_alt)}" if shared else place


def _holds_media(event: GatewayEvent) -> bool:
	match event:
		case WhatsAppMessage(content=Media() | Edit(content=Media())):
			return True
		case _:
			return False
