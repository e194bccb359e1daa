"""Settings from environment, `.env` and sessions file: every value, who wins, and a sentence for each mistake."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest
from standalone.settings_world import EVERYTHING, GROUPS, NEEDED, PATTERNS, TEMPLATE, mistakes

from wuzapi_chatwoot.bridge.model.addresses import Address
from wuzapi_chatwoot.bridge.model.records import ConversationPolicy, Deletions, Secret, Session, Signature
from wuzapi_chatwoot.standalone_host.config.settings import read_settings

SECRETS = (
	"FictionalChatwootToken",
	"FictionalUserToken",
	"chatwoot-secret",
	"FictionalInstance",
	"hmac-key",
	"url-token",
	"FictionalAdminToken",
)


def test_every_setting_is_read(given, where, alone):
	given(EVERYTHING, where)
	settings = read_settings()
	assert (settings.host, settings.port) == ("0.0.0.0", 9090)
	assert (settings.log_level, settings.log_format) == ("debug", "console")
	assert (settings.data_dir, settings.database_url) == (Path("here"), "sqlite:////var/tmp/fiction.db")
	assert settings.admin_token.value == "FictionalAdminToken"
	assert (settings.workers, settings.largest_body) == (12, 20 * 1024 * 1024)
	assert (settings.fetch_seconds, settings.retention_seconds) == (60.5, 2 * 86400)
	assert (settings.watch_seconds, settings.public_url) == (30.0, "https://bridge.example.com")
	assert settings.sessions == {
		"default": Session(
			name="default",
			gateway_url="http://wuzapi.example:8081",
			gateway_token=Secret("FictionalUserToken"),
			chatwoot_url="https://chat.example.com",
			chatwoot_token=Secret("FictionalChatwootToken"),
			account_id=3,
			inbox_id=7,
			gateway_secrets=(Secret("new-hmac-key"), Secret("old-hmac-key")),
			chatwoot_secrets=(Secret("new-chatwoot-secret"), Secret("old-chatwoot-secret")),
			webhook_tokens=(Secret("url-token"),),
			gateway_instance=Secret("FictionalInstance"),
			require_signatures=True,
			conversation_policy=ConversationPolicy.AGE,
			reopen_within_days=1.5,
			start_pending=True,
			settle_seconds=1.5,
			reconnect_seconds=45.0,
			default_region="BR",
			time_zone="America/Sao_Paulo",
			groups=False,
			only_groups=(
				Address("120363000000000001", "g.us"),
				Address("447700900123-1400000000", "g.us"),
			),
			group_changes=True,
			ignored=("447700900*", "*@newsletter"),
			status_broadcasts=True,
			newsletters=True,
			deletions=Deletions.REMOVE,
			revoke_deleted=False,
			signature=Signature.TEMPLATE,
			signature_template="{text}\n– {name}",
			voice_notes=False,
			typing=True,
			mark_read_on_reply=True,
			mark_read_on_view=True,
			control_agents=("ana@example.com", "ben@example.com"),
			largest_file=16 * 1024 * 1024,
		)
	}
	assert settings.warnings == []


def test_every_setting_of_a_session_differs_from_its_default_above(given):
	given(EVERYTHING)
	[session] = read_settings().sessions.values()
	same = [each.name for each in fields(Session) if getattr(session, each.name) == each.default]
	assert same == []


def test_what_is_not_set_has_a_sensible_value(given, where, alone):
	given(NEEDED, where)
	settings = read_settings()
	assert (settings.host, settings.port, settings.log_level) == ("127.0.0.1", 8080, "info")
	assert settings.data_dir == Path("data")
	assert settings.database_url == f"sqlite:///{alone}/data/bridge.db"
	assert not settings.admin_token
	session = settings.sessions["default"]
	assert session.gateway_secrets == session.chatwoot_secrets == session.webhook_tokens == ()
	assert (session.settle_seconds, session.groups) == (0.5, True)


@pytest.mark.parametrize("written", [r"{name}:\n{text}", r"{name}:\\n{text}", "{name}:\n{text}"])
def test_a_line_break_is_written_as_the_readers_of_the_file_let_it(given, written):
	given(NEEDED | {"SIGNATURE_TEMPLATE": written})
	assert read_settings().sessions["default"].signature_template == "{name}:\n{text}"


def test_the_environment_wins_over_the_file(given):
	given(NEEDED | {"PORT": "1111", "HOST": "10.0.0.1", "CHATWOOT_INBOX_ID": "5"}, ".env")
	given({"PORT": "2222", "CHATWOOT_INBOX_ID": "6", "HOST": ""})
	settings = read_settings()
	assert settings.port == 2222
	assert settings.sessions["default"].inbox_id == 6
	# An empty variable is as good as none.
	assert settings.host == "10.0.0.1"


def test_a_mark_at_the_beginning_of_the_file_hides_nothing(given, alone):
	text = "".join(f"{key}={value}\n" for key, value in NEEDED.items())
	(alone / ".env").write_bytes(b"\xef\xbb\xbf" + text.encode())
	assert read_settings().sessions["default"].account_id == 3


def test_a_file_that_is_no_text(given, alone):
	given(NEEDED)
	(alone / ".env").write_bytes(b"PORT=\xff\xfe\n")
	assert mistakes() == ["The file .env must be text in UTF-8."]


def test_everything_that_is_missing_is_told_at_once(where, given):
	given({"LOG_LEVEL": "info"}, where)
	assert sorted(mistakes()) == sorted(f"{name} is not set." for name in NEEDED)


@pytest.mark.parametrize(
	("name", "value", "right"),
	[
		("PORT", "eighty", "a whole number from 0 to 65535"),
		("PORT", "65536", "a whole number from 0 to 65535"),
		("PORT", "-1", "a whole number from 0 to 65535"),
		("LOG_LEVEL", "loud", "debug, info, warning or error"),
		("LOG_FORMAT", "xml", "json or console"),
		("WORKERS", "0", "a whole number from 1 to 512"),
		("MAX_BODY_MB", "0", "a whole number of megabytes, 1 or more"),
		("FETCH_SECONDS", "0", "a number of seconds, 1 or more"),
		("FETCH_SECONDS", "inf", "a number of seconds, 1 or more"),
		("RETENTION_DAYS", "0", "a number of days above 0"),
		("RETENTION_DAYS", "nan", "a number of days above 0"),
		("WATCH_SECONDS", "4", "a number of seconds, 5 or more"),
		("RECONNECT_SECONDS", "4", "a number of seconds from 5 to 3600"),
		(
			"PUBLIC_URL",
			"bridge.example.com",
			"an address such as https://bridge.example.com, without user name and password",
		),
		(
			"CHATWOOT_URL",
			"chat.example.com",
			"an address such as https://chat.example.com, without user name and password",
		),
		(
			"CHATWOOT_URL",
			"https://me:FictionalAdminToken@chat.example.com",
			"an address such as https://chat.example.com, without user name and password",
		),
		(
			"WUZAPI_URL",
			"ftp://wuzapi.example",
			"an address such as http://wuzapi.example.com:8080, without user name and password",
		),
		("CHATWOOT_ACCOUNT_ID", "three", "a whole number, 1 or more"),
		("CHATWOOT_INBOX_ID", "0", "a whole number, 1 or more"),
		("CHATWOOT_INBOX_ID", str(2**63), "a whole number, 1 or more"),
		(
			"CHATWOOT_API_KEY",
			"FictionalAdminToken in words",
			"an access token: letters, digits and signs without a blank",
		),
		(
			"WUZAPI_USER_TOKEN",
			"FictionalAdminTokén",
			"a user's token: letters, digits and signs without a blank",
		),
		("CONVERSATION_POLICY", "sometimes", "reopen, new or age"),
		("ADMIN_TOKEN", "x", "a text of 16 characters or more, chosen by chance"),
		("ADMIN_TOKEN", "fifteen-signs-x", "a text of 16 characters or more, chosen by chance"),
		("REOPEN_WITHIN_DAYS", "0", "a number of days above 0, 36500 at most"),
		("REOPEN_WITHIN_DAYS", "1e9", "a number of days above 0, 36500 at most"),
		("REOPEN_WITHIN_DAYS", "a week", "a number of days above 0, 36500 at most"),
		("START_PENDING", "pending", "true or false"),
		("SETTLE_SECONDS", "61", "a number of seconds from 0 to 60"),
		("SETTLE_SECONDS", "soon", "a number of seconds from 0 to 60"),
		("DEFAULT_REGION", "br", "a country's two capital letters, such as BR"),
		("TIME_ZONE", "Europe/Nowhere", "the name of a time zone, such as Europe/Berlin"),
		("TIME_ZONE", "+02:00", "the name of a time zone, such as Europe/Berlin"),
		("GROUPS", "maybe", "true or false"),
		("ONLY_GROUPS", "120363000000000001, family", GROUPS),
		("ONLY_GROUPS", "447700900123@s.whatsapp.net", GROUPS),
		("GROUP_CHANGES", "joins", "true or false"),
		("IGNORED", "+44 7700 900123", PATTERNS),
		("STATUS_BROADCASTS", "some", "true or false"),
		("NEWSLETTERS", "3", "true or false"),
		("DELETIONS", "keep", "mark or remove"),
		("REVOKE_DELETED", "revoke", "true or false"),
		("SIGNATURE", "Name", "off, name or template"),
		("SIGNATURE_TEMPLATE", "{name}", TEMPLATE),
		("SIGNATURE_TEMPLATE", "{text} {agent}", TEMPLATE),
		("VOICE_NOTES", "opus", "true or false"),
		("TYPING", "fast", "true or false"),
		("MARK_READ_ON_REPLY", "2", "true or false"),
		("MARK_READ_ON_VIEW", "2", "true or false"),
		("CONTROL_AGENTS", "ana", "e-mail addresses of agents, separated by commas"),
		("LARGEST_FILE_MB", "0", "a number of megabytes above 0"),
		("LARGEST_FILE_MB", "inf", "a number of megabytes above 0"),
	],
)
def test_each_wrong_value_is_one_sentence_that_says_what_is_right(given, where, name, value, right):
	given(EVERYTHING | {name: value}, where)
	assert mistakes() == [f"{name} must be {right}."]


def test_mistakes_of_every_kind_are_told_together(given, sessions_file):
	given({"PORT": "x", "LOG_LEVEL": "y"})
	sessions_file("[sessions.one]\nnonsense = 1\n[sessions.'a|b']\n")
	told = mistakes()
	assert told[0] == "PORT must be a whole number from 0 to 65535."
	assert told[1] == "LOG_LEVEL must be debug, info, warning or error."
	assert told[2] == "Session 'one': unknown setting nonsense."
	assert told[3:9] == [f"Session 'one': {name} is not set." for name in NEEDED_IN_ORDER]
	assert told[9:] == [
		"Session 'a|b': a name has letters, digits, '-', '_', '.' and blanks only, 60 at most, and more than dots."
	]


NEEDED_IN_ORDER = [
	"CHATWOOT_URL",
	"CHATWOOT_API_KEY",
	"CHATWOOT_ACCOUNT_ID",
	"CHATWOOT_INBOX_ID",
	"WUZAPI_URL",
	"WUZAPI_USER_TOKEN",
]


# ---- no session, and what sessions that are made later begin with


def test_with_an_admin_token_it_starts_without_a_session(given, where):
	given({"ADMIN_TOKEN": "FictionalAdminToken", "TIME_ZONE": "Europe/Berlin"}, where)
	settings = read_settings()
	assert settings.sessions == {}
	assert settings.warnings == []
	assert settings.session_defaults.time_zone == "Europe/Berlin"


@pytest.mark.parametrize("name", list(NEEDED))
def test_a_session_that_is_begun_must_be_whole(given, name):
	given({"ADMIN_TOKEN": "FictionalAdminToken", name: NEEDED[name]})
	assert sorted(mistakes()) == sorted(f"{other} is not set." for other in NEEDED if other != name)


def test_what_is_wrong_is_told_without_a_session_too(given):
	given({"ADMIN_TOKEN": "FictionalAdminToken", "TIME_ZONE": "Mars"})
	assert mistakes() == ["TIME_ZONE must be the name of a time zone, such as Europe/Berlin."]


def test_sessions_made_later_take_what_is_set_but_nobody_elses_secrets(given):
	given(EVERYTHING)
	settings = read_settings()
	[session], later = settings.sessions.values(), settings.session_defaults
	assert (later.conversation_policy, later.largest_file) == (
		session.conversation_policy,
		session.largest_file,
	)
	assert later.gateway_secrets == later.chatwoot_secrets == later.webhook_tokens == ()
	assert not later.gateway_instance
	assert "Fictional" not in str([later.gateway_token.value, later.chatwoot_token.value])


@pytest.mark.parametrize(
	("host", "address"),
	[
		("127.0.0.1", "http://127.0.0.1:9090"),
		("0.0.0.0", "http://127.0.0.1:9090"),
		("::", "http://[::1]:9090"),
		("bridge.internal", "http://bridge.internal:9090"),
	],
)
def test_our_address_is_where_we_listen_if_nothing_else_is_said(given, host, address):
	given(NEEDED | {"HOST": host, "PORT": "9090"})
	assert read_settings().public_url == address


def test_who_listens_everywhere_is_told_where_both_sides_would_post(given):
	given(NEEDED | {"HOST": "0.0.0.0", "ADMIN_TOKEN": "Fictional-Admin-Token", "WEBHOOK_TOKEN": "y"})
	[warning] = read_settings().warnings
	assert warning.startswith(
		"PUBLIC_URL is not set, so sessions that are made here shall post to http://127.0.0.1:8080"
	)


def test_any_free_port_is_part_of_our_address(given):
	given(NEEDED | {"PORT": "0"})
	assert read_settings().at_port(18080).public_url == "http://127.0.0.1:18080"
	given({"PUBLIC_URL": "https://bridge.example.com"})
	settings = read_settings().at_port(18080)
	assert (settings.port, settings.public_url) == (18080, "https://bridge.example.com")
	assert settings.at_port(18080) is settings


# ---- secrets and warnings


def test_no_secret_shows_in_what_is_printed(given):
	given(EVERYTHING | {"DATABASE_URL": "postgresql://me:FictionalAdminToken@db.example/x"})
	settings = read_settings()
	for shown in (repr(settings), str(settings), repr(settings.sessions), *settings.warnings):
		for secret in SECRETS:
			assert secret not in shown


def test_no_secret_shows_in_a_mistake(given, sessions_file):
	wrong = {name: f"{value} \u00e9" for name, value in EVERYTHING.items()}
	given(wrong)
	every = mistakes()
	sessions_file("[sessions.one]\nwebhook_token = 'url-token'\nwuzapi_user_token = FictionalUserToken")
	every += mistakes()
	for secret in SECRETS:
		assert secret not in " ".join(every)
