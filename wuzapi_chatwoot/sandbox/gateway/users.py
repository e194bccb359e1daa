"""The gateway's users twice over, as in WuzAPI: the rows of its database, and the records that it works with.

The running process goes by the records, which it keeps by token. Several calls change one of the two only; those
gaps are what a bridge has to survive, so they are kept here on purpose. Nothing here speaks HTTP or connects.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from wuzapi_chatwoot.sandbox.gateway.posts.event_names import split


@dataclass(frozen=True, slots=True)
class S3Settings:
	"""Where files go; `media_delivery` is base64, s3, both, or empty: then webhooks carry no file at all."""

	enabled: bool = False
	endpoint: str = ""
	region: str = ""
	bucket: str = ""
	access_key: str = ""
	secret_key: str = ""
	path_style: bool = False
	public_url: str = ""
	media_delivery: str = ""
	retention_days: int = 0

	def as_json(self) -> dict[str, Any]:
		"""Return what the API shows of it: never the secret."""
		return {
			"enabled": self.enabled,
			"endpoint": self.endpoint,
			"region": self.region,
			"bucket": self.bucket,
			"access_key": "***",
			"path_style": self.path_style,
			"public_url": self.public_url,
			"media_delivery": self.media_delivery,
			"retention_days": self.retention_days,
		}


@dataclass(frozen=True, slots=True)
class ProxySettings:
	"""The way out to WhatsApp; nothing in the sandbox goes through it."""

	enabled: bool = False
	url: str = ""
	webhook_use_proxy: bool = True

	def as_json(self) -> dict[str, Any]:
		"""Return what the API shows of it."""
		return {"enabled": self.enabled, "proxy_url": self.url, "webhook_use_proxy": self.webhook_use_proxy}


@dataclass(slots=True)
class UserRow:
	"""One user in the database."""

	id: str
	name: str
	token: str
	webhook: str = ""
	# Names with commas between them.
	events: str = ""
	jid: str = ""
	qrcode: str = ""
	# Whether it is to be connected again after a restart.
	connected: bool = False
	expiration: int = 0
	history: int = 0
	proxy: ProxySettings = field(default_factory=ProxySettings)
	s3: S3Settings = field(default_factory=S3Settings)
	hmac_key: str = ""


@dataclass(frozen=True, slots=True)
class UserRecord:
	"""One user as the running process knows it; deliveries go by this alone."""

	id: str
	name: str
	token: str
	jid: str
	webhook: str
	events: tuple[str, ...]
	qrcode: str
	history: int
	proxy_url: str
	s3: S3Settings
	hmac_key: str


class Users:
	"""The rows by id, and the records by token."""

	def __init__(self) -> None:
		self.rows: dict[str, UserRow] = {}
		self.records: dict[str, UserRecord] = {}
		# Whether the running process takes over what the database holds about the delivery of files.
		self.reads_media: Callable[[], bool] = lambda: True

	def clear(self) -> None:
		"""Begin again with nobody."""
		self.rows.clear()
		self.records.clear()

	def row_of_token(self, token: str) -> UserRow | None:
		"""Find a row by its token."""
		return next((row for row in self.rows.values() if row.token == token), None)

	def named(self, who: str) -> UserRow | None:
		"""Find a row by id, name or token."""
		if who in self.rows:
			return self.rows[who]
		return next((row for row in self.rows.values() if who in (row.name, row.token)), None)

	def authenticated(self, token: str) -> UserRecord | None:
		"""Find who a token belongs to.

		A record is believed without a look at the database, so a deleted user goes on. A missing one is made
		from the row: without the key, since the original reads that at its start only.
		"""
		if token not in self.records:
			row = self.row_of_token(token)
			if row is None:
				return None
			self.load(row, with_key=False)
		return self.records[token]

	def load(self, row: UserRow, *, with_key: bool) -> UserRecord:
		"""Make the record of a row."""
		record = self.records[row.token] = UserRecord(
			row.id,
			row.name,
			row.token,
			row.jid,
			row.webhook,
			split(row.events),
			row.qrcode,
			row.history,
			row.proxy.url if row.proxy.enabled else "",
			row.s3 if self.reads_media() else S3Settings(),
			row.hmac_key if with_key else "",
		)
		return record

	def remember(self, record: UserRecord, **changes: Any) -> UserRecord:
		"""Change what the running process knows; returns the new record."""
		changed = self.records[record.token] = replace(record, **changes)
		return changed

	def store(self, user_id: str, change: Callable[[UserRow], None]) -> None:
		"""Change what the database holds; nothing happens when the row is gone."""
		row = self.rows.get(user_id)
		if row is not None:
			change(row)
