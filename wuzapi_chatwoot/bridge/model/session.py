"""What people set for one session, as a value. Hosts read it from where it is kept."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

from wuzapi_chatwoot.bridge.model.addresses import Address

# The ids of a gateway's users. Whoever has ever had a webhook of theirs knows them: they prove nothing.
_USER_ID = re.compile(r"[0-9a-f]{32}|[0-9]+")


@dataclass(frozen=True, slots=True)
class Secret:
	"""A secret that does not show in logs, tracebacks and reprs."""

	value: str

	def __repr__(self) -> str:
		return "Secret('***')" if self.value else "Secret('')"

	__str__ = __repr__

	def __bool__(self) -> bool:
		return bool(self.value)


class ConversationPolicy(str, Enum):
	"""What a message does when the last conversation is resolved."""

	REOPEN = "reopen"
	NEW = "new"
	AGE = "age"
	"""Reopen while its last message is younger than `reopen_within_days`, else a new one."""


class Deletions(str, Enum):
	"""What a deletion on WhatsApp does to the message in Chatwoot."""

	MARK = "mark"
	REMOVE = "remove"


class Signature(str, Enum):
	"""Whether the customer sees which agent wrote."""

	OFF = "off"
	NAME = "name"
	TEMPLATE = "template"


@dataclass(frozen=True, slots=True)
class Session:
	"""One WhatsApp number on a gateway, paired with one Chatwoot inbox. Secrets: several values allow rotation."""

	name: str
	gateway_url: str
	gateway_token: Secret
	chatwoot_url: str
	chatwoot_token: Secret
	account_id: int
	inbox_id: int
	gateway_secrets: tuple[Secret, ...] = ()
	chatwoot_secrets: tuple[Secret, ...] = ()
	webhook_tokens: tuple[Secret, ...] = ()
	gateway_instance: Secret = Secret("")
	"""What the gateway's `token` or `userID` in a payload must be, when set."""
	require_signatures: bool = False
	"""Unsigned webhooks of a sender whose secret is known here are refused from the start, not only once it has signed."""
	conversation_policy: ConversationPolicy = ConversationPolicy.REOPEN
	reopen_within_days: float = 7.0
	start_pending: bool = False
	"""New conversations begin as pending, for a bot or a triage, instead of open."""
	settle_seconds: float = 0.5
	reconnect_seconds: float = 180.0
	"""How long a gateway that has lost WhatsApp is left to connect again by itself, before it is asked to."""
	default_region: str | None = None
	time_zone: str = "UTC"
	"""IANA name; for the times written into lines of text."""
	groups: bool = True
	only_groups: tuple[Address, ...] = ()
	"""Empty: every group."""
	group_changes: bool = False
	"""A line for who comes to a group and who leaves."""
	ignored: tuple[str, ...] = ()
	"""Patterns (`*`, `?`) of addresses or phone numbers that are not relayed: `447700900*`."""
	status_broadcasts: bool = False
	newsletters: bool = False
	deletions: Deletions = Deletions.MARK
	revoke_deleted: bool = True
	"""A message deleted in Chatwoot is deleted on WhatsApp too."""
	signature: Signature = Signature.OFF
	signature_template: str = "*{name}:*\n{text}"
	voice_notes: bool = True
	"""Sound that an agent sends without a text goes as a voice note."""
	typing: bool = False
	mark_read_on_reply: bool = False
	control_agents: tuple[str, ...] = ()
	"""E-mail addresses of the agents who may ask the bridge in its own conversation in Chatwoot."""
	mark_read_on_view: bool = False
	"""When an agent has looked at the conversation, as soon as Chatwoot lets us know."""
	largest_file: int = 100 * 1024 * 1024
	"""Bytes; a larger one becomes a line of text."""

	@property
	def chatwoot_key(self) -> str:
		"""The session together with the Chatwoot account whose numbers its messages go by: another one counts anew."""
		return f"{self.name}\n{self.chatwoot_url}\n{self.account_id}"

	@property
	def believes_payload_token(self) -> bool:
		"""Nothing is set that proves the gateway's webhooks but a token that they bear inside, as older guides teach."""
		token = self.gateway_instance
		if self.gateway_secrets or self.webhook_tokens or not token:
			return False
		return token == self.gateway_token or not _USER_ID.fullmatch(token.value)
