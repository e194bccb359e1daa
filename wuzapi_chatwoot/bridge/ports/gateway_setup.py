"""What setting up a session asks of its gateway, as protocols: users, webhooks, signing, pairing. Sends no message.

Every method may raise any `BridgeError`; what is wrong is in its `reason`, a sentence for people.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from wuzapi_chatwoot.bridge.model.addresses import Address
from wuzapi_chatwoot.bridge.model.session import Secret


@dataclass(frozen=True, slots=True)
class GatewayUser:
	"""One number's account on a gateway, as the gateway's administrator sees it."""

	id: str
	name: str
	token: Secret
	webhook: str = ""
	events: tuple[str, ...] = ()
	connected: bool = False
	logged_in: bool = False
	address: Address | None = None


@dataclass(frozen=True, slots=True)
class WebhookSettings:
	"""Where a gateway posts which of its events. The order of the events means nothing."""

	url: str
	events: frozenset[str]


@dataclass(frozen=True, slots=True)
class GatewayStatus:
	"""How a session stands, as its gateway says, and what it uses at this moment."""

	connected: bool
	"""To WhatsApp's servers; also while a QR code is on screen."""
	logged_in: bool
	"""Paired with a phone."""
	webhook: WebhookSettings
	"""In use now. A restart of the gateway brings back what it has stored."""
	address: Address | None = None
	qr: str | None = None
	"""Data URL of the picture to scan."""
	delivers_media: bool = False
	"""As stored. What the running process uses may be something else until it is posted."""
	has_storage: bool = False
	"""Files go into a storage of the gateway's own, whose secrets only the gateway has."""
	has_signing_key: bool = False
	"""One is stored; that deliveries are signed with it is proved by a delivery only."""
	id: str = ""
	name: str = ""


class GatewayAdmin(Protocol):
	"""A whole gateway, by its administrator's token."""

	def users(self) -> list[GatewayUser]: ...

	def user(self, id: str) -> GatewayUser | None:
		"""With its address as stored, which the session's own status may tell only after a restart."""

	def create_user(
		self, name: str, token: Secret, webhook: WebhookSettings, signing_key: Secret
	) -> GatewayUser:
		"""With media inside the webhooks. Raises `DuplicateRow` when another user has that token."""

	def delete_user(self, id: str) -> None:
		"""With its pairing and its files. Nothing happens if there is none such."""


class GatewaySetup(Protocol):
	"""One session on a gateway, by its own token."""

	def status(self) -> GatewayStatus: ...

	def running_since(self, now: datetime) -> datetime | None:
		"""When the gateway's process began, to a second or two; `None`: it does not tell. `now` is aware UTC."""

	def stored_webhook(self) -> WebhookSettings:
		"""What the gateway would use after a restart."""

	def set_webhook(self, webhook: WebhookSettings) -> None: ...

	def is_outdated(self) -> bool:
		"""A release that still works, but forgets settings at connects and restarts. False also where nobody can tell."""

	def deliver_media(self) -> None:
		"""Put files into the webhooks."""

	def set_signing_key(self, key: Secret) -> None:
		"""32 characters or more. In use at once."""

	def connect(self, events: Collection[str] = ()) -> None:
		"""Begin connecting, without waiting for it. Nothing happens if it is connected already.

		`events`: what to be told of from then on. Old gateways forget the list at every connect that does not name it.
		Never to be called while another call of it is under way, or while the gateway reconnects by itself: that is
		decided by `sessions.connect_session`.
		"""

	def qr(self) -> str | None:
		"""Data URL of the picture to scan; `None`: there is none yet, or the session is paired."""

	def pair_by_phone(self, phone: str) -> str:
		"""The code to type on the phone with that number (E.164), `ABCD-EFGH`."""

	def disconnect(self) -> None:
		"""Keep the pairing, stop receiving. Nothing happens if it is not connected."""

	def log_out(self) -> None:
		"""End the pairing. Nothing happens if there is none, nor if the session is not connected: it stays then."""
