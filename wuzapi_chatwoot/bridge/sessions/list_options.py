"""List what exists in a Chatwoot and on a gateway, so that people choose instead of typing numbers and tokens.

Says of each whether it may be chosen, and if not, why. Reads only. What cannot be read is told as a sentence at the
entry that is wrong, beside what could be read.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from wuzapi_chatwoot.bridge.model.errors import BridgeError, NotFound, Permanent, TokenRefused
from wuzapi_chatwoot.bridge.model.phone import display
from wuzapi_chatwoot.bridge.model.session import Secret
from wuzapi_chatwoot.bridge.ports.chatwoot_setup import ChatwootProfile, ChatwootSetup, Inbox, Membership
from wuzapi_chatwoot.bridge.ports.gateway_setup import GatewayAdmin, GatewayUser
from wuzapi_chatwoot.bridge.sessions.options import (
	AccountChoice,
	ChatwootChoices,
	Entry,
	GatewayChoices,
	InboxChoice,
	Posts,
	ResourceClaims,
	Target,
	Trouble,
	UserChoice,
)

_HOST_END = re.compile(r"[/?#\s]")
_NO_USER = "the gateway has no such user (any more): choose another, or let one be made"


def list_chatwoot(
	profile: ChatwootProfile,
	account: Callable[[int], ChatwootSetup],
	url: str,
	account_id: int | None,
	ours: ResourceClaims,
) -> ChatwootChoices:
	"""The accounts of the token's owner, and the inboxes of the one asked for, or of the only one there is to choose."""
	try:
		owner = profile.owner()
	except BridgeError as error:
		return ChatwootChoices(trouble=_trouble(error))
	accounts = tuple(_account_choice(each, owner.name) for each in owner.accounts)
	if account_id is None:
		free = [each.id for each in accounts if not each.refusal]
		if len(free) != 1:
			return ChatwootChoices(accounts, trouble=_no_account_free(accounts) if not free else None)
		account_id = free[0]
	trouble = _account_trouble(account_id, accounts, owner.name)
	if trouble is not None:
		return ChatwootChoices(accounts, account_id, trouble=trouble)
	try:
		inboxes = account(account_id).inboxes()
	except Permanent as error:
		# The token is good, and so is the address: this account does not let us in.
		return ChatwootChoices(accounts, account_id, trouble=_trouble(error, Entry.ACCOUNT))
	except BridgeError as error:
		return ChatwootChoices(accounts, account_id, trouble=_trouble(error))
	choices = tuple(_inbox_choice(each, url, account_id, ours) for each in inboxes)
	return ChatwootChoices(accounts, account_id, choices)


def list_gateway(admin: GatewayAdmin, url: str, ours: ResourceClaims) -> GatewayChoices:
	try:
		users = admin.users()
	except BridgeError as error:
		return GatewayChoices(trouble=_trouble(error))
	return GatewayChoices(tuple(_user_choice(each, url, ours) for each in users))


def token_of_user(admin: GatewayAdmin, id: str, url: str, ours: ResourceClaims) -> Secret:
	"""Of the user that was chosen; it stays with us. Raises `NotFound` and, if it cannot be chosen, `Permanent`."""
	user = admin.user(id)
	if user is None:
		raise NotFound(_NO_USER)
	refusal = _user_refusal(user, url, ours)
	if refusal:
		raise Permanent(f"user {user.name or user.id} cannot be chosen: {refusal}")
	return user.token


def holder_of_user(url: str, token: Secret, ours: ResourceClaims) -> str | None:
	"""The other session of ours that uses the gateway's user with this token."""
	return next(
		(
			each.session
			for each in ours.others
			if (_bare(each.gateway_url), each.gateway_token) == (_bare(url), token)
		),
		None,
	)


