"""The sessions that the service has made by itself: what is kept of each, and the file it is kept in. Secrets inside.

Decides nothing. Sessions from the environment and from SESSIONS_FILE are not here.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from tempfile import NamedTemporaryFile

from pydantic import TypeAdapter, ValidationError

from wuzapi_chatwoot.bridge.model.records import Secret, Session
from wuzapi_chatwoot.bridge.sessions.setup_values import CreatedResources, MadeInbox


class SessionStoreUnusable(Exception):
	"""The text is a sentence for people."""


@dataclass(frozen=True, slots=True)
class PastSecret:
	"""One that was replaced, and is believed until then: what it signed may still be under way."""

	secret: Secret
	until: datetime


@dataclass(frozen=True, slots=True)
class StoredSession:
	"""Where both sides are, and every secret that was chosen or read for them."""

	name: str
	gateway_url: str
	gateway_token: Secret
	chatwoot_url: str
	chatwoot_token: Secret
	account_id: int
	signing_key: Secret
	webhook_token: Secret
	"""Stands in the addresses that both sides post to, for what comes unsigned."""
	inbox_name: str
	inbox_id: int | None = None
	chatwoot_secret: Secret | None = None
	past_signing_keys: tuple[PastSecret, ...] = ()
	past_chatwoot_secrets: tuple[PastSecret, ...] = ()
	made: CreatedResources = field(default_factory=CreatedResources)
	complete: bool = False
	"""The last set-up came to its end."""

	@property
	def made_inboxes(self) -> tuple[MadeInbox, ...]:
		"""All that were made for it and are still ours to remove, the one it has first."""
		now = () if self.made.inbox_id is None else (MadeInbox(self.made.inbox_id, self.inbox_name),)
		return (*now, *self.made.earlier_inboxes)

	def as_session(self, defaults: Session, now: datetime) -> Session | None:
		"""`None` while there is no inbox. What is not kept here is as in `defaults`."""
		if self.inbox_id is None:
			return None
		return replace(
			defaults,
			name=self.name,
			gateway_url=self.gateway_url,
			gateway_token=self.gateway_token,
			chatwoot_url=self.chatwoot_url,
			chatwoot_token=self.chatwoot_token,
			account_id=self.account_id,
			inbox_id=self.inbox_id,
			gateway_secrets=(self.signing_key, *_believed(self.past_signing_keys, now)),
			chatwoot_secrets=(
				*((self.chatwoot_secret,) if self.chatwoot_secret is not None else ()),
				*_believed(self.past_chatwoot_secrets, now),
			),
			webhook_tokens=(self.webhook_token,),
			gateway_instance=Secret(""),
			# The set-up gave the gateway a key and read Chatwoot's secret (4.13.0 and newer has one): both sides sign.
			require_signatures=self.chatwoot_secret is not None or defaults.require_signatures,
		)

	def next_change(self, now: datetime) -> datetime | None:
		"""When the next past secret is believed no more."""
		times = [past.until for past in (*self.past_signing_keys, *self.past_chatwoot_secrets)]
		return min((time for time in times if time > now), default=None)


def _believed(past: tuple[PastSecret, ...], now: datetime) -> tuple[Secret, ...]:
	return tuple(each.secret for each in past if each.until > now)


@dataclass(frozen=True, slots=True)
class Kept:
	"""All of the file. `stopped` names sessions, the environment's too, that people have disconnected on purpose."""

	sessions: Mapping[str, StoredSession] = field(default_factory=dict)
	stopped: frozenset[str] = frozenset()


_KEPT = TypeAdapter(Kept)


class SessionStoreFile:
	"""Readable for its owner only; replaced as a whole, so that a crash leaves the old or the new one."""

	def __init__(self, path: Path) -> None:
		self._path = path

	def read(self) -> Kept:
		"""Raises `SessionStoreUnusable`."""
		try:
			return _KEPT.validate_json(self._path.read_bytes())
		except FileNotFoundError:
			return Kept()
		except OSError as error:
			raise SessionStoreUnusable(f"{self._path} cannot be read: {error.strerror}.") from None
		except ValidationError:
			# Its own words would quote the file, and there are secrets in it.
			raise SessionStoreUnusable(
				f"{self._path} is damaged; put it back from a backup, or move it away and set its sessions up again."
			) from None

	def write(self, kept: Kept) -> None:
		"""Raises `SessionStoreUnusable`, and has changed nothing then."""
		new: Path | None = None
		try:
			# Made with mode 0600.
			with NamedTemporaryFile(dir=self._path.parent, prefix=".sessions-", delete=False) as file:
				new = Path(file.name)
				file.write(_KEPT.dump_json(kept, indent=1))
				file.flush()
				os.fsync(file.fileno())
			new.replace(self._path)
			_sync(self._path.parent)
		except OSError as error:
			if new is not None:
				new.unlink(missing_ok=True)
			raise SessionStoreUnusable(f"{self._path} cannot be written: {error.strerror}.") from None


def _sync(folder: Path) -> None:
	"""The new name is on the disk, not only the new content."""
	handle = os.open(folder, os.O_RDONLY)
	try:
		os.fsync(handle)
	finally:
		os.close(handle)
