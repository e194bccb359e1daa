"""Setting up a session: what is missing is made, what is there is adopted, and it may be repeated from anywhere."""

from __future__ import annotations

from dataclasses import replace

import pytest

from wuzapi_chatwoot.bridge.model.errors import Permanent, Retriable, Uncertain
from wuzapi_chatwoot.bridge.model.records import Secret
from wuzapi_chatwoot.bridge.ports.chatwoot_setup import ChatwootUser
from wuzapi_chatwoot.bridge.ports.gateway_setup import WebhookSettings
from wuzapi_chatwoot.bridge.sessions.set_up_session import SetUpSession, inbox_to_type, undo_set_up
from wuzapi_chatwoot.bridge.sessions.setup_values import (
	CreatedResources,
	MadeInbox,
	SetUp,
	SetupRequest,
	Step,
	StepState,
	Tell,
	tell_nobody,
)
from wuzapi_chatwoot.testkit.twins.fake_chatwoot_setup import FakeChatwootSetup
from wuzapi_chatwoot.testkit.twins.fake_gateway_setup import FakeGatewayAdmin

TOKEN = Secret("token-of-the-front-desk")
KEY = Secret("k" * 32)
WEBHOOK = WebhookSettings(
	"https://bridge.example/webhooks/wuzapi?token=t", frozenset({"Message", "ReadReceipt"})
)
CALLBACK = "https://bridge.example/webhooks/chatwoot?session=front-desk&token=t"
WISHES = SetupRequest(
	name="front-desk",
	gateway_token=TOKEN,
	signing_key=KEY,
	webhook=WEBHOOK,
	callback=CALLBACK,
	inbox_name="WhatsApp front desk",
)


class Both:
	"""The two sides of one session to be."""

	def __init__(self) -> None:
		self.gateway = FakeGatewayAdmin()
		self.chatwoot = FakeChatwootSetup()
		self.made = CreatedResources()

	def run(self, wishes: SetupRequest = WISHES, *, admin: bool = True, tell: Tell = tell_nobody) -> SetUp:
		setup = self.gateway.setup(wishes.gateway_token)
		run = SetUpSession(
			wishes, setup, self.gateway if admin else None, self.chatwoot, self.made, tell
		).run()
		self.made = run.made
		return run


@pytest.fixture
def both() -> Both:
	return Both()


def states(run: SetUp) -> list[str]:
	return [step.state.value for step in run.steps]


def test_everything_is_made_and_a_repeat_finds_it_right(both: Both) -> None:
	first = both.run()
	assert first.complete
	[account] = both.gateway.accounts.values()
	assert (account.name, account.token, account.stored, account.used) == (
		"front-desk",
		TOKEN,
		WEBHOOK,
		WEBHOOK,
	)
	assert (account.used_key, account.delivers_media) == (KEY, True)
	[inbox] = both.chatwoot.account.values()
	assert (inbox.name, inbox.callback, inbox.reply_window_hours) == ("WhatsApp front desk", CALLBACK, None)
	assert (first.inbox_id, first.chatwoot_secret) == (inbox.id, inbox.secret)
	assert first.made == CreatedResources(account.id, inbox.id)

	second = both.run()
	assert second.complete
	assert (len(both.gateway.accounts), len(both.chatwoot.account)) == (1, 1)
	assert {step.name: step.state for step in second.steps} == {
		"Chatwoot account": StepState.FOUND,
		"gateway user": StepState.FOUND,
		# Which key is in use cannot be asked.
		"gateway signing key": StepState.DONE,
		# Nor which delivery.
		"gateway media delivery": StepState.DONE,
		"gateway webhook": StepState.FOUND,
		"Chatwoot inbox": StepState.FOUND,
		"Chatwoot callback": StepState.FOUND,
		"Chatwoot signing secret": StepState.FOUND,
		"Chatwoot reply window": StepState.FOUND,
	}
	assert second.made == first.made


def test_existing_ones_are_adopted_and_put_right(both: Both) -> None:
	both.gateway.have_user("old", TOKEN, delivers_media=False)
	inbox = both.chatwoot.have_inbox("By hand", reply_window_hours=24)
	run = both.run(replace(WISHES, inbox_id=inbox.id), admin=False)
	assert run.complete
	assert run.made == CreatedResources()
	[account] = both.gateway.accounts.values()
	assert (account.used, account.delivers_media) == (WEBHOOK, True)
	changed = both.chatwoot.account[inbox.id]
	assert (changed.callback, changed.reply_window_hours) == (CALLBACK, None)


def test_an_inbox_is_never_adopted_for_its_name(both: Both) -> None:
	both.chatwoot.have_inbox("WhatsApp front desk")
	both.run()
	assert len(both.chatwoot.account) == 2


