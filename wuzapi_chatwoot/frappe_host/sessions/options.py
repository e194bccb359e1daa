"""What the wizard offers to choose from: what exists in Chatwoot and on the gateway. Reads only; no secret is told.

What is left empty is taken from a session that is saved, for those who may write it: whoever calls this has looked.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any, TypeVar
from urllib.parse import parse_qs

import frappe
from frappe import _

from wuzapi_chatwoot.bridge.model.errors import BridgeError
from wuzapi_chatwoot.bridge.model.records import Secret, Session
from wuzapi_chatwoot.bridge.sessions.list_options import (
	holder_of_user,
	list_chatwoot,
	list_gateway,
	token_of_user,
)
from wuzapi_chatwoot.bridge.sessions.options import (
	AccountChoice,
	ChatwootChoices,
	Entry,
	GatewayChoices,
	InboxChoice,
	ResourceClaim,
	ResourceClaims,
	Trouble,
	UserChoice,
)
from wuzapi_chatwoot.frappe_host.gateways import setup_clients as sides
from wuzapi_chatwoot.frappe_host.i18n.refusal import refuse
from wuzapi_chatwoot.frappe_host.i18n.translation import translate_for_reader
from wuzapi_chatwoot.frappe_host.sessions.validation import is_address, is_token
from wuzapi_chatwoot.frappe_host.settings import every_session

_Choice = TypeVar("_Choice", AccountChoice, InboxChoice, UserChoice)
_CHATWOOT = {Entry.ADDRESS: "chatwoot_url", Entry.TOKEN: "chatwoot_token", Entry.ACCOUNT: "account_id"}
_GATEWAY = {Entry.ADDRESS: "gateway_url", Entry.TOKEN: "admin_token"}


def of_chatwoot(session: str, url: str, token: str, account_id: int) -> dict[str, Any]:
	"""`session` need not exist yet. An empty token is the saved one, at the saved address only."""
	saved = every_session().get(session)
	url, token = _bare(url), token.strip()
	if saved is not None and url in ("", saved.chatwoot_url):
		url, token = saved.chatwoot_url, token or saved.chatwoot_token.value
		account_id = account_id or saved.account_id
	seen = _chatwoot(session, url, token, account_id)
	seen = replace(
		seen, accounts=_in_language_of_reader(seen.accounts), inboxes=_in_language_of_reader(seen.inboxes)
	)
	return {**asdict(replace(seen, trouble=None)), "trouble": _told(seen.trouble, _CHATWOOT)}


def of_gateway(session: str, url: str, admin_token: str) -> dict[str, Any]:
	"""The administrator's token is never saved: it has to be given."""
	saved = every_session().get(session)
	seen = _gateway(session, _bare(url) or (saved.gateway_url if saved else ""), admin_token.strip())
	seen = replace(seen, users=_in_language_of_reader(seen.users))
	return {**asdict(replace(seen, trouble=None)), "trouble": _told(seen.trouble, _GATEWAY)}


def adopted_token(session: str, gateway_url: str, admin_token: str, user_id: str) -> str:
	"""Of a user that was chosen by its id. Throws a sentence if it cannot be had."""
	url, token = _bare(gateway_url), admin_token.strip()
	trouble = _gateway_trouble(url, token)
	if trouble is not None:
		refuse(trouble.sentence, field=_GATEWAY[trouble.entry])
	try:
		return token_of_user(
			sides.gateway_admin_at(url, Secret(token)), user_id, url, resource_claims_of(session)
		).value
	except BridgeError as error:
		refuse(translate_for_reader(error.reason), field="gateway_user_id")


def throw_if_user_is_taken(session: str, gateway_url: str, token: str) -> None:
	"""Before it is made to post for another session."""
	holder = holder_of_user(gateway_url, Secret(token), resource_claims_of(session))
	if holder is not None:
		refuse(_("The session {0} has this gateway's token already").format(holder), field="gateway_token")


def resource_claims_of(session: str) -> ResourceClaims:
	others = tuple(_holding(each) for name, each in every_session().items() if name != session)
	found = frappe.get_all("WuzAPI Session", filters={"callback_url": ["is", "set"]}, pluck="callback_url")
	bases = {sides.site_url(), *found}
	return ResourceClaims(session, others, lambda address: _owner_of(address, bases))


def _holding(session: Session) -> ResourceClaim:
	return ResourceClaim(
		session=session.name,
		gateway_url=session.gateway_url,
		gateway_token=session.gateway_token,
		chatwoot_url=session.chatwoot_url,
		account_id=session.account_id,
		inbox_id=session.inbox_id or None,
	)


def _owner_of(address: str, bases: set[str]) -> str | None:
	path, _mark, query = address.strip().partition("?")
	if path not in {sides.webhook_path(base, source) for base in bases for source in sides.METHODS}:
		return None
	return parse_qs(query).get("session", [None])[0]


def _chatwoot(session: str, url: str, token: str, account_id: int) -> ChatwootChoices:
	if not is_address(url):
		sentence = _("Chatwoot's address must be one such as https://chat.example.com")
		return ChatwootChoices(trouble=Trouble(Entry.ADDRESS, sentence))
	if not token:
		return ChatwootChoices(trouble=Trouble(Entry.TOKEN, _("This address needs its access token")))
	if not is_token(token):
		sentence = _("Chatwoot's access token may have letters, digits and signs, and no blanks")
		return ChatwootChoices(trouble=Trouble(Entry.TOKEN, sentence))
	secret = Secret(token)
	return list_chatwoot(
		sides.chatwoot_profile_of(url, secret),
		lambda id: sides.chatwoot_setup_at(url, secret, id),
		url,
		account_id or None,
		resource_claims_of(session),
	)


def _gateway(session: str, url: str, admin_token: str) -> GatewayChoices:
	trouble = _gateway_trouble(url, admin_token)
	if trouble is not None:
		return GatewayChoices(trouble=trouble)
	return list_gateway(sides.gateway_admin_at(url, Secret(admin_token)), url, resource_claims_of(session))


def _gateway_trouble(url: str, admin_token: str) -> Trouble | None:
	if not is_address(url):
		return Trouble(
			Entry.ADDRESS, _("The gateway's address must be one such as http://wuzapi.example.com:8080")
		)
	if not is_token(admin_token):
		return Trouble(
			Entry.TOKEN,
			_("The administrator's token is needed: letters, digits and signs, and no blanks"),
		)
	return None


def _told(trouble: Trouble | None, fields: Mapping[Entry, str]) -> dict[str, str] | None:
	"""The argument that is wrong, and why."""
	if trouble is None:
		return None
	return {"field": fields[trouble.entry], "sentence": translate_for_reader(trouble.sentence)}


def _in_language_of_reader(choices: tuple[_Choice, ...]) -> tuple[_Choice, ...]:
	"""Why one cannot be chosen."""
	return tuple(replace(each, refusal=translate_for_reader(each.refusal)) for each in choices)


def _bare(url: str) -> str:
	return url.strip().rstrip("/")
