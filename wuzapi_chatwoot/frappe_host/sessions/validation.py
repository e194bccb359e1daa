"""What is right in a row of `WuzAPI Session`: the sentence for each mistake. Makes no call to anybody."""

from __future__ import annotations

import re
from typing import Any

import frappe
from frappe import _
from frappe.utils import flt

from wuzapi_chatwoot.bridge.model.lanes import valid_session_name
from wuzapi_chatwoot.bridge.sessions.validation import (
	LONGEST_REOPEN_DAYS,
	are_emails,
	are_groups,
	are_patterns,
	is_reopen_days,
	is_signature_template,
	same_place,
)
from wuzapi_chatwoot.bridge.text.time_format import zone_of
from wuzapi_chatwoot.frappe_host.i18n.refusal import refuse
from wuzapi_chatwoot.frappe_host.settings import passwords

# Neither blanks nor, as the address is shown to people, a user name with its password.
_ADDRESS = re.compile(r"https?://[^/?#@\s]+(/[^?#@\s]*)?")
# A token goes into a header of every request, which takes no blanks and no other alphabets.
_TOKEN = re.compile(r"[!-~]+")
_REGION = re.compile("[A-Z]{2}")
# Without a value the bridge's own holds. In seconds.
_RECONNECT, _LONGEST_RECONNECT = 180, 3600
_LONGEST_SETTLE = 60


def validate_session(doc: Any) -> None:
	"""Tidies the addresses, and throws what is wrong."""
	for field in ("gateway_url", "chatwoot_url"):
		doc.set(field, (doc.get(field) or "").strip().rstrip("/"))
	doc.default_region = (doc.default_region or "").strip().upper() or None
	doc.time_zone = (doc.time_zone or "").strip() or None
	for field, mistake in _mistakes(doc):
		refuse(mistake, field=field)
	_throw_if_token_would_go_elsewhere(doc)
	_throw_if_shared(doc)


def _throw_if_token_would_go_elsewhere(doc: Any) -> None:
	"""A token was entered for an address; whoever may change that shall not learn the token by it."""
	before = doc.get_doc_before_save()
	if before is None:
		return
	sentences = {
		"gateway": _(
			"Another address of the gateway needs its token: enter it again. The one that is kept is not sent there."
		),
		"chatwoot": _(
			"Another address of Chatwoot needs its access token: enter it again. The one that is kept is not sent there."
		),
	}
	for side, sentence in sentences.items():
		known, url = before.get(f"{side}_url") or "", doc.get(f"{side}_url")
		kept = set(doc.get(f"{side}_token") or "*") == {"*"}
		if known and kept and not same_place(known, url):
			refuse(sentence, field=f"{side}_token")


def _mistakes(doc: Any) -> list[tuple[str, str]]:
	"""`(field, sentence)`."""
	right = {
		(
			"session_name",
			_("The name may have letters, digits, blanks, dots, dashes and underscores, 60 at most"),
		): (valid_session_name(doc.session_name or "")),
		("gateway_url", _("The gateway's address must be one such as http://wuzapi.example.com:8080")): (
			is_address(doc.gateway_url)
		),
		("chatwoot_url", _("Chatwoot's address must be one such as https://chat.example.com")): (
			is_address(doc.chatwoot_url)
		),
		("gateway_token", _("The gateway's token may have letters, digits and signs, and no blanks")): (
			is_token(doc.gateway_token)
		),
		("chatwoot_token", _("Chatwoot's access token may have letters, digits and signs, and no blanks")): (
			is_token(doc.chatwoot_token)
		),
		("account_id", _("The account must be a whole number, 1 or more")): (doc.account_id or 0) >= 1,
		# While it is off, it may be one that the set-up has still to make.
		("inbox_id", _("The inbox must be a whole number, 1 or more")): (
			(doc.inbox_id or 0) >= (1 if doc.enabled else 0)
		),
		("settle_seconds", _("Settle Seconds must be a number from 0 to 60")): 0
		<= (doc.settle_seconds or 0)
		<= _LONGEST_SETTLE,
		("reconnect_seconds", _("Reconnect after Seconds must be a number from 5 to 3600")): (
			5 <= (doc.reconnect_seconds or _RECONNECT) <= _LONGEST_RECONNECT
		),
		("default_region", _("The region must be a country's two letters, such as BR")): (
			doc.default_region is None or _REGION.fullmatch(doc.default_region)
		),
		(
			"reopen_within_days",
			_("Reopen within Days must be a number above 0, {0} at most").format(LONGEST_REOPEN_DAYS),
		): (doc.conversation_policy != "age" or is_reopen_days(flt(doc.reopen_within_days))),
		("time_zone", _("The time zone must be the name of one, such as Europe/Berlin")): (
			doc.time_zone is None or zone_of(doc.time_zone)
		),
		(
			"only_groups",
			_("Only These Groups must be addresses such as 120363000000000001@g.us, one a line"),
		): (are_groups(doc.only_groups or "")),
		("ignored", _("The ignored must be phone numbers or addresses, one a line, such as 447700900*")): (
			are_patterns(doc.ignored or "")
		),
		("control_agents", _("The agents who may ask the bridge must be e-mail addresses, one a line")): (
			are_emails(doc.control_agents or "")
		),
		(
			"signature_template",
			_("The signature's template must have {text} in it, {name} if wanted, and no other braces"),
		): (doc.signature != "template" or is_signature_template(doc.signature_template or "")),
		("largest_file", _("The largest file must be a number of bytes above 0")): (doc.largest_file or 1)
		> 0,
	}
	return [mistake for mistake, holds in right.items() if not holds]


def is_address(url: str) -> bool:
	return bool(_ADDRESS.fullmatch(url))


def is_token(value: str | None) -> bool:
	return bool(_TOKEN.fullmatch((value or "").strip()))


def _throw_if_shared(doc: Any) -> None:
	"""Two sessions with one inbox, or one number, would relay every message twice."""
	throw_if_inbox_is_taken(doc, doc.inbox_id)
	if not doc.enabled:
		return
	token = doc.gateway_token if set(doc.gateway_token) != {"*"} else doc.get_password("gateway_token")
	same_gateway = {"gateway_url": doc.gateway_url, "name": ["!=", doc.name]}
	password = passwords()
	for name in frappe.get_all("WuzAPI Session", filters=same_gateway, pluck="name"):
		if password(name, "gateway_token") == token:
			refuse(_("The session {0} has this gateway's token already").format(name), field="gateway_token")


def throw_if_inbox_is_taken(doc: Any, inbox_id: int) -> None:
	"""By another session than this."""
	inbox = {"chatwoot_url": doc.chatwoot_url, "account_id": doc.account_id, "inbox_id": inbox_id}
	other = inbox_id and frappe.db.get_value("WuzAPI Session", {**inbox, "name": ["!=", doc.name]})
	if other:
		refuse(_("The session {0} has this inbox already").format(other), field="inbox_id")
