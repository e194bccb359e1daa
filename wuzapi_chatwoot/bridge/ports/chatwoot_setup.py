"""What setting up a session asks of Chatwoot, as a protocol: who we are there, the inbox, its callback, its secret.

Every method may raise any `BridgeError`; what is wrong is in its `reason`, a sentence for people.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from wuzapi_chatwoot.bridge.model.session import Secret


@dataclass(frozen=True, slots=True)
class ChatwootUser:
	"""The owner of the access token."""

	id: int
	name: str
	administrator: bool
	"""In the session's account. Only an administrator may make inboxes and see their secrets."""


@dataclass(frozen=True, slots=True)
class Membership:
	"""An account that the owner of the access token is in."""

	id: int
	name: str
	administrator: bool
	suspended: bool = False


@dataclass(frozen=True, slots=True)
class TokenOwner:
	name: str
	accounts: tuple[Membership, ...]


@dataclass(frozen=True, slots=True)
class Inbox:
	"""An inbox as far as it matters here."""

	id: int
	name: str
	is_api: bool
	"""The only kind that a bridge can serve."""
	callback: str = ""
	"""Where Chatwoot posts its webhooks."""
	secret: Secret | None = None
	"""What it signs them with; `None` before 4.13.0, and for who is no administrator."""
	reply_window_hours: int | None = None
	"""After this long agents cannot answer any more; `None`: always."""


class ChatwootProfile(Protocol):
	"""A whole Chatwoot, as far as an access token tells of it."""

	def owner(self) -> TokenOwner:
		"""Raises `TokenRefused` if the token is not accepted."""


class ChatwootSetup(Protocol):
	"""One account of a Chatwoot, by an access token."""

	def user(self) -> ChatwootUser:
		"""Raises `Permanent` if the token is not accepted, or its owner is not in the account."""

	def clock(self) -> datetime | None:
		"""The time there (aware UTC, whole seconds), if its answers tell it."""

	def inboxes(self) -> list[Inbox]: ...

	def inbox(self, id: int) -> Inbox:
		"""Raises `NotFound`."""

	def create_inbox(self, name: str, callback: str) -> Inbox:
		"""An API inbox without a reply window, not locked: which conversation a message joins, the bridge says."""

	def set_callback(self, id: int, callback: str) -> Inbox: ...

	def clear_reply_window(self, id: int) -> Inbox: ...

	def new_secret(self, id: int) -> Inbox:
		"""The one before is not used any more from now on."""

	def delete_inbox(self, id: int) -> None:
		"""With every conversation in it. Nothing happens if it is gone."""
