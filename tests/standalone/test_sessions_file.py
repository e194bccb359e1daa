"""Several sessions from one file: what they share, what differs, and a sentence for each mistake."""

from __future__ import annotations

import pytest
from standalone.settings_world import EVERYTHING, GROUPS, NEEDED, PATTERNS, TEMPLATE, mistakes

from wuzapi_chatwoot.bridge.model.records import Secret
from wuzapi_chatwoot.standalone_host.config.settings import read_settings

TWO = """
[sessions.front-desk]
chatwoot_inbox_id = 11
wuzapi_user_token = "FictionalFirst"
webhook_token = ["one", "two"]
settle_seconds = 2
groups = false
only_groups = ["120363000000000002", "120363000000000003@g.us"]
ignored = []
signature_template = "{name}:\\n{text}"

[sessions."Loja São Paulo"]
chatwoot_inbox_id = 12
wuzapi_user_token = "FictionalSecond"
chatwoot_url = "http://other.example"
wuzapi_hmac_key = ""
"""


def test_several_sessions_with_what_they_share_in_the_environment(given, where, sessions_file):
	variables = EVERYTHING.copy()
	del variables["CHATWOOT_INBOX_ID"], variables["WUZAPI_USER_TOKEN"]
	given(variables, where)
	sessions_file(TWO)
	sessions = read_settings().sessions
	assert list(sessions) == ["front-desk", "Loja São Paulo"]
	first, second = sessions.values()
	assert (first.inbox_id, second.inbox_id) == (11, 12)
	assert (first.account_id, second.account_id) == (3, 3)
	assert (first.chatwoot_url, second.chatwoot_url) == ("https://chat.example.com", "http://other.example")
	assert first.webhook_tokens == (Secret("one"), Secret("two"))
	assert second.webhook_tokens == (Secret("url-token"),)
	assert (first.settle_seconds, second.settle_seconds) == (2.0, 1.5)
	assert (first.groups, second.groups) == (False, False)
	assert [str(group) for group in first.only_groups] == [
		"120363000000000002@g.us",
		"120363000000000003@g.us",
	]
	assert (first.signature_template, second.signature_template) == ("{name}:\n{text}", "{text}\n– {name}")
	# So is an empty list.
	assert first.ignored == ()
	assert second.ignored == ("447700900*", "*@newsletter")
	# An empty text is a choice of its own: none, whatever the environment says.
	assert len(first.gateway_secrets) == 2
	assert second.gateway_secrets == ()


def test_with_a_sessions_file_the_environment_alone_makes_no_session(given, sessions_file):
	sessions_file(
		"[sessions.only]\n"
		+ "".join(
			f"{key.lower()} = {value if value.isdigit() else repr(value)}\n" for key, value in NEEDED.items()
		)
	)
	assert list(read_settings().sessions) == ["only"]


@pytest.mark.parametrize(
	("text", "sentence"),
	[
		("", "SESSIONS_FILE sessions.toml names no session; write a table such as [sessions.front-desk]."),
		("sessions = 3", "SESSIONS_FILE sessions.toml names no session; write a table such as [sessions.front-desk]."),
		("[session.one]", "SESSIONS_FILE sessions.toml names no session; write a table such as [sessions.front-desk]."),
		("[sessions.one\n", "SESSIONS_FILE sessions.toml is not valid TOML (see line 1, column 14)."),
		("webhook_token = FictionalAdminToken\n", "SESSIONS_FILE sessions.toml is not valid TOML (see line 1, column 17)."),
		(b"[sessions.one]\nx = '\xff'", "SESSIONS_FILE sessions.toml must be text in UTF-8."),
		("[sessions]\none = 1", "Session 'one': must be a table of settings."),
		("[sessions.one]\nport = 1", "Session 'one': unknown setting port."),
		("[sessions.one]\nB = 1\na = 1", "Session 'one': unknown setting B, a."),
		("x = 1\n[sessions.one]", "SESSIONS_FILE sessions.toml has x outside of every [sessions.NAME] table."),
		("[sessions.'']", "Session '': a name has letters, digits, '-', '_', '.' and blanks only, 60 at most, and more than dots."),
		("[sessions.'a/b']", "Session 'a/b': a name has letters, digits, '-', '_', '.' and blanks only, 60 at most, and more than dots."),
		("[sessions.one]\nwuzapi_user_token = ' '", "Session 'one': WUZAPI_USER_TOKEN is not set."),
		("[sessions.one]\nchatwoot_url = ''", "Session 'one': CHATWOOT_URL is not set."),
		("[sessions.one]\nchatwoot_api_key = 5", "Session 'one': CHATWOOT_API_KEY must be an access token: letters, digits and signs without a blank."),
		("[sessions.one]\nwebhook_token = [1]", "Session 'one': WEBHOOK_TOKEN must be text, several values separated by commas."),
		("[sessions.one]\nonly_groups = [1203]", f"Session 'one': ONLY_GROUPS must be {GROUPS}."),
		("[sessions.one]\nonly_groups = 1203", f"Session 'one': ONLY_GROUPS must be {GROUPS}."),
		("[sessions.one]\nignored = ['4477*', 'n/a']", f"Session 'one': IGNORED must be {PATTERNS}."),
		("[sessions.one]\nsignature_template = ''", f"Session 'one': SIGNATURE_TEMPLATE must be {TEMPLATE}."),
		("[sessions.one]\ntime_zone = ''", "Session 'one': TIME_ZONE must be the name of a time zone, such as Europe/Berlin."),
		("[sessions.one]\nchatwoot_inbox_id = 0", "Session 'one': CHATWOOT_INBOX_ID must be a whole number, 1 or more."),
		("[sessions.one]\n[sessions.two]\nchatwoot_inbox_id = 8", "Sessions 'one' and 'two' have the same WUZAPI_URL and WUZAPI_USER_TOKEN; each needs its own."),
		("[sessions.one]\n[sessions.two]\nwuzapi_user_token = 'other'", "Sessions 'one' and 'two' have the same Chatwoot inbox; each needs its own."),
	],
)  # fmt: skip
def test_each_mistake_in_the_sessions_file_is_one_sentence(given, sessions_file, text, sentence):
	given(NEEDED)
	sessions_file(text)
	assert mistakes() == [sentence]


def test_a_missing_sessions_file_is_told_and_nothing_else(given):
	given({"SESSIONS_FILE": "nowhere.toml"})
	assert mistakes() == ["SESSIONS_FILE nowhere.toml cannot be read: No such file or directory."]


def test_what_is_wrong_in_the_environment_is_told_once_for_all_sessions(given, sessions_file):
	given(NEEDED | {"SETTLE_SECONDS": "long"})
	sessions_file(
		"[sessions.one]\n[sessions.two]\n[sessions.three]\nsettle_seconds = -1\nchatwoot_inbox_id = 1"
	)
	assert mistakes() == [
		"SETTLE_SECONDS must be a number of seconds from 0 to 60.",
		"Session 'three': SETTLE_SECONDS must be a number of seconds from 0 to 60.",
	]
