"""What there is to choose in a Chatwoot and on a gateway, what of it may not be chosen, and where it is said what is wrong."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest

from wuzapi_chatwoot.bridge.model.addresses import Address
from wuzapi_chatwoot.bridge.model.errors import BridgeError, NotFound, Permanent, Retriable, TokenRefused
from wuzapi_chatwoot.bridge.model.session import Secret
from wuzapi_chatwoot.bridge.ports.chatwoot_setup import Membership
from wuzapi_chatwoot.bridge.ports.gateway_setup import WebhookSettings
from wuzapi_chatwoot.bridge.sessions.list_options import (
	holder_of_user,
	list_chatwoot,
	list_gateway,
	token_of_user,
)
from wuzapi_chatwoot.bridge.sessions.options import (
	AccountChoice,
	ChatwootChoices,
	Entry,
	GatewayChoices,
	InboxChoice,
	Posts,
	ResourceClaim,
	ResourceClaims,
	Target,
	Trouble,
	UserChoice,
)
from wuzapi_chatwoot.testkit.twins.fake_chatwoot_setup import FakeChatwootProfile, FakeChatwootSetup
from wuzapi_chatwoot.testkit.twins.fake_gateway_setup import FakeGatewayAdmin

GATEWAY, CHATWOOT = "http://gateway.example", "http://chatwoot.example"
OURS_AT = "https://bridge.example/hook?session=%s&token=Fictional-Proof"
FREE = Target(Posts.NOWHERE)


def whose(address: str) -> str | None:
	if not address.startswith("https://bridge.example/hook?"):
		return None
	return parse_qs(urlsplit(address).query)["session"][0]


def holding(
	session: str, *, token: str = "", inbox_id: int | None = None, account_id: int = 3
) -> ResourceClaim:
	secret = Secret(token or f"Fictional-{session}")
	return ResourceClaim(session, GATEWAY + "/", secret, CHATWOOT + "/", account_id, inbox_id)


def ours(*others: ResourceClaim) -> ResourceClaims:
	return ResourceClaims("workshop", others, whose)


class Chatwoot:
	def __init__(self) -> None:
		self.profile, self.setup = FakeChatwootProfile(), FakeChatwootSetup()
		self.asked: list[int] = []

	def account(self, id: int) -> FakeChatwootSetup:
		self.asked.append(id)
		return self.setup

	def lists(self, account_id: int | None = None, *others: ResourceClaim) -> ChatwootChoices:
		return list_chatwoot(self.profile, self.account, CHATWOOT, account_id, ours(*others))


@pytest.fixture
def chatwoot() -> Chatwoot:
	return Chatwoot()


# ---- accounts


def test_the_only_account_is_chosen_at_once(chatwoot: Chatwoot) -> None:
	chatwoot.setup.have_inbox("Shop")
	seen = chatwoot.lists()
	assert seen.accounts == (AccountChoice(3, "Padaria Aurora Ltda", administrator=True),)
	assert (seen.account_id, [each.name for each in seen.inboxes], seen.trouble) == (3, ["Shop"], None)
	assert chatwoot.asked == [3]


def test_of_several_accounts_somebody_chooses(chatwoot: Chatwoot) -> None:
	chatwoot.profile.accounts = (
		Membership(1, "Shop", administrator=True),
		Membership(2, "Club", administrator=False),
		Membership(3, "Old", administrator=True, suspended=True),
		Membership(4, "Bakery", administrator=True),
	)
	seen = chatwoot.lists()
	assert [(each.id, each.refusal) for each in seen.accounts] == [
		(1, ""),
		(2, "Bridge is no administrator there"),
		(3, "it is suspended in Chatwoot"),
		(4, ""),
	]
	assert (seen.account_id, seen.inboxes, seen.trouble, chatwoot.asked) == (None, (), None, [])
	assert chatwoot.lists(4).account_id == 4
	assert chatwoot.asked == [4]


@pytest.mark.parametrize(
	("accounts", "chosen", "entry", "sentence"),
	[
		((), None, Entry.TOKEN, "The access token's owner is in no account of this Chatwoot; invite them first."),
		(
			(Membership(3, "Shop", administrator=False),),
			None,
			Entry.TOKEN,
			"The access token's owner is no administrator of any account: take an administrator's access token.",
		),
		(
			(Membership(3, "Shop", administrator=True, suspended=True),),
			None,
			Entry.ACCOUNT,
			"Every account that the token's owner looks after is suspended; only who runs that Chatwoot can change it.",
		),
		(
			(Membership(3, "Shop", administrator=False),),
			3,
			Entry.TOKEN,
			"Bridge is no administrator of account 3: take an administrator's access token.",
		),
		(
			(Membership(3, "Shop", administrator=True, suspended=True),),
			3,
			Entry.ACCOUNT,
			"Account 3 is suspended in Chatwoot; only who runs that Chatwoot can change it.",
		),
		(
			(Membership(3, "Shop", administrator=True),),
			5,
			Entry.ACCOUNT,
			"Bridge is not in account 5 of this Chatwoot.",
		),
	],
)  # fmt: skip
def test_who_is_no_administrator_is_told_at_once(
	chatwoot: Chatwoot, accounts: tuple[Membership, ...], chosen: int | None, entry: Entry, sentence: str
) -> None:
	chatwoot.profile.accounts = accounts
	seen = chatwoot.lists(chosen)
	assert seen.trouble == Trouble(entry, sentence)
	assert [each.id for each in seen.accounts] == [each.id for each in accounts]
	assert chatwoot.asked == []


@pytest.mark.parametrize(
	("error", "entry"),
	[(TokenRefused("refused"), Entry.TOKEN), (Retriable("cannot be reached"), Entry.ADDRESS)],
)
def test_what_is_wrong_is_said_where_it_was_entered(
	chatwoot: Chatwoot, error: BridgeError, entry: Entry
) -> None:
	chatwoot.profile.fail_next("owner", error)
	assert chatwoot.lists() == ChatwootChoices(trouble=Trouble(entry, f"{error.reason.capitalize()}."))


@pytest.mark.parametrize(
	("error", "entry"), [(Permanent("no API"), Entry.ACCOUNT), (Retriable("broke off"), Entry.ADDRESS)]
)
def test_inboxes_that_cannot_be_read_leave_the_accounts(
	chatwoot: Chatwoot, error: BridgeError, entry: Entry
) -> None:
	chatwoot.setup.fail_next("inboxes", error)
	seen = chatwoot.lists()
	assert seen.trouble is not None
	assert (seen.account_id, len(seen.accounts), seen.trouble.entry) == (3, 1, entry)


# ---- inboxes


def test_inboxes_and_where_they_post(chatwoot: Chatwoot) -> None:
	for name, callback in {
		"A": "",
		"B": OURS_AT % "workshop",
		"C": OURS_AT % "front-desk",
		"D": "https://me:Fictional-Password@other.example:8443/hook/Fictional-Path?token=Fictional-Token",
		"E": OURS_AT % "deleted",
		"F": "http://[broken?token=Fictional-Token",
	}.items():
		chatwoot.setup.have_inbox(name, callback=callback)
	chatwoot.setup.have_inbox("Site", is_api=False)
	seen = chatwoot.lists(3, holding("front-desk", inbox_id=12))
	assert seen.inboxes == (
		InboxChoice(1, "A", True, FREE),
		InboxChoice(2, "B", True, Target(Posts.US)),
		# Left over: that session has another inbox today.
		InboxChoice(3, "C", True, Target(Posts.OURS, "front-desk")),
		InboxChoice(4, "D", True, Target(Posts.ELSEWHERE, "other.example:8443")),
		InboxChoice(5, "E", True, Target(Posts.ELSEWHERE, "bridge.example")),
		InboxChoice(6, "F", True, Target(Posts.ELSEWHERE, "[broken")),
		InboxChoice(7, "Site", False, FREE, "it is no API inbox"),
	)
	assert "Fictional-" not in repr(seen)


def test_an_inbox_of_another_session_is_taken(chatwoot: Chatwoot) -> None:
	used = chatwoot.setup.have_inbox("Used")
	begun = chatwoot.setup.have_inbox("Begun", callback=OURS_AT % "begun")
	elsewhere = chatwoot.setup.have_inbox("Same number, other account")
	seen = chatwoot.lists(
		3,
		holding("front-desk", inbox_id=used.id),
		holding("begun"),
		holding("other", inbox_id=elsewhere.id, account_id=4),
	)
	assert {each.id: each.refusal for each in seen.inboxes} == {
		used.id: "session front-desk uses it",
		begun.id: "session begun uses it",
		elsewhere.id: "",
	}


# ---- users of a gateway


def test_users_and_where_they_post() -> None:
	gateway = FakeGatewayAdmin()
	free = gateway.have_user("Free", Secret("Fictional-Free"))
	posting = WebhookSettings("https://other.example/hook?token=Fictional-Theirs", frozenset({"Message"}))
	paired = gateway.have_user("Paired", Secret("Fictional-Paired"), posting)
	paired.connect()
	paired.pair(Address.of_phone("+12025550100"))
	taken = gateway.have_user("Taken", Secret("Fictional-front-desk"))
	empty = gateway.have_user("Without", Secret(""))
	seen = list_gateway(gateway, GATEWAY, ours(holding("front-desk")))
	assert seen == GatewayChoices(
		(
			UserChoice(free.id, "Free", "", False, FREE),
			UserChoice(
				paired.id, "Paired", "+1 202-555-0100", True, Target(Posts.ELSEWHERE, "other.example")
			),
			UserChoice(taken.id, "Taken", "", False, FREE, "session front-desk uses it"),
			UserChoice(empty.id, "Without", "", False, FREE, "it has no token"),
		)
	)
	assert "Fictional-" not in repr(seen)


def test_while_a_code_is_on_screen_nobody_is_connected() -> None:
	gateway = FakeGatewayAdmin()
	gateway.have_user("New", Secret("Fictional-New")).connect()
	[user] = list_gateway(gateway, GATEWAY, ours()).users
	assert (user.connected, user.number) == (False, "")


@pytest.mark.parametrize(
	("error", "entry"),
	[
		(TokenRefused("refused"), Entry.TOKEN),
		(Retriable("no answer"), Entry.ADDRESS),
		(Permanent("something else"), Entry.ADDRESS),
	],
)
def test_a_gateway_that_does_not_tell(error: BridgeError, entry: Entry) -> None:
	gateway = FakeGatewayAdmin()
	gateway.fail_next("users", error)
	seen = list_gateway(gateway, GATEWAY, ours())
	assert seen == GatewayChoices(trouble=Trouble(entry, f"{error.reason.capitalize()}."))


def test_the_token_of_the_one_that_was_chosen() -> None:
	gateway = FakeGatewayAdmin()
	# By its id: another one may bear the same name.
	gateway.have_user("Shop", Secret("Fictional-Other"))
	chosen = gateway.have_user("Shop", Secret("Fictional-Chosen"))
	assert token_of_user(gateway, chosen.id, GATEWAY, ours()) == Secret("Fictional-Chosen")
	with pytest.raises(NotFound, match="no such user"):
		token_of_user(gateway, "Shop", GATEWAY, ours())
	taken = ours(holding("front-desk", token="Fictional-Chosen"))
	with pytest.raises(Permanent, match="user Shop cannot be chosen: session front-desk uses it"):
		token_of_user(gateway, chosen.id, GATEWAY, taken)
	assert holder_of_user("http://another.example", Secret("Fictional-Chosen"), taken) is None