@pytest.mark.parametrize("method", ["create_inbox"])
def test_what_was_made_without_our_hearing_of_it_is_found_again(both: Both, method: str) -> None:
	both.chatwoot.fail_next(method, Uncertain("no answer in time"), after_doing=True)
	first = both.run()
	assert not first.complete
	assert both.run().complete
	assert len(both.chatwoot.account) == 1


def test_a_user_made_without_our_hearing_of_it_is_found_by_its_token(both: Both) -> None:
	both.gateway.fail_next("create_user", Uncertain("no answer in time"), after_doing=True)
	assert states(both.run())[1:3] == ["failed", "left"]
	assert both.run().complete
	assert len(both.gateway.accounts) == 1


def test_a_gateway_that_goes_down_in_the_middle(both: Both) -> None:
	both.gateway.setup(TOKEN).fail_next("deliver_media", Retriable("The gateway does not answer"))
	both.gateway.have_user("old", TOKEN, delivers_media=False)
	run = both.run()
	assert states(run) == ["found", "found", "done", "failed", "left", "left", "left", "left", "left"]
	assert run.steps[3].sentence == "The gateway does not answer"
	assert both.chatwoot.account == {}
	assert both.run().complete


def test_no_administrator_of_chatwoot_is_told_so_before_anything_is_made(both: Both) -> None:
	both.chatwoot.owner = ChatwootUser(9, "Ana Agent", administrator=False)
	run = both.run()
	assert states(run) == ["failed", *["left"] * 8]
	assert run.steps[0].sentence == (
		"Ana Agent is no administrator of this account: take an administrator's access token"
	)
	assert both.gateway.accounts == {}


def test_what_serves_somebody_else_is_taken_over_only_when_that_is_confirmed(both: Both) -> None:
	other = WebhookSettings("https://other.example/hook?secret=1", frozenset({"All"}))
	both.gateway.have_user("old", TOKEN, other)
	inbox = both.chatwoot.have_inbox("Theirs", callback="https://other.example/chatwoot?secret=2")
	wishes = replace(WISHES, inbox_id=inbox.id)
	account = both.gateway.account_of(TOKEN)
	assert account is not None
	account.stored_key = account.used_key = Secret("their key")
	account.delivers_media = False
	run = both.run(wishes)
	# Both are told at once, and nothing has been touched.
	assert states(run) == ["found", "found", "left", "left", "failed", "left", "failed", "left", "left"]
	assert (account.used_key, account.delivers_media, account.stored) == (Secret("their key"), False, other)
	assert run.steps[4].sentence == (
		"this user posts to https://other.example/hook today: confirm that it shall post here instead"
	)
	account.stored = account.used = WEBHOOK
	run = both.run(wishes)
	assert account.used_key == Secret("their key")
	assert run.steps[6].sentence == (
		"inbox Theirs posts to https://other.example/chatwoot today: confirm that it shall post here instead"
	)
	assert both.chatwoot.account[inbox.id].callback.startswith("https://other.example")
	assert both.run(replace(wishes, take_over=True)).complete
	assert both.chatwoot.account[inbox.id].callback == CALLBACK


def test_what_is_chosen_and_serves_somebody_else_costs_no_new_user(both: Both) -> None:
	inbox = both.chatwoot.have_inbox("Theirs", callback="https://other.example/chatwoot?secret=2")
	run = both.run(replace(WISHES, inbox_id=inbox.id))
	assert states(run) == ["found", "left", "left", "left", "left", "left", "failed", "left", "left"]
	assert both.gateway.accounts == {}


def test_it_is_the_address_in_use_that_counts_too(both: Both) -> None:
	account = both.gateway.have_user("old", TOKEN)
	account.used = WebhookSettings("https://other.example/hook", frozenset({"All"}))
	assert states(both.run())[4] == "failed"
	assert not account.used_key


@pytest.mark.parametrize(
	("query", "told"),
	[
		("session=second&token=x", " (session second)"),
		("token=x", " (no session named)"),
		("session=front-desk&token=x", " (this session, with another token)"),
		("session=front-desk&token=t&x=1", " (this session, written in another way)"),
	],
)
def test_an_address_that_looks_like_ours_says_what_differs(both: Both, query: str, told: str) -> None:
	base = CALLBACK.partition("?")[0]
	inbox = both.chatwoot.have_inbox("Theirs", callback=f"{base}?{query}")
	run = both.run(replace(WISHES, inbox_id=inbox.id))
	assert run.steps[6].sentence.startswith(f"inbox Theirs posts to {base}{told} today: confirm that")
	assert "token=x" not in run.steps[6].sentence


def test_an_inbox_of_another_kind_is_refused(both: Both) -> None:
	inbox = both.chatwoot.have_inbox("E-mail", is_api=False)
	run = both.run(replace(WISHES, inbox_id=inbox.id))
	assert run.steps[5].sentence == f"inbox E-mail (number {inbox.id}) is no API inbox: choose one that is"


