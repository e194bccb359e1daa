"""The watchdog on a site: looks after every session in turn, several at a time, and remembers what it saw.

One look at a time for each session. What a session that was set up by hand posts, and how its files come, is left as
it is: only its connection and its key are looked after.
"""

from __future__ import annotations

from dataclasses import asdict, fields, replace
from datetime import datetime

import frappe

from wuzapi_chatwoot.bridge.context import Bridge
from wuzapi_chatwoot.bridge.guards.concurrency_limits import in_turn
from wuzapi_chatwoot.bridge.model.errors import BridgeError
from wuzapi_chatwoot.bridge.model.records import Session
from wuzapi_chatwoot.bridge.sessions.watch_session import Watched, watch_session
from wuzapi_chatwoot.frappe_host.gateways import setup_clients as sides
from wuzapi_chatwoot.frappe_host.gateways.connects import (
	ConnectsOfSession,
	gateway_and_settings,
	outside_transactions,
)
from wuzapi_chatwoot.frappe_host.notifications.session_alerts import alert_if_lost, alert_of_dead
from wuzapi_chatwoot.frappe_host.settings import sessions
from wuzapi_chatwoot.frappe_host.task_state.fair_scheduling import longest_ago_first, note_turn
from wuzapi_chatwoot.frappe_host.task_state.task_state import claim, forget, recall, remember
from wuzapi_chatwoot.frappe_host.threads.session_pool import SessionPool
from wuzapi_chatwoot.frappe_host.threads.shutdown import End
from wuzapi_chatwoot.frappe_host.wiring.bridge import bridge_of_site

# Seconds. One look makes a handful of calls. A round has less than the time between two ticks, for it may hold the
# only worker up: who has no turn in it is the first in the next.
_ONE_LOOK = 120
_LIFE = 45.0
# Between two turns of one session: shorter than a tick of the scheduler, longer than what two of them overlap by.
_ONCE_IN = 40
_ROUND = "watch"
_KNOWN_FOR = 3600


def watch_all() -> None:
	"""In a job. Those come first that have waited longest."""
	known = sessions()
	waiting = [known[name] for name in longest_ago_first(_ROUND, known)]
	SessionPool(frappe.local.site, End(_LIFE), _watch_in_turn, in_turn).run(waiting)


def _watch_in_turn(name: str) -> None:
	"""Unless it has just had its turn, at another tick."""
	if claim(name, "turn", _ONCE_IN):
		note_turn(_ROUND, name)
		watch_one(name)


def watch_one(name: str) -> bool:
	"""One look, unless there is one under way; false: there is. In a job."""
	session = sessions().get(name)
	if session is None or not claim(name, "watching", _ONE_LOOK):
		return False
	try:
		bridge = bridge_of_site(in_job=True)
		row = frappe.db.get_value("WuzAPI Session", name, ["held", "callback_url"], as_dict=True)
		if row is not None and not row.held:
			# Who connects it by hand at this moment posts the settings, too.
			with ConnectsOfSession(name, patience=0).alone() as alone:
				if alone:
					_look(bridge, session, row.callback_url)
		alert_if_lost(bridge, session)
		alert_of_dead(bridge, session)
	finally:
		forget(name, "watching")
	return True


def note_unsigned(name: str) -> None:
	"""A webhook has come that was not signed though a key is set: the next look posts the key anew."""
	remember(name, "unsigned", {"come": True}, _KNOWN_FOR)


def _look(bridge: Bridge, session: Session, base: str | None) -> None:
	"""`base`: where we are reached, as `session_sides.callback_base` has it."""
	gateway = outside_transactions(bridge, sides.gateway_setup_of(session))
	try:
		settings = gateway_and_settings(session, gateway, base)
		watched = watch_session(bridge, session, *settings, _recalled(session.name))
	except BridgeError as error:
		bridge.observer.notice("a session could not be watched", session=session.name, error=error.reason)
		return
	_remember(session.name, watched)


def _recalled(name: str) -> Watched:
	known = {
		what: datetime.fromisoformat(value) if isinstance(value, str) else value
		for what, value in recall(name, "watched").items()
	}
	watched = Watched(**{field.name: known[field.name] for field in fields(Watched) if field.name in known})
	if recall(name, "unsigned"):
		forget(name, "unsigned")
		return replace(watched, unsigned=True)
	return watched


def _remember(name: str, watched: Watched) -> None:
	value = {
		what: value.isoformat() if isinstance(value, datetime) else value
		for what, value in asdict(watched).items()
	}
	remember(name, "watched", value, _KNOWN_FOR)
