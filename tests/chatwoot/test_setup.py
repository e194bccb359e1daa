"""Setting up an account: what is asked of Chatwoot, and what is read from its answers. Failures are elsewhere."""

import json
from datetime import datetime, timezone

import pytest
import responses

from wuzapi_chatwoot.bridge.model.errors import Fault, NotFound, Permanent, Retriable, Uncertain
from wuzapi_chatwoot.bridge.model.session import Secret
from wuzapi_chatwoot.bridge.ports.chatwoot_setup import ChatwootSetup, ChatwootUser, Inbox
from wuzapi_chatwoot.chatwoot import ChatwootAccount, new_http

ORIGIN = "https://chat.example.com"
PROFILE = f"{ORIGIN}/api/v1/profile"
INBOXES = f"{ORIGIN}/api/v1/accounts/3/inboxes"
CALLBACK = "https://bridge.example.com/hook/7"
ANSWER = {
	"id": 7,
	"avatar_url": "",
	"channel_id": 4,
	"name": "WhatsApp Vendas",
	"channel_type": "Channel::Api",
	"greeting_enabled": False,
	"callback_webhook_url": None,
	"lock_to_single_conversation": False,
	"webhook_url": CALLBACK,
	"inbox_identifier": "FictionalInboxIdent0001",
	"additional_attributes": {},
	"hmac_mandatory": False,
	"hmac_token": "FictionalHmacToken000001",
	"secret": "FictionalInboxSecret0001",
	"provider": None,
}
READ = Inbox(
	id=7,
	name="WhatsApp Vendas",
	is_api=True,
	callback=CALLBACK,
	secret=Secret("FictionalInboxSecret0001"),
	reply_window_hours=None,
)
WEBSITE = {
	"id": 9,
	"name": "Site",
	"channel_type": "Channel::WebWidget",
	"website_url": "https://x.example.com",
}


@pytest.fixture
def setup():
	with new_http() as http:
		yield ChatwootAccount(f" {ORIGIN}/ ", Secret(" FictionalToken0001 "), 3, http)


@pytest.fixture
def asked(chatwoot):
	"""What was asked, in order: method, address, body."""

	def told():
		return [
			(
				call.request.method,
				call.request.url,
				json.loads(call.request.body) if call.request.body else None,
			)
			for call in chatwoot.calls
		]

	return told


@pytest.fixture
def chatwoot():
	"""Register answers here; each must be asked for. The schema of the other tests is of one inbox's calls."""
	with responses.RequestsMock() as mock:
		yield mock


def test_it_is_what_the_bridge_asks_for(setup):
	port: ChatwootSetup = setup
	wanted = {name for name in vars(ChatwootSetup) if not name.startswith("_")}
	assert {name for name in dir(port) if not name.startswith("_")} == wanted


class TestUser:
	@pytest.mark.parametrize(
		("role", "administrator"), [("administrator", True), ("agent", False), (None, False), (1, False)]
	)
	def test_role_in_this_account(self, setup, chatwoot, role, administrator):
		accounts = [{"id": 1, "role": "administrator"}, {"id": 3, "name": "Padaria", "role": role}]
		chatwoot.get(PROFILE, json={"id": 9, "name": "Ponte", "role": "agent", "accounts": accounts})
		assert setup.user() == ChatwootUser(9, "Ponte", administrator)
		[call] = chatwoot.calls
		headers = call.request.headers
		assert (headers["api-access-token"], headers["Accept"]) == ("FictionalToken0001", "application/json")

	def test_without_a_name(self, setup, chatwoot):
		accounts = [{"id": 3, "role": "agent", "status": "active"}]
		chatwoot.get(PROFILE, json={"id": 9, "name": None, "email": "b@example.com", "accounts": accounts})
		assert setup.user() == ChatwootUser(9, "b@example.com", administrator=False)


class TestClock:
	NOON = datetime(2026, 9, 1, 12, 0, 5, tzinfo=timezone.utc)

	@pytest.mark.parametrize(
		("timestamp", "date", "told"),
		[
			("2026-09-01 12:00:05", "Tue, 01 Sep 2026 11:00:00 GMT", NOON),
			("2026-09-01T12:00:05.900Z", None, NOON),
			("now", "Tue, 01 Sep 2026 12:00:05 GMT", NOON),
			(None, "Tue, 01 Sep 2026 14:00:05 +0200", NOON),
			(None, "Tue, 01 Sep 2026 12:00:05 -0000", NOON),
			(None, "noon", None),
			(None, None, None),
		],
	)
	def test_is_chatwoots_own_or_that_of_its_answer(self, setup, chatwoot, timestamp, date, told):
		headers = {"Date": date} if date else {}
		chatwoot.get(f"{ORIGIN}/api", json={"version": "4.16.2", "timestamp": timestamp}, headers=headers)
		assert setup.clock() == told
		[call] = chatwoot.calls
		assert "api-access-token" not in call.request.headers

	@pytest.mark.parametrize(
		"answer",
		[{"body": "<html>", "content_type": "text/html"}, {"status": 404, "json": {"error": "no route"}}],
	)
	def test_of_something_else(self, setup, chatwoot, answer):
		chatwoot.get(f"{ORIGIN}/api", **answer)
		with pytest.raises(Retriable, match="not Chatwoot's API"):
			setup.clock()


