"""What goes into set-up calls and comes out of them: webhooks, events, keys, tokens. Makes no call."""

from __future__ import annotations

import re
from collections.abc import Collection

from wuzapi_chatwoot.bridge.model.errors import Permanent
from wuzapi_chatwoot.bridge.model.session import Secret
from wuzapi_chatwoot.bridge.ports.gateway_setup import GatewayStatus, GatewayUser, WebhookSettings
from wuzapi_chatwoot.gateways.wuzapi.parse.fields import Fields

SHORTEST_KEY = 32


def events_of(text: str) -> tuple[str, ...]:
	"""The names in `Message,ReadReceipt`; none in an empty text."""
	return tuple(name.strip() for name in text.split(",") if name.strip())


def ordered(events: Collection[str]) -> list[str]:
	return sorted(events)


def checked_key(key: Secret) -> str:
	"""Raises `Permanent` if WuzAPI would refuse it."""
	if len(key.value) < SHORTEST_KEY:
		raise Permanent(f"A signing key must have at least {SHORTEST_KEY} characters")
	return key.value


def checked_new_token(token: Secret) -> str:
	"""Raises `Permanent` for a token that WuzAPI would store, but that no call could be made with."""
	value = token.value
	if not value or not value.isascii() or not value.isprintable() or " " in value:
		raise Permanent("A new user of the gateway needs a token of plain letters and digits, without blanks")
	return value


def user_from(row: Fields) -> GatewayUser:
	return GatewayUser(
		id=row.text("id"),
		name=row.text("name"),
		token=Secret(row.text("token")),
		webhook=row.text("webhook"),
		events=events_of(row.text("events")),
		connected=row.flag("connected"),
		logged_in=row.flag("loggedIn"),
		address=row.address("jid"),
	)


def status_from(data: Fields) -> GatewayStatus:
	return GatewayStatus(
		connected=data.flag("connected"),
		logged_in=data.flag("loggedIn"),
		webhook=WebhookSettings(data.text("webhook"), frozenset(events_of(data.text("events")))),
		address=data.address("jid"),
		qr=data.text("qrcode") or None,
		delivers_media=_delivers_media(data.inner("s3_config")),
		has_storage=data.inner("s3_config").flag("enabled"),
		has_signing_key=data.flag("hmac_configured"),
		id=data.text("id"),
		name=data.text("name"),
	)


def _delivers_media(storage: Fields) -> bool:
	"""Inside the webhooks, or as links into an S3 storage that is really used."""
	delivery = storage.text("media_delivery")
	return delivery in ("base64", "both") or (delivery == "s3" and storage.flag("enabled"))


_DURATION = re.compile(r"(?:(\d+)h)?(?:(\d+)m)?(?:(\d+(?:\.\d+)?)s)?")


def seconds_of(duration: str) -> float | None:
	"""Of a duration as Go writes it: `24h15m30s`, `1m3.5s`. `None` for anything else."""
	found = _DURATION.fullmatch(duration.strip())
	if found is None or not any(found.groups()) or len(duration) > 30:
		return None
	hours, minutes, seconds = (float(each or 0) for each in found.groups())
	return hours * 3600 + minutes * 60 + seconds
