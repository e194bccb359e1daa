"""What people do with their phones: write, read, react, edit, delete. Each act becomes the webhook it causes."""

from __future__ import annotations

import time
from base64 import b64encode
from collections.abc import Callable
from typing import Any

from ..defaults import OWN_NAME, OWN_PHONE
from ..deliveries import Deliveries
from ..files import File, sniffed
from ..switches import SwitchBoard
from . import payloads
from .addressing import author_of, key_of, origin
from .people import GROUP_MEMBERS, PHONE_SERVER, Person, without_device
from .phone import Chat, Phone, PhoneMessage, new_message_id, pseudo_bytes
from .webhooks import GatewayWebhooks

MEDIA_KINDS = ("image", "voice", "audio", "video", "document", "sticker")
MEDIA_TYPES = {"voice": "ptt", "location": "location", "contact": "vcard"}
# The phones are quick, but a receipt must be able to come after the answer of the send call.
DELIVERED_AFTER = 0.15
READ_AFTER = 0.5

Json = dict[str, Any]


class Life:
	"""Acts of the customers and of the shop's owner."""

	def __init__(
		self,
		phone: Phone,
		webhooks: GatewayWebhooks,
		board: SwitchBoard,
		deliveries: Deliveries,
		changed: Callable[[], None],
	) -> None:
		self.phone = phone
		self._webhooks = webhooks
		self._board = board
		self._deliveries = deliveries
		self.changed = changed
		self._undelivered: dict[str, list[PhoneMessage]] = {}

	def begin_again(self, phone: Phone) -> None:
		"""Go on with new phones, and forget what was about to happen on the old ones."""
		self.phone = phone
		self._undelivered.clear()

	def emit(self, payload: Json) -> None:
		"""Post a webhook that nobody's act stands behind: a call, a lost connection, an import of history."""
		self._webhooks.emit(payload)

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
	) -> PhoneMessage:
		"""Let a person (None: the shop's owner) write something new into a chat."""
		timestamp = self.phone.next_second(chat)
		message = PhoneMessage(
			id=message_id or new_message_id(),
			chat=chat.jid,
			from_me=person is None,
			by=person.name if person else OWN_NAME,
			kind=kind,
			text=text,
			timestamp=timestamp,
			via="phone",
			sent_at=time.time(),
			reply_to=reply_to,
			author=author_of(chat, person),
			# One tick while the gateway is away, two as soon as it has taken the message over.
			status="delivered" if person and self._webhooks.up.is_set() else "sent",
			file=file,
		)
		self.phone.add(message)
		chat.typing = ""
		media_type = MEDIA_TYPES.get(kind, kind if kind in MEDIA_KINDS else "")
		special = {"Type": "media", "MediaType": media_type} if media_type else {}
		about = payloads.info(origin(chat, person), message.id, message.by, timestamp, **special)
		if kind == "undecryptable":
			self._webhooks.emit(payloads.undecryptable_event(about))
		else:
			self._webhooks.emit(self._message_payload(about, message))
		if person is None:
			self.expect_receipts(message)
		self.changed()
		return message

	def _message_payload(self, about: Json, message: PhoneMessage) -> Json:
		content = self._content(message)
		content["messageContextInfo"] = payloads.context_info(message.id, message.timestamp)
		captioned = message.kind == "document" and message.text
		payload = payloads.message_event(
			about, content, wrapper="documentWithCaptionMessage" if captioned else ""
		)
		if message.file is not None:
			if self._board.now.media_delivery == "base64":
				mimetype, ending = sniffed(message.file.data)
				payload["base64"] = b64encode(message.file.data).decode()
				payload["mimeType"] = mimetype
				payload["fileName"] = message.id + ending
			if message.kind == "sticker":
				payload["isSticker"] = True
				payload["stickerAnimated"] = False
		return payload

	def _content(self, message: PhoneMessage) -> Json:
		text = message.text
		if message.file is not None:
			caption = "" if message.kind in ("voice", "audio", "sticker") else text
			content = payloads.media_content(
				message.kind, message.id, message.file, caption, message.timestamp
			)
		else:
			match message.kind:
				case "location":
					place = {
						"degreesLatitude": 51.5033,
						"degreesLongitude": -0.1196,
						"name": text or "Example Wheel",
					}
					address = {"address": "1 Sample Road, London", "JPEGThumbnail": payloads.TINY_THUMBNAIL}
					content = {"locationMessage": {**place, **address}}
				case "contact":
					name = text or "Cara Sample"
					card = f"BEGIN:VCARD\nVERSION:3.0\nN:;{name};;;\nFN:{name}\nTEL;type=CELL;waid=447700900789:+44 7700 900789\nEND:VCARD"
					content = {"contactMessage": {"displayName": name, "vcard": card}}
				case "unknown":
					content = {"somethingNewMessage": {"title": text, "version": 1}}
				case "empty":
					content = {}
				case "sender_key":
					# Comes in groups beside the real message, under the same id and without any content.
					key = pseudo_bytes(message.id + "sender", 32)
					inner = {"groupID": message.chat, "axolotlSenderKeyDistributionMessage": key}
					content = {"senderKeyDistributionMessage": inner}
				case _:
					content = (
						{"extendedTextMessage": {"text": text, "previewType": 0}}
						if message.reply_to
						else {"conversation": text}
					)
		if message.reply_to and content:
			next(iter(content.values()))["contextInfo"] = self._quote(message.reply_to)
		return content

	def _quote(self, message_id: str) -> Json:
		quoted = self.phone.message(message_id)
		author = quoted.author if quoted else OWN_PHONE + PHONE_SERVER
		text = quoted.text if quoted else ""
		# The gateway sends every text as an extended one; phones write plain ones.
		plain = quoted is not None and quoted.via == "phone"
		content = {"conversation": text} if plain else {"extendedTextMessage": {"text": text}}
		return {"stanzaID": message_id, "participant": author, "quotedMessage": content}

	def gateway_is_back(self) -> None:
		"""Show that what customers wrote in the meantime has been handed over."""
		for chat in self.phone.chats.values():
			for message in chat.messages[-200:]:
				if not message.from_me:
					self.phone.raise_status(message, "delivered")
		self.changed()

	def reacts(self, chat: Chat, person: Person | None, target: PhoneMessage, emoji: str) -> str:
		"""Put a reaction on a message; an empty emoji takes it away."""
		by = person.name if person else OWN_NAME
		if emoji:
			target.reactions[by] = emoji
		else:
			target.reactions.pop(by, None)
		own = target.from_me == (person is None)
		key = key_of(chat, target, person, own)
		content = {
			"reactionMessage": {"key": key, "text": emoji, "senderTimestampMS": int(time.time() * 1000)}
		}
		special = {"Type": "reaction"} if emoji else {"Type": "reaction", "Edit": "7"}
		return self._acts_on(chat, person, content, special)

	def edits(self, chat: Chat, person: Person | None, target: PhoneMessage, text: str) -> str:
		"""Change the text of an own message."""
		target.text = text
		target.edited = True
		change = {
			"key": key_of(chat, target, person, True),
			"type": 14,
			"editedMessage": {"conversation": text},
			"timestampMS": int(time.time() * 1000),
		}
		return self._acts_on(
			chat, person, {"protocolMessage": change}, {"Edit": "1"}, wrapper="editedMessage"
		)

	def deletes(self, chat: Chat, person: Person | None, target: PhoneMessage) -> str:
		"""Delete an own message for everyone."""
		target.deleted = True
		content = {"protocolMessage": {"key": key_of(chat, target, person, True), "type": 0}}
		return self._acts_on(chat, person, content, {"Edit": "7"})

	def _acts_on(
		self, chat: Chat, person: Person | None, content: Json, special: dict[str, str], *, wrapper: str = ""
	) -> str:
		timestamp = self.phone.next_second(chat)
		message_id = new_message_id()
		content["messageContextInfo"] = payloads.context_info(message_id, timestamp)
		name = person.name if person else OWN_NAME
		about = payloads.info(origin(chat, person), message_id, name, timestamp, **special)
		self._webhooks.emit(payloads.message_event(about, content, wrapper=wrapper))
		self.changed()
		return message_id

	def types(self, chat: Chat, person: Person, state: str, media: str = "") -> None:
		"""Show that a customer is typing, recording, or has stopped."""
		chat.typing = person.name if state == "composing" else ""
		self._webhooks.emit(payloads.typing_event(origin(chat, person), state, media))
		self.changed()

	def expect_receipts(self, message: PhoneMessage) -> None:
		"""Let the customer's phone receive a message a moment later."""
		if not self._board.now.auto_deliver:
			return
		waiting = self._undelivered.setdefault(message.chat, [])
		waiting.append(message)
		# One receipt for all that came within the moment, as real phones do after they were off.
		if len(waiting) == 1:
			self._deliveries.later(DELIVERED_AFTER, lambda: self._receive(message.chat))

	async def _receive(self, jid: str) -> None:
		messages = self._undelivered.pop(jid, [])
		chat = self.phone.chats.get(jid)
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
			reader = person or (GROUP_MEMBERS[1] if chat.is_group else self.phone.people.find(chat.jid))
			timestamp = int(time.time())
			kind = "" if status == "delivered" else "read"
			# Phones list the newest message first.
			where = origin(chat, reader)
			where["Sender"], where["SenderAlt"] = (
				without_device(where["Sender"]),
				without_device(where["SenderAlt"]),
			)
			self._webhooks.emit(payloads.receipt_event(where, moved[::-1], timestamp, kind))
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
			self._webhooks.emit(
				payloads.receipt_event(where, moved[::-1], int(time.time()), "read", chat.jid)
			)
			self.changed()
		return moved
