"""Jobs about one session that people ask for in the desk: set up, remove. Each sets its user and tells when it fails."""

from __future__ import annotations

from . import session_setup
from .site_connection import as_machine


def set_up(session: str, admin: str, take_over: bool) -> None:
	as_machine()
	try:
		session_setup.set_up(session, admin, take_over)
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
