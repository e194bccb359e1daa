"""A session whose set-up was not completed: why, other entries to go on with, and its end."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from typing import Any

import frappe
from frappe import _

from wuzapi_chatwoot.bridge.sessions.setup_values import Step, StepState
from wuzapi_chatwoot.frappe_host.i18n.refusal import refuse
from wuzapi_chatwoot.frappe_host.i18n.translation import translate_for_reader
from wuzapi_chatwoot.frappe_host.live.live_updates import document_changed
from wuzapi_chatwoot.frappe_host.sessions.created_resources import made_of
from wuzapi_chatwoot.frappe_host.sessions.options import throw_if_user_is_taken
from wuzapi_chatwoot.frappe_host.task_state.task_state import recall


def change_entries(
	doc: Any,
	*,
	gateway_url: str,
	gateway_token: str,
	chatwoot_url: str,
	chatwoot_token: str,
	account_id: int,
	inbox_id: int,
	admin_token: str,
) -> None:
	"""What the set-up goes on with; not saved here. An empty token is the saved one, at the saved address only."""
	if not doc.setup_unfinished:
		refuse(_("The setup is complete: change the addresses in the session itself"))
	_change_gateway(doc, gateway_url.strip().rstrip("/"), gateway_token.strip(), bool(admin_token.strip()))
	_change_chatwoot(doc, chatwoot_url.strip().rstrip("/"), chatwoot_token.strip(), account_id)
	doc.inbox_id = inbox_id


def _change_gateway(doc: Any, url: str, token: str, may_make_user: bool) -> None:
	if url != doc.gateway_url and doc.made_gateway_user:
		refuse(
			_("A user was made at {0}: delete that first, then continue elsewhere").format(doc.gateway_url),
			field="gateway_url",
		)
	if url != doc.gateway_url and not token:
		if not may_make_user:
			refuse(_("Another address needs its own token"), field="by")
		token = secrets.token_urlsafe(32)
	if token:
		throw_if_user_is_taken(doc.name, url, token)
		doc.gateway_token = token
	doc.gateway_url = url


def _change_chatwoot(doc: Any, url: str, token: str, account_id: int) -> None:
	moves = (url, account_id) != (doc.chatwoot_url, doc.account_id)
	if moves and (doc.made_inbox or doc.earlier_inboxes):
		refuse(
			_("An inbox was made at {0}: delete that first, then continue elsewhere").format(
				doc.chatwoot_url
			),
			field="chatwoot_url",
		)
	if url != doc.chatwoot_url and not token:
		refuse(_("Another address needs its own token"), field="chatwoot_token")
	if token:
		doc.chatwoot_token = token
	doc.chatwoot_url, doc.account_id = url, account_id


def problem_of(steps: Iterable[Step]) -> str:
	"""The first that failed, as its row keeps it; empty: none."""
	return next((f"{each.name}: {each.sentence}" for each in steps if each.state is StepState.FAILED), "")


def keep_problem(name: str, steps: Iterable[Step]) -> None:
	"""For those who open the form later: what is told of a set-up's steps is forgotten within the hour."""
	frappe.db.set_value("WuzAPI Session", name, "setup_problem", problem_of(steps))
	document_changed("WuzAPI Session", name)


def words(doc: Any) -> dict[str, Any]:
	"""`{"sentence", "advice", "since", "troubles"}`. What failed names addresses: it is told to those who may change the session."""
	if recall(doc.name, "set_up").get("running"):
		return {"sentence": _("The setup is running."), "advice": "", "since": "", "troubles": []}
	sentence = _("The setup is not complete.")
	if not frappe.has_permission("WuzAPI Session", "write", doc=doc):
		return {"sentence": sentence, "advice": "", "since": "", "troubles": []}
	step, _colon, reason = (doc.setup_problem or "").partition(": ")
	if reason:
		sentence = f"{sentence} {translate_for_reader(step)}: {translate_for_reader(reason)}"
	return {
		"sentence": sentence,
		"advice": _("Continue the setup, or delete the session."),
		"since": "",
		"troubles": [],
	}


def discard(doc: Any) -> None:
	"""By the rights of the user. Conversations keep it, and so does what was made for it outside."""
	made = made_of(doc)
	if made.gateway_user_id or made.inbox_id or made.earlier_inboxes:
		refuse(_("What was made for this session on the gateway and in Chatwoot must be deleted first"))
	if doc.setup_unfinished and recall(doc.name, "set_up").get("running"):
		refuse(_("The setup is running: wait until it has ended"))
	if frappe.db.exists("WuzAPI Conversation", {"session": doc.name}):
		refuse(_("This session has conversations, which would be lost: switch it off instead"))
	doc.delete()