class TestReading:
	def test_all(self, setup, chatwoot):
		agents = {key: value for key, value in ANSWER.items() if key not in ("secret", "hmac_token")}
		window = {"agent_reply_time_window": "24"}
		odd = {"id": 12, "name": 5, "channel_type": "Channel::Api", "webhook_url": None, "secret": ""}
		listed = [
			ANSWER,
			{**agents, "id": 8},
			WEBSITE,
			{**ANSWER, "id": 10, "additional_attributes": window},
			{**ANSWER, "id": None},
			"odd",
			odd,
		]
		chatwoot.get(INBOXES, json={"payload": listed})
		name, secret = READ.name, READ.secret
		assert setup.inboxes() == [
			READ,
			Inbox(8, name, is_api=True, callback=CALLBACK),
			Inbox(9, "Site", is_api=False),
			Inbox(10, name, is_api=True, callback=CALLBACK, secret=secret, reply_window_hours=24),
			Inbox(12, "", is_api=True),
		]

	def test_one(self, setup, chatwoot):
		chatwoot.get(f"{INBOXES}/7", json=ANSWER)
		assert setup.inbox(7) == READ

	def test_one_of_another_type(self, setup, chatwoot):
		chatwoot.get(f"{INBOXES}/9", json={**WEBSITE, "webhook_url": "https://x", "secret": "s"})
		assert setup.inbox(9) == Inbox(9, "Site", is_api=False)


class TestCreate:
	def test_what_is_asked_for(self, setup, chatwoot, asked):
		chatwoot.post(INBOXES, json=ANSWER)
		assert setup.create_inbox(" WhatsApp\nVendas\x00 ", f" {CALLBACK} ") == READ
		body = {
			"name": "WhatsApp Vendas",
			"channel": {"type": "api", "webhook_url": CALLBACK},
			"lock_to_single_conversation": False,
			"greeting_enabled": False,
			"working_hours_enabled": False,
			"csat_survey_enabled": False,
		}
		assert asked() == [("POST", INBOXES, body)]

	def test_an_answer_without_an_id(self, setup, chatwoot):
		chatwoot.post(INBOXES, json={})
		with pytest.raises(Uncertain) as raised:
			setup.create_inbox("Loja", CALLBACK)
		assert (raised.value.reason, raised.value.fault) == (
			"Chatwoot did not name the inbox it made",
			Fault.UNWELL,
		)

	@pytest.mark.parametrize(
		("name", "reason"),
		[
			(" \n", "the inbox needs a name"),
			("n" * 256, "the inbox's name is too long: 256 characters of at most 255"),
		],
	)
	def test_a_name_that_cannot_be(self, setup, chatwoot, name, reason):
		with pytest.raises(Permanent) as raised:
			setup.create_inbox(name, CALLBACK)
		assert raised.value.reason == reason

	@pytest.mark.parametrize("make", [True, False])
	@pytest.mark.parametrize(
		("callback", "reason"),
		[
			(
				"https://b.example.com/" + "x" * 2027,
				"the callback address is too long for Chatwoot: 2049 characters of at most 2048",
			),
			*(
				(
					odd,
					"the callback address is none that Chatwoot can post to: it begins with http:// or https://",
				)
				for odd in (
					"bridge.example.com/hook",
					"ftp://b.example.com",
					"https://",
					"https://b.example.com:port/",
					"https://b.example.com/a b",
					"https://[::1/",
				)
			),
		],
	)
	def test_a_callback_that_cannot_be(self, setup, chatwoot, make, callback, reason):
		with pytest.raises(Permanent) as raised:
			setup.create_inbox("Loja", callback) if make else setup.set_callback(7, callback)
		assert raised.value.reason == reason


class TestCallback:
	def test_is_set_and_nothing_else(self, setup, chatwoot, asked):
		longest = "https://user:pass@b.example.com/" + "x" * 2016
		chatwoot.get(f"{INBOXES}/7", json=ANSWER)
		chatwoot.patch(f"{INBOXES}/7", json={**ANSWER, "webhook_url": longest})
		assert setup.set_callback(7, longest) == Inbox(7, READ.name, True, longest, READ.secret)
		assert asked() == [
			("GET", f"{INBOXES}/7", None),
			("PATCH", f"{INBOXES}/7", {"channel": {"webhook_url": longest}}),
		]

	def test_is_turned_off(self, setup, chatwoot, asked):
		chatwoot.get(f"{INBOXES}/7", json=ANSWER)
		chatwoot.patch(f"{INBOXES}/7", json={**ANSWER, "webhook_url": None})
		assert setup.set_callback(7, "").callback == ""
		assert asked()[1][2] == {"channel": {"webhook_url": ""}}

	def test_is_left_as_it_is(self, setup, chatwoot):
		chatwoot.get(f"{INBOXES}/7", json=ANSWER)
		assert setup.set_callback(7, CALLBACK) == READ

	def test_that_is_not_kept(self, setup, chatwoot):
		chatwoot.get(f"{INBOXES}/7", json=ANSWER)
		chatwoot.patch(f"{INBOXES}/7", json=ANSWER)
		with pytest.raises(Permanent, match="did not keep it; set it in the inbox's settings"):
			setup.set_callback(7, "https://b.example.com")


