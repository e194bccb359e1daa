"""What people set: read from the environment, `.env` and the sessions file, checked, turned into values.

Every mistake becomes one sentence; all of them are told at once.
"""

from __future__ import annotations

import os
import re
import sys
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from pydantic import SecretStr, ValidationError

from wuzapi_chatwoot.bridge.model.lanes import valid_session_name
from wuzapi_chatwoot.bridge.model.records import Secret, Session
from wuzapi_chatwoot.bridge.sessions.validation import entries, group_addresses
from wuzapi_chatwoot.standalone_host.config.setting_names import sentence_of_unknown
from wuzapi_chatwoot.standalone_host.config.settings_fields import (
	NOT_SET,
	Environment,
	SessionFields,
	SessionsFile,
	mistakes,
)
from wuzapi_chatwoot.standalone_host.config.uniqueness_check import duplicate_of

if sys.version_info >= (3, 11):
	import tomllib
else:
	import tomli as tomllib


# What stands for every address of this machine, and where it reaches itself then.
_EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - read, not listened on


class SettingsError(Exception):
	"""`sentences`: what is wrong, each a sentence of its own."""

	def __init__(self, sentences: list[str]) -> None:
		super().__init__(" ".join(sentences))
		self.sentences = sentences


@dataclass(frozen=True, slots=True)
class Settings:
	"""Everything the host needs to start. Sizes in bytes, times in seconds."""

	host: str
	port: int
	log_level: str
	log_format: str
	data_dir: Path
	database_url: str = field(repr=False)
	admin_token: Secret
	workers: int
	largest_body: int
	fetch_seconds: float
	retention_seconds: float
	watch_seconds: float
	public_url: str
	"""Under which gateway and Chatwoot reach us; no slash at its end."""
	session_defaults: Session
	"""What the environment says of sessions that are made while the service runs; everything else in it is empty."""
	sessions: dict[str, Session] = field(default_factory=dict)
	unknown_names: str = ""
	"""A sentence about settings that are not known; empty if all are."""

	def at_port(self, port: int) -> Settings:
		"""With the port that PORT=0 has brought."""
		if self.port == port:
			return self
		own = self.public_url == own_address(self.host, self.port)
		return replace(self, port=port, public_url=own_address(self.host, port) if own else self.public_url)

	@property
	def warnings(self) -> list[str]:
		"""What is allowed but dangerous; told at start."""
		told = [self.unknown_names] if self.unknown_names else []
		for name, session in self.sessions.items():
			if session.webhook_tokens:
				continue
			if session.believes_payload_token:
				told.append(
					f"Session {name!r} has WUZAPI_INSTANCE_TOKEN alone, so a WuzAPI webhook is believed if it bears this token "
					"inside, which is the weakest proof, and which newer releases do not send. Set WUZAPI_HMAC_KEY."
				)
			elif not session.gateway_secrets:
				told.append(
					f"Session {name!r} has neither WUZAPI_HMAC_KEY nor WEBHOOK_TOKEN, so every WuzAPI webhook is refused (401)."
				)
			if not session.chatwoot_secrets:
				told.append(
					f"Session {name!r} has neither CHATWOOT_WEBHOOK_SECRET nor WEBHOOK_TOKEN, so every Chatwoot webhook is refused (401)."
				)
		if not self.admin_token:
			told.append(
				"ADMIN_TOKEN is not set, so /events, /lanes, replaying and the admin page are switched off."
			)
		elif self.host in _EVERYWHERE and self.public_url == own_address(self.host, self.port):
			told.append(
				f"PUBLIC_URL is not set, so sessions that are made here shall post to {self.public_url}: "
				"right only where gateway and Chatwoot run on this machine."
			)
		return told


def read_settings() -> Settings:
	"""Raises `SettingsError`."""
	try:
		return _read()
	except UnicodeDecodeError:
		raise SettingsError(["The file .env must be text in UTF-8."]) from None
	except OSError as error:
		raise SettingsError([f"The file .env cannot be read: {error.strerror}."]) from None


def _read() -> Settings:
	sentences: list[str] = []
	environment: Environment | None = None
	try:
		environment = Environment()
	except ValidationError as error:
		sentences += [sentence for _, sentence in mistakes(error)]
	sessions_file = SessionsFile().sessions_file
	if sessions_file is not None:
		sessions = _sessions_from_file(sessions_file, sentences)
	else:
		told: list[str] = []
		session = _session("default", {}, told, "")
		sessions = {} if session is None else {session.name: session}
		if environment is not None and environment.admin_token and _NOTHING_SET.issubset(told):
			# Sessions are made while the service runs.
			told = [sentence for sentence in told if sentence not in _NOTHING_SET]
		sentences += told
	_tell_of_twins(sessions, sentences)
	defaults = _defaults(sentences)
	if sentences or environment is None or defaults is None:
		raise SettingsError(sentences)
	return Settings(
		host=environment.host,
		port=environment.port,
		log_level=environment.log_level.lower(),
		log_format=environment.log_format,
		data_dir=environment.data_dir,
		database_url=environment.database_url or f"sqlite:///{environment.data_dir.absolute() / 'bridge.db'}",
		admin_token=_secret(environment.admin_token),
		workers=environment.workers,
		largest_body=environment.max_body_mb * 1024 * 1024,
		fetch_seconds=environment.fetch_seconds,
		retention_seconds=environment.retention_days * 86400,
		watch_seconds=environment.watch_seconds,
		public_url=(environment.public_url or own_address(environment.host, environment.port)).rstrip("/"),
		session_defaults=defaults,
		sessions=sessions,
		unknown_names=sentence_of_unknown(os.environ),
	)


