"""What people set: read from the environment, `.env` and the sessions file, checked, turned into values.

Every mistake becomes one sentence; all of them are told at once.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from ..bridge.lanes import valid_session_name
from ..bridge.records import ConversationPolicy, Secret, Session

if sys.version_info >= (3, 11):
	import tomllib
else:
	import tomli as tomllib


class SettingsError(Exception):
	"""`sentences`: what is wrong, each a sentence of its own."""

	def __init__(self, sentences: list[str]) -> None:
		super().__init__(" ".join(sentences))
		self.sentences = sentences


class _Environment(BaseSettings):
	"""The variables as they stand in the environment or `.env`; the file is read below the environment."""

	model_config = SettingsConfigDict(env_file=".env", extra="ignore", env_ignore_empty=True)

	host: str = "127.0.0.1"
	port: int = Field(default=8080, ge=0, le=65535)
	log_level: str = Field(default="info", pattern="(?i)^(debug|info|warning|error)$")
	log_format: str = Field(default="json", pattern="^(json|console)$")
	data_dir: Path = Path("data")
	database_url: str = ""
	sessions_file: Path | None = None
	admin_token: SecretStr = SecretStr("")
	workers: int = Field(default=64, ge=1, le=512)
	max_body_mb: int = Field(default=140, ge=1)
	fetch_seconds: float = Field(default=180.0, ge=1)
	retention_days: float = Field(default=14.0, gt=0)


class _SessionFields(BaseSettings):
	"""One session's settings; in the sessions file the same names stand in lower case."""

	model_config = SettingsConfigDict(env_file=".env", extra="ignore", env_ignore_empty=True)

	chatwoot_url: str = Field(pattern="^https?://[^/ ]+")
	chatwoot_api_key: SecretStr
	chatwoot_account_id: int = Field(ge=1)
	chatwoot_inbox_id: int = Field(ge=1)
	chatwoot_webhook_secret: SecretStr = SecretStr("")
	wuzapi_url: str = Field(pattern="^https?://[^/ ]+")
	wuzapi_user_token: SecretStr
	wuzapi_instance_token: SecretStr = SecretStr("")
	wuzapi_hmac_key: SecretStr = SecretStr("")
	webhook_token: SecretStr = SecretStr("")
	conversation_policy: ConversationPolicy = ConversationPolicy.REOPEN
	settle_seconds: float = Field(default=0.5, ge=0, le=60)
	default_region: str | None = Field(default=None, pattern="^[A-Z]{2}$")
	groups: bool = True
	mark_read_on_reply: bool = False
	largest_file_mb: float = Field(default=100.0, gt=0)


@dataclass(frozen=True, slots=True)
class Settings:
	"""Everything the host needs to start. Sizes in bytes, times in seconds."""

	host: str
	port: int
	log_level: str
	log_format: str
	data_dir: Path
	database_url: str
	admin_token: Secret
	workers: int
	largest_body: int
	fetch_seconds: float
	retention_seconds: float
	sessions: dict[str, Session] = field(default_factory=dict)

	@property
	def warnings(self) -> list[str]:
		"""What is allowed but dangerous; told at start."""
		told = []
		for name, session in self.sessions.items():
			if session.webhook_tokens:
				continue
			if not session.gateway_secrets:
				told.append(
					f"Session {name!r} has neither WUZAPI_HMAC_KEY nor WEBHOOK_TOKEN, so every WuzAPI webhook is refused (401)."
				)
			if not session.chatwoot_secrets:
				told.append(
					f"Session {name!r} has neither CHATWOOT_WEBHOOK_SECRET nor WEBHOOK_TOKEN, so every Chatwoot webhook is refused (401)."
				)
		if not self.admin_token:
			told.append("ADMIN_TOKEN is not set, so /events, /lanes and replaying are switched off.")
		return told


