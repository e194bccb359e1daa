"""Jobs about one session that people ask for in the desk: set up, remove, rotate, prove, pair, part. Each sets its user and tells when it fails."""

from __future__ import annotations

from wuzapi_chatwoot.frappe_host.notifications.session_alerts import (
	alert_if_lost,
	alert_of_dead,
	alert_waiting,
)
from wuzapi_chatwoot.frappe_host.sessions import pairing, rotation, self_test, setup
from wuzapi_chatwoot.frappe_host.settings import sessions
from wuzapi_chatwoot.frappe_host.threads.site_connection import as_machine
from wuzapi_chatwoot.frappe_host.wiring.bridge import bridge_of_site


def set_up(session: str, admin: str, take_over: bool, inbox_id: int = 0) -> None:
	as_machine()
	try:
		setup.set_up(session, admin, take_over, inbox_id)
	except Exception as error:
		setup.failed(session, error)
		raise


def remove(session: str, admin: str, user: bool, inbox: bool) -> None:
	as_machine()
	try:
		setup.remove(session, admin, user, inbox)
	except Exception as error:
		setup.failed(session, error)
		raise


def rotate(session: str, side: str) -> None:
	as_machine()
	try:
		rotation.rotate(session, side)
	except Exception as error:
		setup.failed(session, error)
		raise


def prove(session: str) -> None:
	as_machine()
	try:
		self_test.prove(session)
	except Exception as error:
		self_test.failed(session, error)
		raise


def connect(session: str, phone: str) -> None:
	as_machine()
	pairing.connect(session, phone)


def look(session: str) -> None:
	as_machine()
	pairing.look(session)


def disconnect(session: str) -> None:
	as_machine()
	pairing.disconnect(session)


def log_out(session: str) -> None:
	as_machine()
	pairing.log_out(session)


def alert(session: str = "") -> None:
	"""For every session that waits for it. `session`: as jobs named it that were queued by an older release."""
	as_machine()
	bridge = bridge_of_site(in_job=True)
	known = sessions().get(session)
	if known is not None:
		alert_if_lost(bridge, known)
		alert_of_dead(bridge, known)
	alert_waiting(bridge)