def own_address(host: str, port: int) -> str:
	"""For where gateway and Chatwoot run on this machine, too."""
	local = _EVERYWHERE.get(host, host)
	return f"http://[{local}]:{port}" if ":" in local else f"http://{local}:{port}"


# What is told where a session is meant by nothing in the environment.
_NOTHING_SET = {
	name.upper() + NOT_SET for name, info in SessionFields.model_fields.items() if info.is_required()
}
# Where both sides are, which every session that is made says for itself.
_UNUSED = {
	"chatwoot_url": "http://unused.invalid",
	"chatwoot_api_key": "unused",
	"chatwoot_account_id": 1,
	"chatwoot_inbox_id": 1,
	"chatwoot_webhook_secret": "",
	"wuzapi_url": "http://unused.invalid",
	"wuzapi_user_token": "unused",
	"wuzapi_hmac_key": "",
	"wuzapi_instance_token": "",
	"webhook_token": "",
}


def _defaults(sentences: list[str]) -> Session | None:
	return _session("", _UNUSED, sentences, "")


def _sessions_from_file(path: Path, sentences: list[str]) -> dict[str, Session]:
	"""`[sessions.NAME]` tables; what a table leaves out is taken from the environment."""
	try:
		file = tomllib.loads(path.read_text(encoding="utf-8"))
	except OSError as error:
		sentences.append(f"SESSIONS_FILE {path} cannot be read: {error.strerror}.")
		return {}
	except UnicodeDecodeError:
		sentences.append(f"SESSIONS_FILE {path} must be text in UTF-8.")
		return {}
	except (tomllib.TOMLDecodeError, RecursionError) as error:
		sentences.append(f"SESSIONS_FILE {path} is not valid TOML{_place(error)}.")
		return {}
	tables = file.pop("sessions", {})
	if not isinstance(tables, dict) or not tables:
		sentences.append(
			f"SESSIONS_FILE {path} names no session; write a table such as [sessions.front-desk]."
		)
		return {}
	if file:
		sentences.append(
			f"SESSIONS_FILE {path} has {', '.join(sorted(file))} outside of every [sessions.NAME] table."
		)
	sessions = {}
	for name, table in tables.items():
		where = f"Session {name!r}: "
		if not valid_session_name(name):
			sentences.append(
				f"{where}a name has letters, digits, '-', '_', '.' and blanks only, 60 at most, and more than dots."
			)
		elif not isinstance(table, dict):
			sentences.append(f"{where}must be a table of settings.")
		else:
			session = _session(name, table, sentences, where)
			if session is not None:
				sessions[name] = session
	return sessions


def _place(error: Exception) -> str:
	"""Where the mistake is; the parser's other words may quote the file, and there are secrets in it."""
	found = re.search(r"\(at (line \d+, column \d+|end of document)\)", str(error))
	return f" (see {found[1]})" if found else ""


def _session(name: str, table: dict[str, Any], sentences: list[str], where: str) -> Session | None:
	unknown = sorted(set(table) - set(SessionFields.model_fields))
	if unknown:
		sentences.append(f"{where}unknown setting {', '.join(unknown)}.")
	try:
		fields = SessionFields(**{key: value for key, value in table.items() if key not in unknown})
	except ValidationError as error:
		for setting, sentence in mistakes(error):
			# What stands in the environment is wrong once, however many sessions take it from there.
			shared = setting not in table and not sentence.endswith(NOT_SET)
			told = sentence if shared else where + sentence
			if told not in sentences:
				sentences.append(told)
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
		require_signatures=fields.require_signatures,
		conversation_policy=fields.conversation_policy,
		reopen_within_days=fields.reopen_within_days,
		start_pending=fields.start_pending,
		settle_seconds=fields.settle_seconds,
		reconnect_seconds=fields.reconnect_seconds,
		default_region=fields.default_region,
		time_zone=fields.time_zone,
		groups=fields.groups,
		only_groups=group_addresses(fields.only_groups),
		group_changes=fields.group_changes,
		ignored=entries(fields.ignored),
		status_broadcasts=fields.status_broadcasts,
		newsletters=fields.newsletters,
		deletions=fields.deletions,
		revoke_deleted=fields.revoke_deleted,
		signature=fields.signature,
		signature_template=fields.signature_template,
		voice_notes=fields.voice_notes,
		typing=fields.typing,
		mark_read_on_reply=fields.mark_read_on_reply,
		mark_read_on_view=fields.mark_read_on_view,
		control_agents=entries(fields.control_agents),
		largest_file=int(fields.largest_file_mb * 1024 * 1024),
	)


def _tell_of_twins(sessions: dict[str, Session], sentences: list[str]) -> None:
	known: dict[str, Session] = {}
	for name, session in sessions.items():
		twin = duplicate_of(session, known)
		if twin is not None:
			sentences.append(
				f"Sessions {twin[0]!r} and {name!r} have the same {twin[1]}; each needs its own."
			)
		known[name] = session


def _secret(value: SecretStr) -> Secret:
	return Secret(value.get_secret_value().strip())


def _several(value: SecretStr) -> tuple[Secret, ...]:
	"""Values separated by commas, so that a secret can be changed without losing what the old one signed."""
	return tuple(Secret(each.strip()) for each in value.get_secret_value().split(",") if each.strip())
