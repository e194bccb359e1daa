"""Every fault and habit that can be switched while the sandbox runs, with its checks. Nothing acts here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from wuzapi_chatwoot.sandbox.defaults import CHATWOOT_VERSION, CHATWOOT_VERSION_WITHOUT_SECRETS


class BadSwitch(ValueError):
	"""A switch does not exist or cannot take that value."""


def _fail_next() -> dict[str, Any]:
	return {"status": 500, "count": 0, "match": ""}


def _fail_for() -> dict[str, Any]:
	return {"status": 500, "text": "", "mode": "drop", "names": [], "tries": {}}


def _lost_answers() -> dict[str, Any]:
	return {"count": 0, "mode": "drop"}


@dataclass
class Switches:
	"""The current position of every switch; numbers that count down are shown as they go."""

	chatwoot_down: bool = False
	gateway_down: bool = False
	chatwoot_delay_ms: int = 0
	gateway_delay_ms: int = 0
	chatwoot_max_concurrency: int = 0
	gateway_max_concurrency: int = 0
	# Chatwoot's own limit is 200 for each conversation; 0 leaves it out so that benchmarks can go faster.
	chatwoot_messages_per_minute: int = 0
	chatwoot_fail_next: dict[str, Any] = field(default_factory=_fail_next)
	gateway_fail_next: dict[str, Any] = field(default_factory=_fail_next)
	# Only sends to these numbers, and only what is asked of these conversations. Status 0: no answer at all, and with
	# the mode "hang" the connection is not even cut.
	# "tries" counts by name what failed so.
	gateway_fail_for: dict[str, Any] = field(default_factory=_fail_for)
	chatwoot_fail_for: dict[str, Any] = field(default_factory=_fail_for)
	# So many of a hundred calls are answered 500, by chance, the same at every start.
	chatwoot_fail_percent: int = 0
	chatwoot_store_then_timeout: dict[str, Any] = field(default_factory=_lost_answers)
	gateway_store_then_timeout: dict[str, Any] = field(default_factory=_lost_answers)
	duplicate_webhooks: int = 1
	shuffle_window_ms: int = 0
	webhook_format: str = "json"
	media_delivery: str = "base64"
	sign_webhooks: bool = True
	auto_deliver: bool = True
	auto_read: bool = False
	storage_404_next: int = 0
	# So many of the next downloads from the gateway fail as they do when WhatsApp no longer has the file.
	downloads_fail: int = 0
	notify_bridge: bool = True
	lock_to_single_conversation: bool = False
	# An older one has no secrets for its inboxes and signs nothing.
	chatwoot_version: str = CHATWOOT_VERSION
	# Suspended, or (in Chatwoot's cloud) with a plan without API.
	chatwoot_account: str = "active"
	# What the bridge's user is in a second account, which has no inboxes.
	chatwoot_second_account: str = "none"
	# WuzAPI waits 30, 60, 120, 240 s between its five tries. A sandbox that did would be of no use in a test:
	# the same shape, sixty times faster.
	gateway_webhook_tries: int = 5
	gateway_webhook_first_delay_ms: int = 500
	# How long a client of the gateway needs until it is connected with WhatsApp.
	gateway_connect_ms: int = 1000
	# WuzAPI makes whoever connects without "Immediate" wait 10 s; here a tenth of it.
	gateway_connect_block_ms: int = 1000
	# How long a QR code stays; 0: as the option says.
	gateway_qr_ms: int = 0
	# The gateway forgets the session before it posts QRTimeout and LoggedOut, which are then never posted.
	gateway_lose_last_webhooks: bool = False
	# Whether the gateway can read the users' keys again after a restart. WuzAPI makes up a new encryption key at
	# each start when it is given none ("random"), and can store nothing with one of a "wrong_length".
	gateway_encryption_key: str = "kept"
	# Which release the gateway answers like, as far as the two are known to differ.
	gateway_version: str = "1.0.6"
	# As the releases before June 2026, which bear the same version: a connect that names no events empties the list, in
	# memory and in the database; what the database holds about media delivery is not used after a restart; and the
	# endpoints about privacy and blocked people are not there. A picture that cannot be downloaded is never posted.
	gateway_before_june_2026: bool = False
	# Stickers that are no WebP yet are converted by ffmpeg, which the machine may not have.
	gateway_has_ffmpeg: bool = True

	def as_json(self) -> dict[str, Any]:
		"""Return all positions."""
		return asdict(self)


CHOICES: dict[str, tuple[str, ...]] = {
	"chatwoot_version": (CHATWOOT_VERSION, CHATWOOT_VERSION_WITHOUT_SECRETS),
	"chatwoot_account": ("active", "suspended", "without_api"),
	"chatwoot_second_account": ("none", "agent", "administrator"),
	"webhook_format": ("json", "form"),
	"media_delivery": ("base64", "none"),
	"gateway_encryption_key": ("kept", "random", "wrong_length"),
	"gateway_version": ("1.0.6", "1.0.9"),
}
LOST_MODES = ("drop", "hang")


class SwitchBoard:
	"""Holds the switches and tells listeners about those that need something done at once."""

	def __init__(self) -> None:
		self.now = Switches()
		self._listeners: list[Callable[[set[str]], None]] = []

	def on_change(self, listener: Callable[[set[str]], None]) -> None:
		"""Call the listener with the names that were set, after each change."""
		self._listeners.append(listener)

	def set(self, changes: dict[str, Any]) -> None:
		"""Set some switches; all of them, or none when one value is not possible."""
		checked = {name: self._checked(name, value) for name, value in changes.items()}
		for name, value in checked.items():
			setattr(self.now, name, value)
		for listener in self._listeners:
			listener(set(checked))

	def reset(self) -> None:
		"""Put every switch back where it was at the start."""
		fresh = Switches()
		self.set({each.name: getattr(fresh, each.name) for each in fields(fresh)})

	def _checked(self, name: str, value: Any) -> Any:
		current = getattr(self.now, name, None)
		if current is None:
			raise BadSwitch(f"there is no switch {name!r}")
		if name == "duplicate_webhooks" and isinstance(value, bool):
			return 2 if value else 1
		if name in CHOICES:
			if value not in CHOICES[name]:
				raise BadSwitch(f"{name} is one of {', '.join(CHOICES[name])}")
			return value
		if isinstance(current, bool):
			if not isinstance(value, bool):
				raise BadSwitch(f"{name} is true or false")
			return value
		if isinstance(current, int):
			return _count(name, value)
		if name.endswith("fail_for"):
			return _fail_for_value(name, value)
		return _fail_value(name, value) if name.endswith("fail_next") else _lost_value(name, value)


def _count(name: str, value: Any) -> int:
	if isinstance(value, bool) or not isinstance(value, int) or value < 0:
		raise BadSwitch(f"{name} is a whole number, 0 or more")
	return value


def _fail_value(name: str, value: Any) -> dict[str, Any]:
	if not isinstance(value, dict):
		raise BadSwitch(f'{name} is {{"status": 500, "count": 3, "match": "POST /…"}}')
	status = value.get("status", 500)
	if not isinstance(status, int) or not 400 <= status <= 599:
		raise BadSwitch(f"{name}: status is between 400 and 599")
	count = _count(name, value.get("count", 1))
	return {"status": status, "count": count, "match": str(value.get("match", ""))}


def fails_for(fault: dict[str, Any], name: str | None) -> bool:
	"""Say whether this one is among those that fail, and count the try."""
	if name not in fault["names"]:
		return False
	fault["tries"][name] = fault["tries"].get(name, 0) + 1
	return True


def _fail_for_value(name: str, value: Any) -> dict[str, Any]:
	names = value.get("names") if isinstance(value, dict) else None
	if not isinstance(names, list):
		raise BadSwitch(f'{name} is {{"status": 500, "text": "why", "names": ["447700900123"]}}')
	status = value.get("status", 500)
	if not isinstance(status, int) or not (status == 0 or 400 <= status <= 599):
		raise BadSwitch(f"{name}: status is between 400 and 599, or 0 for no answer")
	mode = value.get("mode", "drop")
	if mode not in LOST_MODES:
		raise BadSwitch(f"{name}: mode is one of {', '.join(LOST_MODES)}")
	return {
		"status": status,
		"text": str(value.get("text", "")),
		"mode": mode,
		"names": [str(each) for each in names],
		"tries": {},
	}


def _lost_value(name: str, value: Any) -> dict[str, Any]:
	if isinstance(value, int):
		value = {"count": value}
	if not isinstance(value, dict):
		raise BadSwitch(f'{name} is a number, or {{"count": 1, "mode": "drop"|"hang"}}')
	mode = value.get("mode", "drop")
	if mode not in LOST_MODES:
		raise BadSwitch(f"{name}: mode is one of {', '.join(LOST_MODES)}")
	return {"count": _count(name, value.get("count", 1)), "mode": mode}
