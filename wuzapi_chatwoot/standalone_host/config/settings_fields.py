"""Which settings there are, what is right for each, and the sentence for what is wrong. Reads no session, no file."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, StringConstraints, ValidationError
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings, SettingsConfigDict

from wuzapi_chatwoot.bridge.model.records import ConversationPolicy, Deletions, Signature
from wuzapi_chatwoot.bridge.sessions.validation import (
	LONGEST_REOPEN_DAYS,
	are_emails,
	are_groups,
	are_patterns,
	is_reopen_days,
	is_signature_template,
)
from wuzapi_chatwoot.bridge.text.time_format import zone_of

# A token goes into a header of every request, which takes no blanks and no other alphabets.
TOKEN = re.compile(r"[!-~]+")
# Neither blanks nor, as the address is shown to people, a user name with its password.
ADDRESS = r"^https?://[^/?#@\s]+(/[^?#@\s]*)?$"

SHORTEST_ADMIN_TOKEN = 16
"""Characters: a shorter one can be guessed."""

# What is right, by setting; for every other one the validator's own words must do.
_RIGHT = {
	"port": "a whole number from 0 to 65535",
	"log_level": "debug, info, warning or error",
	"log_format": "json or console",
	"admin_token": f"a text of {SHORTEST_ADMIN_TOKEN} characters or more, chosen by chance",
	"workers": "a whole number from 1 to 512",
	"max_body_mb": "a whole number of megabytes, 1 or more",
	"fetch_seconds": "a number of seconds, 1 or more",
	"retention_days": "a number of days above 0",
	"watch_seconds": "a number of seconds, 5 or more",
	"public_url": "an address such as https://bridge.example.com, without user name and password",
	"chatwoot_url": "an address such as https://chat.example.com, without user name and password",
	"wuzapi_url": "an address such as http://wuzapi.example.com:8080, without user name and password",
	"chatwoot_api_key": "an access token: letters, digits and signs without a blank",
	"wuzapi_user_token": "a user's token: letters, digits and signs without a blank",
	"chatwoot_account_id": "a whole number, 1 or more",
	"chatwoot_inbox_id": "a whole number, 1 or more",
	"chatwoot_webhook_secret": "text, several values separated by commas",
	"wuzapi_hmac_key": "text, several values separated by commas",
	"webhook_token": "text, several values separated by commas",
	"wuzapi_instance_token": "text",
	"require_signatures": "true or false",
	"conversation_policy": "reopen, new or age",
	"reopen_within_days": f"a number of days above 0, {LONGEST_REOPEN_DAYS} at most",
	"start_pending": "true or false",
	"settle_seconds": "a number of seconds from 0 to 60",
	"reconnect_seconds": "a number of seconds from 5 to 3600",
	"default_region": "a country's two capital letters, such as BR",
	"time_zone": "the name of a time zone, such as Europe/Berlin",
	"groups": "true or false",
	"only_groups": "addresses of groups such as 120363000000000001@g.us, separated by commas",
	"group_changes": "true or false",
	"ignored": "phone numbers or addresses with * and ? for what may differ, such as 447700900*, separated by commas",
	"status_broadcasts": "true or false",
	"newsletters": "true or false",
	"deletions": "mark or remove",
	"revoke_deleted": "true or false",
	"signature": "off, name or template",
	"signature_template": "a text with {text} in it, {name} if wanted, and no other braces",
	"voice_notes": "true or false",
	"typing": "true or false",
	"mark_read_on_reply": "true or false",
	"mark_read_on_view": "true or false",
	"control_agents": "e-mail addresses of agents, separated by commas",
	"largest_file_mb": "a number of megabytes above 0",
}


def _not_blank(value: object) -> object:
	"""Of a sessions file, where an empty text would otherwise count as set."""
	if isinstance(value, str) and not value.strip():
		raise PydanticCustomError("missing", "not set")
	return value


def _printable(value: SecretStr) -> SecretStr:
	if not TOKEN.fullmatch(value.get_secret_value().strip()):
		raise PydanticCustomError("token", "no token")
	return value


def _not_guessable(value: SecretStr) -> SecretStr:
	given = value.get_secret_value().strip()
	if given and len(given) < SHORTEST_ADMIN_TOKEN:
		raise PydanticCustomError("token", "too short")
	return value


def _joined(value: object) -> object:
	"""A sessions file may have several values as a list."""
	return (
		",".join(value) if isinstance(value, list) and all(isinstance(one, str) for one in value) else value
	)


def _must(holds: Callable[[Any], object]) -> AfterValidator:
	"""A rule of the bridge, which tells only whether a value is right."""

	def checked(value: Any) -> Any:
		if not holds(value):
			raise PydanticCustomError("rule", "not right")
		return value

	return AfterValidator(checked)


def _with_line_breaks(value: object) -> object:
	"""A variable holds one line: `\\n` stands for its end. systemd takes one backslash away, hence `\\\\n`, too."""
	return re.sub(r"\\+n", "\n", value) if isinstance(value, str) else value


_Token = Annotated[SecretStr, BeforeValidator(_not_blank), AfterValidator(_printable)]
_Several = Annotated[SecretStr, BeforeValidator(_joined)]
_Address = Annotated[
	str, StringConstraints(strip_whitespace=True, pattern=ADDRESS), BeforeValidator(_not_blank)
]
_Id = Annotated[int, Field(ge=1, le=2**63 - 1)]
_Days = Annotated[float, _must(is_reopen_days)]
_Zone = Annotated[str, StringConstraints(strip_whitespace=True), _must(zone_of)]
_Groups = Annotated[str, BeforeValidator(_joined), _must(are_groups)]
_Patterns = Annotated[str, BeforeValidator(_joined), _must(are_patterns)]
_Emails = Annotated[str, BeforeValidator(_joined), _must(are_emails)]
_Template = Annotated[str, BeforeValidator(_with_line_breaks), _must(is_signature_template)]

# The file is read below the environment; in utf-8-sig, as some editors mark a file's beginning.
_SOURCES = SettingsConfigDict(
	env_file=".env", env_file_encoding="utf-8-sig", extra="ignore", env_ignore_empty=True, allow_inf_nan=False
)


class Environment(BaseSettings):
	"""The variables as they stand in the environment or `.env`."""

	model_config = _SOURCES

	host: str = "127.0.0.1"
	port: int = Field(default=8080, ge=0, le=65535)
	log_level: str = Field(default="info", pattern="(?i)^(debug|info|warning|error)$")
	log_format: str = Field(default="json", pattern="^(json|console)$")
	data_dir: Path = Path("data")
	database_url: str = ""
	admin_token: Annotated[SecretStr, AfterValidator(_not_guessable)] = SecretStr("")
	workers: int = Field(default=64, ge=1, le=512)
	max_body_mb: int = Field(default=140, ge=1)
	fetch_seconds: float = Field(default=180.0, ge=1)
	retention_days: float = Field(default=14.0, gt=0, le=36500)
	watch_seconds: float = Field(default=60.0, ge=5)
	public_url: _Address | None = None


class SessionsFile(BaseSettings):
	"""By itself, so that a mistake in another variable does not hide whether there is a file."""

	model_config = _SOURCES

	sessions_file: Path | None = None


class SessionFields(BaseSettings):
	"""One session's settings; in the sessions file the same names stand in lower case."""

	model_config = _SOURCES

	chatwoot_url: _Address
	chatwoot_api_key: _Token
	chatwoot_account_id: _Id
	chatwoot_inbox_id: _Id
	chatwoot_webhook_secret: _Several = SecretStr("")
	wuzapi_url: _Address
	wuzapi_user_token: _Token
	wuzapi_instance_token: SecretStr = SecretStr("")
	wuzapi_hmac_key: _Several = SecretStr("")
	webhook_token: _Several = SecretStr("")
	require_signatures: bool = False
	conversation_policy: ConversationPolicy = ConversationPolicy.REOPEN
	reopen_within_days: _Days = 7.0
	start_pending: bool = False
	settle_seconds: float = Field(default=0.5, ge=0, le=60)
	reconnect_seconds: float = Field(default=180.0, ge=5, le=3600)
	default_region: str | None = Field(default=None, pattern="^[A-Z]{2}$")
	time_zone: _Zone = "UTC"
	groups: bool = True
	only_groups: _Groups = ""
	group_changes: bool = False
	ignored: _Patterns = ""
	status_broadcasts: bool = False
	newsletters: bool = False
	deletions: Deletions = Deletions.MARK
	revoke_deleted: bool = True
	signature: Signature = Signature.OFF
	signature_template: _Template = r"*{name}:*\\n{text}"
	voice_notes: bool = True
	typing: bool = False
	mark_read_on_reply: bool = False
	mark_read_on_view: bool = False
	control_agents: _Emails = ""
	largest_file_mb: float = Field(default=100.0, gt=0)


NOT_SET = " is not set."


def mistakes(error: ValidationError) -> list[tuple[str, str]]:
	"""Each setting that is wrong, with its sentence. Never its value: it may be a secret."""
	found = {}
	for each in error.errors(include_input=False, include_context=False, include_url=False):
		setting = str(each["loc"][0]).lower()
		found[setting] = _sentence(setting, each["type"], each["msg"])
	return list(found.items())


def _sentence(setting: str, kind: str, message: str) -> str:
	name = setting.upper()
	if kind == "missing":
		return name + NOT_SET
	if setting in _RIGHT:
		return f"{name} must be {_RIGHT[setting]}."
	return f"{name} is wrong: {message[:1].lower()}{message[1:]}."
