"""What changed about people and groups: odd and partial webhooks of pictures, groups and calls."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest

from wuzapi_chatwoot.bridge.model.addresses import Address
from wuzapi_chatwoot.bridge.model.events import Call, GatewayNotice, GroupChanged, PictureChanged
from wuzapi_chatwoot.gateways.wuzapi import connector

ANA = Address("447700900123", "s.whatsapp.net")
ANA_LID = Address("222200002222000", "lid")
BEN = Address("447700900456", "s.whatsapp.net")
BEN_LID = Address("333300003333000", "lid")
GROUP = Address("120363000000000001", "g.us")
AT = datetime(2026, 3, 14, 10, 21, 7, tzinfo=timezone.utc)
NO_TIME = datetime(1970, 1, 1, tzinfo=timezone.utc)
JOIN = {"JID": str(GROUP), "Join": [str(ANA_LID)], "Timestamp": "2026-03-14T10:21:07Z"}


@pytest.fixture
def read(as_json):
	def read(kind, event):
		reading = connector.read(as_json({"type": kind, "event": event}))
		assert connector.parse(reading.payload) == reading.event
		return reading.event

	return read


def test_a_picture_of_nobody_is_a_notice(read):
	assert read("Picture", {"PictureID": "1"}) == GatewayNotice("Picture", None)
	assert read("Picture", {"JID": f"{ANA.user}:3@{ANA.server}"}) == PictureChanged(ANA, NO_TIME)


def test_many_join_and_leave_at_once(read):
	changed = read(
		"GroupInfo",
		JOIN
		| {
			"Join": [str(ANA_LID), "nobody", 7, str(BEN)],
			"Leave": ["444400004444000:2@lid"],
			"Name": {"Name": "New name"},
			"ParticipantVersionID": "17",
			"Sender": f"{BEN_LID.user}:4@lid",
			"SenderPN": str(BEN),
		},
	)
	assert changed == GroupChanged(
		group=GROUP,
		id=changed.id,
		at=AT,
		by=BEN_LID,
		by_alt=BEN,
		joined=(ANA_LID, BEN),
		left=(Address("444400004444000", "lid"),),
		name="New name",
	)


@pytest.mark.parametrize(
	("sender", "sender_pn", "by", "by_alt"),
	[
		(str(BEN_LID), str(BEN), BEN_LID, BEN),
		(str(BEN_LID), "", BEN_LID, None),
		("", str(BEN), BEN, None),
		(None, str(BEN), BEN, None),
		(str(BEN), str(BEN), BEN, None),
		("", "", None, None),
	],
)
def test_who_changed_a_group(read, sender, sender_pn, by, by_alt):
	changed = read("GroupInfo", JOIN | {"Sender": sender, "SenderPN": sender_pn})
	assert (changed.by, changed.by_alt) == (by, by_alt)


def test_two_changes_of_one_second_have_two_ids(read):
	changes = [
		JOIN,
		JOIN | {"Join": [str(BEN_LID)]},
		JOIN | {"Join": None, "Leave": [str(ANA_LID)]},
		JOIN | {"Join": None, "Name": {"Name": "A"}},
		JOIN | {"Join": None, "Name": {"Name": "B"}},
		JOIN | {"Timestamp": "2026-03-14T10:21:08Z"},
		JOIN | {"Sender": str(BEN_LID)},
		JOIN | {"JID": "120363000000000002@g.us"},
		JOIN | {"ParticipantVersionID": "1773483667000000"},
		JOIN | {"ParticipantVersionID": "1773483667000000", "Join": None, "Leave": [str(ANA_LID)]},
	]
	ids = [read("GroupInfo", change).id for change in changes]
	assert len(set(ids)) == len(changes)
	assert ids == [read("GroupInfo", change | {"Notify": "Ben"}).id for change in changes]


@pytest.mark.parametrize(
	"event",
	[
		{"JID": str(GROUP), "Promote": [str(ANA_LID)]},
		{"JID": str(GROUP), "Join": [], "Leave": None, "Name": {"Name": ""}},
		{"JID": str(GROUP), "Join": "all", "Name": "text"},
	],
)
def test_of_other_changes_to_a_group_nothing_is_said(read, event):
	assert read("GroupInfo", event) == GatewayNotice("GroupInfo", GROUP)


def test_a_group_without_an_address_or_a_name(read):
	assert read("GroupInfo", {"Join": [str(ANA_LID)]}) == GatewayNotice("GroupInfo", None)
	assert read("JoinedGroup", {"JID": str(GROUP), "Name": ""}) == GatewayNotice("JoinedGroup", GROUP)
	assert read("JoinedGroup", {"Name": "Lost"}) == GatewayNotice("JoinedGroup", None)


@pytest.mark.parametrize(
	("event", "video"),
	[
		({"Media": "video"}, True),
		({"Media": "audio", "Data": {"Attrs": {"media": "video"}}}, False),
		({"Data": {"Attrs": {"media": "video"}, "Content": None}}, True),
		({"Data": {"Content": [{"Tag": "audio"}, "x", {"Tag": "video"}]}}, True),
		({"Data": {"Content": [{"Tag": "audio"}, {"Tag": "enc"}]}}, False),
		({"Data": {"Content": "JQ9p++z8JzT9krgII76jYmqc"}}, False),
		({"Data": "video"}, False),
		({}, False),
	],
)
def test_calls_with_a_picture(read, event, video):
	assert read("CallOffer", {"CallID": "C1", "From": str(ANA)} | event).video is video


def test_the_reason_of_an_end_that_only_the_node_tells(read):
	event = {"CallID": "C1", "From": str(ANA), "Data": {"Attrs": {"reason": "timeout"}}}
	assert read("CallTerminate", event) == Call("C1", ANA, NO_TIME, ended=True, reason="timeout")
