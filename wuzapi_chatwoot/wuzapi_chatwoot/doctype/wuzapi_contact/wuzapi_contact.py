"""A person or group on WhatsApp as one session knows it, with all its addresses. Written by the bridge; see `frappe_host`."""

from wuzapi_chatwoot.frappe_host.live.session_records import SessionRecord


class WuzAPIContact(SessionRecord):
	pass
