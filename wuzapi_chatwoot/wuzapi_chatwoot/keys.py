"""Unique keys and indexes of the DocTypes, for both hosts: pure constants, importing neither Frappe nor SQLAlchemy.

Name of the key → its columns. The columns of every key together stay below the 3072 bytes that MariaDB allows an
index (four bytes a character); `name` is not listed, since both databases keep it at the end of every index by
themselves. The standalone schema creates them at start, the controllers' `on_doctype_update` on a site. Frappe indexes
`parent` of child tables by itself.

MariaDB compares text without regard to case, accents and trailing blanks, SQLite by bytes. Keys that others choose are
compared by bytes on both (`BY_BYTES`): else two ids could be one to the unique key, and two to a look-up.
"""

from __future__ import annotations

from collections.abc import Mapping

Keys = Mapping[str, tuple[str, ...]]

UNIQUE_KEYS: Mapping[str, Keys] = {
	"WuzAPI Event": {"unique_event_key": ("event_key",)},
	"WuzAPI Lane": {"unique_lane": ("lane",)},
	"WuzAPI Contact Address": {"unique_session_address": ("session", "address")},
	"WuzAPI Conversation": {
		"unique_session_chat": ("session", "chat"),
		# one conversation in Chatwoot is one person's; its number as text, for a number column knows no "none" in Frappe
		"unique_session_chatwoot": ("session", "chatwoot_conversation_key"),
	},
	"WuzAPI Message": {"unique_message_part": ("session", "chat", "whatsapp_id", "part")},
}

BY_BYTES: Mapping[str, tuple[str, ...]] = {
	"WuzAPI Event": ("event_key", "lane"),
	"WuzAPI Lane": ("lane",),
	"WuzAPI Contact Address": ("address",),
	"WuzAPI Conversation": ("chat", "chatwoot_conversation_key"),
	"WuzAPI Message": ("chat", "whatsapp_id"),
}
"""Every text in a unique key but the session: that is a row's name on a site, which Frappe compares in its own way."""

INDEXES: Mapping[str, Keys] = {
	"WuzAPI Event": {
		# a lane's waiting events in order
		"lane_order": ("lane", "state", "occurred_at", "event_order"),
		# the oldest waiting one, and what retention may delete
		"state_received": ("state", "received_at"),
		# paging through the dead ones, newest first
		"state_page": ("state",),
	},
	"WuzAPI Lane": {
		"due": ("due_at",),
		"leased": ("lease_until", "due_at"),
		# fair turns: who was served least, and whose last turn is the longest past
		"served": ("served", "last_turn_at", "due_at"),
		"last_turn": ("last_turn_at", "due_at"),
	},
	"WuzAPI Session Change": {
		# a session's changes, newest first
		"session": ("session",),
	},
	"WuzAPI Conversation": {
		"contact": ("contact",),
		# the list, who wrote last at the top
		"last_message": ("last_message_at",),
	},
	"WuzAPI Message": {
		# whose messages stand in a conversation in Chatwoot
		"session_chatwoot_conversation": ("session", "chatwoot_conversation_id", "conversation"),
		"session_chatwoot_message": ("session", "chatwoot_message_id"),
		# how many have failed, and which
		"session_status": ("session", "status"),
		# the desk shows a conversation's messages by time
		"conversation_sent": ("conversation", "sent_at"),
	},
}
