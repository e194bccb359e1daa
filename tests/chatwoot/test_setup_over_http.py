"""The client sets up inboxes in the sandbox's Chatwoot over HTTP, and the fake account behaves as that does."""

from dataclasses import replace
from datetime import datetime, timezone

import pytest
import requests

from wuzapi_chatwoot.bridge.model.errors import (
	BridgeError,
	NotFound,
	Permanent,
	Retriable,
	TokenRefused,
	Uncertain,
)
from wuzapi_chatwoot.bridge.model.session import Secret
from wuzapi_chatwoot.bridge.ports.chatwoot_setup import ChatwootUser, Inbox, Membership, TokenOwner
from wuzapi_chatwoot.chatwoot import ChatwootAccount, ProfileOfToken, new_http
from wuzapi_chatwoot.sandbox import defaults
from wuzapi_chatwoot.sandbox.process import SandboxProcess
from wuzapi_chatwoot.testkit.twins.fake_chatwoot_setup import FakeChatwootSetup

pytestmark = pytest.mark.processes
CALLBACK = "https://bridge.example.com/hook/1"
ADMINISTRATOR = ChatwootUser(defaults.BRIDGE_USER_ID, defaults.BRIDGE_USER_NAME, administrator=True)
AGENT = ChatwootUser(defaults.AGENT_ID, defaults.AGENT_NAME, administrator=False)
BASE = f"/api/v1/accounts/{defaults.ACCOUNT_ID}/inboxes"


class World:
	"""The sandbox's Chatwoot, and what people and faults do to it."""

	def __init__(self, sandbox, http):
		self.sandbox = sandbox
		self.http = http

	def account(self, token=defaults.CHATWOOT_TOKEN, account_id=defaults.ACCOUNT_ID):
		return ChatwootAccount(self.sandbox.chatwoot, Secret(token), account_id, self.http)

	def as_agent(self):
		return self.account(defaults.CHATWOOT_AGENT_TOKEN)

	def by_hand(self, method, path, body=None):
		headers = {"api-access-token": defaults.CHATWOOT_TOKEN}
		url = self.sandbox.chatwoot + BASE + path
		answer = requests.request(method, url, json=body, headers=headers, timeout=5)
		answer.raise_for_status()
		return answer.json()

	def inbox(self, window=None):
		attributes = {"theirs": "kept"} | ({"agent_reply_time_window": window} if window else {})
		self.by_hand("PATCH", "/7", {"channel": {"additional_attributes": attributes}})
		return defaults.INBOX_ID

	def site(self):
		channel = {"type": "web_widget", "website_url": "https://shop.example.com"}
		return self.by_hand("POST", "", {"name": "Site", "channel": channel})["id"]

	def grow_old(self):
		self.sandbox.switch(chatwoot_version=defaults.CHATWOOT_VERSION_WITHOUT_SECRETS)

	def lose_an_answer(self):
		self.sandbox.switch(chatwoot_store_then_timeout={"count": 1, "mode": "drop"})

	def delete(self, id):
		self.by_hand("DELETE", f"/{id}")


class FakeWorld:
	"""The same of the fake."""

	def __init__(self):
		self.fake = FakeChatwootSetup(owner=ADMINISTRATOR)

	def account(self):
		self.fake.owner = ADMINISTRATOR
		return self.fake

	def as_agent(self):
		self.fake.owner, self.fake.member_of = AGENT, {1}
		return self.fake

	def inbox(self, window=None):
		return self.fake.have_inbox(defaults.INBOX_NAME, reply_window_hours=window).id

	def site(self):
		return self.fake.have_inbox("Site", is_api=False).id

	def grow_old(self):
		self.fake.has_secrets = False

	def lose_an_answer(self):
		self.fake.fail_next("create_inbox", Uncertain("Chatwoot broke off"), after_doing=True)

	def delete(self, id):
		del self.fake.account[id]


@pytest.fixture(scope="module")
def sandbox():
	with SandboxProcess(bridge_url="http://127.0.0.1:9") as process:
		yield process


@pytest.fixture
def real(sandbox):
	sandbox.control("reset", {})
	with new_http() as http:
		yield World(sandbox, http)


@pytest.fixture(params=["sandbox", "fake"])
def world(request):
	return FakeWorld() if request.param == "fake" else request.getfixturevalue("real")


def kind(call):
	with pytest.raises(BridgeError) as raised:
		call()
	return type(raised.value)


def test_an_inbox_from_its_making_to_its_end(world):
	setup = world.account()
	assert setup.user() == ADMINISTRATOR
	made = setup.create_inbox(" Loja \n 1", CALLBACK)
	assert made == Inbox(made.id, "Loja 1", is_api=True, callback=CALLBACK, secret=made.secret)
	assert made.secret
	assert setup.inbox(made.id) == made
	assert made in setup.inboxes()
	moved = setup.set_callback(made.id, CALLBACK + "2")
	assert moved == replace(made, callback=CALLBACK + "2") == setup.set_callback(made.id, CALLBACK + "2")
	renewed = setup.new_secret(made.id)
	assert renewed == replace(moved, secret=renewed.secret) == setup.inbox(made.id)
	assert renewed.secret != made.secret
	setup.delete_inbox(made.id)
	setup.delete_inbox(made.id)
	assert made.id not in [each.id for each in setup.inboxes()]


def test_a_lost_answer_leaves_an_inbox_that_its_callback_finds(world):
	setup = world.account()
	world.lose_an_answer()
	assert kind(lambda: setup.create_inbox("Loja", CALLBACK)) is Uncertain
	[found] = [each for each in setup.inboxes() if each.callback == CALLBACK]
	assert (found.name, found.is_api) == ("Loja", True)


