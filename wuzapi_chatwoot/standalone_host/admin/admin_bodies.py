"""What the admin API takes: the shapes of its bodies, and a sentence for what is wrong with one. Never its values."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints
from pydantic_core import PydanticCustomError

from wuzapi_chatwoot.bridge.model.records import SESSION_CHANGES_KEPT, Secret
from wuzapi_chatwoot.standalone_host.config.settings_fields import ADDRESS, TOKEN
from wuzapi_chatwoot.standalone_host.sessions.session_draft import SessionDraft

_RIGHT = {
	"name": "a text of 1 to 60 characters",
	"gateway_url": "an address such as http://wuzapi.example.com:8080, without user name and password",
	"gateway_admin_token": "a token: letters, digits and signs without a blank",
	"gateway_user_token": "a token: letters, digits and signs without a blank",
	"gateway_user_id": "the id of a user on the gateway: at most 100 characters",
	"chatwoot_url": "an address such as https://chat.example.com, without user name and password",
	"chatwoot_token": "an access token: letters, digits and signs without a blank",
	"account_id": "a whole number, 1 or more",
	"inbox_id": "a whole number, 1 or more",
	"inbox_name": "a text of at most 100 characters",
	"phone": "a phone number with its country code, as in +447700900123",
	"token": "a text",
	"limit": f"a whole number from 1 to {SESSION_CHANGES_KEPT}",
}

_CALLED = {
	"gateway_url": "The gateway's address (gateway_url)",
	"gateway_admin_token": "The administrator's token of the gateway (gateway_admin_token)",
	"gateway_user_token": "The token of the gateway's user (gateway_user_token)",
	"gateway_user_id": "The user of the gateway (gateway_user_id)",
	"chatwoot_url": "Chatwoot's address (chatwoot_url)",
	"chatwoot_token": "The access token of Chatwoot (chatwoot_token)",
	"account_id": "The number of the account (account_id)",
	"inbox_id": "The number of the inbox (inbox_id)",
	"inbox_name": "The name of the inbox (inbox_name)",
}


def _token(value: str) -> str:
	if not TOKEN.fullmatch(value):
		raise PydanticCustomError("token", "no token")
	return value


def _empty_is_none(value: object) -> object:
	return None if isinstance(value, str) and not value.strip() else value


_Address = Annotated[
	Annotated[str, StringConstraints(strip_whitespace=True, pattern=ADDRESS, max_length=2000)] | None,
	BeforeValidator(_empty_is_none),
]
_Token = Annotated[
	Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000), AfterValidator(_token)] | None,
	BeforeValidator(_empty_is_none),
]
Id = Annotated[Annotated[int, Field(ge=1, le=2**63 - 1)] | None, BeforeValidator(_empty_is_none)]
_Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]
_Title = Annotated[
	Annotated[str, StringConstraints(strip_whitespace=True, max_length=100)] | None,
	BeforeValidator(_empty_is_none),
]


class Body(BaseModel):
	model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)


class Login(Body):
	token: Annotated[str, Field(max_length=2000)]


class SetUpBody(Body):
	name: _Name
	gateway_url: _Address = None
	gateway_admin_token: _Token = None
	gateway_user_token: _Token = None
	gateway_user_id: _Title = None
	chatwoot_url: _Address = None
	chatwoot_token: _Token = None
	account_id: Id = None
	inbox_id: Id = None
	inbox_name: _Title = None
	new_inbox: bool = False
	take_over: bool = False

	def wanted(self) -> SessionDraft:
		return SessionDraft(
			name=self.name,
			gateway_url=_bare(self.gateway_url),
			gateway_admin_token=_secret(self.gateway_admin_token),
			gateway_user_token=_secret(self.gateway_user_token),
			gateway_user_id=self.gateway_user_id,
			chatwoot_url=_bare(self.chatwoot_url),
			chatwoot_token=_secret(self.chatwoot_token),
			account_id=self.account_id,
			inbox_id=self.inbox_id,
			inbox_name=self.inbox_name,
			new_inbox=self.new_inbox,
			take_over=self.take_over,
		)


class Nothing(Body):
	pass


class Confirm(Body):
	confirm: bool = False


class Delete(Body):
	confirm: bool = False
	remove_made: bool = False
	gateway_admin_token: _Token = None
	inbox_name: _Title = None

	def admin_token(self) -> Secret | None:
		return _secret(self.gateway_admin_token)


class Phone(Body):
	phone: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40)]


class Rotate(Body):
	gateway: bool = True
	chatwoot: bool = True


def sentence_of(errors: list[dict[str, Any]]) -> str:
	"""All that is wrong with a body, without its values: they may be secrets."""
	return " ".join(dict.fromkeys(_sentence(each) for each in errors))


def _sentence(error: dict[str, Any]) -> str:
	place = [
		part
		for part in error.get("loc", ())
		if isinstance(part, str) and part not in ("body", "query", "path")
	]
	if not place or error["type"] == "json_invalid":
		return "The body must be one JSON object."
	field = place[0]
	if error["type"] == "extra_forbidden":
		# Its name is the sender's own text, and could be anything.
		return "The body has a field that is not known here."
	if error["type"] == "missing":
		return f"{field} is missing."
	if field in _RIGHT:
		return f"{_CALLED.get(field, field)} must be {_RIGHT[field]}."
	return f"{field} must be true or false." if error["type"].startswith("bool") else f"{field} is not right."


def _secret(value: str | None) -> Secret | None:
	return Secret(value) if value else None


def _bare(url: str | None) -> str | None:
	return url.rstrip("/") if url else None
