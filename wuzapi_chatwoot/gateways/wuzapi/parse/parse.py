"""Every kind of WuzAPI webhook as a value of `bridge.events`. Never raises.

A kind we do not know, and one that lacks what makes it what it is (a message without an id), is an `UnknownEvent`.
"""

from __future__ import annotations

from collections.abc import Callable

from wuzapi_chatwoot.bridge.model.addresses import Address
from wuzapi_chatwoot.bridge.model.events import (
	Call,
	GatewayEvent,
	GatewayNotice,
	HistoryArrived,
	Nothing,
	Receipt,
	Status,
	Typing,
	UnknownEvent,
)
from wuzapi_chatwoot.gateways.wuzapi.parse.changes import group_info, joined_group, picture
from wuzapi_chatwoot.gateways.wuzapi.parse.fields import Fields, load
from wuzapi_chatwoot.gateways.wuzapi.parse.message import (
	NO_TIME,
	other_address,
	parse_message,
	parse_undecryptable,
)
from wuzapi_chatwoot.gateways.wuzapi.parse.session import SESSION_KINDS

_LONGEST_KIND = 60

_STATUS_BY_STATE = {
	"Delivered": Status.DELIVERED,
	"Read": Status.READ,
	"ReadSelf": Status.READ,
	"Played": Status.PLAYED,
}
_STATUS_BY_TYPE = {
	"": Status.DELIVERED,
	"read": Status.READ,
	"read-self": Status.READ,
	"played": Status.PLAYED,
}

# Known, and of no consequence here: what can be subscribed to, what newer releases add, and what may come one day.
_NOTICES = frozenset(
	{
		"MediaRetry",
		"GroupInfo",
		"JoinedGroup",
		"Picture",
		"BlocklistChange",
		"Blocklist",
		"StreamReplaced",
		"QRScannedWithoutMultidevice",
		"PrivacySettings",
		"PushNameSetting",
		"UserAbout",
		"AppState",
		"AppStateSyncComplete",
		"OfflineSyncCompleted",
		"OfflineSyncPreview",
		"CallAccept",
		"CallRelayLatency",
		"Presence",
		"IdentityChange",
		"CATRefreshError",
		"NewsletterJoin",
		"NewsletterLeave",
		"NewsletterMuteChange",
		"NewsletterLiveUpdate",
		"FBMessage",
		"PasskeyRequest",
		"PasskeyConfirmation",
		"Contact",
		"PushName",
		"BusinessName",
	}
)


def parse(payload: str) -> GatewayEvent:
	"""Read a stored payload again."""
	try:
		return parse_hook(Fields(load(payload)))
	except (ValueError, RecursionError):
		return UnknownEvent("")


def parse_hook(hook: Fields) -> GatewayEvent:
	kind = kind_of(hook)
	read = _KINDS.get(kind) or SESSION_KINDS.get(kind)
	event = read(hook) if read is not None else None
	if event is not None:
		return event
	return GatewayNotice(kind, _named(hook)) if kind in _NOTICES else UnknownEvent(kind)


def kind_of(hook: Fields) -> str:
	return hook.text("type")[:_LONGEST_KIND]


def _named(hook: Fields) -> Address | None:
	"""Whom a notice is about, if it is about one address."""
	event = hook.inner("event")
	rows = event.rows("Changes")
	if len(rows) == 1:
		return rows[0].address("JID")
	return event.address("JID", "From", "ChatID", "ID")


def _receipt(hook: Fields) -> Receipt | Nothing | UnknownEvent:
	event = hook.inner("event")
	chat, ids = event.address("Chat"), event.ids("MessageIDs")
	if chat is None or not ids:
		return UnknownEvent(kind_of(hook))
	status = _STATUS_BY_STATE.get(hook.text("state")) or _STATUS_BY_TYPE.get(event.text("Type"))
	if status is None:
		return Nothing("receipt that says neither delivered nor read")
	return Receipt(
		chat=chat,
		message_ids=ids,
		status=status,
		by=event.address("Sender") or chat,
		at=event.time("Timestamp") or NO_TIME,
		chat_alt=other_address(event, chat),
		from_me=event.flag("IsFromMe"),
	)


def _typing(hook: Fields) -> Typing | Nothing | UnknownEvent:
	event = hook.inner("event")
	chat = event.address("Chat")
	if chat is None:
		return UnknownEvent(kind_of(hook))
	if event.flag("IsFromMe"):
		return Nothing("typed on a device of the session itself")
	active = event.text("State") == "composing"
	return Typing(
		chat=chat,
		by=event.address("Sender") or chat,
		active=active,
		recording=active and event.text("Media") == "audio",
		chat_alt=other_address(event, chat),
	)


def _call(hook: Fields) -> Call | UnknownEvent:
	event = hook.inner("event")
	id, caller = event.id("CallID"), event.address("CallCreator", "From")
	if not id or caller is None:
		return UnknownEvent(kind_of(hook))
	return Call(
		id=id,
		caller=caller,
		at=event.time("Timestamp") or NO_TIME,
		ended=kind_of(hook) == "CallTerminate",
		caller_alt=event.address("CallCreatorAlt"),
		in_group=_in_group(event),
		reason=event.text("Reason") or event.inner("Data").inner("Attrs").text("reason"),
		video=_with_picture(event),
	)


def _in_group(call: Fields) -> bool:
	"""The group itself is not always named; that it is a group's call stands in a word."""
	words = (call.text("Type"), call.inner("Data").inner("Attrs").text("type"))
	return call.address("GroupJID") is not None or "group" in words


def _with_picture(call: Fields) -> bool:
	"""An offer lists what will be sent; to groups it is named in a word. The end of a call says nothing of it."""
	data = call.inner("Data")
	media = call.text("Media") or data.inner("Attrs").text("media")
	return media == "video" or any(row.text("Tag") == "video" for row in data.rows("Content"))


def _history(hook: Fields) -> HistoryArrived:
	data = hook.inner("event").inner("Data")
	conversations = data.rows("conversations")
	return HistoryArrived(
		conversations=len(conversations),
		messages=sum(len(conversation.rows("messages")) for conversation in conversations),
		progress=data.count("progress"),
	)


# `None` from one of these: known, but nothing of consequence in it.
_KINDS: dict[str, Callable[[Fields], GatewayEvent | None]] = {
	"Message": parse_message,
	"UndecryptableMessage": parse_undecryptable,
	"ReadReceipt": _receipt,
	"Receipt": _receipt,
	"ChatPresence": _typing,
	"CallOffer": _call,
	"CallOfferNotice": _call,
	"CallTerminate": _call,
	"HistorySync": _history,
	"Picture": picture,
	"GroupInfo": group_info,
	"JoinedGroup": joined_group,
}