def test_the_reply_window_goes(world):
	id = world.inbox(window=24)
	setup = world.account()
	before = setup.inbox(id)
	assert before.reply_window_hours == 24
	cleared = setup.clear_reply_window(id)
	assert cleared == replace(before, reply_window_hours=None) == setup.inbox(id)


def test_what_others_keep_in_the_inbox_stays(real):
	real.account().clear_reply_window(real.inbox(window=24))
	attributes = real.by_hand("GET", "/7")["additional_attributes"]
	assert attributes == {"theirs": "kept", "agent_reply_time_window": None}


def test_an_inbox_deleted_behind_our_back(world):
	setup = world.account()
	id = setup.create_inbox("Loja", CALLBACK).id
	world.delete(id)
	assert kind(lambda: setup.inbox(id)) is NotFound
	assert kind(lambda: setup.set_callback(id, CALLBACK)) is NotFound
	assert kind(lambda: setup.clear_reply_window(id)) is NotFound
	assert kind(lambda: setup.new_secret(id)) is NotFound
	setup.delete_inbox(id)


def test_another_type_is_shown_and_not_changed(world):
	setup, id = world.account(), world.site()
	assert setup.inbox(id) == Inbox(id, "Site", is_api=False)
	assert kind(lambda: setup.set_callback(id, CALLBACK)) is Permanent
	assert kind(lambda: setup.clear_reply_window(id)) is Permanent
	assert kind(lambda: setup.new_secret(id)) is Permanent


def test_an_old_chatwoot_has_no_secrets(world):
	world.grow_old()
	setup = world.account()
	made = setup.create_inbox("Loja", CALLBACK)
	assert made.secret is None
	with pytest.raises(Permanent, match=r"older than 4\.13\.0"):
		setup.new_secret(made.id)


def test_an_agent_sees_their_inboxes_without_secrets_and_changes_none(world):
	id = world.inbox(window=24)
	other = world.account().create_inbox("Other", CALLBACK).id
	full = world.account().inboxes()
	setup = world.as_agent()
	assert setup.user() == AGENT
	[seen] = setup.inboxes()
	assert seen == setup.inbox(id) == replace(next(each for each in full if each.id == id), secret=None)
	for call in (
		lambda: setup.create_inbox("Mine", CALLBACK),
		lambda: setup.set_callback(id, "https://other.example.com"),
		lambda: setup.clear_reply_window(id),
		lambda: setup.new_secret(id),
		lambda: setup.delete_inbox(id),
		lambda: setup.inbox(other),
	):
		assert kind(call) is Permanent
	assert world.account().inboxes() == full


class TestRefused:
	@pytest.mark.parametrize(
		("token", "words"),
		[("no", "copy it again"), (" ", "it did not arrive"), (defaults.CHATWOOT_BOT_TOKEN, "is a bot's")],
	)
	def test_tokens(self, real, token, words):
		setup = real.account(token)
		for call in (setup.user, setup.inboxes, lambda: setup.create_inbox("Loja", CALLBACK)):
			with pytest.raises(Permanent, match=words):
				call()

	@pytest.mark.parametrize(
		("account", "words"),
		[(defaults.FOREIGN_ACCOUNT_ID, "is not in this account"), (99, "Chatwoot has no account 99")],
	)
	def test_accounts(self, real, account, words):
		setup = real.account(account_id=account)
		with pytest.raises(Permanent, match=words):
			setup.inboxes()
		with pytest.raises(Permanent, match=rf"not in account {account} .* but in 3 \(Padaria Aurora Ltda\)"):
			setup.user()

	def test_states_of_an_account(self, real):
		setup = real.account()
		real.sandbox.switch(chatwoot_account="suspended")
		for call in (setup.user, setup.inboxes):
			with pytest.raises(Permanent, match="suspended in Chatwoot"):
				call()
		real.sandbox.switch(chatwoot_account="without_api")
		assert setup.user() == ADMINISTRATOR
		with pytest.raises(Permanent, match="its plan does not include it"):
			setup.inboxes()

	def test_another_server(self, real):
		elsewhere = ChatwootAccount(real.sandbox.gateway, Secret("no"), 3, real.http)
		for call in (elsewhere.user, elsewhere.clock):
			with pytest.raises(Retriable, match="not Chatwoot's API"):
				call()


def test_the_clock(real):
	# It is told in whole seconds.
	before = datetime.now(timezone.utc).replace(microsecond=0)
	told = real.account().clock()
	assert before <= told <= datetime.now(timezone.utc)


def test_the_accounts_of_a_tokens_owner(real):
	def owner(token=defaults.CHATWOOT_TOKEN):
		return ProfileOfToken(real.sandbox.chatwoot, Secret(token), real.http).owner()

	first = Membership(defaults.ACCOUNT_ID, defaults.ACCOUNT_NAME, administrator=True)
	assert owner() == TokenOwner(defaults.BRIDGE_USER_NAME, (first,))
	[agents] = owner(defaults.CHATWOOT_AGENT_TOKEN).accounts
	assert not agents.administrator
	real.sandbox.switch(chatwoot_second_account="agent", chatwoot_account="suspended")
	second = Membership(defaults.SECOND_ACCOUNT_ID, defaults.SECOND_ACCOUNT_NAME, administrator=False)
	assert owner().accounts == (replace(first, suspended=True), second)
	assert len(owner(defaults.CHATWOOT_AGENT_TOKEN).accounts) == 1
	other = ChatwootAccount(real.sandbox.chatwoot, Secret(defaults.CHATWOOT_TOKEN), second.id, real.http)
	assert other.inboxes() == []
	for token in ("wrong", defaults.CHATWOOT_BOT_TOKEN):
		with pytest.raises(TokenRefused):
			owner(token)
