"""Jobs about one session that people ask for in the desk: set up, remove, rotate, prove, pair, part. Each sets its user and tells when it fails."""

from __future__ import annotations

from . import session_pairing, session_proof, session_rotation, session_setup
from .session_alerts import alert_if_lost, alert_of_dead, alert_waiting
from .settings import sessions
from .site_connection import as_machine
from .wiring import bridge_of_site


def set_up(session: str, admin: str, take_over: bool, inbox_id: int = 0) -> None:
	as_machine()
	try:
		session_setup.set_up(session, admin, take_over, inbox_id)
	except Exception as error:
		session_setup.failed(session, error)
		raise


def remove(session: str, admin: str, user: bool, inbox: bool) -> None:
	as_machine()
	try:
		session_setup.remove(session, admin, user, inbox)
	except Exception as error:
		session_setup.failed(session, error)
		raise


def rotate(session: str, side: str) -> None:
	as_machine()
	try:
		session_rotation.rotate(session, side)
	except Exception as error:
		session_setup.failed(session, error)
		raise


def prove(session: str) -> None:
	as_machine()
	try:
		session_proof.prove(session)
	except Exception as error:
		session_proof.failed(session, error)
		raise


def connect(session: str, phone: str) -> None:
	as_machine()
	session_pairing.connect(session, phone)


def look(session: str) -> None:
	as_machine()
	session_pairing.look(session)


def disconnect(session: str) -> None:
	as_machine()
	session_pairing.disconnect(session)


def log_out(session: str) -> None:
	as_machine()
	session_pairing.log_out(session)


def alert(session: str = "") -> None:
	"""For every session that waits for it. `session`: as jobs named it that were queued by an older release."""
	as_machine()
	bridge = bridge_of_site(in_job=True)
	known = sessions().get(session)
	if known is not None:
		alert_if_lost(bridge, known)
		alert_of_dead(bridge, known)
	alert_waiting(bridge)
