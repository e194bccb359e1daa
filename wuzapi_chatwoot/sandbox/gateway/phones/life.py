"""Writing and reading on the phones: each becomes the webhook it causes. What is done to messages is in acts.py."""

from __future__ import annotations

import time
from base64 import b64encode
from collections.abc import Callable
from typing import Any, Protocol

from wuzapi_chatwoot.sandbox.files import File, sniffed
from wuzapi_chatwoot.sandbox.gateway.phones.details import Details
from wuzapi_chatwoot.sandbox.gateway.phones.people import Person, without_device
from wuzapi_chatwoot.sandbox.gateway.phones.phone import (
	Chat,
	Phone,
	PhoneMessage,
	new_message_id,
	pseudo_waveform,
)
from wuzapi_chatwoot.sandbox.gateway.posts import payloads
from wuzapi_chatwoot.sandbox.gateway.posts.addressing import author_of, origin
from wuzapi_chatwoot.sandbox.gateway.posts.contents import content_of, info_types, quotable
from wuzapi_chatwoot.sandbox.gateway.posts.manner import USUAL, Manner
from wuzapi_chatwoot.sandbox.switches import SwitchBoard
from wuzapi_chatwoot.sandbox.web.deliveries import Deliveries

MEDIA_KINDS = (
	"image",
	"voice",
	"audio",
	"video",
	"video_note",
	"gif",
	"document",
	"sticker",
	"view_once",
)
# These have no words beside the file.
WORDLESS_KINDS = ("voice", "audio", "video_note", "sticker")
# How long what the sandbox makes plays, in seconds.
LENGTHS = {"voice": 2, "audio": 2, "video": 12, "gif": 12, "video_note": 12}
# The phones are quick, but a receipt must be able to come after the answer of the send call.
DELIVERED_AFTER = 0.15
READ_AFTER = 0.5

Json = dict[str, Any]


class Wire(Protocol):
	"""The way from a phone to the devices that are linked with it."""

	def emit(self, payload: Json) -> None:
		"""Hand an event to every linked device."""

	@property
	def online(self) -> bool:
		"""Say whether any of them is there to take it."""

	def gateway_is_back(self) -> None:
		"""Hand over what waited for the gateway, on all phones."""


