"""Chatwoot's inboxes over HTTP: who may see and change them, their secrets, and what goes with a deleted one."""

import hashlib
import hmac

import pytest
import requests

from wuzapi_chatwoot.sandbox import defaults

NOT_ALLOWED = (401, {"error": "You are not authorized to do this action"})
NOT_FOR_BOTS = (401, {"error": "Access to this endpoint is not authorized for bots"})
NOT_FOUND = (404, {"error": "Resource could not be found"})
ONE = {
	"name": "Balcão",
	"channel": {"type": "api", "webhook_url": "https://bridge.example.com/hook/8"},
	"lock_to_single_conversation": False,
	"greeting_enabled": False,
}
WEBSITE = {"name": "Site", "channel": {"type": "web_widget", "website_url": "https://shop.example.com"}}


def shown(**changes):
	return {
		"avatar_url": "",
		"name": "Balcão",
		"channel_type": "Channel::Api",
		"greeting_enabled": False,
		"greeting_message": None,
		"working_hours_enabled": False,
		"enable_email_collect": True,
		"csat_survey_enabled": False,
		"enable_auto_assignment": True,
		"auto_assignment_config": {},
		"out_of_office_message": None,
		"timezone": "UTC",
		"callback_webhook_url": None,
		"allow_messages_after_resolved": True,
		"lock_to_single_conversation": False,
		"sender_name_type": "friendly",
		"business_name": None,
		"hmac_mandatory": False,
		"provider": None,
		"webhook_url": "https://bridge.example.com/hook/8",
		"additional_attributes": {},
		"hmac_token": "FictionalHmacToken000001",
		**changes,
	}


@pytest.fixture
def as_agent(sandbox, chatwoot):
	api = type(chatwoot)(sandbox.chatwoot, {"api-access-token": defaults.CHATWOOT_AGENT_TOKEN})
	yield api
	api.session.close()


@pytest.fixture
def as_bot(sandbox, chatwoot):
	api = type(chatwoot)(sandbox.chatwoot, {"api-access-token": defaults.CHATWOOT_BOT_TOKEN})
	yield api
	api.session.close()


@pytest.fixture
def inboxes(account):
	return f"{account.base}/inboxes"


def told(answer):
	return answer.status_code, answer.json()


def signed_with(receiver, secret):
	"""Whether the newest webhook bears the signature of this secret."""
	_, headers, body, _ = receiver.requests[-1]
	timed = headers["X-Chatwoot-Timestamp"].encode() + b"." + body
	wanted = "sha256=" + hmac.new(secret.encode(), timed, hashlib.sha256).hexdigest()
	return headers["X-Chatwoot-Signature"] == wanted


class TestWhoAsks:
	def test_profiles(self, chatwoot, as_agent, as_bot):
		def profile(id, name, email, role):
			accounts = [{"id": 3, "name": "Padaria Aurora Ltda", "role": role, "status": "active"}]
			profile = {"id": id, "name": name, "email": email, "account_id": 3, "role": role}
			return {**profile, "accounts": accounts}

		administrator = profile(9, "Ponte WhatsApp", "bridge@example.com", "administrator")
		agent = profile(5, "Rafael Lima", "rafael.lima@example.com", "agent")
		assert told(chatwoot("GET", "/api/v1/profile")) == (200, administrator)
		assert told(as_agent("GET", "/api/v1/profile")) == (200, agent)
		assert told(as_bot("GET", "/api/v1/profile")) == NOT_FOR_BOTS

	def test_bots_get_at_conversations_only(self, account, as_bot, inboxes):
		conversation = account.conversation()
		base = f"{account.base}/conversations/{conversation['id']}"
		assert as_bot("GET", base).status_code == 200
		assert as_bot("POST", f"{base}/messages", {"content": "Hello"}).status_code == 200
		assert told(as_bot("GET", f"{base}/messages")) == NOT_FOR_BOTS
		assert told(as_bot("GET", inboxes)) == NOT_FOR_BOTS

	def test_accounts(self, sandbox, chatwoot):
		foreign = (401, {"error": "You are not authorized to access this account"})
		assert told(chatwoot("GET", "/api/v1/accounts/4/inboxes")) == foreign
		assert told(chatwoot("GET", "/api/v1/accounts/99/inboxes")) == NOT_FOUND
		sandbox.switch(chatwoot_account="suspended")
		assert told(chatwoot("GET", "/api/v1/accounts/3/inboxes")) == (401, {"error": "Account is suspended"})
		assert chatwoot("GET", "/api/v1/profile").json()["accounts"][0]["status"] == "suspended"
		sandbox.switch(chatwoot_account="without_api")
		gate = (403, {"error": "API access is not enabled for this account"})
		assert told(chatwoot("GET", "/api/v1/accounts/3/inboxes")) == gate
		assert chatwoot("GET", "/api/v1/profile").status_code == 200

	def test_only_administrators_delete(self, account, as_agent):
		contact = account.conversation()["meta"]["sender"]["id"]
		assert told(as_agent("DELETE", f"{account.base}/contacts/{contact}")) == NOT_ALLOWED


