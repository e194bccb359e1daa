"""Everything but messages: receipts, presence, calls, contacts, groups, history."""

from dataclasses import replace
from datetime import datetime, timezone

from wuzapi_chatwoot.bridge.model.addresses import Address
from wuzapi_chatwoot.bridge.model.events import (
	Call,
	GatewayNotice,
	GroupChanged,
	HistoryArrived,
	PictureChanged,
	Receipt,
	Status,
	Typing,
)

AT = datetime(2026, 3, 14, 10, 21, 7, tzinfo=timezone.utc)

ANA = Address("447700900123", "s.whatsapp.net")
ANA_LID = Address("222200002222000", "lid")
SHOP = Address("12025550100", "s.whatsapp.net")
GROUP = Address("120363000000000001", "g.us")

DELIVERED = Receipt(
	chat=ANA,
	message_ids=("3EB0AAAAAAAAAAAAAAAA01",),
	status=Status.DELIVERED,
	by=ANA,
	at=AT,
	chat_alt=ANA_LID,
	from_me=False,
)
READ_BY_US = Receipt(
	chat=ANA,
	message_ids=("3A00000000000000A001",),
	status=Status.READ,
	by=SHOP,
	at=AT,
	chat_alt=None,
	from_me=True,
)
COMPOSING = Typing(chat=ANA_LID, by=ANA_LID, active=True, recording=False, chat_alt=ANA)
RINGING = Call(
	id="FICTIONALCALL0000000000000000001",
	caller=ANA_LID,
	at=AT,
	ended=False,
	caller_alt=ANA,
	in_group=False,
	reason="",
	video=False,
)
ANA_JOINED = GroupChanged(
	group=GROUP,
	id="d74fbe65992ba2a1b0aafdcc7d01daec",
	at=AT,
	by=Address("333300003333000", "lid"),
	by_alt=Address("447700900456", "s.whatsapp.net"),
	joined=(ANA_LID,),
	left=(),
	name=None,
)

EXPECTED = {
	"readreceipt-delivered.json": DELIVERED,
	"readreceipt-delivered-lid-device.json": replace(DELIVERED, chat=ANA_LID, by=ANA_LID, chat_alt=ANA),
	"readreceipt-read.json": replace(
		DELIVERED,
		message_ids=("3EB0AAAAAAAAAAAAAAAA02", "3EB0AAAAAAAAAAAAAAAA01"),
		status=Status.READ,
	),
	"readreceipt-read-group.json": Receipt(
		chat=GROUP,
		message_ids=("3EB0AAAAAAAAAAAAAAAA70",),
		status=Status.READ,
		by=Address("333300003333000", "lid"),
		at=AT,
		chat_alt=None,
		from_me=False,
	),
	"readreceipt-read-by-own-phone.json": READ_BY_US,
	"readreceipt-readself.json": READ_BY_US,
	"chatpresence-composing.json": COMPOSING,
	"chatpresence-recording.json": replace(COMPOSING, recording=True),
	"chatpresence-paused.json": replace(COMPOSING, active=False),
	"presence-online.json": GatewayNotice("Presence", ANA),
	"presence-offline.json": GatewayNotice("Presence", ANA),
	"presence-offline-last-seen-hidden.json": GatewayNotice("Presence", ANA),
	"call-offer.json": RINGING,
	"call-offer-video.json": replace(RINGING, id="FICTIONALCALL0000000000000000003", video=True),
	"call-offer-notice-group.json": replace(RINGING, in_group=True),
	"call-offer-notice-video.json": replace(
		RINGING, id="FICTIONALCALL0000000000000000002", in_group=True, video=True
	),
	"call-terminate.json": replace(RINGING, ended=True, reason="timeout"),
	"call-terminate-accepted-elsewhere.json": replace(RINGING, ended=True, reason="accepted_elsewhere"),
	"picture.json": PictureChanged(about=ANA, at=AT, removed=False),
	"picture-removed.json": PictureChanged(about=GROUP, at=AT, removed=True),
	"user-about.json": GatewayNotice("UserAbout", ANA),
	"identity-change.json": GatewayNotice("IdentityChange", ANA),
	"blocklist.json": GatewayNotice("Blocklist", ANA),
	"group-info-participants.json": ANA_JOINED,
	"group-info-leave.json": replace(
		ANA_JOINED, id="eb573f3d705b594b00afc6633d4769eb", by=ANA_LID, by_alt=ANA, joined=(), left=(ANA_LID,)
	),
	"group-info-name.json": replace(
		ANA_JOINED, id="fd6c12e1f188c1e3621c4a69159799fa", joined=(), name="Renamed group"
	),
	"group-info-topic.json": GatewayNotice("GroupInfo", GROUP),
	"joined-group.json": GroupChanged(
		group=GROUP,
		id="f9cba4cf9b4bda9440e04ffb3e9ebbf1",
		at=datetime(1970, 1, 1, tzinfo=timezone.utc),
		name="Example group",
	),
	"media-retry.json": GatewayNotice("MediaRetry", ANA),
	"history-sync.json": HistoryArrived(conversations=1, messages=2, progress=100),
	"offline-sync-preview.json": GatewayNotice("OfflineSyncPreview", None),
	"offline-sync-completed.json": GatewayNotice("OfflineSyncCompleted", None),
}
