"""WuzAPI Event Attempt. Written by the bridge; see `frappe_host`."""

from wuzapi_chatwoot.frappe_host.live.session_records import SessionRecordRow


class WuzAPIEventAttempt(SessionRecordRow):
	pass
