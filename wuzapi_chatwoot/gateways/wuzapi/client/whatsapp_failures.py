"""What WuzAPI's words on a 500 mean. They are mostly whatsmeow's, the library by which it speaks WhatsApp.

Who is meant decides: the number as a whole (not connected, not paired, asked too often), the recipient, or the file. Only the
first may hold up other messages.
"""

from __future__ import annotations

import re

from wuzapi_chatwoot.bridge.model.errors import (
	BridgeError,
	Fault,
	NewChatRefused,
	Permanent,
	Retriable,
	Uncertain,
)

# After the message left the gateway: it may have arrived.
_UNACKNOWLEDGED = ("timed out waiting for message send response", "disconnected before message send")
_NOT_PAIRED = ("doesn't contain a device jid", "no device jid", "not logged in")
_NOT_CONNECTED = (
	"no session",
	"not connected",
	"websocket disconnected before",
	"frame socket is closed",
	"failed to dial whatsapp",
	"client is nil",
	# WuzAPI says no more of these: both are calls that a message goes on without.
	"failure marking messages as read",
	"failure sending chat presence",
)
_TOO_MANY = "rate-overlimit"
_HOPELESS = {
	"could not decode image": "The gateway cannot read this picture",
	"unknown server": "WhatsApp knows no such kind of address",
	"no lid found": "WhatsApp does not know this number",
	"device part": "The address names a device instead of a person",
	"not participating in that group": "This number is no longer in the group",
	"that group does not exist": "The group does not exist any more",
	"non-status broadcast lists": "The gateway cannot write to broadcast lists",
}
_NO_FFMPEG = ('"ffmpeg"', "ffmpeg: executable file not found", "ffmpeg: no such file")
_NO_STICKER = ("to webp", "not a riff webp", "truncated webp")
_FILE_GONE = ("status code 403", "status code 404", "status code 410")
# WhatsApp's copy of the file, or what the message says of it, is broken: every download finds the same.
_FILE_BROKEN = (
	"invalid media hmac",
	"hash of media",
	"hash of unencrypted media",
	"file too short",
	"file length does not match",
	"multiple of block size",
	"multiple of the block size",
	"padding is greater",
	"invalid checksum length",
	"no url present",
	"unknown media type",
	"didn't find any attachments",
	"does not start with slash",
)
# The keys for this recipient do not fit, or his devices could not be asked for: nobody else is concerned, and often it
# goes well minutes later.
_OF_RECIPIENT = (
	"no signal session",
	"prekey",
	"untrusted identity",
	"device list",
	"user info for",
	"group members",
)
_UPLOAD_REFUSED = "upload failed with status code"
_REFUSED_BY_WHATSAPP = re.compile(r"server returned error (\d{1,6})")
_ASKED_IN_VAIN = re.compile(r"info query returned status (\d{1,6})")

_NEW_CHAT = 463
_KEYS_DO_NOT_FIT = 479
_TOO_OFTEN = 429
# Some minutes by the schedule of pauses.
_TRIES = 9


def failure_by_words(words: str, *, sending: bool, detail: str) -> BridgeError | None:
	"""`words` in lower case. `None`: they say nothing that is known."""
	if any(sign in words for sign in _UNACKNOWLEDGED):
		reason = "WhatsApp did not confirm in time, so it is not known whether the message went out"
		return Uncertain(reason, detail=detail)
	if any(sign in words for sign in _NOT_PAIRED):
		return Retriable("The number is not paired on the gateway: pair it with the phone", detail=detail)
	if any(sign in words for sign in _NO_FFMPEG):
		return Permanent("The gateway has no ffmpeg, which it needs for this sticker or sound", detail=detail)
	for sign, reason in _HOPELESS.items():
		if sign in words:
			return Permanent(reason, detail=detail)
	refused = _REFUSED_BY_WHATSAPP.search(words)
	if refused is not None:
		return _refused_by_whatsapp(int(refused[1]), detail)
	if any(sign in words for sign in _NOT_CONNECTED):
		return Retriable("WhatsApp is not connected on the gateway", detail=detail)
	if _TOO_MANY in words:
		return _asked_too_often(detail)
	return _of_file(words, sending, detail) or _of_recipient(words, detail)


def _refused_by_whatsapp(code: int, detail: str) -> BridgeError:
	"""What WhatsApp's server answered to this very message."""
	if code == _NEW_CHAT:
		return NewChatRefused(
			"WhatsApp does not let this number start new chats at the moment", detail=detail
		)
	if code == _KEYS_DO_NOT_FIT:
		return Retriable(
			"WhatsApp did not accept this message for its recipient (error 479)",
			detail=detail,
			fault=Fault.REQUEST,
			tries=_TRIES,
		)
	if code == _TOO_OFTEN:
		return _asked_too_often(detail)
	if code >= 500:
		return Retriable(f"WhatsApp reports an error ({code})", detail=detail, fault=Fault.UNWELL)
	return Permanent(
		f"WhatsApp did not accept this message (error {code}). Check the number, or send again", detail=detail
	)


def _asked_too_often(detail: str) -> Retriable:
	return Retriable("WhatsApp asks this number for a pause", detail=detail, rate_limited=True)


def _of_file(words: str, sending: bool, detail: str) -> BridgeError | None:
	if sending:
		if any(sign in words for sign in _NO_STICKER):
			return Permanent("The gateway cannot make a sticker of this picture", detail=detail)
		if _UPLOAD_REFUSED in words:
			return Retriable(
				"WhatsApp does not take this file", detail=detail, fault=Fault.REQUEST, tries=_TRIES
			)
		return None
	if any(sign in words for sign in _FILE_GONE):
		return Permanent("WhatsApp no longer has this file", detail=detail)
	if any(sign in words for sign in _FILE_BROKEN):
		return Permanent("WhatsApp's copy of this file is damaged", detail=detail)
	return None


def _of_recipient(words: str, detail: str) -> BridgeError | None:
	if any(sign in words for sign in _OF_RECIPIENT):
		reason = "The gateway cannot encrypt this message for its recipient yet"
		return Retriable(reason, detail=detail, fault=Fault.REQUEST, tries=_TRIES)
	if "info query timed out" in words:
		return Retriable("WhatsApp did not answer the gateway", detail=detail, fault=Fault.UNANSWERED)
	if _ASKED_IN_VAIN.search(words):
		return Retriable("WhatsApp refused what the gateway asked", detail=detail, fault=Fault.REQUEST)
	return None