class Life:
	"""Acts of the customers and of the shop's owner."""

	def __init__(
		self,
		phone: Phone,
		wire: Wire,
		gateway_is_up: Callable[[], bool],
		board: SwitchBoard,
		deliveries: Deliveries,
		changed: Callable[[], None],
	) -> None:
		self.phone = phone
		self._wire = wire
		self._gateway_is_up = gateway_is_up
		self._board = board
		self._deliveries = deliveries
		self.changed = changed
		self._undelivered: dict[str, list[PhoneMessage]] = {}

	def emit(self, payload: Json) -> None:
		"""Post a webhook that nobody's act stands behind: a call, a lost connection, an import of history."""
		self._wire.emit(payload)

	def says(
		self,
		chat: Chat,
		person: Person | None,
		kind: str,
		text: str = "",
		*,
		file: File | None = None,
		reply_to: str = "",
		message_id: str = "",
		details: Details | None = None,
		declared_size: int = 0,
		manner: Manner = USUAL,
	) -> PhoneMessage:
		"""Let a person (None: the shop's owner) write something new into a chat."""
		timestamp = self.phone.next_second(chat)
		message = PhoneMessage(
			id=message_id or new_message_id(),
			chat=chat.jid,
			from_me=person is None,
			by=person.name if person else self.phone.owner.name,
			kind=kind,
			text="" if kind in WORDLESS_KINDS else text,
			timestamp=timestamp,
			via="phone",
			sent_at=time.time(),
			reply_to=reply_to,
			author=author_of(chat, person),
			by_key=person.key if person else "",
			# One tick while the gateway is away, two as soon as it has taken the message over.
			status="delivered" if person and self._is_taken_over() else "sent",
			file=file,
			declared_size=declared_size,
			details=self._completed(details or Details(), kind, reply_to),
		)
		if kind == "voice" and not message.details.waveform:
			message.details.waveform = pseudo_waveform(message.id)
		self.phone.add(message)
		chat.typing = ""
		# Old releases lose a picture that they cannot download, with all that is said beside it.
		if not (kind == "image" and not manner.with_media and self._board.now.gateway_before_june_2026):
			self._wire.emit(self._payload(chat, person, message, manner))
		if person is None:
			self.expect_receipts(message)
		self.changed()
		return message

	def sends_again(self, chat: Chat, person: Person | None, message: PhoneMessage) -> None:
		"""Let the shop's phone send the gateway a copy of a message: nothing new on any phone."""
		self._wire.emit(self._payload(chat, person, message, Manner(resent=True)))

	def notes(
		self, chat: Chat, by: str, kind: str, text: str, details: Details, note_id: str = ""
	) -> PhoneMessage:
		"""Show a line on the phone that is no message: a call, somebody joining. Posts nothing."""
		message = PhoneMessage(
			id=note_id or new_message_id(),
			chat=chat.jid,
			from_me=False,
			by=by,
			kind=kind,
			text=text,
			timestamp=self.phone.next_second(chat),
			via="phone",
			sent_at=time.time(),
			# Nothing waits to be read.
			status="read",
			details=details,
		)
		self.phone.add(message)
		self.changed()
		return message

	def _completed(self, details: Details, kind: str, reply_to: str) -> Details:
		details.seconds = details.seconds or LENGTHS.get(kind, 0)
		details.view_once = details.view_once or kind == "view_once"
		if reply_to:
			target = self.phone.message(reply_to)
			details.quoted = {
				"id": reply_to,
				"text": target.text if target else "",
				"author": target.author if target else self.phone.owner.phone_jid,
			}
		return details

	def _payload(self, chat: Chat, person: Person | None, message: PhoneMessage, manner: Manner) -> Json:
		about = payloads.info(
			origin(chat, person, device=manner.device, without_alt=manner.without_alt),
			message.id,
			message.by,
			message.timestamp,
			verified_name=person.verified_name if person else "",
			**info_types(message),
		)
		if message.kind == "undecryptable":
			return payloads.undecryptable_event(about)
		if message.kind == "view_once" and not manner.view_once_delivered:
			return payloads.undecryptable_event(about, view_once=True)
		content = content_of(
			message, quotable(self.phone.message(message.reply_to)) if message.reply_to else None
		)
		if manner.resent:
			return payloads.resent_event(about, content, message.timestamp)
		if manner.as_child:
			content = {"associatedChildMessage": {"message": content}}
		content["messageContextInfo"] = payloads.context_info(message.id, message.timestamp)
		payload = payloads.message_event(
			about, content, wrappers=_wrappers(message), retry_count=manner.retry_count
		)
		if message.file is not None:
			payload.update(self._media(message, message.file, manner))
		return payload

	def _media(self, message: PhoneMessage, file: File, manner: Manner) -> Json:
		flags: Json = {}
		if message.kind == "sticker":
			flags = {"isSticker": True, "stickerAnimated": message.details.animated}
		# The gateway does not look for files in video notes and in the layer that albums come in, and it gives
		# up on files that take too long.
		given_up = message.size > len(file.data) or manner.as_child or message.kind == "video_note"
		if given_up or not manner.with_media or self._board.now.media_delivery != "base64":
			return flags
		mimetype, ending = sniffed(file.data)
		encoded = b64encode(file.data).decode()
		return {**flags, "base64": encoded, "mimeType": mimetype, "fileName": message.id + ending}

	def _is_taken_over(self) -> bool:
		return self._wire.online and self._gateway_is_up()

	def gateway_is_back(self) -> None:
		"""Hand over what waited for the gateway, on this phone and on all others."""
		self._wire.gateway_is_back()

	def handed_over(self) -> None:
		"""Show that what customers wrote in the meantime has been handed over."""
		for chat in self.phone.chats.values():
			for message in chat.messages[-200:]:
				if not message.from_me:
					self.phone.raise_status(message, "delivered")
		self.changed()

	def types(self, chat: Chat, person: Person, state: str, media: str = "") -> None:
		"""Show that a customer is typing, recording, or has stopped."""
		chat.typing = person.name if state == "composing" else ""
		chat.typing_media = media if chat.typing else ""
		self._wire.emit(payloads.typing_event(origin(chat, person), state, media))
		self.changed()

	def expect_receipts(self, message: PhoneMessage) -> None:
		"""Let the customer's phone receive a message a moment later."""
		# Nobody but ourselves gets what is written to oneself, and of that the gateway tells nothing [inferred].
		if not self._board.now.auto_deliver or self.phone.is_with_oneself(message.chat):
			return
		waiting = self._undelivered.setdefault(message.chat, [])
		waiting.append(message)
		# One receipt for all that came within the moment, as real phones do after they were off.
		if len(waiting) == 1:
			self._deliveries.later(DELIVERED_AFTER, lambda: self._receive(message.chat))

	async def _receive(self, jid: str) -> None:
		messages = self._undelivered.pop(jid, [])
		# The address of the chat may have changed in the meantime; its messages know it.
		chat = self.phone.chats.get(messages[0].chat) if messages else None
		if chat is None:
			return
		self.receipt(chat, messages, "delivered")
		if self._board.now.auto_read:
			self._deliveries.later(READ_AFTER, lambda: self._read_later(chat, messages))

	async def _read_later(self, chat: Chat, messages: list[PhoneMessage]) -> None:
		self.receipt(chat, messages, "read")

	def receipt(
		self, chat: Chat, messages: list[PhoneMessage], status: str, person: Person | None = None
	) -> list[str]:
		"""Let the customer's phone confirm messages of the shop; returns the ids that got further by it."""
		moved = [message.id for message in messages if self.phone.raise_status(message, status)]
		if moved:
			member = self.phone.group.admin(self.phone.people)
			reader = person or (member if chat.is_group else self.phone.people.find(chat.jid))
			timestamp = int(time.time())
			kind = "" if status == "delivered" else "read"
			# Phones list the newest message first.
			where = origin(chat, reader)
			where["Sender"], where["SenderAlt"] = (
				without_device(where["Sender"]),
				without_device(where["SenderAlt"]),
			)
			self._wire.emit(payloads.receipt_event(where, moved[::-1], timestamp, kind))
			self.changed()
		return moved

	def opens(self, chat: Chat, person: Person | None = None) -> list[str]:
		"""Let the customer open the chat: everything that the shop wrote is read."""
		unread = [message for message in chat.messages[-200:] if message.from_me and message.status != "read"]
		return self.receipt(chat, unread, "read", person)

	def owner_opens(self, chat: Chat) -> list[str]:
		"""Let the owner read the chat on the shop's phone."""
		unread = [
			message for message in chat.messages[-200:] if not message.from_me and message.status != "read"
		]
		moved = [message.id for message in unread if self.phone.raise_status(message, "read")]
		if moved:
			where = {**origin(chat, None), "AddressingMode": "", "RecipientAlt": "", "SenderAlt": ""}
			self._wire.emit(payloads.receipt_event(where, moved[::-1], int(time.time()), "read", chat.jid))
			self.changed()
		return moved


def _wrappers(message: PhoneMessage) -> tuple[str, ...]:
	wrappers = []
	if message.details.ephemeral:
		wrappers.append(payloads.EPHEMERAL)
	if message.details.view_once:
		wrappers.append(payloads.VIEW_ONCE)
	if message.kind == "document" and message.text:
		wrappers.append(payloads.CAPTIONED)
	return tuple(wrappers)
