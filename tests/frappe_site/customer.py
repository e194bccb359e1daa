"""A customer on the phone, the agent's view of the same conversation in Chatwoot, and what the site keeps of it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import requests
from end_to_end.scene import Scene
from processes import until

if TYPE_CHECKING:
	from frappe_site.frappe_stack import Stack

Row = dict[str, Any]
# What tells one message from another; ids and times are looked at where they matter.
_SHOWN = ("kind", "text", "sender", "sender_name", "reply_to_id", "origin", "status")
_LISTS = ("options", "reactions", "earlier_texts")
_FIELDS = [
	"name",
	"whatsapp_id",
	"part",
	"deleted_at",
	"chatwoot_message_id",
	"conversation",
	*_SHOWN,
	*_LISTS,
]


@dataclass(frozen=True)
class Customer(Scene):
	"""As in the end-to-end tests of the standalone host, with the site in the bridge's place."""

	bridge: Stack  # type: ignore[assignment]
	_settings: Row = field(default_factory=dict)

	@property
	def address(self) -> str:
		return f"{self.customer}@s.whatsapp.net"

	@property
	def name(self) -> str:
		"""As the sandbox calls people whom it does not know."""
		return f"Customer {self.customer[-6:]}"

	# ---- the site

	def set(self, **settings: Any) -> None:
		"""Of the session, until the test's end."""
		[before] = self.bridge.ask("values", doctype="WuzAPI Session", filters={}, fields=list(settings))
		for name, value in before.items():
			self._settings.setdefault(name, value)
		self.bridge.ask("set_session", **settings)

	def put_settings_back(self) -> None:
		if self._settings:
			self.bridge.ask("set_session", **self._settings)

	def find_row(self, whatsapp_id: str, part: int = 0) -> Row | None:
		wanted = {"whatsapp_id": whatsapp_id, "part": part}
		rows = self.bridge.ask("values", doctype="WuzAPI Message", filters=wanted, fields=_FIELDS)
		assert len(rows) <= 1, rows
		for row in rows:
			for name in _LISTS:
				row[name] = json.loads(row[name] or "[]")
		return rows[0] if rows else None

	def row(self, whatsapp_id: str, part: int = 0) -> Row:
		"""Once it is there."""
		return until(lambda: self.find_row(whatsapp_id, part), f"the site has {whatsapp_id}, part {part}")

	def until_row(self, whatsapp_id: str, part: int = 0, **values: Any) -> Row:
		def found() -> Row | None:
			row = self.find_row(whatsapp_id, part)
			return row if row and all(row[name] == value for name, value in values.items()) else None

		return until(found, f"{whatsapp_id} has {values} on the site")

	def files_of(self, row: Row) -> dict[str, str]:
		"""Digests by name. Each is private: a stranger gets none."""
		files = self.bridge.ask("files_of", message=row["name"])
		for file in files:
			assert file["is_private"] == 1
			assert requests.get(self.bridge.url + file["file_url"], timeout=10).status_code == 403
		return {file["file_name"]: file["sha256"] for file in files}

	def calm(self) -> None:
		"""Wait until nothing is under way anywhere."""

		def is_calm() -> bool:
			counters = self.sandbox.control("counters")
			busy = [counters[side]["webhooks"]["under_way"] for side in ("gateway", "chatwoot")]
			return not any(busy) and not self.bridge.ask("lanes")

		until(is_calm, "nothing is under way")


def shown(row: Row) -> Row:
	"""What people see of a row, for comparing with a full expected value."""
	return {name: row[name] for name in (*_SHOWN, *_LISTS)} | {"deleted": row["deleted_at"] is not None}
