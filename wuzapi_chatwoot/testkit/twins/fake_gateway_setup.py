"""A gateway's users in memory, set up and paired as on WuzAPI, what it forgets included. No protocol, no messages.

`FakeGatewayAdmin` is the gateway; `setup` gives one of its sessions. What phones, WhatsApp and restarts do is done to a
`FakeGatewayAccount`. It takes whatever names of events it is given, and every administrator's token.
"""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime

from wuzapi_chatwoot.bridge.model.addresses import Address
from wuzapi_chatwoot.bridge.model.errors import DuplicateRow, Permanent, Retriable
from wuzapi_chatwoot.bridge.model.session import Secret
from wuzapi_chatwoot.bridge.ports.gateway_setup import GatewayStatus, GatewayUser, WebhookSettings
from wuzapi_chatwoot.testkit.twins.scripted_failures import ScriptedFailures

LINKING_CODE = "ABCD-EFGH"
_NOTHING = Secret("")


@dataclass(slots=True, kw_only=True)
class FakeGatewayAccount:
	"""One user: what is stored of it, and what the running process uses. A pairing brings back older settings."""

	id: str
	name: str
	token: Secret
	stored: WebhookSettings
	used: WebhookSettings
	stored_key: Secret = _NOTHING
	used_key: Secret = _NOTHING
	"""What deliveries are signed with."""
	delivers_media: bool = True
	sends_media: bool = True
	"""What the running process does; the other one is stored."""
	has_storage: bool = False
	connected: bool = False
	logged_in: bool = False
	reconnecting: bool = False
	stored_address: Address | None = None
	"""Of the phone it is paired with."""
	used_address: Address | None = None
	forgets_events: bool = False
	"""Each connect that does not name them empties the list, as before June 2026."""
	tells_address: bool = False
	"""Right after pairing, as newer releases do, instead of after a restart."""
	qr: str | None = None
	linking: str | None = None
	"""The number that a code was asked for."""
	clients: int = 0
	"""Live connections to WhatsApp. Of two, one will be cut off: somebody connected when it was not the time."""
	swallows: bool = False
	"""Messages come in and no webhook goes out."""
	_at_connect: tuple[WebhookSettings, Secret] | None = None

	def show_qr(self, picture: str) -> None:
		"""A new code is there. It undoes what was set since `connect`."""
		if not self.connected or self.logged_in:
			raise ValueError("Only a session that is connected and not paired shows a code")
		self.qr = picture
		self._undo_settings()

	def pair(self, address: Address) -> None:
		"""The code was scanned, or typed. It undoes what was set since `connect`."""
		if not self.connected or self.logged_in:
			raise ValueError("Only a session that is connected and not paired can be paired")
		self.logged_in, self.qr, self.linking = True, None, None
		self.stored_address = address
		self.used_address = address if self.tells_address else None
		self._undo_settings()

	def expire_qr(self) -> None:
		"""Nobody scanned the last code."""
		self._undo_settings()
		self._end()

	def drop(self) -> None:
		"""The network is gone; the gateway reconnects by itself."""
		self.connected = self.logged_in = False
		self.reconnecting = True

	def come_back(self) -> None:
		self.connected = self.logged_in = True
		self.reconnecting = False

	def unlink(self) -> None:
		"""Logged out, here or on the phone."""
		self.stored_address = self.used_address = None
		self._end()

	def restart(self, *, first_try_fails: bool = False) -> None:
		"""Of the gateway. `first_try_fails`: to connect again, after which WuzAPI has lost sight of the session."""
		was_up = self.logged_in or self.reconnecting
		self._end()
		self.used, self.used_address, self._at_connect = self.stored, self.stored_address, None
		self.swallows = was_up and first_try_fails
		self.connected = self.logged_in = was_up and not first_try_fails
		self.clients = 1 if was_up else 0
		self.used_key = self.stored_key if self.connected else _NOTHING

	def connect(self, events: Collection[str] = ()) -> None:
		if self.connected:
			return
		if events:
			names = frozenset(events)
			self.used, self.stored = replace(self.used, events=names), replace(self.stored, events=names)
		elif self.forgets_events:
			nothing = frozenset[str]()
			self.used, self.stored = replace(self.used, events=nothing), replace(self.stored, events=nothing)
		# Where it reconnects by itself, this is a second client beside the first.
		self.clients = self.clients + 1 if self.reconnecting else 1
		self.connected, self.reconnecting, self.swallows = True, False, False
		# Without an address at hand WuzAPI begins a new pairing, even if it has one stored.
		self.logged_in = self.used_address is not None
		self._at_connect = (self.used, self.used_key)

	def disconnect(self) -> None:
		if self.connected:
			self._end()

	def log_out(self) -> None:
		if self.logged_in:
			self.unlink()

	def as_value(self) -> GatewayUser:
		"""As the administrator sees it: what is stored."""
		return GatewayUser(
			self.id,
			self.name,
			self.token,
			self.stored.url,
			tuple(sorted(self.stored.events)),
			self.connected,
			self.logged_in,
			self.stored_address,
		)

	def status(self) -> GatewayStatus:
		return GatewayStatus(
			self.connected,
			self.logged_in,
			self.used,
			self.used_address,
			self.qr,
			self.delivers_media,
			self.has_storage,
			bool(self.stored_key),
			self.id,
			self.name,
		)

	def _undo_settings(self) -> None:
		if self._at_connect is not None:
			self.used, self.used_key = self._at_connect

	def _end(self) -> None:
		self.connected = self.logged_in = self.reconnecting = self.swallows = False
		self.qr = self.linking = None
		self.clients = 0


