"""The check of an inbox: what somebody must mend in the settings, in words for that."""

import json
from dataclasses import replace

import pytest

from wuzapi_chatwoot.bridge.model.errors import Permanent, Retriable
from wuzapi_chatwoot.chatwoot import ChatwootInbox


class TestCheck:
	def test_well(self, inbox, chatwoot, account):
		chatwoot.get(f"{account}/inboxes/7", json={"id": 7, "channel_type": "Channel::Api"})
		inbox.check()

	@pytest.mark.parametrize(
		("answer", "sentence"),
		[
			(
				{"json": {"id": 7, "channel_type": "Channel::Whatsapp"}},
				r"inbox 7 is of the wrong type.*Channel::Whatsapp",
			),
			({"json": {}}, "inbox 7 is of the wrong type"),
			({"status": 401, "json": {"error": "Invalid Access Token"}}, "refuses the access token"),
			(
				{"status": 401, "json": {"error": "You are not authorized to do this action"}},
				"add the user to the inbox",
			),
			(
				{"status": 403, "json": {"error": "API access is not enabled for this account"}},
				"denies API access",
			),
			({"status": 404, "json": {"error": "Resource could not be found"}}, "account 3 has no inbox 7"),
		],
	)
	def test_to_be_mended(self, inbox, chatwoot, account, answer, sentence):
		chatwoot.get(f"{account}/inboxes/7", **answer)
		with pytest.raises(Permanent, match=sentence):
			inbox.check()

	@pytest.mark.parametrize(
		("attributes", "hours"),
		[
			({"additional_attributes": {"agent_reply_time_window": 24}}, 24),
			({"additional_attributes": {"agent_reply_time_window": "48"}}, 48),
			({"agent_reply_time_window": 24}, 24),
		],
	)
	def test_a_reply_window(self, inbox, chatwoot, account, attributes, hours):
		answer = {"id": 7, "channel_type": "Channel::Api", **attributes}
		chatwoot.get(f"{account}/inboxes/7", json=answer)
		with pytest.raises(Permanent) as raised:
			inbox.check()
		assert raised.value.reason == (
			f"the inbox has a reply window of {hours} hours: agents cannot answer after it; "
			"clear it in the inbox's settings"
		)

	@pytest.mark.parametrize("window", [None, "", 0, -1, "soon", True, [24], "²", {}])
	def test_no_reply_window(self, inbox, chatwoot, account, window):
		answer = {
			"channel_type": "Channel::Api",
			"additional_attributes": {"agent_reply_time_window": window},
		}
		chatwoot.get(f"{account}/inboxes/7", json=answer)
		inbox.check()

	def test_the_wrong_type_is_said_before_the_reply_window(self, inbox, chatwoot, account):
		answer = {"channel_type": "Channel::Sms", "additional_attributes": {"agent_reply_time_window": 24}}
		chatwoot.get(f"{account}/inboxes/7", json=answer)
		with pytest.raises(Permanent, match="wrong type"):
			inbox.check()

	def test_unreachable(self, inbox, chatwoot, account):
		chatwoot.get(f"{account}/inboxes/7", status=502)
		with pytest.raises(Retriable):
			inbox.check()


def test_a_slash_after_the_address(session, chatwoot, account):
	chatwoot.get(f"{account}/inboxes/7", body=json.dumps({"channel_type": "Channel::Api"}))
	ChatwootInbox(replace(session, chatwoot_url=" https://chat.example.com/ ")).check()
