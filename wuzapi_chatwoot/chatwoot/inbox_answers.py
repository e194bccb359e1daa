"""Chatwoot's REST answers about inboxes and users as values of the bridge. Total: odd values count as absent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..bridge.chatwoot_setup_port import ChatwootUser, Inbox
from ..bridge.sessions import Secret
from . import fields
from .answers import reply_window_of

API_CHANNEL = "Channel::Api"
_ADMINISTRATOR = "administrator"
_SUSPENDED = "suspended"


def inbox_of(answer: object) -> Inbox | None:
	"""`None` without a usable id."""
	data = fields.mapping(answer)
	id = fields.whole(data.get("id"))
	if id is None:
		return None
	is_api = data.get("channel_type") == API_CHANNEL
	secret = fields.text(data.get("secret"))
	return Inbox(
		id=id,
		name=fields.text(data.get("name")) or "",
		is_api=is_api,
		callback=(fields.text(data.get("webhook_url")) or "") if is_api else "",
		secret=Secret(secret) if is_api and secret else None,
		reply_window_hours=reply_window_of(data) if is_api else None,
	)


def user_of(profile: object, account_id: int) -> ChatwootUser | None:
	"""`None` if this is no profile. Who is not in the account is no administrator there."""
	data = fields.mapping(profile)
	id = fields.whole(data.get("id"))
	if id is None or not isinstance(data.get("accounts"), list):
		return None
	name = fields.text(data.get("name")) or fields.text(data.get("email")) or ""
	account = _account(profile, account_id)
	return ChatwootUser(id, name, administrator=account.get("role") == _ADMINISTRATOR)


def accounts_of(profile: object) -> dict[int, str]:
	"""Ids and names of the accounts that the user is in."""
	accounts = [fields.mapping(entry) for entry in fields.sequence(fields.mapping(profile).get("accounts"))]
	named = [(fields.whole(account.get("id")), account.get("name")) for account in accounts]
	return {id: fields.text(name) or "" for id, name in named if id is not None}


def is_suspended(profile: object, account_id: int) -> bool:
	return fields.text(_account(profile, account_id).get("status")) == _SUSPENDED


def _account(profile: object, account_id: int) -> Mapping[str, Any]:
	accounts = [fields.mapping(entry) for entry in fields.sequence(fields.mapping(profile).get("accounts"))]
	return next((account for account in accounts if fields.whole(account.get("id")) == account_id), {})
