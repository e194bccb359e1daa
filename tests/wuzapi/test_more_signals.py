"""Receipts, calls and session events of which no webhook was recorded, and odd ones."""

from __future__ import annotations

import json
from datetime import datetime, timezone

import pytest

from wuzapi_chatwoot.bridge.model.addresses import Address
from wuzapi_chatwoot.bridge.model.content import Undecryptable
from wuzapi_chatwoot.bridge.model.events import (
	Call,
	GatewayNotice,
	HistoryArrived,
	Nothing,
	Receipt,
	SessionChanged,
	SessionState,
	Status,
	UnknownEvent,
)
from wuzapi_chatwoot.gateways.wuzapi import connector

ANA = Address("447700900123", "s.whatsapp.net")
ANA_LID = Address("222200002222000", "lid")
AT = datetime(2026, 3, 14, 10, 21, 7, tzinfo=timezone.utc)

# Every event name that WuzAPI accepts in a subscription, from its section 2.3, but for `All`.
ACCEPTED = {
	"Message",
	"UndecryptableMessage",
	"Receipt",
	"MediaRetry",
	"ReadReceipt",
	"GroupInfo",
	"JoinedGroup",
	"Picture",
	"BlocklistChange",
	"Blocklist",
	"Connected",
	"Disconnected",
	"ConnectFailure",
	"KeepAliveRestored",
	"KeepAliveTimeout",
	"QRTimeout",
	"LoggedOut",
	"ClientOutdated",
	"TemporaryBan",
	"StreamError",
	"StreamReplaced",
	"PairSuccess",
	"PairError",
	"QR",
	"QRScannedWithoutMultidevice",
	"PrivacySettings",
	"PushNameSetting",
	"UserAbout",
	"AppState",
	"AppStateSyncComplete",
	"HistorySync",
	"OfflineSyncCompleted",
	"OfflineSyncPreview",
	"CallOffer",
	"CallAccept",
	"CallTerminate",
	"CallOfferNotice",
	"CallRelayLatency",
	"Presence",
	"ChatPresence",
	"IdentityChange",
	"CATRefreshError",
	"NewsletterJoin",
	"NewsletterLeave",
	"NewsletterMuteChange",
	"NewsletterLiveUpdate",
	"FBMessage",
}
# Those that are nothing without what they are about.
NEED_MORE = {
	"Message",
	"UndecryptableMessage",
	"Receipt",
	"ReadReceipt",
	"ChatPresence",
	"CallOffer",
	"CallOfferNotice",
	"CallTerminate",
}


@pytest.fixture
def read(as_json):
	def read(kind, event, **beside):
		reading = connector.read(as_json({"type": kind, "event": event, **beside}))
		assert connector.parse(reading.payload) == reading.event
		return reading.event

	return read


def test_every_kind_that_can_be_subscribed_to_is_known(read):
	for kind in sorted(ACCEPTED - NEED_MORE):
		assert not isinstance(read(kind, {}), UnknownEvent), kind


def test_notices_name_whom_they_are_about(read):
	assert read("NewsletterJoin", {"ID": "12@newsletter"}) == GatewayNotice(
		"NewsletterJoin", Address("12", "newsletter")
	)
	assert read("PrivacySettings", {"NewSettings": {}}) == GatewayNotice("PrivacySettings", None)
	two = {"Changes": [{"JID": str(ANA)}, {"JID": str(ANA_LID)}]}
	assert read("Blocklist", two) == GatewayNotice("Blocklist", None)


def test_view_once_that_only_the_phone_can_open(payloads, as_json):
	hook = json.loads((payloads / "undecryptable-message.json").read_bytes())
	hook["event"] |= {"IsUnavailable": True, "UnavailableType": "view_once"}

	assert connector.read(as_json(hook)).event.content == Undecryptable(view_once=True)


