"""Tells people once when a session has lost its connection, and once when it is back. Remembered on the session's row.

What only people can end is told at once, a connection that may come back by itself only after a while.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import frappe
from frappe.translate import get_user_lang

from wuzapi_chatwoot.bridge.context import Bridge
from wuzapi_chatwoot.bridge.model.events import SessionState
from wuzapi_chatwoot.bridge.model.records import NewChats, Session, SessionStatus
from wuzapi_chatwoot.bridge.sessions.session_troubles import troubles_of
from wuzapi_chatwoot.bridge.sessions.status_messages import StateWords, words_of
from wuzapi_chatwoot.frappe_host.i18n.time_format import told_to
from wuzapi_chatwoot.frappe_host.i18n.translation import translate_for_reader
from wuzapi_chatwoot.frappe_host.settings import sessions
from wuzapi_chatwoot.frappe_host.task_state.enqueue import soon
from wuzapi_chatwoot.frappe_host.task_state.task_state import claim, forget, tolerant

_AT_ONCE = (SessionState.LOGGED_OUT, SessionState.BANNED, SessionState.FAILED)
_WAITING = "wuzapi_chatwoot_alerts"
"""A set of sessions' names in Redis."""
_ALL = "all sessions"
_JOB_WAITS_AT_MOST = 20
"""In seconds: after that another job is asked for."""
_PATIENCE = timedelta(minutes=2)
# Seconds.
_ONCE_IN = 3600


def alert_soon(session: str) -> None:
	"""Have it looked at by the one job that looks at all: where a gateway goes down, hundreds of sessions change at once, and
	people who pair must not wait behind a job for each. May be lost: the watchdog asks every minute.
	"""
	tolerant(lambda cache: cache.sadd(_WAITING, session))
	if claim(_ALL, "alerts", _JOB_WAITS_AT_MOST) and not soon(
		"wuzapi_chatwoot.frappe_host.jobs.session_jobs.alert"
	):
		forget(_ALL, "alerts")


def alert_waiting(bridge: Bridge) -> None:
	"""In that job. What comes while it works is worked, too, or has a job of its own."""
	forget(_ALL, "alerts")
	while waiting := tolerant(lambda cache: cache.smembers(_WAITING)):
		for name in sorted(each.decode() if isinstance(each, bytes) else each for each in waiting):
			tolerant(lambda cache, name=name: cache.srem(_WAITING, name))
			session = sessions().get(name)
			if session is not None:
				alert_if_lost(bridge, session)
				alert_of_dead(bridge, session)


def alert_if_lost(bridge: Bridge, session: Session) -> None:
	"""To be asked after each change and from time to time: says nothing twice. In a job."""
	status = bridge.store.session_status(session.name)
	if status is None:
		return
	row = frappe.db.get_value("WuzAPI Session", session.name, ["held", "alerted"], as_dict=True)
	if _is_lost(bridge, status) and not row.alerted:
		# Nobody has disconnected it on purpose, and it was connected once.
		if not row.held and _was_connected(session.name):
			_tell_once(session, status, lost=True)
	elif status.state is SessionState.CONNECTED and row.alerted:
		_tell_once(session, status, lost=False)


def alert_of_dead(bridge: Bridge, session: Session) -> None:
	"""Once for those that were given up since the last alert, and once an hour at most. In a job."""
	dead = bridge.store.dead_events(session.name).get(session.name)
	if dead is None:
		return
	told = frappe.db.get_value("WuzAPI Session", session.name, "dead_alerted") or 0
	if dead.last_id <= told or not claim(session.name, "dead alert", _ONCE_IN):
		return
	# Of several that notice at the same time, one changes the row.
	frappe.db.sql(
		"UPDATE `tabWuzAPI Session` SET dead_alerted = %s WHERE name = %s AND COALESCE(dead_alerted, 0) < %s",
		(dead.last_id, session.name, dead.last_id),
	)
	if frappe.db._cursor.rowcount:
		[words] = troubles_of(NewChats(), dead)
		_notify(session, lambda user: words)
	frappe.db.commit()  # nosemgrep - a job; nobody is told twice


def _is_lost(bridge: Bridge, status: SessionStatus) -> bool:
	if status.state in _AT_ONCE:
		return True
	return status.state is SessionState.RECONNECTING and bridge.clock.now() - status.since >= _PATIENCE


def _was_connected(session: str) -> bool:
	return bool(
		frappe.db.exists("WuzAPI Session Change", {"session": session, "state": SessionState.CONNECTED.value})
	)


def _tell_once(session: Session, status: SessionStatus, *, lost: bool) -> None:
	# Of several that notice at the same time, one changes the row.
	frappe.db.sql(
		"UPDATE `tabWuzAPI Session` SET alerted = %s WHERE name = %s AND COALESCE(alerted, 0) = %s",
		(int(lost), session.name, int(not lost)),
	)
	if frappe.db._cursor.rowcount:
		_notify(session, lambda user: words_of(status, told_to(user)))
	frappe.db.commit()  # nosemgrep - a job; nobody is told twice


def _notify(session: Session, words_for: Callable[[str], StateWords]) -> None:
	for user in _people_of(session.name):
		words, language = words_for(user), get_user_lang(user)
		sentence, advice = (
			translate_for_reader(words.sentence, language),
			translate_for_reader(words.advice, language),
		)
		frappe.get_doc(
			{
				"doctype": "Notification Log",
				"type": "Alert",
				"for_user": user,
				"from_user": "Administrator",
				"document_type": "WuzAPI Session",
				"document_name": session.name,
				"subject": frappe.utils.escape_html(f"{session.name}: {sentence}"),
				"email_content": frappe.utils.escape_html(advice),
			}
		).insert(ignore_permissions=True)


def _people_of(session: str) -> list[str]:
	"""Those of its users who were chosen for it. Who made it, if it has no users, or all who were chosen are gone."""
	listed = frappe.get_all(
		"WuzAPI Session User",
		filters={"parent": session, "parenttype": "WuzAPI Session"},
		fields=["user", "gets_alerts"],
	)
	chosen = {row.user for row in listed if row.gets_alerts}
	if listed and not chosen:
		return []
	return _enabled(chosen) or _enabled({frappe.db.get_value("WuzAPI Session", session, "owner")})


def _enabled(users: set[str]) -> list[str]:
	return [user for user in sorted(users) if frappe.db.get_value("User", user, "enabled")]
