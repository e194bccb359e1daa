"""A user who may see a session's conversations: a row of `WuzAPI Session`."""

from ....frappe_host.session_records import SessionRecordRow


class WuzAPISessionUser(SessionRecordRow):
	pass
