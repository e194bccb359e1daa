"""What is wrong with a session although it may be connected, in words: new chats locked, messages given up."""

from __future__ import annotations

from wuzapi_chatwoot.bridge.model.records import DeadEvents, NewChats
from wuzapi_chatwoot.bridge.sessions.status_messages import StateWords
from wuzapi_chatwoot.bridge.text.time_format import Told, in_utc


def troubles_of(chats: NewChats, dead: DeadEvents | None, told: Told = in_utc) -> list[StateWords]:
	found = []
	if chats.locked_since is not None:
		found.append(
			StateWords(
				f"New chats are locked since {told(chats.locked_since)}: WhatsApp does not let this number write to "
				"people who never wrote to it.",
				"Answers to people who wrote go on. Send fewer first messages; WhatsApp lifts the lock by itself.",
			)
		)
	if dead is not None:
		found.append(
			StateWords(
				f"Failed events: {dead.count}. The last one: {dead.last_error.removesuffix('.')}.",
				"Look at the failed events, and try again what shall arrive.",
			)
		)
	return found
