"""Setting up a session from the desk: what is chosen is kept before the first call, a job makes both sides ready, and
how far it got is told while it goes on. May be repeated at any time. Also its undoing.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from typing import Any

import frappe
from frappe import _

from wuzapi_chatwoot.bridge.model.errors import BridgeError
from wuzapi_chatwoot.bridge.model.events import SessionChanged, SessionState
from wuzapi_chatwoot.bridge.model.records import Secret, Source
from wuzapi_chatwoot.bridge.sessions.list_options import holder_of_inbox
from wuzapi_chatwoot.bridge.sessions.set_up_session import SetUpSession, inbox_to_type, undo_set_up
from wuzapi_chatwoot.bridge.sessions.setup_values import (
	CreatedResources,
	SetUp,
	SetupRequest,
	Step,
	StepState,
)
from wuzapi_chatwoot.frappe_host.gateways import setup_clients as sides
from wuzapi_chatwoot.frappe_host.i18n.refusal import refuse
from wuzapi_chatwoot.frappe_host.i18n.translation import translate_for_reader
from wuzapi_chatwoot.frappe_host.live.live_updates import document_changed, session_hint
from wuzapi_chatwoot.frappe_host.sessions.created_resources import keep_made_inboxes, made_of, told
from wuzapi_chatwoot.frappe_host.sessions.options import resource_claims_of, throw_if_user_is_taken
from wuzapi_chatwoot.frappe_host.sessions.unfinished_setup import keep_problem, problem_of
from wuzapi_chatwoot.frappe_host.sessions.validation import throw_if_inbox_is_taken
from wuzapi_chatwoot.frappe_host.sessions.watch import watch_one
from wuzapi_chatwoot.frappe_host.sessions.workers import workers_trouble
from wuzapi_chatwoot.frappe_host.settings import session_of
from wuzapi_chatwoot.frappe_host.task_state.enqueue import FOR_PEOPLE, QUEUE
from wuzapi_chatwoot.frappe_host.task_state.task_state import hand_over, recall, remember, take
from wuzapi_chatwoot.frappe_host.wiring.bridge import bridge_of_site

# WuzAPI takes none that is shorter.
_SHORTEST_KEY = 32
_KNOWN_FOR = 3600
_JOBS = "wuzapi_chatwoot.frappe_host.jobs.session_jobs."


def new_session(
	name: str,
	*,
	gateway_url: str,
	gateway_token: str,
	chatwoot_url: str,
	chatwoot_token: str,
	account_id: int,
	inbox_id: int,
) -> Any:
	"""A row for it, by the rights of the user. Off until both sides are ready. An empty token: a fresh one."""
	if frappe.db.exists("WuzAPI Session", name):
		refuse(_("There is a session with this name already"), field="session")
	token = gateway_token.strip() or secrets.token_urlsafe(32)
	throw_if_user_is_taken(name, gateway_url, token)
	return frappe.get_doc(
		{
			"doctype": "WuzAPI Session",
			"session_name": name,
			"enabled": 0,
			"setup_unfinished": 1,
			"gateway_url": gateway_url,
			"gateway_token": token,
			"chatwoot_url": chatwoot_url,
			"chatwoot_token": chatwoot_token.strip(),
			"account_id": account_id,
			"inbox_id": inbox_id,
		}
	).insert()


def begin(doc: Any, admin_token: str, take_over: bool, inbox_id: int = 0) -> None:
	"""Choose what is not chosen yet, and let a job do the rest after the commit. `inbox_id`: another one than it has."""
	throw_if_inbox_is_taken(doc, inbox_id)
	choose(doc)
	tell(doc.name, [], running=True)
	enqueue_once(
		"set_up",
		doc.name,
		admin=hand_over(admin_token.strip()),
		take_over=take_over,
		inbox_id=inbox_id,
	)


def choose(doc: Any) -> None:
	"""What is not chosen yet: keys, tokens, and where we are reached."""
	key = doc.get_password("gateway_secret", raise_exception=False) or ""
	if len(key) < _SHORTEST_KEY:
		doc.gateway_secret_previous = key
		doc.gateway_secret = secrets.token_urlsafe(32)
	if not doc.get_password("webhook_token", raise_exception=False):
		doc.webhook_token = secrets.token_urlsafe(24)
	doc.callback_url = sides.site_url(doc.callback_url)
	doc.setup_problem = ""
	doc.save()


def begin_removal(doc: Any, admin_token: str, user: bool, inbox: bool, inbox_name: str = "") -> None:
	"""`inbox_name` is what somebody typed who knows which inbox goes with all its conversations."""
	name = name_to_type(doc) if inbox else ""
	if name and inbox_name.strip() != name:
		sentence = _(
			"Type the name of the inbox, {0}: it is removed from Chatwoot with every conversation in it."
		)
		refuse(sentence.format(name), field="inbox_name")
	tell(doc.name, [], running=True)
	enqueue_once("remove", doc.name, admin=hand_over(admin_token.strip()), user=user, inbox=inbox)


def name_to_type(doc: Any) -> str:
	"""Before its inbox is removed. Empty: none is."""
	ours = resource_claims_of(doc.name)
	return inbox_to_type(
		made_of(doc),
		doc.name,
		lambda inbox: holder_of_inbox(inbox, (doc.chatwoot_url or "").rstrip("/"), doc.account_id or 0, ours),
	)


def enqueue_once(method: str, name: str, **arguments: Any) -> None:
	"""After the commit, and not while the same is waiting."""
	frappe.enqueue(
		_JOBS + method,
		queue=QUEUE,
		timeout=280,
		job_id=f"{FOR_PEOPLE} {method} {name}",
		deduplicate=True,
		enqueue_after_commit=True,
		session=name,
		**arguments,
	)


def progress(name: str) -> dict[str, Any]:
	"""`{"running", "steps": [{"name", "state", "sentence"}], "trouble"}`: how far the last one got."""
	known = recall(name, "set_up")
	running = bool(known.get("running"))
	steps = [
		{
			**step,
			"name": translate_for_reader(step["name"]),
			"sentence": translate_for_reader(step["sentence"]),
		}
		for step in known.get("steps", [])
	]
	return {
		"running": running,
		"steps": steps,
		"trouble": workers_trouble() if running and not known.get("steps") else None,
	}


# ---- in a job


def set_up(name: str, admin: str, take_over: bool, inbox_id: int = 0) -> SetUp | None:
	"""`None`: the session is gone. With another inbox than it has, it moves there once all is ready."""
	admin_token = Secret(take(admin))
	if not frappe.db.exists("WuzAPI Session", name):
		return None
	doc = frappe.get_doc("WuzAPI Session", name)
	session, made = session_of(doc), made_of(doc)
	moves = bool(inbox_id) and inbox_id != doc.inbox_id
	if moves and inbox_id != made.inbox_id:
		made = made.leaving_inbox(name)
	run = SetUpSession(
		SetupRequest(
			name=name,
			gateway_token=session.gateway_token,
			signing_key=session.gateway_secrets[0],
			webhook=sides.webhook_of(session, doc.callback_url),
			callback=sides.callback_of(session, Source.CHATWOOT, doc.callback_url),
			inbox_name=name,
			inbox_id=inbox_id or doc.inbox_id or None,
			take_over=take_over,
		),
		sides.gateway_setup_of(session),
		sides.gateway_admin_of(session, admin_token),
		sides.chatwoot_setup_of(session),
		made,
		partial(tell, name, running=True),
	)
	# No transaction stays open while others are asked.
	frappe.db.commit()  # nosemgrep - a job; nothing is half done
	result = run.run()
	trouble = _keep(name, result, moves)
	if result.complete and not trouble:
		# A user that was there may be connected: that is known now, and not at the watchdog's next round.
		watch_one(name)
	tell(name, [*result.steps, *trouble], running=False)
	return result


def _keep(name: str, result: SetUp, moves: bool) -> list[Step]:
	"""On the row, also if it did not get through. A step more, if the row does not take it."""
	doc = frappe.get_doc("WuzAPI Session", name, for_update=True)
	doc.made_gateway_user = result.made.gateway_user_id or ""
	# What works goes on in the inbox it has, until the other one is proved to be ours.
	if result.complete or not (moves and doc.enabled):
		_keep_inbox(doc, result)
	doc.setup_problem = problem_of(result.steps)
	if result.complete:
		doc.enabled, doc.setup_unfinished = 1, 0
	try:
		doc.save(ignore_permissions=True)
	except frappe.ValidationError as error:
		frappe.db.rollback()
		trouble = [Step("session", StepState.FAILED, str(error))]
		keep_problem(name, trouble)
		frappe.db.commit()  # nosemgrep - a job; it is all that is kept
		return trouble
	document_changed("WuzAPI Session", name)
	frappe.db.commit()  # nosemgrep - what was made outside is remembered at once
	return []


def _keep_inbox(doc: Any, result: SetUp) -> None:
	doc.inbox_id = result.inbox_id or 0
	keep_made_inboxes(doc, result.made)
	known = doc.get_password("chatwoot_secret", raise_exception=False) or ""
	if result.chatwoot_secret and not known:
		# Both sides sign from now on. Who switches it off later is not overruled.
		doc.require_signatures = 1
	if result.chatwoot_secret and result.chatwoot_secret.value != known:
		doc.chatwoot_secret_previous, doc.chatwoot_secret = known, result.chatwoot_secret.value


def remove(name: str, admin: str, user: bool, inbox: bool) -> None:
	"""What was made for it, as far as wanted; what people have chosen, and the history, stays."""
	admin_token = Secret(take(admin))
	doc = frappe.get_doc("WuzAPI Session", name)
	session, made = session_of(doc), made_of(doc)
	wanted = _wanted(made, user, inbox)
	ours = resource_claims_of(name)
	frappe.db.commit()  # nosemgrep - a job; nothing is half done
	undone = undo_set_up(
		wanted,
		sides.gateway_admin_of(session, admin_token),
		sides.chatwoot_setup_of(session),
		partial(tell, name, running=True),
		lambda inbox: holder_of_inbox(inbox, session.chatwoot_url, session.account_id, ours),
	)
	left = undone.left
	doc = frappe.get_doc("WuzAPI Session", name, for_update=True)
	doc.enabled = 0
	if user:
		doc.made_gateway_user = left.gateway_user_id or ""
	if inbox:
		if left.inbox_id is None and doc.inbox_id == made.inbox_id:
			doc.inbox_id = 0
		keep_made_inboxes(doc, left)
	doc.save(ignore_permissions=True)
	document_changed("WuzAPI Session", name)
	frappe.db.commit()  # nosemgrep - what was removed outside is remembered at once
	if left.gateway_user_id != wanted.gateway_user_id:
		bridge = bridge_of_site(in_job=True)
		change = SessionChanged(SessionState.LOGGED_OUT, "its user was removed from the gateway")
		bridge.store.note_session_change(name, change, bridge.clock.now())
	tell(name, undone.steps, running=False)


def failed(name: str, error: Exception) -> None:
	"""Never leave people waiting for a job that has died."""
	reason = str(error) if isinstance(error, BridgeError) else type(error).__name__
	sentence = f"This was not finished: {reason}. Try again."
	steps = [Step("session", StepState.FAILED, sentence)]
	frappe.db.rollback()
	keep_problem(name, steps)
	frappe.db.commit()  # nosemgrep - a job, whose exception goes on and would take this back
	tell(name, steps, running=False)


def to_be_removed(name: str, user: bool, inbox: bool) -> list[str]:
	"""What `remove` would remove, in words."""
	return list(told(name, _wanted(made_of(frappe.get_doc("WuzAPI Session", name)), user, inbox)))


def _wanted(made: CreatedResources, user: bool, inbox: bool) -> CreatedResources:
	made = made if user else replace(made, gateway_user_id=None)
	return made if inbox else replace(made, inbox_id=None, earlier_inboxes=())


def tell(name: str, steps: Iterable[Step], *, running: bool) -> None:
	"""How far it is, to whoever looks on."""
	rows = [{"name": step.name, "state": step.state.value, "sentence": step.sentence} for step in steps]
	remember(name, "set_up", {"running": running, "steps": rows}, _KNOWN_FOR)
	session_hint(name, "set_up")
