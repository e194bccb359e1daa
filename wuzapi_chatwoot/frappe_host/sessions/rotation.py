"""New signing secrets while webhooks go on: the one before stays good, so that none is lost on the way."""

from __future__ import annotations

import secrets
from typing import Any

import frappe

from wuzapi_chatwoot.bridge.model.errors import BridgeError
from wuzapi_chatwoot.bridge.model.records import Session
from wuzapi_chatwoot.bridge.sessions.setup_values import Step, StepState
from wuzapi_chatwoot.frappe_host.gateways import setup_clients as sides
from wuzapi_chatwoot.frappe_host.live.live_updates import document_changed
from wuzapi_chatwoot.frappe_host.sessions.setup import enqueue_once, tell
from wuzapi_chatwoot.frappe_host.sessions.watch import note_unsigned
from wuzapi_chatwoot.frappe_host.settings import session_of
from wuzapi_chatwoot.frappe_host.task_state.enqueue import fetch_missed_soon
from wuzapi_chatwoot.frappe_host.task_state.secret_changes import under_way
from wuzapi_chatwoot.frappe_host.task_state.task_state import forget, recall, remember

GATEWAY, CHATWOOT = "gateway", "chatwoot"
# A day: until then a new key that may not have arrived is posted again, and no other is made.
_KNOWN_FOR = 86_400


def begin(name: str, side: str) -> None:
	tell(name, [], running=True)
	enqueue_once("rotate", name, side=side)


# ---- in a job


def rotate(name: str, side: str) -> None:
	step = _of_gateway(name) if side == GATEWAY else _of_chatwoot(name)
	tell(name, [step], running=False)


def _of_gateway(name: str) -> Step:
	"""Ours is the choice: what may come signed with the new one is believed before the gateway knows it."""
	if not recall(name, "rotating"):
		_renew(name, "gateway_secret", secrets.token_urlsafe(32))
		remember(name, "rotating", {"under_way": True}, _KNOWN_FOR)
	session = _session(name)
	try:
		sides.gateway_setup_of(session).set_signing_key(session.gateway_secrets[0])
	except BridgeError as error:
		# The watchdog posts it; until then the one before is good.
		note_unsigned(name)
		return Step("gateway signing key", StepState.FAILED, f"{error}: it is tried again every minute")
	forget(name, "rotating")
	return Step(
		"gateway signing key",
		StepState.DONE,
		"the gateway signs with a new key; the one before is still good",
	)


def _of_chatwoot(name: str) -> Step:
	"""Chatwoot chooses, and uses it at once: what comes before we know it is believed by its token. Without one it is
	refused, and fetched afterwards.
	"""
	with under_way(name):
		return _replaced_in_chatwoot(name)


def _replaced_in_chatwoot(name: str) -> Step:
	session = _session(name)
	chatwoot, step = sides.chatwoot_setup_of(session), "Chatwoot signing secret"
	trouble: BridgeError | None = None
	try:
		inbox = chatwoot.new_secret(session.inbox_id)
	except BridgeError as error:
		trouble = error
		try:
			# It may have happened all the same.
			inbox = chatwoot.inbox(session.inbox_id)
		except BridgeError:
			return Step(step, StepState.FAILED, str(error))
	known = session.chatwoot_secrets[0].value if session.chatwoot_secrets else ""
	if inbox.secret is None or inbox.secret.value == known:
		return Step(step, StepState.FAILED, str(trouble or "Chatwoot has given no new secret"))
	_renew(name, "chatwoot_secret", inbox.secret.value)
	fetch_missed_soon(name)
	return Step(step, StepState.DONE, "Chatwoot signs with a new secret; the one before is still good")


def _session(name: str) -> Session:
	session = session_of(frappe.get_doc("WuzAPI Session", name))
	frappe.db.commit()  # nosemgrep - a job; no transaction stays open while others are asked
	return session


def _renew(name: str, field: str, value: str) -> None:
	doc: Any = frappe.get_doc("WuzAPI Session", name, for_update=True)
	doc.set(f"{field}_previous", doc.get_password(field, raise_exception=False) or "")
	doc.set(field, value)
	doc.save(ignore_permissions=True)
	document_changed("WuzAPI Session", name)
	frappe.db.commit()  # nosemgrep - a job; the secret is known to every process before it is used
