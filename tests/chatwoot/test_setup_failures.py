"""Every way in which setting up can fail: the kind of error, and a sentence that says what to do."""

import pytest
import requests
import responses

from wuzapi_chatwoot.bridge.model.errors import NotFound, Permanent, Retriable, Uncertain
from wuzapi_chatwoot.bridge.model.session import Secret
from wuzapi_chatwoot.chatwoot import ChatwootAccount, new_http

ORIGIN = "https://chat.example.com"
PROFILE = f"{ORIGIN}/api/v1/profile"
INBOXES = f"{ORIGIN}/api/v1/accounts/3/inboxes"
CALLBACK = "https://bridge.example.com/hook/7"
API = {"id": 7, "name": "Loja", "channel_type": "Channel::Api", "webhook_url": "https://old.example.com"}
NOT_CHATWOOT = "what answered is not Chatwoot's API; check the address"
NO_ADMINISTRATOR = (
	"the Chatwoot token's user is no administrator of account 3: only an administrator may make and change "
	"inboxes. Take the token of one, or let the user become one"
)


@pytest.fixture
def setup():
	with new_http() as http:
		yield ChatwootAccount(ORIGIN, Secret("FictionalToken0001"), 3, http)


@pytest.fixture
def chatwoot():
	with responses.RequestsMock() as mock:
		yield mock


def raised_by(call):
	with pytest.raises(Exception) as raised:  # noqa: PT011 - the kind is what is compared
		call()
	return type(raised.value), raised.value.reason, raised.value.detail


REFUSED = [
	(
		401,
		{"error": "Invalid Access Token"},
		"Chatwoot refuses the access token; copy it again from the user's profile settings in Chatwoot",
	),
	(
		401,
		{"errors": ["You need to sign in or sign up before continuing."]},
		"Chatwoot refuses the access token: it did not arrive. Set one, or let the proxy before Chatwoot "
		"pass the header api-access-token",
	),
	(
		401,
		{"error": "Access to this endpoint is not authorized for bots"},
		"this access token is a bot's; take that of a user",
	),
	(
		401,
		{"error": "Account is suspended"},
		"this account is suspended in Chatwoot; only who runs that Chatwoot can change it",
	),
	(
		401,
		{"error": "You are not authorized to access this account"},
		"the Chatwoot token's user is not in this account; check the account's number, or invite the user",
	),
	(
		403,
		{"error": "API access is not enabled for this account"},
		"Chatwoot denies API access to this account: its plan does not include it; choose one that does",
	),
	(403, {"error": "Something new"}, "Chatwoot denies API access to this token"),
	(401, {"error": "Something new"}, "Chatwoot refuses the access token"),
]


@pytest.mark.parametrize(("status", "body", "reason"), REFUSED)
@pytest.mark.parametrize(
	("method", "url", "call"),
	[
		("GET", PROFILE, lambda setup: setup.user()),
		("GET", INBOXES, lambda setup: setup.inboxes()),
		("GET", f"{INBOXES}/7", lambda setup: setup.inbox(7)),
		("POST", INBOXES, lambda setup: setup.create_inbox("Loja", CALLBACK)),
		("POST", f"{INBOXES}/7/reset_secret", lambda setup: setup.new_secret(7)),
		("DELETE", f"{INBOXES}/7", lambda setup: setup.delete_inbox(7)),
	],
)
def test_who_is_refused_is_so_for_good(setup, chatwoot, method, url, call, status, body, reason):
	chatwoot.add(method, url, status=status, json=body)
	said = next(iter(body.values()))
	words = said if isinstance(said, str) else said[0]
	assert raised_by(lambda: call(setup)) == (Permanent, reason, f"{status} {words}")


LACKING = {"status": 401, "json": {"error": "You are not authorized to do this action"}}


class TestAgents:
	@pytest.mark.parametrize(
		("method", "path", "call"),
		[
			("POST", "", lambda setup: setup.create_inbox("Loja", CALLBACK)),
			("PATCH", "/7", lambda setup: setup.set_callback(7, CALLBACK)),
			("POST", "/7/reset_secret", lambda setup: setup.new_secret(7)),
			("DELETE", "/7", lambda setup: setup.delete_inbox(7)),
		],
	)
	def test_change_nothing(self, setup, chatwoot, method, path, call):
		if method == "PATCH":
			chatwoot.get(f"{INBOXES}/7", json=API)
		chatwoot.add(method, INBOXES + path, **LACKING)
		detail = "401 You are not authorized to do this action"
		assert raised_by(lambda: call(setup)) == (Permanent, NO_ADMINISTRATOR, detail)

	def test_do_not_see_every_inbox(self, setup, chatwoot):
		chatwoot.get(f"{INBOXES}/7", **LACKING)
		kind, reason, _ = raised_by(lambda: setup.inbox(7))
		assert (kind, reason) == (
			Permanent,
			"the Chatwoot token's user may not see inbox 7: add the user to it, or take the token of an "
			"administrator",
		)


