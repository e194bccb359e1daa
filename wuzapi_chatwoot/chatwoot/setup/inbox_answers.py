"""Chatwoot's REST answers about inboxes and users as values of the bridge. Total: odd values count as absent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wuzapi_chatwoot.bridge.model.session import Secret
from wuzapi_chatwoot.bridge.ports.chatwoot_setup import ChatwootUser, Inbox, Membership, TokenOwner
from wuzapi_chatwoot.chatwoot.client.answers import reply_window_of
from wuzapi_chatwoot.chatwoot.parse import fields

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


def is_profile(answer: object) -> bool:
	data = fields.mapping(answer)
	return fields.whole(data.get("id")) is not None and isinstance(data.get("accounts"), list)


def owner_of(profile: object) -> TokenOwner:
	"""Of what is a profile. Their role is that in the account: there is another one outside."""
	data = fields.mapping(profile)
	name = fields.text(data.get("name")) or fields.text(data.get("email")) or ""
	accounts = [_membership(fields.mapping(entry)) for entry in fields.sequence(data.get("accounts"))]
	return TokenOwner(name, tuple(each for each in accounts if each is not None))


def user_of(profile: object, account: Membership) -> ChatwootUser:
	id = fields.whole(fields.mapping(profile).get("id")) or 0
	return ChatwootUser(id, owner_of(profile).name, account.administrator)


def _membership(account: Mapping[str, Any]) -> Membership | None:
	id = fields.whole(account.get("id"))
	if id is None:
		return None
	return Membership(
		id=id,
		name=fields.text(account.get("name")) or "",
		administrator=account.get("role") == _ADMINISTRATOR,
		suspended=account.get("status") == _SUSPENDED,
	)