@dataclass(slots=True)
class FakeGatewayAdmin(ScriptedFailures):
	"""Implements `GatewayAdmin`."""

	accounts: dict[str, FakeGatewayAccount] = field(default_factory=dict)
	"""By id, open to tests."""
	running_since: datetime | None = None
	"""When its process began, as far as it tells."""
	_setups: dict[Secret, FakeGatewaySetup] = field(default_factory=dict)
	_numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

	def users(self) -> list[GatewayUser]:
		with self._called("users"):
			pass
		return [account.as_value() for account in self.accounts.values()]

	def user(self, id: str) -> GatewayUser | None:
		with self._called("user", id=id):
			pass
		account = self.accounts.get(id)
		return account.as_value() if account is not None else None

	def create_user(
		self, name: str, token: Secret, webhook: WebhookSettings, signing_key: Secret
	) -> GatewayUser:
		"""The signing key is stored and not used, as on WuzAPI."""
		arguments = {"name": name, "token": token, "webhook": webhook, "signing_key": signing_key}
		with self._called("create_user", **arguments):
			if not name.strip():
				raise Permanent("A new user of the gateway needs a name")
			if not token:
				raise Permanent(
					"A new user of the gateway needs a token of plain letters and digits, without blanks"
				)
			_check_key(signing_key)
			if self.account_of(token) is not None:
				raise DuplicateRow("Another user of the gateway has this token already")
			account = self.have_user(name, token, webhook)
			account.stored_key = signing_key
		return account.as_value()

	def delete_user(self, id: str) -> None:
		with self._called("delete_user", id=id):
			self.accounts.pop(id, None)

	# ---- what tests use

	def have_user(
		self, name: str, token: Secret, webhook: WebhookSettings | None = None, *, delivers_media: bool = True
	) -> FakeGatewayAccount:
		"""A user that is there before the test begins."""
		settings = webhook or WebhookSettings("", frozenset())
		account = FakeGatewayAccount(
			id=f"user-{next(self._numbers)}",
			name=name,
			token=token,
			stored=settings,
			used=settings,
			delivers_media=delivers_media,
			sends_media=delivers_media,
		)
		self.accounts[account.id] = account
		return account

	def setup(self, token: Secret) -> FakeGatewaySetup:
		"""The same one for the same token, which nobody needs to have: then its calls are refused."""
		return self._setups.setdefault(token, FakeGatewaySetup(gateway=self, token=token))

	def account_of(self, token: Secret) -> FakeGatewayAccount | None:
		return next((each for each in self.accounts.values() if each.token == token), None)


@dataclass(slots=True)
class FakeGatewaySetup(ScriptedFailures):
	"""Implements `GatewaySetup` for the user with that token."""

	gateway: FakeGatewayAdmin = field(default_factory=FakeGatewayAdmin, repr=False)
	token: Secret = _NOTHING

	def status(self) -> GatewayStatus:
		with self._called("status"):
			return self.account.status()

	def running_since(self, now: datetime) -> datetime | None:
		with self._called("running_since", now=now):
			return self.gateway.running_since

	def stored_webhook(self) -> WebhookSettings:
		with self._called("stored_webhook"):
			return self.account.stored

	def set_webhook(self, webhook: WebhookSettings) -> None:
		with self._called("set_webhook", webhook=webhook):
			self.account.stored = self.account.used = webhook

	def is_outdated(self) -> bool:
		with self._called("is_outdated"):
			return self.account.forgets_events

	def deliver_media(self) -> None:
		with self._called("deliver_media"):
			self.account.delivers_media = self.account.sends_media = True
			self.account.has_storage = False

	def set_signing_key(self, key: Secret) -> None:
		with self._called("set_signing_key", key=key):
			_check_key(key)
			self.account.stored_key = self.account.used_key = key

	def connect(self, events: Collection[str] = ()) -> None:
		with self._called("connect", events=frozenset(events)):
			self.account.connect(events)

	def qr(self) -> str | None:
		with self._called("qr"):
			return self.account.qr

	def pair_by_phone(self, phone: str) -> str:
		with self._called("pair_by_phone", phone=phone):
			digits = phone.strip().removeprefix("+")
			if not (digits.isascii() and digits.isdigit()):
				raise Permanent("A phone is paired by its number with the country code, as in +447700900123")
			if not self.account.connected:
				raise Retriable(
					"The session does not speak with WhatsApp yet: connect it, then ask for the code"
				)
			if self.account.logged_in:
				raise Permanent(
					"The session is paired already: log it out before you pair it with another phone"
				)
			self.account.linking = f"+{digits}"
		return LINKING_CODE

	def disconnect(self) -> None:
		with self._called("disconnect"):
			self.account.disconnect()

	def log_out(self) -> None:
		with self._called("log_out"):
			self.account.log_out()

	@property
	def account(self) -> FakeGatewayAccount:
		account = self.gateway.account_of(self.token)
		if account is None:
			raise Retriable(
				"The gateway does not know the session's token: "
				"enter the token of its WuzAPI user, not the administrator's"
			)
		return account


def _check_key(key: Secret) -> None:
	if len(key.value) < 32:
		raise Permanent("A signing key must have at least 32 characters")
