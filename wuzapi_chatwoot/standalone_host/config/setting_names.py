"""Names of settings that nothing here knows: misspelt ones, and those of older bridges. They are named once, at the start."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from pathlib import Path

from dotenv import dotenv_values

from wuzapi_chatwoot.cli.token_options import CHATWOOT_TOKEN, GATEWAY_ADMIN_TOKEN, GATEWAY_USER_TOKEN
from wuzapi_chatwoot.standalone_host.config.settings_fields import Environment, SessionFields, SessionsFile

_FILE = ".env"
_KNOWN = {
	name.upper() for fields in (Environment, SessionsFile, SessionFields) for name in fields.model_fields
} | {
	# Read by the commands.
	*("BRIDGE_URL", CHATWOOT_TOKEN, GATEWAY_ADMIN_TOKEN, GATEWAY_USER_TOKEN),
	# By the demo.
	*("BRIDGE_PORT", "WUZAPI_ADMIN_TOKEN"),
}
_PREFIXES = ("CHATWOOT_", "WUZAPI_", "WEBHOOK_", "CELERY_", "FETCH_", "RETENTION_", "RECONNECT_", "REOPEN_")
# Of bridges that had a queue and a database server of their own.
_OLDER = {"REDIS_URL", "REDIS_HOST", "REDIS_PORT", "USE_CELERY", "BACKEND_URL", "INSTANCE_TOKEN", "API_KEY"}
# How alike a misspelt name is, 1 being the same.
_ALIKE = 0.85
_SHORTEST = 6


def sentence_of_unknown(environment: Mapping[str, str]) -> str:
	"""Of the environment, only what may be meant for us: it has many other names. Of our file, all. Never a value."""
	unknown = {name for name in map(str.upper, environment) if _is_ours(name)} | _of_file()
	unknown = {name for name in unknown if name not in _KNOWN}
	if not unknown:
		return ""
	meant = (_meant(name) for name in sorted(unknown))
	told = ", ".join(
		f"{name} ({like}?)" if like else name for name, like in zip(sorted(unknown), meant, strict=True)
	)
	return f"Not known here, and not used: {told}."


def _of_file() -> set[str]:
	if not Path(_FILE).is_file():
		return set()
	return {name.upper() for name in dotenv_values(_FILE, encoding="utf-8-sig", interpolate=False)}


def _is_ours(name: str) -> bool:
	return name.startswith(_PREFIXES) or name in _OLDER or (len(name) >= _SHORTEST and bool(_meant(name)))


def _meant(name: str, known: Iterable[str] = _KNOWN) -> str | None:
	return next(iter(get_close_matches(name, known, 1, _ALIKE)), None)
