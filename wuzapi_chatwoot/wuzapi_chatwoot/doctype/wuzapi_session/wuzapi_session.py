"""One WhatsApp number on a gateway, paired with one Chatwoot inbox."""

import frappe

from ....frappe_host.live_updates import forget_viewers
from ....frappe_host.session_moves import forget_old_inbox
from ....frappe_host.session_records import SessionRecord
from ....frappe_host.session_rules import validate_session
from ....frappe_host.settings import forget_sessions


class WuzAPISession(SessionRecord):
	def validate(self) -> None:
		validate_session(self)

	def on_update(self) -> None:
		forget_old_inbox(self)
		forget_sessions()
		forget_viewers(self.name)

	def on_trash(self) -> None:
		frappe.db.delete("WuzAPI Session Change", {"session": self.name})
		forget_sessions()
