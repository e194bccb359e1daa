"""One WhatsApp number on a gateway, paired with one Chatwoot inbox."""

import frappe

from wuzapi_chatwoot.frappe_host.live.live_updates import forget_viewers
from wuzapi_chatwoot.frappe_host.live.session_records import SessionRecord
from wuzapi_chatwoot.frappe_host.sessions.inbox_change import forget_old_inbox
from wuzapi_chatwoot.frappe_host.sessions.validation import validate_session
from wuzapi_chatwoot.frappe_host.settings import forget_sessions


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