class TestReplyWindow:
	def test_goes_and_what_others_keep_there_stays(self, setup, chatwoot, asked):
		others = {"message_templates": [{"name": "a"}], "agent_reply_time_window_message": "Too late"}
		windowed = {**ANSWER, "additional_attributes": {"agent_reply_time_window": 24, **others}}
		cleared = {"agent_reply_time_window": None, **others}
		chatwoot.get(f"{INBOXES}/7", json=windowed)
		chatwoot.patch(f"{INBOXES}/7", json={**ANSWER, "additional_attributes": cleared})
		assert setup.clear_reply_window(7) == READ
		assert asked() == [
			("GET", f"{INBOXES}/7", None),
			("PATCH", f"{INBOXES}/7", {"channel": {"additional_attributes": cleared}}),
		]

	def test_that_is_not_there(self, setup, chatwoot):
		chatwoot.get(f"{INBOXES}/7", json=ANSWER)
		assert setup.clear_reply_window(7) == READ

	def test_that_stays(self, setup, chatwoot):
		windowed = {**ANSWER, "additional_attributes": {"agent_reply_time_window": 24}}
		chatwoot.get(f"{INBOXES}/7", json=windowed)
		chatwoot.patch(f"{INBOXES}/7", json=windowed)
		with pytest.raises(Permanent, match="did not keep it"):
			setup.clear_reply_window(7)


class TestSecret:
	def test_a_new_one(self, setup, chatwoot, asked):
		chatwoot.post(f"{INBOXES}/7/reset_secret", json={**ANSWER, "secret": "Another"})
		assert setup.new_secret(7) == Inbox(7, READ.name, True, CALLBACK, Secret("Another"))
		assert asked() == [("POST", f"{INBOXES}/7/reset_secret", {})]

	@pytest.mark.parametrize("answer", [{"json": {"status": 404, "error": "Not Found"}}, {}])
	def test_an_old_chatwoot_has_none(self, setup, chatwoot, answer):
		chatwoot.post(f"{INBOXES}/7/reset_secret", status=404, **answer)
		chatwoot.get(f"{INBOXES}/7", json=ANSWER)
		with pytest.raises(Permanent, match=r"older than 4\.13\.0: its inboxes have no secret") as raised:
			setup.new_secret(7)
		assert type(raised.value) is Permanent

	def test_none_is_shown(self, setup, chatwoot):
		chatwoot.post(f"{INBOXES}/7/reset_secret", json={**ANSWER, "secret": None})
		with pytest.raises(Permanent, match="have no secret"):
			setup.new_secret(7)


class TestDelete:
	@pytest.mark.parametrize("answer", [{"json": {"message": "in some time"}}, {"body": b""}])
	def test_it_is_asked_for(self, setup, chatwoot, asked, answer):
		chatwoot.delete(f"{INBOXES}/7", **answer)
		setup.delete_inbox(7)
		assert asked() == [("DELETE", f"{INBOXES}/7", None)]

	def test_it_is_gone_already(self, setup, chatwoot):
		chatwoot.delete(f"{INBOXES}/7", status=404, json={"error": "Resource could not be found"})
		setup.delete_inbox(7)


GONE = {"status": 404, "json": {"error": "Resource could not be found"}}


@pytest.mark.parametrize(
	("method", "path", "call"),
	[
		("GET", "/7", lambda setup: setup.inbox(7)),
		("GET", "/7", lambda setup: setup.set_callback(7, CALLBACK)),
		("GET", "/7", lambda setup: setup.clear_reply_window(7)),
		("both", "/7", lambda setup: setup.new_secret(7)),
	],
)
def test_an_inbox_deleted_behind_our_back(setup, chatwoot, method, path, call):
	chatwoot.get(INBOXES + path, **GONE)
	if method == "both":
		chatwoot.post(f"{INBOXES}/7/reset_secret", **GONE)
	with pytest.raises(NotFound) as raised:
		call(setup)
	assert raised.value.reason == "account 3 has no inbox 7 (any more)"


@pytest.mark.parametrize(
	"call",
	[
		lambda setup: setup.set_callback(9, CALLBACK),
		lambda setup: setup.clear_reply_window(9),
		lambda setup: setup.new_secret(9),
	],
)
def test_an_inbox_of_another_type_is_not_touched(setup, chatwoot, call):
	chatwoot.get(f"{INBOXES}/9", json=WEBSITE)
	chatwoot.assert_all_requests_are_fired = False
	chatwoot.post(f"{INBOXES}/9/reset_secret", status=404)
	with pytest.raises(Permanent) as raised:
		call(setup)
	assert raised.value.reason == (
		"inbox 9 is of the wrong type: it must be an API inbox. Choose another, or let a new one be made"
	)
	assert raised.value.detail == "Channel::WebWidget"
