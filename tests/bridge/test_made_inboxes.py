"""Inboxes that were made for a session and left for another one: still its own, to be had again or to be removed."""

from __future__ import annotations

from dataclasses import replace

import pytest
from bridge.test_set_up_session import CALLBACK, WISHES, Both

from wuzapi_chatwoot.bridge.model.errors import Permanent
from wuzapi_chatwoot.bridge.sessions.set_up_session import undo_set_up
from wuzapi_chatwoot.bridge.sessions.setup_values import CreatedResources, MadeInbox, StepState


@pytest.fixture
def both() -> Both:
	"""Set up twice, the second time with a new inbox."""
	both = Both()
	both.run()
	makes_another(both)
	return both


def makes_another(both: Both) -> None:
	left = both.made.inbox_id
	both.made = both.made.leaving_inbox("WhatsApp front desk")
	both.run(replace(WISHES, left_inbox_id=left))


def test_each_is_remembered_and_a_third_one_is_made_though_two_post_to_us(both: Both) -> None:
	assert (both.made.inbox_id, both.made.earlier_inboxes) == (2, (MadeInbox(1, "WhatsApp front desk"),))
	makes_another(both)
	assert (both.made.inbox_id, [each.id for each in both.made.earlier_inboxes]) == (3, [1, 2])
	assert {inbox.callback for inbox in both.chatwoot.account.values()} == {CALLBACK}


def test_an_earlier_one_that_is_had_again_is_no_earlier_one_any_more(both: Both) -> None:
	both.made = both.made.leaving_inbox("WhatsApp front desk")
	assert both.run(replace(WISHES, inbox_id=1)).complete
	assert (both.made.inbox_id, [each.id for each in both.made.earlier_inboxes]) == (1, [2])


def test_of_somebodys_own_inbox_nothing_is_remembered(both: Both) -> None:
	theirs = both.chatwoot.have_inbox("Sales")
	both.made = both.made.leaving_inbox("WhatsApp front desk")
	both.run(replace(WISHES, inbox_id=theirs.id))
	assert both.made.leaving_inbox("Sales") == both.made
	assert undo_set_up(both.made, both.gateway, both.chatwoot).left == CreatedResources()
	assert list(both.chatwoot.account) == [theirs.id]


def test_all_are_removed_but_those_that_others_have_or_that_cannot_be(both: Both) -> None:
	makes_another(both)
	both.chatwoot.fail_next("delete_inbox", Permanent("not allowed"))
	holder = {2: "office"}.get
	undone = undo_set_up(both.made, both.gateway, both.chatwoot, holder=holder)
	assert [(step.name, step.state, step.sentence) for step in undone.steps] == [
		("gateway user", StepState.DONE, "removed"),
		("Chatwoot inbox", StepState.FAILED, "not allowed"),
	]
	undone = undo_set_up(undone.left, both.gateway, both.chatwoot, holder=holder)
	assert [(step.name, step.state, step.sentence) for step in undone.steps] == [
		("Chatwoot inbox", StepState.DONE, "removed"),
		("Chatwoot inbox 1 (WhatsApp front desk)", StepState.DONE, "removed"),
		(
			"Chatwoot inbox 2 (WhatsApp front desk)",
			StepState.FOUND,
			"it stays: session office uses it",
		),
	]
	assert undone.left == CreatedResources(None, None, (MadeInbox(2, "WhatsApp front desk"),))
	assert list(both.chatwoot.account) == [2]
