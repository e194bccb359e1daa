"""A person or group on WhatsApp as one session knows it, with all its addresses. Written by the bridge; see `frappe_host`."""

from ....frappe_host.session_records import SessionRecord


class WuzAPIContact(SessionRecord):
	pass
