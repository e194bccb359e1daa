"""What somebody says of a session, and what becomes of it together with what is kept. Asks nobody, keeps nothing."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace

from wuzapi_chatwoot.bridge.model.records import Secret
from wuzapi_chatwoot.bridge.sessions.setup_values import CreatedResources
from wuzapi_chatwoot.bridge.sessions.validation import same_place
from wuzapi_chatwoot.standalone_host.registry.refused import Refused
from wuzapi_chatwoot.standalone_host.registry.session_store import StoredSession

_NEEDED = {
	"gateway_url": "the gateway's address",
	"chatwoot_url": "Chatwoot's address",
	"chatwoot_token": "Chatwoot's access token",
	"account_id": "the number of the account in Chatwoot",
}


@dataclass(frozen=True, slots=True)
class SessionDraft:
	"""What somebody says of a session. What is left out stays as it was."""

	name: str
	gateway_url: str | None = None
	gateway_admin_token: Secret | None = None
	"""Not kept: needed to make a user, and to remove it."""
	gateway_user_token: Secret | None = None
	gateway_user_id: str | None = None
	"""Of a user that is there, whose token the administrator's token finds."""
	chatwoot_url: str | None = None
	chatwoot_token: Secret | None = None
	account_id: int | None = None
	inbox_id: int | None = None
	inbox_name: str | None = None
	new_inbox: bool = False
	"""Make one, whatever inbox it had."""
	take_over: bool = False


def merged(wanted: SessionDraft, known: StoredSession | None) -> StoredSession:
	"""With what the session has. Raises `Refused` where a new one is not told enough."""
	if known is None:
		missing = [words for field, words in _NEEDED.items() if getattr(wanted, field) is None]
		if wanted.gateway_admin_token is None and wanted.gateway_user_token is None:
			missing.append("the gateway's administrator token, or the token of a user there")
		if missing:
			raise Refused(f"A new session needs {', '.join(missing)}.", 422)
		known = StoredSession(
			name=wanted.name,
			gateway_url=wanted.gateway_url or "",
			gateway_token=_new_token(),
			chatwoot_url=wanted.chatwoot_url or "",
			chatwoot_token=wanted.chatwoot_token or Secret(""),
			account_id=wanted.account_id or 0,
			signing_key=new_key(),
			webhook_token=_new_token(),
			inbox_name=wanted.name,
		)
	return _in_chatwoot(wanted, _on_gateway(wanted, known))


def back(
	wanted: SessionDraft, draft: StoredSession | None, at_work: StoredSession | None
) -> StoredSession | None:
	"""Who wrote a wrong address, and now the right one, has user (with its pairing) and inbox there again."""
	if draft is None or at_work is None:
		return draft
	made, theirs = draft.made, at_work.made
	if draft.gateway_url != at_work.gateway_url == wanted.gateway_url:
		made = replace(made, gateway_user_id=theirs.gateway_user_id)
		draft = replace(draft, gateway_url=at_work.gateway_url, gateway_token=at_work.gateway_token)
	account = (at_work.chatwoot_url, at_work.account_id)
	wish = (wanted.chatwoot_url or draft.chatwoot_url, wanted.account_id or draft.account_id)
	if (draft.chatwoot_url, draft.account_id) != account == wish:
		made = replace(made, inbox_id=theirs.inbox_id, earlier_inboxes=theirs.earlier_inboxes)
		draft = replace(
			draft,
			chatwoot_url=wish[0],
			# The draft's is for where it would have gone.
			chatwoot_token=wanted.chatwoot_token or at_work.chatwoot_token,
			account_id=wish[1],
			inbox_id=at_work.inbox_id,
		)
	return replace(draft, made=made)


def _on_gateway(wanted: SessionDraft, known: StoredSession) -> StoredSession:
	url = wanted.gateway_url or known.gateway_url
	moved = url != known.gateway_url
	if wanted.gateway_user_token and wanted.gateway_user_token != known.gateway_token:
		# Somebody's own user: nothing that we have made, and nothing to remove.
		return replace(
			known,
			gateway_url=url,
			gateway_token=wanted.gateway_user_token,
			made=replace(known.made, gateway_user_id=None),
		)
	if moved:
		return replace(
			known,
			gateway_url=url,
			gateway_token=wanted.gateway_user_token or _new_token(),
			made=replace(known.made, gateway_user_id=None),
		)
	return known


def _in_chatwoot(wanted: SessionDraft, known: StoredSession) -> StoredSession:
	if (
		wanted.chatwoot_url
		and wanted.chatwoot_token is None
		and not same_place(wanted.chatwoot_url, known.chatwoot_url)
	):
		raise Refused(
			"Another address of Chatwoot needs its access token: the one that is kept is not sent there.", 422
		)
	changed = replace(
		known,
		chatwoot_url=wanted.chatwoot_url or known.chatwoot_url,
		chatwoot_token=wanted.chatwoot_token or known.chatwoot_token,
		account_id=wanted.account_id or known.account_id,
		inbox_name=wanted.inbox_name or known.inbox_name,
	)
	moved = (changed.chatwoot_url, changed.account_id) != (known.chatwoot_url, known.account_id)
	other = wanted.inbox_id is not None and wanted.inbox_id != known.made.inbox_id
	if moved:
		# Of what was made there, nothing can be removed with the new access.
		changed = replace(changed, made=replace(known.made, inbox_id=None, earlier_inboxes=()))
	elif other or wanted.new_inbox:
		changed = replace(changed, made=known.made.leaving_inbox(known.inbox_name))
	return replace(changed, inbox_id=None) if moved or wanted.new_inbox else changed


def also_made(before: StoredSession, draft: StoredSession) -> CreatedResources:
	"""With the inboxes that a set-up made which has not come to its end: they are there, whatever becomes of it."""
	if (draft.chatwoot_url, draft.account_id) != (before.chatwoot_url, before.account_id):
		return before.made
	known = {before.made.inbox_id, *(each.id for each in before.made.earlier_inboxes)}
	made = draft.made.leaving_inbox(draft.inbox_name).earlier_inboxes
	news = tuple(each for each in made if each.id not in known)
	return replace(before.made, earlier_inboxes=(*before.made.earlier_inboxes, *news))


def new_key() -> Secret:
	"""For signing; long enough for the gateway."""
	return Secret(secrets.token_hex(32))


def _new_token() -> Secret:
	return Secret(secrets.token_hex(24))