class TestAccounts:
	@pytest.mark.parametrize(
		("accounts", "reason"),
		[
			(
				[{"id": 1, "name": "Loja", "role": "agent"}, {"id": 2}],
				"Ponte is not in account 3 of this Chatwoot, but in 1 (Loja), 2",
			),
			([], "Ponte is not in account 3 of this Chatwoot, nor in any other"),
			(
				[{"id": 3, "role": "administrator", "status": "suspended"}],
				"account 3 is suspended in Chatwoot; only who runs that Chatwoot can change it",
			),
		],
	)
	def test_of_the_profile(self, setup, chatwoot, accounts, reason):
		chatwoot.get(PROFILE, json={"id": 9, "name": "Ponte", "accounts": accounts})
		assert raised_by(setup.user) == (Permanent, reason, "")

	@pytest.mark.parametrize("make", [True, False])
	def test_that_are_not_there(self, setup, chatwoot, make):
		chatwoot.add(
			"POST" if make else "GET", INBOXES, status=404, json={"error": "Resource could not be found"}
		)
		kind, reason, _ = raised_by(lambda: setup.create_inbox("Loja", CALLBACK) if make else setup.inboxes())
		assert (kind, reason) == (Permanent, "Chatwoot has no account 3; check the account's number")


class TestWrongAddress:
	@pytest.mark.parametrize(
		"answer",
		[
			{"body": "<html>welcome</html>", "content_type": "text/html"},
			{"status": 404, "body": "404 page not found\n", "content_type": "text/plain"},
			{"status": 404, "json": {"code": 404, "error": "no such route", "success": False}},
			{"json": {"message": "hello"}},
			{"json": {"id": 9, "name": "somebody else's API"}},
			{"json": [1]},
		],
	)
	def test_something_else_answers(self, setup, chatwoot, answer):
		chatwoot.get(PROFILE, **answer)
		kind, reason, _ = raised_by(setup.user)
		assert (kind, reason) == (Retriable, NOT_CHATWOOT)

	@pytest.mark.parametrize("answer", [{"json": {"inboxes": []}}, {"body": ""}])
	def test_something_else_lists(self, setup, chatwoot, answer):
		chatwoot.get(INBOXES, **answer)
		kind, reason, _ = raised_by(setup.inboxes)
		assert (kind, reason) == (Retriable, NOT_CHATWOOT)

	def test_it_redirects(self, setup, chatwoot):
		chatwoot.get(PROFILE, status=301, headers={"Location": "https://new.example.com/api/v1/profile"})
		reason = "Chatwoot's address redirects; set the one it leads to"
		assert raised_by(setup.user) == (Retriable, reason, "301 new.example.com")

	@pytest.mark.parametrize("url", ["chat.example.com", "", "https://"])
	def test_it_is_none(self, url):
		account = ChatwootAccount(url, Secret("FictionalToken0001"), 3)
		for call in (account.user, account.inboxes, account.clock):
			kind, reason, _ = raised_by(call)
			assert (kind, reason) == (Retriable, "Chatwoot's address or token is not valid")


class TestCreation:
	def test_what_chatwoot_finds_wrong_is_told_in_its_words(self, setup, chatwoot):
		said = "Name should not start or end with symbols"
		chatwoot.post(INBOXES, status=422, json={"message": said, "attributes": ["name"]})
		reason = f"Chatwoot does not take this: {said}"
		assert raised_by(lambda: setup.create_inbox("(Loja", CALLBACK)) == (Permanent, reason, f"422 {said}")

	def test_the_plan_is_used_up(self, setup, chatwoot):
		said = "Account limit exceeded. Upgrade to a higher plan"
		chatwoot.post(INBOXES, status=402, json={"error": said})
		assert raised_by(lambda: setup.create_inbox("Loja", CALLBACK)) == (
			Permanent,
			"Chatwoot's plan for this account is used up: choose a larger one, or remove what is not needed",
			f"402 {said}",
		)

	@pytest.mark.parametrize(
		("answer", "kind"),
		[
			({"body": requests.ReadTimeout()}, Uncertain),
			({"status": 502}, Uncertain),
			({"status": 500}, Uncertain),
			({"body": requests.ConnectTimeout()}, Retriable),
			({"status": 429, "body": "Retry later\n"}, Retriable),
		],
	)
	def test_it_may_have_been_made(self, setup, chatwoot, answer, kind):
		chatwoot.post(INBOXES, **answer)
		assert raised_by(lambda: setup.create_inbox("Loja", CALLBACK))[0] is kind


@pytest.mark.parametrize("status", [500, 502, 503])
def test_chatwoot_is_away_in_the_middle(setup, chatwoot, status):
	chatwoot.get(f"{INBOXES}/7", json=API)
	chatwoot.patch(f"{INBOXES}/7", status=status)
	assert raised_by(lambda: setup.set_callback(7, CALLBACK))[0] is Retriable


def test_the_inbox_goes_in_the_middle(setup, chatwoot):
	chatwoot.get(f"{INBOXES}/7", json=API)
	chatwoot.patch(f"{INBOXES}/7", status=404, json={"error": "Resource could not be found"})
	detail = "404 Resource could not be found"
	wanted = (NotFound, "account 3 has no inbox 7 (any more)", detail)
	assert raised_by(lambda: setup.set_callback(7, CALLBACK)) == wanted