class TestCreate:
	def test_an_api_inbox(self, chatwoot, inboxes):
		made = chatwoot("POST", inboxes, ONE).json()
		id, secret, identifier = made["id"], made["secret"], made["inbox_identifier"]
		assert (len(secret), len(identifier)) == (24, 24)
		wanted = shown(id=id, channel_id=id - 3, secret=secret, inbox_identifier=identifier)
		assert made == wanted
		assert told(chatwoot("GET", f"{inboxes}/{id}")) == (200, wanted)
		listed = chatwoot("GET", inboxes).json()["payload"]
		assert [inbox["name"] for inbox in listed] == ["Balcão", defaults.INBOX_NAME]

	def test_a_website(self, chatwoot, inboxes):
		made = chatwoot("POST", inboxes, WEBSITE).json()
		assert made["channel_type"] == "Channel::WebWidget"
		assert not {"webhook_url", "secret", "hmac_token", "inbox_identifier"} & set(made)

	@pytest.mark.parametrize(
		("changes", "message", "attributes"),
		[
			({"name": " "}, "Name can't be blank", ["name"]),
			({"name": "n" * 256}, "Name is too long (maximum is 255 characters)", ["name"]),
			(
				{"channel": {"type": "api", "webhook_url": "https://b.example.com/" + "x" * 2048}},
				"Webhook url is too long (maximum is 2048 characters)",
				["webhook_url"],
			),
			({"channel": {"type": "pigeon"}}, "Channel must exist", ["channel"]),
		],
	)
	def test_what_breaks_a_rule_is_refused(self, chatwoot, inboxes, changes, message, attributes):
		answer = chatwoot("POST", inboxes, {**ONE, **changes})
		assert told(answer) == (422, {"message": message, "attributes": attributes})
		assert len(chatwoot("GET", inboxes).json()["payload"]) == 1

	def test_the_answer_may_be_lost(self, sandbox, chatwoot, inboxes):
		sandbox.switch(chatwoot_store_then_timeout={"count": 1, "mode": "drop"})
		with pytest.raises(requests.ConnectionError):
			chatwoot("POST", inboxes, ONE)
		assert len(chatwoot("GET", inboxes).json()["payload"]) == 2


class TestRoles:
	def test_an_agent_sees_only_their_inboxes_and_no_secrets(self, chatwoot, as_agent, inboxes):
		other = chatwoot("POST", inboxes, ONE).json()["id"]
		[seen] = as_agent("GET", inboxes).json()["payload"]
		assert seen["id"] == defaults.INBOX_ID
		assert not {"secret", "hmac_token"} & set(seen)
		assert told(as_agent("GET", f"{inboxes}/{defaults.INBOX_ID}")) == (200, seen)
		assert told(as_agent("GET", f"{inboxes}/{other}")) == NOT_ALLOWED

	@pytest.mark.parametrize(
		("method", "below"),
		[("POST", ""), ("PATCH", "/7"), ("PUT", "/7"), ("DELETE", "/7"), ("POST", "/7/reset_secret")],
	)
	def test_an_agent_changes_none(self, chatwoot, as_agent, inboxes, method, below):
		before = chatwoot("GET", inboxes).json()
		assert told(as_agent(method, inboxes + below, {**ONE, "name": "Mine"})) == NOT_ALLOWED
		assert chatwoot("GET", inboxes).json() == before