def test_receipt_of_a_companion_device_in_a_lid_chat(read):
	event = {
		"Chat": "222200002222000@lid",
		"IsFromMe": False,
		"MessageIDs": ["3EB0AAAAAAAAAAAAAAAA01"],
		"Sender": "222200002222000:23@lid",
		"SenderAlt": "447700900123:23@s.whatsapp.net",
		"Timestamp": "2026-03-14T10:21:07Z",
		"Type": "",
	}

	assert read("ReadReceipt", event, state="Delivered") == Receipt(
		ANA_LID, ("3EB0AAAAAAAAAAAAAAAA01",), Status.DELIVERED, ANA_LID, AT, chat_alt=ANA, from_me=False
	)


@pytest.mark.parametrize(
	("state", "type_", "status"),
	[
		("Delivered", "", Status.DELIVERED),
		("Read", "read", Status.READ),
		("ReadSelf", "read-self", Status.READ),
		("Played", "played", Status.PLAYED),
		(None, "", Status.DELIVERED),
		(None, "read", Status.READ),
		("Whatever", "played", Status.PLAYED),
	],
)
def test_receipt_states(read, state, type_, status):
	event = {"Chat": str(ANA), "MessageIDs": ["A1", 5, "A2"], "Type": type_}

	receipt = read("ReadReceipt", event, state=state)

	assert receipt.status is status
	assert receipt.message_ids == ("A1", "A2")
	assert receipt.by == ANA
	assert receipt.at == datetime(1970, 1, 1, tzinfo=timezone.utc)


def test_receipt_of_another_kind(read):
	event = {"Chat": str(ANA), "MessageIDs": ["A1"], "Type": "retry"}

	assert read("ReadReceipt", event) == Nothing("receipt that says neither delivered nor read")


def test_our_own_typing(read):
	event = {"Chat": str(ANA), "IsFromMe": True, "State": "composing"}

	assert read("ChatPresence", event) == Nothing("typed on a device of the session itself")


def test_call_in_a_group(read):
	event = {
		"CallCreator": "222200002222000:5@lid",
		"CallCreatorAlt": "447700900123@s.whatsapp.net",
		"CallID": "C1",
		"GroupJID": "120363000000000001@g.us",
		"Timestamp": "2026-03-14T10:21:07Z",
		"Media": "audio",
	}

	assert read("CallOfferNotice", event) == Call(
		id="C1",
		caller=ANA_LID,
		at=AT,
		ended=False,
		caller_alt=ANA,
		in_group=True,
	)


def test_call_without_a_creator(read):
	assert read("CallOffer", {"From": str(ANA), "CallID": "C1"}).caller == ANA


def test_empty_history(read):
	assert read("HistorySync", {"Data": {"conversations": "none"}}) == HistoryArrived(0, 0, None)


@pytest.mark.parametrize(
	("kind", "event", "beside", "expected"),
	[
		("LoggedOut", {"Reason": 406}, {}, ("logged_out", "WhatsApp banned the number, code 406")),
		("LoggedOut", {"Reason": 499}, {}, ("logged_out", "reason unknown, code 499")),
		("LoggedOut", {}, {}, ("logged_out", "reason unknown")),
		("TemporaryBan", {"Code": 105}, {}, ("banned", "reason unknown, code 105")),
		("StreamError", {}, {}, ("reconnecting", "WhatsApp reported a stream error")),
		(
			"ConnectFailure",
			{"Reason": 503},
			{},
			("failed", "WhatsApp refused the connection: WhatsApp is overloaded, code 503"),
		),
		("ConnectFailure", {}, {}, ("failed", "WhatsApp refused the connection")),
		(
			"ConnectFailure",
			"ConnectFailure",
			{"reason": "no network"},
			("failed", "the gateway could not connect to WhatsApp: no network"),
		),
		("PairError", "error", {"error": "bad code"}, ("failed", "pairing failed: bad code")),
		("PairPasskeyError", {"Error": "no key"}, {}, ("failed", "pairing failed: no key")),
		("QR", "code", {}, ("scan_qr", "")),
	],
)
def test_session_events(read, kind, event, beside, expected):
	change = read(kind, event, **beside)

	assert isinstance(change, SessionChanged)
	assert (change.state, change.detail) == (SessionState(expected[0]), expected[1])


def test_details_are_short(read):
	assert len(read("PairError", "error", error="x" * 5000).detail) == 200
	assert len(read("StreamError", {"Code": "x" * 5000}).detail) == 200
