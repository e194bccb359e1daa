"""What the tests of settings share: the least and the most that can be set, and what is said of mistakes."""

from __future__ import annotations

import pytest

from wuzapi_chatwoot.standalone_host.config.settings import SettingsError, read_settings

NEEDED = {
	"CHATWOOT_URL": "https://chat.example.com/",
	"CHATWOOT_API_KEY": "FictionalChatwootToken",
	"CHATWOOT_ACCOUNT_ID": "3",
	"CHATWOOT_INBOX_ID": "7",
	"WUZAPI_URL": "http://wuzapi.example:8081/",
	"WUZAPI_USER_TOKEN": "FictionalUserToken",
}


EVERYTHING = NEEDED | {
	"HOST": "0.0.0.0",
	"PORT": "9090",
	"LOG_LEVEL": "DEBUG",
	"LOG_FORMAT": "console",
	"DATA_DIR": "here",
	"DATABASE_URL": "sqlite:////var/tmp/fiction.db",
	"CHATWOOT_WEBHOOK_SECRET": "new-chatwoot-secret, old-chatwoot-secret",
	"WUZAPI_INSTANCE_TOKEN": "FictionalInstance",
	"WUZAPI_HMAC_KEY": "new-hmac-key,old-hmac-key,",
	"WEBHOOK_TOKEN": " url-token ",
	"REQUIRE_SIGNATURES": "true",
	"ADMIN_TOKEN": "FictionalAdminToken",
	"WORKERS": "12",
	"MAX_BODY_MB": "20",
	"FETCH_SECONDS": "60.5",
	"RETENTION_DAYS": "2",
	"WATCH_SECONDS": "30",
	"PUBLIC_URL": "https://bridge.example.com/",
	"CONVERSATION_POLICY": "age",
	"REOPEN_WITHIN_DAYS": "1.5",
	"START_PENDING": "true",
	"SETTLE_SECONDS": "1.5",
	"RECONNECT_SECONDS": "45",
	"DEFAULT_REGION": "BR",
	"TIME_ZONE": " America/Sao_Paulo ",
	"GROUPS": "false",
	"ONLY_GROUPS": "120363000000000001@g.us, 447700900123-1400000000",
	"GROUP_CHANGES": "true",
	"IGNORED": "447700900*, *@newsletter,",
	"STATUS_BROADCASTS": "true",
	"NEWSLETTERS": "true",
	"DELETIONS": "remove",
	"REVOKE_DELETED": "false",
	"SIGNATURE": "template",
	"SIGNATURE_TEMPLATE": r"{text}\n– {name}",
	"VOICE_NOTES": "false",
	"TYPING": "true",
	"MARK_READ_ON_REPLY": "true",
	"MARK_READ_ON_VIEW": "true",
	"CONTROL_AGENTS": "ana@example.com, ben@example.com",
	"LARGEST_FILE_MB": "16",
}
GROUPS = "addresses of groups such as 120363000000000001@g.us, separated by commas"
PATTERNS = (
	"phone numbers or addresses with * and ? for what may differ, such as 447700900*, separated by commas"
)
TEMPLATE = "a text with {text} in it, {name} if wanted, and no other braces"


def mistakes() -> list[str]:
	with pytest.raises(SettingsError) as raised:
		read_settings()
	for sentence in raised.value.sentences:
		assert sentence.endswith(".")
		assert "\n" not in sentence
	return raised.value.sentences