class TestChange:
	def test_attributes_are_replaced_and_the_rest_stays(self, chatwoot, inboxes):
		attributes = {"agent_reply_time_window": 24, "theirs": "kept"}
		made = chatwoot("POST", inboxes, ONE).json()
		path = f"{inboxes}/{made['id']}"
		changed = chatwoot("PATCH", path, {"channel": {"additional_attributes": attributes}}).json()
		assert changed == {**made, "additional_attributes": attributes}
		changed = chatwoot("PATCH", path, {"channel": {"webhook_url": "https://b.example.com/2"}}).json()
		wanted = {**made, "additional_attributes": attributes, "webhook_url": "https://b.example.com/2"}
		assert changed == wanted
		cleared = chatwoot("PATCH", path, {"channel": {"additional_attributes": {"theirs": "kept"}}}).json()
		assert cleared == {**wanted, "additional_attributes": {"theirs": "kept"}}
		renamed = chatwoot("PATCH", path, {"name": "Loja", "greeting_enabled": True}).json()
		assert renamed == {**cleared, "name": "Loja", "greeting_enabled": True}
		assert chatwoot("GET", path).json() == renamed

	def test_a_window_of_nothing_is_refused(self, chatwoot, inboxes):
		body = {"channel": {"additional_attributes": {"agent_reply_time_window": 0}}}
		assert chatwoot("PATCH", f"{inboxes}/7", body).status_code == 422


class TestSecrets:
	def test_what_is_sent_is_signed_with_the_present_one(
		self, chatwoot, account, receiver, forget_webhooks, inboxes
	):
		conversation = account.conversation()
		account.write(conversation, "one")
		receiver.wait("chatwoot", content="one")
		assert signed_with(receiver, defaults.CHATWOOT_SECRET)
		before = chatwoot("GET", f"{inboxes}/7").json()
		after = chatwoot("POST", f"{inboxes}/7/reset_secret").json()
		assert after == {**before, "secret": after["secret"]}
		assert after["secret"] != before["secret"]
		forget_webhooks()
		account.write(conversation, "two", private=True)
		receiver.wait("chatwoot", content="two")
		assert signed_with(receiver, after["secret"])

	def test_before_4_13_there_are_none(self, sandbox, chatwoot, account, receiver, inboxes):
		sandbox.switch(chatwoot_version="4.12.1")
		assert chatwoot("GET", "/api").json()["version"] == "4.12.1"
		assert "secret" not in chatwoot("GET", f"{inboxes}/7").json()
		missing = (404, {"status": 404, "error": "Not Found"})
		assert told(chatwoot("POST", f"{inboxes}/7/reset_secret")) == missing
		account.write(account.conversation(), "unsigned")
		receiver.wait("chatwoot", content="unsigned")
		names = {name for _, headers, _, _ in receiver.requests for name in headers}
		assert "X-Chatwoot-Delivery" in names
		assert not {"X-Chatwoot-Signature", "X-Chatwoot-Timestamp"} & names

	def test_only_api_inboxes_have_one(self, chatwoot, inboxes):
		made = chatwoot("POST", inboxes, WEBSITE).json()
		answer = chatwoot("POST", f"{inboxes}/{made['id']}/reset_secret")
		assert (answer.status_code, answer.content) == (404, b"")


class TestDelete:
	def test_everything_in_it_is_gone(self, chatwoot, account, inboxes):
		conversation = account.conversation()
		contact = conversation["meta"]["sender"]["id"]
		message = "Your inbox deletion request will be processed in some time."
		assert told(chatwoot("DELETE", f"{inboxes}/7")) == (200, {"message": message})
		for method, path in (
			("GET", f"{inboxes}/7"),
			("PATCH", f"{inboxes}/7"),
			("DELETE", f"{inboxes}/7"),
			("POST", f"{inboxes}/7/reset_secret"),
			("GET", f"{account.base}/conversations/{conversation['id']}"),
			("POST", f"{account.base}/conversations/{conversation['id']}/messages"),
		):
			assert told(chatwoot(method, path, {"content": "Hello"})) == NOT_FOUND
		body = {"inbox_id": 7, "contact_id": contact, "source_id": "447700900123@s.whatsapp.net"}
		assert chatwoot("POST", f"{account.base}/conversations", body).status_code == 404
		assert chatwoot("POST", f"{account.base}/contact_inboxes/filter", body).status_code == 404
		kept = chatwoot("GET", f"{account.base}/contacts/{contact}").json()["payload"]
		assert (kept["id"], kept["contact_inboxes"]) == (contact, [])
		assert told(chatwoot("GET", inboxes)) == (200, {"payload": []})

	def test_its_number_is_not_given_again(self, chatwoot, inboxes):
		first = chatwoot("POST", inboxes, ONE).json()["id"]
		chatwoot("DELETE", f"{inboxes}/{first}")
		chatwoot("DELETE", f"{inboxes}/7")
		assert chatwoot("POST", inboxes, ONE).json()["id"] == first + 1
