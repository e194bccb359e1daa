"""What exists on both sides and may be chosen for a session, as values. No secret is in them; decides nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from wuzapi_chatwoot.bridge.model.session import Secret


class Posts(str, Enum):
	"""Where something sends its webhooks today."""

	US = "us"
	"""To us, for the session that is being set up."""
	OURS = "ours"
	"""To us, for another session."""
	NOWHERE = "nowhere"
	ELSEWHERE = "elsewhere"


@dataclass(frozen=True, slots=True)
class Target:
	posts: Posts
	where: str = ""
	"""The other session's name, or somebody else's host: never more of an address, which may prove somebody."""


class Entry(str, Enum):
	"""What somebody has entered, of which something is wrong."""

	ADDRESS = "address"
	TOKEN = "token"  # noqa: S105 - a name
	ACCOUNT = "account"


@dataclass(frozen=True, slots=True)
class Trouble:
	"""Why nothing can be chosen, or not everything: at which entry it is said, and a sentence."""

	entry: Entry
	sentence: str


@dataclass(frozen=True, slots=True)
class AccountChoice:
	id: int
	name: str
	administrator: bool
	refusal: str = ""
	"""Why it cannot be chosen."""


@dataclass(frozen=True, slots=True)
class InboxChoice:
	id: int
	name: str
	is_api: bool
	target: Target
	refusal: str = ""


@dataclass(frozen=True, slots=True)
class UserChoice:
	"""A user on a gateway."""

	id: str
	name: str
	number: str
	"""As people read it; empty: no phone is paired, as far as the gateway tells."""
	connected: bool
	"""And paired."""
	target: Target
	refusal: str = ""


@dataclass(frozen=True, slots=True)
class ChatwootChoices:
	accounts: tuple[AccountChoice, ...] = ()
	account_id: int | None = None
	"""Whose inboxes these are: the one asked for, or the only one that can be chosen."""
	inboxes: tuple[InboxChoice, ...] = ()
	trouble: Trouble | None = None


@dataclass(frozen=True, slots=True)
class GatewayChoices:
	users: tuple[UserChoice, ...] = ()
	trouble: Trouble | None = None


@dataclass(frozen=True, slots=True)
class ResourceClaim:
	"""What one session of ours uses on both sides, working or not."""

	session: str
	gateway_url: str
	gateway_token: Secret
	chatwoot_url: str
	account_id: int
	inbox_id: int | None
	"""`None`: its set-up has not come so far."""


@dataclass(frozen=True, slots=True)
class ResourceClaims:
	"""Who asks, and what is ours already."""

	session: str
	"""The one that is being set up; it need not exist yet."""
	others: tuple[ResourceClaim, ...]
	whose: Callable[[str], str | None]
	"""The session that an address for webhooks belongs to; `None`: it is none of ours."""
