"""Fetches the picture behind an `avatar_url` in the background, under Chatwoot's conditions."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable

from wuzapi_chatwoot.sandbox.chatwoot.records import Contact
from wuzapi_chatwoot.sandbox.chatwoot.store import Invalid, Store
from wuzapi_chatwoot.sandbox.files import File, sniffed
from wuzapi_chatwoot.sandbox.web.deliveries import Deliveries
from wuzapi_chatwoot.sandbox.web.http_client import HttpClient, NoAnswer

HASH = "avatar_url_hash"
QUIET_SECONDS = 60.0
PATIENCE_SECONDS = 10.0


class Avatars:
	"""Gives contacts their pictures."""

	def __init__(
		self, store: Store, deliveries: Deliveries, client: HttpClient, changed: Callable[[], None]
	) -> None:
		self._store = store
		self._deliveries = deliveries
		self._client = client
		self._changed = changed
		self._asked: dict[int, float] = {}

	def fetch(self, contact: Contact, url: str, base_url: str) -> None:
		"""Fetch a picture later: at most once a minute, and never the same address a second time."""
		digest = hashlib.sha256(url.encode()).hexdigest()
		now = time.time()
		if contact.additional_attributes.get(HASH) == digest:
			return
		if now - self._asked.get(contact.id, 0.0) < QUIET_SECONDS:
			return
		self._asked[contact.id] = now

		async def job() -> None:
			await self._fetch(contact, url, digest, base_url)

		self._deliveries.later(0, job)

	async def _fetch(self, contact: Contact, url: str, digest: str, base_url: str) -> None:
		try:
			answer = await self._client.request("GET", url, {}, timeout=PATIENCE_SECONDS)
		except (NoAnswer, ValueError):
			return
		if answer.status != 200:
			return
		mimetype, ending = sniffed(answer.body)
		try:
			self._store.set_avatar(contact, File(f"avatar{ending}", mimetype, answer.body), base_url)
		except Invalid:
			return
		contact.additional_attributes[HASH] = digest
		self._changed()
