"""WuzAPI Event Attempt. Written by the bridge; see `frappe_host`."""

from ....frappe_host.session_records import SessionRecordRow


class WuzAPIEventAttempt(SessionRecordRow):
	pass
