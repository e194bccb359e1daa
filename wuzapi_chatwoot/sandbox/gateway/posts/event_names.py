"""The event names that the gateway lets a user subscribe to. Some of them are accepted and never delivered."""

from __future__ import annotations

from collections.abc import Iterable

EVENT_NAMES = (
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
	"All",
)


def known(names: Iterable[object]) -> tuple[str, ...]:
	"""Keep the names that exist; the others are dropped without a word, as in the original."""
	return tuple(str(name) for name in names if name in EVENT_NAMES)


def split(text: str) -> tuple[str, ...]:
	"""Take apart what the database holds: names with commas between them."""
	return tuple(filter(None, (name.strip() for name in text.split(","))))


def subscribed(events: tuple[str, ...], event: str) -> bool:
	"""Say whether an event of this type is delivered to somebody with this subscription."""
	return "All" in events or event in events