def test_an_inbox_that_we_made_and_somebody_deleted_is_made_again(both: Both) -> None:
	first = both.run()
	both.chatwoot.account.clear()
	second = both.run()
	assert second.complete
	assert second.inbox_id != first.inbox_id
	assert second.made.inbox_id == second.inbox_id


def test_an_inbox_that_somebody_named_and_deleted_is_not(both: Both) -> None:
	run = both.run(replace(WISHES, inbox_id=4711))
	assert (states(run)[5], both.chatwoot.account) == ("failed", {})


def test_an_old_chatwoot_has_no_secret(both: Both) -> None:
	both.chatwoot.has_secrets = False
	run = both.run()
	assert run.complete
	assert run.chatwoot_secret is None
	assert "older than 4.13" in run.steps[7].sentence


def test_undoing_removes_what_was_made_and_nothing_else(both: Both) -> None:
	both.run()
	both.gateway.have_user("other", Secret("other"))
	both.chatwoot.have_inbox("Other")
	undone = undo_set_up(both.made, both.gateway, both.chatwoot)
	assert [(step.name, step.state) for step in undone.steps] == [
		("gateway user", StepState.DONE),
		("Chatwoot inbox", StepState.DONE),
	]
	assert [account.name for account in both.gateway.accounts.values()] == ["other"]
	assert [inbox.name for inbox in both.chatwoot.account.values()] == ["Other"]
	assert undone.left == CreatedResources()
	assert undo_set_up(CreatedResources(), both.gateway, both.chatwoot).steps == ()


def test_each_step_is_told_before_it_is_worked(both: Both) -> None:
	told: list[tuple[tuple[Step, ...], int]] = []
	run = both.run(tell=lambda steps: told.append((steps, both.chatwoot.count())))
	assert [steps for steps, _ in told] == [
		(*run.steps[:place], Step(step.name, StepState.RUNNING)) for place, step in enumerate(run.steps)
	]
	# Nobody was asked before that was told.
	assert told[0][1] == 0


def test_of_steps_that_are_left_nothing_is_told_meanwhile(both: Both) -> None:
	both.chatwoot.fail_next("user", Permanent("no"))
	told: list[tuple[Step, ...]] = []
	assert len(both.run(tell=told.append).steps) == 9
	assert told == [(Step("Chatwoot account", StepState.RUNNING),)]


def test_undoing_is_told_in_the_same_way(both: Both) -> None:
	both.run()
	told: list[tuple[Step, ...]] = []
	user, _ = undo_set_up(both.made, both.gateway, both.chatwoot, told.append).steps
	assert told == [
		(Step("gateway user", StepState.RUNNING),),
		(user, Step("Chatwoot inbox", StepState.RUNNING)),
	]


def test_an_access_that_is_refused_keeps_everything(both: Both) -> None:
	"""Whatever it is, and though the other one is accepted."""
	both.run()
	for gateway, chatwoot, sentence in (
		(None, None, "removing a user takes the gateway administrator's token"),
		(Permanent("wrong token"), None, "wrong token"),
		(None, Permanent("wrong access token"), "wrong access token"),
	):
		if gateway is not None:
			both.gateway.fail_next("user", gateway)
		if chatwoot is not None:
			both.chatwoot.fail_next("user", chatwoot)
		admin = None if gateway is None and chatwoot is None else both.gateway
		undone = undo_set_up(both.made, admin, both.chatwoot)
		[step] = undone.steps
		assert (step.state, step.sentence) == (StepState.FAILED, sentence)
		assert undone.left == both.made
		assert (len(both.gateway.accounts), len(both.chatwoot.account)) == (1, 1)
	assert both.gateway.count("delete_user") + both.chatwoot.count("delete_inbox") == 0


def test_who_is_no_administrator_in_chatwoot_removes_nothing(both: Both) -> None:
	both.run()
	both.chatwoot.owner = ChatwootUser(9, "Ana Agent", administrator=False)
	[step] = undo_set_up(both.made, both.gateway, both.chatwoot).steps
	assert "no administrator" in step.sentence
	assert len(both.gateway.accounts) == 1


def test_the_first_failure_ends_the_undoing(both: Both) -> None:
	both.run()
	both.gateway.fail_next("delete_user", Permanent("not now"))
	undone = undo_set_up(both.made, both.gateway, both.chatwoot)
	assert [(step.name, step.state) for step in undone.steps] == [("gateway user", StepState.FAILED)]
	assert len(both.chatwoot.account) == 1
	assert undone.left == both.made


def test_the_name_of_the_inbox_that_goes_is_to_be_typed() -> None:
	made = CreatedResources("user-1", 3, (MadeInbox(1, "First"), MadeInbox(2, "Second")))
	assert inbox_to_type(made, "Third") == "Third"
	assert inbox_to_type(made, "Third", lambda inbox: "office" if inbox == 3 else None) == "Second"
	assert inbox_to_type(CreatedResources("user-1"), "Third") == ""