def read_settings() -> Settings:
	"""Raises `SettingsError`."""
	sentences: list[str] = []
	environment: _Environment | None = None
	try:
		environment = _Environment()
	except ValidationError as error:
		sentences += _sentences(error)
	sessions: dict[str, Session] = {}
	if environment is not None and environment.sessions_file is not None:
		sessions = _sessions_from_file(environment.sessions_file, sentences)
	else:
		session = _session("default", {}, sentences, "")
		if session is not None:
			sessions = {"default": session}
	if sentences or environment is None:
		raise SettingsError(sentences)
	return Settings(
		host=environment.host,
		port=environment.port,
		log_level=environment.log_level.lower(),
		log_format=environment.log_format,
		data_dir=environment.data_dir,
		database_url=environment.database_url or f"sqlite:///{environment.data_dir.absolute() / 'bridge.db'}",
		admin_token=Secret(environment.admin_token.get_secret_value()),
		workers=environment.workers,
		largest_body=environment.max_body_mb * 1024 * 1024,
		fetch_seconds=environment.fetch_seconds,
		retention_seconds=environment.retention_days * 86400,
		sessions=sessions,
	)


def _sessions_from_file(path: Path, sentences: list[str]) -> dict[str, Session]:
	"""`[sessions.NAME]` tables; what a table leaves out is taken from the environment."""
	try:
		tables = tomllib.loads(path.read_text(encoding="utf-8")).get("sessions", {})
	except OSError as error:
		sentences.append(f"SESSIONS_FILE {path} cannot be read: {error.strerror}.")
		return {}
	except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
		sentences.append(f"SESSIONS_FILE {path} is not valid TOML: {error}.")
		return {}
	if not isinstance(tables, dict) or not tables:
		sentences.append(
			f"SESSIONS_FILE {path} names no session; write a table such as [sessions.front-desk]."
		)
		return {}
	sessions = {}
	for name, table in tables.items():
		where = f"Session {name!r}: "
		if not valid_session_name(name):
			sentences.append(f"{where}a name has letters, digits, '-', '_', '.' and blanks only, 60 at most.")
		elif not isinstance(table, dict):
			sentences.append(f"{where}must be a table of settings.")
		else:
			session = _session(name, table, sentences, where)
			if session is not None:
				sessions[name] = session
	return sessions


def _session(name: str, table: dict[str, Any], sentences: list[str], where: str) -> Session | None:
	unknown = sorted(set(table) - set(_SessionFields.model_fields))
	if unknown:
		sentences.append(f"{where}unknown setting {', '.join(unknown)}.")
	try:
		fields = _SessionFields(**{key: value for key, value in table.items() if key not in unknown})
	except ValidationError as error:
		sentences += [where + sentence for sentence in _sentences(error)]
		return None
	return Session(
		name=name,
		gateway_url=fields.wuzapi_url.rstrip("/"),
		gateway_token=_secret(fields.wuzapi_user_token),
		chatwoot_url=fields.chatwoot_url.rstrip("/"),
		chatwoot_token=_secret(fields.chatwoot_api_key),
		account_id=fields.chatwoot_account_id,
		inbox_id=fields.chatwoot_inbox_id,
		gateway_secrets=_several(fields.wuzapi_hmac_key),
		chatwoot_secrets=_several(fields.chatwoot_webhook_secret),
		webhook_tokens=_several(fields.webhook_token),
		gateway_instance=_secret(fields.wuzapi_instance_token),
		conversation_policy=fields.conversation_policy,
		settle_seconds=fields.settle_seconds,
		default_region=fields.default_region,
		groups=fields.groups,
		mark_read_on_reply=fields.mark_read_on_reply,
		largest_file=int(fields.largest_file_mb * 1024 * 1024),
	)


def _secret(value: SecretStr) -> Secret:
	return Secret(value.get_secret_value().strip())


def _several(value: SecretStr) -> tuple[Secret, ...]:
	"""Values separated by commas, so that a secret can be changed without losing what the old one signed."""
	return tuple(Secret(each.strip()) for each in value.get_secret_value().split(",") if each.strip())


def _sentences(error: ValidationError) -> list[str]:
	return [_sentence(str(each["loc"][0]).upper(), each["type"], each["msg"]) for each in error.errors()]


def _sentence(name: str, kind: str, message: str) -> str:
	if kind == "missing":
		return f"{name} is not set."
	if name.endswith("_URL") and kind == "string_pattern_mismatch":
		return f"{name} must be an address such as https://chat.example.com."
	return f"{name} is wrong: {message[:1].lower()}{message[1:]}."
