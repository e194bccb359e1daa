"""One account of a Chatwoot in memory, as far as setting up a session sees it: its user, its inboxes, their secrets.

Faithful where a wizard trips: who is no administrator sees no secrets and changes nothing, two inboxes may bear one
name, an inbox made once more is a second one, and an old Chatwoot has no secrets.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime

from wuzapi_chatwoot.bridge.model.errors import NotFound, Permanent
from wuzapi_chatwoot.bridge.model.session import Secret
from wuzapi_chatwoot.bridge.ports.chatwoot_setup import ChatwootUser, Inbox, Membership, TokenOwner
from wuzapi_chatwoot.bridge.ports.host import Clock
from wuzapi_chatwoot.testkit.twins.clock import FixedClock
from wuzapi_chatwoot.testkit.twins.scripted_failures import ScriptedFailures

_NO_SECRETS = "this Chatwoot is older than 4.13.0: its inboxes have no secret, and it signs nothing"
_NO_ADMINISTRATOR = "the Chatwoot token's user is no administrator: only one may make and change inboxes"

_ADMINISTRATOR = ChatwootUser(id=9, name="Bridge", administrator=True)


@dataclass(slots=True)
class FakeChatwootProfile(ScriptedFailures):
	"""Implements `ChatwootProfile`."""

	name: str = _ADMINISTRATOR.name
	accounts: tuple[Membership, ...] = (Membership(3, "Padaria Aurora Ltda", administrator=True),)

	def owner(self) -> TokenOwner:
		with self._called("owner"):
			return TokenOwner(self.name, self.accounts)


@dataclass(slots=True)
class FakeChatwootSetup(ScriptedFailures):
	"""Implements `ChatwootSetup`. `account` is what is really there, open to tests: change it behind our back."""

	owner: ChatwootUser = _ADMINISTRATOR
	has_secrets: bool = True
	"""False: a Chatwoot before 4.13.0."""
	member_of: set[int] = field(default_factory=set)
	"""The inboxes that the owner sees without being an administrator."""
	time: Clock | None = field(default_factory=FixedClock)
	"""`None`: its answers do not tell it."""
	account: dict[int, Inbox] = field(default_factory=dict)
	_numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))
	_secrets: Iterator[int] = field(default_factory=lambda: itertools.count(1))

	# ---- what tests do

	def have_inbox(
		self,
		name: str,
		*,
		callback: str = "",
		is_api: bool = True,
		reply_window_hours: int | None = None,
	) -> Inbox:
		"""An inbox that somebody made by hand."""
		secret = self._new_secret() if is_api and self.has_secrets else None
		made = Inbox(next(self._numbers), name, is_api, callback, secret, reply_window_hours)
		self.account[made.id] = made
		return made

	# ---- the port

	def user(self) -> ChatwootUser:
		with self._called("user"):
			return self.owner

	def clock(self) -> datetime | None:
		with self._called("clock"):
			return self.time.now().replace(microsecond=0) if self.time else None

	def inboxes(self) -> list[Inbox]:
		"""By name."""
		with self._called("inboxes"):
			seen = [self._as_seen(each) for each in self.account.values() if self._sees(each.id)]
		return sorted(seen, key=lambda each: each.name.lower())

	def inbox(self, id: int) -> Inbox:
		with self._called("inbox", id=id):
			return self._as_seen(self._there(id))

	def create_inbox(self, name: str, callback: str) -> Inbox:
		with self._called("create_inbox", name=name, callback=callback):
			self._only_administrators()
			name = " ".join(name.split())
			if not name:
				raise Permanent("the inbox needs a name")
			return self.have_inbox(name, callback=callback)

	def set_callback(self, id: int, callback: str) -> Inbox:
		with self._called("set_callback", id=id, callback=callback):
			inbox = self._api_inbox(id)
			return inbox if inbox.callback == callback else self._change(replace(inbox, callback=callback))

	def clear_reply_window(self, id: int) -> Inbox:
		with self._called("clear_reply_window", id=id):
			inbox = self._api_inbox(id)
			if inbox.reply_window_hours is None:
				return inbox
			return self._change(replace(inbox, reply_window_hours=None))

	def new_secret(self, id: int) -> Inbox:
		with self._called("new_secret", id=id):
			inbox = self._api_inbox(id)
			if not self.has_secrets:
				raise Permanent(_NO_SECRETS)
			return self._change(replace(inbox, secret=self._new_secret()))

	def delete_inbox(self, id: int) -> None:
		with self._called("delete_inbox", id=id):
			if id in self.account:
				self._there(id)
				self._only_administrators()
				del self.account[id]

	# ---- inside

	def _sees(self, id: int) -> bool:
		return self.owner.administrator or id in self.member_of

	def _there(self, id: int) -> Inbox:
		if id not in self.account:
			raise NotFound(f"the account has no inbox {id} (any more)")
		if not self._sees(id):
			raise Permanent(f"the Chatwoot token's user may not see inbox {id}")
		return self.account[id]

	def _api_inbox(self, id: int) -> Inbox:
		"""As its owner sees it; what is hidden from them is not lost by a change, as they may make none."""
		inbox = self._there(id)
		if not inbox.is_api:
			raise Permanent(f"inbox {id} is of the wrong type: it must be an API inbox")
		return self._as_seen(inbox)

	def _as_seen(self, inbox: Inbox) -> Inbox:
		shown = self.owner.administrator and self.has_secrets
		return inbox if shown else replace(inbox, secret=None)

	def _change(self, changed: Inbox) -> Inbox:
		self._only_administrators()
		self.account[changed.id] = changed
		return changed

	def _only_administrators(self) -> None:
		if not self.owner.administrator:
			raise Permanent(_NO_ADMINISTRATOR)

	def _new_secret(self) -> Secret:
		return Secret(f"FictionalInboxSecret{next(self._secrets):04}")
