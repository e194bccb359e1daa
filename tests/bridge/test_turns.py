"""Whose turn it is: in their order, and few of one gateway, or of one Chatwoot, at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import pytest
from bridge_world import World

from wuzapi_chatwoot.bridge.guards.concurrency_limits import (
	AT_ONCE_ON_ONE_CHATWOOT,
	AT_ONCE_ON_ONE_GATEWAY,
	in_turn,
	in_turn_at_chatwoot,
)
from wuzapi_chatwoot.bridge.model.records import Session


@pytest.fixture
def slow(world: World) -> list[Session]:
	return [replace(world.session, name=f"slow-{n}", gateway_url="http://slow.example") for n in range(9)]


@pytest.fixture
def quick(world: World) -> list[Session]:
	return [replace(world.session, name=f"quick-{n}", gateway_url="http://quick.example") for n in range(2)]


def names(found: Iterable[Session]) -> list[str]:
	return [session.name for session in found]


def test_they_come_in_their_order_as_far_as_their_gateway_has_room(slow, quick):
	waiting = [*slow[:6], *quick, *slow[6:]]
	assert names(in_turn(waiting, [])) == names([*slow[:AT_ONCE_ON_ONE_GATEWAY], *quick])


def test_those_that_are_being_looked_at_take_room(slow, quick):
	assert names(in_turn([*slow[4:], *quick], slow[:4])) == names(quick)
	assert names(in_turn(slow[3:], slow[:3])) == ["slow-3"]


def test_at_chatwoot_its_address_counts_whatever_the_account_and_the_gateway(slow, quick):
	accounts = [replace(each, account_id=number) for number, each in enumerate([*slow, *quick])]
	other = replace(quick[0], name="other", chatwoot_url="http://other.example")
	assert names(in_turn_at_chatwoot([*accounts, other], [])) == names(
		[*accounts[:AT_ONCE_ON_ONE_CHATWOOT], other]
	)
	assert names(in_turn_at_chatwoot([*accounts[1:], other], accounts[:1])) == names([accounts[1], other])
