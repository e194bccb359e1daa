"""The names of WuzAPI's events that the bridge subscribes to. What becomes of each is told in `parse.py`.

Not `All`, which brings noise, and none that WuzAPI accepts but never delivers (`Receipt`, `AppState`, …).
"""

from __future__ import annotations

EVENTS = (
	"Message",
	"UndecryptableMessage",
	"ReadReceipt",
	"ChatPresence",
	"Presence",
	"Connected",
	"Disconnected",
	"ConnectFailure",
	"LoggedOut",
	"PairSuccess",
	"PairError",
	"QR",
	"QRTimeout",
	"TemporaryBan",
	"ClientOutdated",
	"StreamError",
	"HistorySync",
	"Picture",
	"GroupInfo",
	"JoinedGroup",
	"CallOffer",
	"CallTerminate",
	"OfflineSyncCompleted",
)
