"""The routes of /admin/api/choices: what there is to choose from in the wizard. By POST, as tokens travel in the body."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Annotated, Any

from fastapi import Depends, FastAPI
from pydantic import Field

from wuzapi_chatwoot.bridge.sessions.options import Entry, Trouble
from wuzapi_chatwoot.standalone_host.admin.admin_access import AdminAccess
from wuzapi_chatwoot.standalone_host.admin.admin_bodies import Body, Id
from wuzapi_chatwoot.standalone_host.sessions.options import Choices

# What is no address, or no token, is told at its field: with the answer, not as a bad request.
_Text = Annotated[str, Field(max_length=2000)]
_CHATWOOT = {Entry.ADDRESS: "chatwoot_url", Entry.TOKEN: "chatwoot_token", Entry.ACCOUNT: "account_id"}
_GATEWAY = {Entry.ADDRESS: "gateway_url", Entry.TOKEN: "gateway_admin_token"}


class ChatwootBody(Body):
	session: Annotated[str, Field(max_length=60)] = ""
	chatwoot_url: _Text = ""
	chatwoot_token: _Text = ""
	account_id: Id = None


class GatewayBody(Body):
	session: Annotated[str, Field(max_length=60)] = ""
	gateway_url: _Text = ""
	gateway_admin_token: _Text = ""


def add_choices(app: FastAPI, path: str, choices: Choices, access: AdminAccess) -> None:
	needed = [Depends(access.need)]

	@app.post(f"{path}/choices/chatwoot", dependencies=needed)
	def chatwoot(body: ChatwootBody) -> dict[str, Any]:
		seen = choices.chatwoot(body.session, body.chatwoot_url, body.chatwoot_token, body.account_id)
		return {
			**asdict(replace(seen, trouble=None)),
			"trouble": _told(seen.trouble, _CHATWOOT),
		}

	@app.post(f"{path}/choices/gateway", dependencies=needed)
	def gateway(body: GatewayBody) -> dict[str, Any]:
		seen = choices.gateway(body.session, body.gateway_url, body.gateway_admin_token)
		return {
			**asdict(replace(seen, trouble=None)),
			"trouble": _told(seen.trouble, _GATEWAY),
		}


def _told(trouble: Trouble | None, fields: Mapping[Entry, str]) -> dict[str, str] | None:
	"""The field of the body, and what is wrong with it."""
	return {"field": fields[trouble.entry], "sentence": trouble.sentence} if trouble is not None else None
