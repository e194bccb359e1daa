"""How a session stands, in words: one sentence, and what to do. Reads no clock; how times are told is the caller's."""

from __future__ import annotations

from dataclasses import dataclass

from wuzapi_chatwoot.bridge.model.events import SessionState
from wuzapi_chatwoot.bridge.model.records import SessionStatus
from wuzapi_chatwoot.bridge.text.time_format import Told, in_utc


@dataclass(frozen=True, slots=True)
class StateWords:
	"""`advice` is empty when nothing is to be done."""

	sentence: str
	advice: str = ""


_WORDS = {
	SessionState.STARTING: StateWords("The gateway is connecting to WhatsApp.", "Wait a moment."),
	SessionState.SCAN_QR: StateWords(
		"The number is not paired with a phone.",
		"On the phone: WhatsApp, Settings, Linked devices, Link a device; then scan the picture.",
	),
	SessionState.CONNECTED: StateWords("Connected to WhatsApp."),
	SessionState.RECONNECTING: StateWords(
		"The connection to WhatsApp was lost; the gateway connects again by itself.",
		"Wait a few minutes. If it lasts, look whether the gateway runs and reaches the internet.",
	),
	SessionState.LOGGED_OUT: StateWords(
		"Somebody has ended the pairing: nothing comes in or goes out.",
		"Pair it again. What agents write meanwhile waits and is sent then.",
	),
	SessionState.BANNED: StateWords(
		"WhatsApp has banned the number{until}.",
		"Do not connect again and again. Wait until the ban is over, and send fewer messages to people who never wrote.",
	),
	SessionState.FAILED: StateWords(
		"The number is not connected to WhatsApp.",
		"Read the reason, mend it, and connect again.",
	),
}
_IN_HISTORY = {
	SessionState.STARTING: "Connecting",
	SessionState.SCAN_QR: "Waiting for its phone",
	SessionState.CONNECTED: "Connected",
	SessionState.RECONNECTING: "Connection lost",
	SessionState.LOGGED_OUT: "Logged out",
	SessionState.BANNED: "Banned by WhatsApp",
	SessionState.FAILED: "Not connected",
}
_UNTOLD = StateWords(
	"The gateway has not told of this number yet.",
	"Connect it. If that does not help, run the doctor to see what is missing.",
)


def words_of(status: SessionStatus | None, told: Told = in_utc) -> StateWords:
	"""With the reason, if one is known and the sentence does not tell it already."""
	if status is None:
		return _UNTOLD
	words = _WORDS[status.state]
	until = f" until {told(status.banned_until)}" if status.banned_until else ""
	sentence = words.sentence.replace("{until}", until)
	if status.detail and status.detail.lower() not in sentence.lower():
		sentence = f"{sentence.removesuffix('.')} ({status.detail.removesuffix('.')})."
	return StateWords(sentence, words.advice)


def words_in_history(state: SessionState) -> str:
	"""What became of it then; the reason is told beside it."""
	return _IN_HISTORY[state]
