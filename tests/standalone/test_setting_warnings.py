"""What is said at the start about settings that are allowed, and yet may be a mistake."""

from __future__ import annotations

import click
import pytest
from standalone.settings_world import EVERYTHING, NEEDED

from wuzapi_chatwoot.standalone_host.__main__ import main
from wuzapi_chatwoot.standalone_host.config.settings import Settings, read_settings


def warnings_of(settings: Settings) -> str:
	return " ".join(settings.warnings)


def test_what_refuses_every_webhook_is_told_at_start(given):
	given(NEEDED)
	assert read_settings().warnings == [
		"Session 'default' has neither WUZAPI_HMAC_KEY nor WEBHOOK_TOKEN, so every WuzAPI webhook is refused (401).",
		"Session 'default' has neither CHATWOOT_WEBHOOK_SECRET nor WEBHOOK_TOKEN, so every Chatwoot webhook is refused (401).",
		"ADMIN_TOKEN is not set, so /events, /lanes, replaying and the admin page are switched off.",
	]


@pytest.mark.parametrize(
	("set", "quiet"),
	[
		({"WEBHOOK_TOKEN": "x"}, ("WUZAPI_HMAC_KEY", "CHATWOOT_WEBHOOK_SECRET")),
		({"WUZAPI_HMAC_KEY": "x"}, ("WUZAPI_HMAC_KEY",)),
		({"CHATWOOT_WEBHOOK_SECRET": "x"}, ("CHATWOOT_WEBHOOK_SECRET",)),
		({"ADMIN_TOKEN": "Fictional-Admin-Token"}, ("ADMIN_TOKEN",)),
	],
)
def test_what_is_set_warns_of_nothing(given, set, quiet):
	given(NEEDED | set)
	told = warnings_of(read_settings())
	for name in ("WUZAPI_HMAC_KEY", "CHATWOOT_WEBHOOK_SECRET", "ADMIN_TOKEN"):
		assert (name in told) is (name not in quiet)


@pytest.mark.parametrize(
	("name", "told"),
	[
		("REDIS_URL", "REDIS_URL"),
		("USE_CELERY", "USE_CELERY"),
		("BACKEND_URL", "BACKEND_URL"),
		("CHATWOOT_BASE_URL", "CHATWOOT_BASE_URL (CHATWOOT_URL?)"),
		("WUZAPI_HMACKEY", "WUZAPI_HMACKEY (WUZAPI_HMAC_KEY?)"),
		("ADMIN_TOKN", "ADMIN_TOKN (ADMIN_TOKEN?)"),
	],
)
def test_a_setting_that_is_not_known_is_named_at_start(given, where, name, told):
	given(NEEDED | {name: "Fictional-Value"}, where)
	[warning] = [warning for warning in read_settings().warnings if "Not known" in warning]
	assert warning.startswith("Not known here, and not used: ")
	assert name in warning
	assert "Fictional-Value" not in warning


def test_all_that_are_not_known_are_in_one_line_with_what_may_be_meant(given):
	given(NEEDED | {"CHATWOOT_API_KY": "x", "REDIS_URL": "y"})
	given({"TEMEZONE": "x", "time_zone": "UTC", "ANYTHING": "z"}, ".env")
	assert read_settings().warnings[0] == (
		"Not known here, and not used: ANYTHING, CHATWOOT_API_KY (CHATWOOT_API_KEY?), REDIS_URL, TEMEZONE."
	)


def test_the_machines_own_variables_are_nobodys_business(given):
	given(EVERYTHING | {"HOME": "/", "PATH": "/bin", "HOSTNAME": "x", "PORTS": "1", "LANG": "C", "TZ": "UTC"})
	assert read_settings().unknown_names == ""


def test_an_instance_token_alone_is_a_weak_proof_and_said_to_be_one(given):
	given(NEEDED | {"WUZAPI_INSTANCE_TOKEN": "FictionalUserToken"})
	told = warnings_of(read_settings())
	assert "has WUZAPI_INSTANCE_TOKEN alone" in told
	assert "every WuzAPI webhook is refused" not in told


def test_a_users_id_is_no_proof(given):
	given(NEEDED | {"WUZAPI_INSTANCE_TOKEN": "0f1e2d3c4b5a69788796a5b4c3d2e1f0"})
	assert "every WuzAPI webhook is refused" in warnings_of(read_settings())


def test_what_the_commands_read_is_known(given):
	def variables(command: click.Command) -> set[str]:
		inner = command.commands.values() if isinstance(command, click.Group) else ()
		own = {
			name
			for each in command.params
			for name in ([each.envvar] if isinstance(each.envvar, str) else each.envvar or ())
		}
		return own.union(*map(variables, inner))

	names = variables(main)
	assert len(names) > 3
	given(NEEDED | dict.fromkeys(names, "x"))
	assert read_settings().unknown_names == ""