def holder_of_inbox(
	inbox_id: int, url: str, account_id: int, ours: ResourceClaims, poster: str | None = None
) -> str | None:
	"""The other session that has it. `poster`: the one that it posts to."""
	place = (_bare(url), account_id)
	for each in ours.others:
		if (_bare(each.chatwoot_url), each.account_id) != place:
			continue
		# One that has none yet may have got as far as the callback. Of one that has another, this is a left-over.
		if each.inbox_id == inbox_id or (each.inbox_id is None and each.session == poster):
			return each.session
	return None


def _account_choice(account: Membership, owner: str) -> AccountChoice:
	refusal = ""
	if not account.administrator:
		refusal = f"{owner} is no administrator there"
	elif account.suspended:
		refusal = "it is suspended in Chatwoot"
	return AccountChoice(account.id, account.name, account.administrator, refusal)


def _no_account_free(accounts: tuple[AccountChoice, ...]) -> Trouble:
	if not accounts:
		return Trouble(
			Entry.TOKEN, "The access token's owner is in no account of this Chatwoot; invite them first."
		)
	if any(each.administrator for each in accounts):
		return Trouble(
			Entry.ACCOUNT,
			"Every account that the token's owner looks after is suspended; "
			"only who runs that Chatwoot can change it.",
		)
	return Trouble(
		Entry.TOKEN,
		"The access token's owner is no administrator of any account: take an administrator's access token.",
	)


def _account_trouble(id: int, accounts: tuple[AccountChoice, ...], owner: str) -> Trouble | None:
	chosen = next((each for each in accounts if each.id == id), None)
	if chosen is None:
		return Trouble(Entry.ACCOUNT, f"{owner} is not in account {id} of this Chatwoot.")
	if not chosen.administrator:
		return Trouble(
			Entry.TOKEN,
			f"{owner} is no administrator of account {id}: take an administrator's access token.",
		)
	if chosen.refusal:
		return Trouble(
			Entry.ACCOUNT,
			f"Account {id} is suspended in Chatwoot; only who runs that Chatwoot can change it.",
		)
	return None


def _inbox_choice(inbox: Inbox, url: str, account_id: int, ours: ResourceClaims) -> InboxChoice:
	holder = holder_of_inbox(inbox.id, url, account_id, ours, ours.whose(inbox.callback))
	refusal = ""
	if not inbox.is_api:
		refusal = "it is no API inbox"
	elif holder is not None:
		refusal = f"session {holder} uses it"
	return InboxChoice(inbox.id, inbox.name, inbox.is_api, _target(inbox.callback, ours), refusal)


def _user_choice(user: GatewayUser, url: str, ours: ResourceClaims) -> UserChoice:
	phone = user.address.phone if user.address is not None else None
	return UserChoice(
		id=user.id,
		name=user.name,
		number=display(phone) if phone else "",
		connected=user.connected and user.logged_in,
		target=_target(user.webhook, ours),
		refusal=_user_refusal(user, url, ours),
	)


def _user_refusal(user: GatewayUser, url: str, ours: ResourceClaims) -> str:
	holder = holder_of_user(url, user.token, ours)
	if holder is not None:
		return f"session {holder} uses it"
	return "" if user.token else "it has no token"


def _target(address: str, ours: ResourceClaims) -> Target:
	if not address.strip():
		return Target(Posts.NOWHERE)
	session = ours.whose(address)
	if session == ours.session:
		return Target(Posts.US)
	if session is not None and any(each.session == session for each in ours.others):
		return Target(Posts.OURS, session)
	return Target(Posts.ELSEWHERE, _host_of(address))


def _host_of(address: str) -> str:
	_, scheme, rest = address.strip().partition("://")
	host = _HOST_END.split(rest if scheme else address.strip(), maxsplit=1)[0]
	# A user name with its password may stand before it.
	return host.rpartition("@")[2]


def _trouble(error: BridgeError, entry: Entry = Entry.ADDRESS) -> Trouble:
	if isinstance(error, TokenRefused):
		entry = Entry.TOKEN
	sentence = error.reason[:1].upper() + error.reason[1:]
	return Trouble(entry, sentence if sentence.endswith(".") else f"{sentence}.")


def _bare(url: str) -> str:
	return url.strip().rstrip("/")
