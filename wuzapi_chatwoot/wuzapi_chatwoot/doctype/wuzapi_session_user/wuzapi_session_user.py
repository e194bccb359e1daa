"""A user who may see a session's conversations: a row of `WuzAPI Session`."""

from wuzapi_chatwoot.frappe_host.live.session_records import SessionRecordRow


class WuzAPISessionUser(SessionRecordRow):
	pass
