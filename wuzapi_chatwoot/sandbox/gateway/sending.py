"""The `/chat/send/…` endpoints: what the bridge sends appears on the phones, each id once."""

from __future__ import annotations

import secrets
import time
from typing import Any

from ..counters import Counters
from ..defaults import OWN_NAME, OWN_PHONE
from ..files import File, sniffed
from ..http_server import Call, Reply, SimulatedServer
from .life import Life
from .people import PHONE_SERVER
from .phone import PhoneMessage
from .requests import checked_for_sending, data_of, decoded, quoted_id, recipient, refuse, success

COMMON = {"phone": str, "id": str, "contextinfo": dict}


class Sending:
	"""Handlers that put a message of the shop into a chat."""

	def __init__(self, life: Life, counters: Counters) -> None:
		self._life = life
		self._counters = counters

	def add_routes(self, server: SimulatedServer) -> None:
		"""Register the handlers."""
		for kind in ("text", "image", "audio", "document", "video", "sticker", "location", "contact", "edit"):
			server.route("POST", f"/chat/send/{kind}", getattr(self, kind))

	def text(self, call: Call) -> Reply:
		"""Send a text."""
		fields = decoded(call, **COMMON, body=str)
		_demand(fields, "Phone", "Body")
		return self._shown(call, fields, "text", fields["body"])

	def image(self, call: Call) -> Reply:
		"""Send a picture."""
		fields = decoded(call, **COMMON, image=str, caption=str, mimetype=str)
		_demand(fields, "Phone", "Image")
		complaint = 'Image data should start with "data:image/png;base64,"'
		data, _ = data_of(fields["image"], "data:image", complaint)
		found, ending = sniffed(data)
		if not found.startswith("image/"):
			raise refuse(500, "could not decode image for thumbnail preparation: image: unknown format")
		file = File("image" + ending, fields["mimetype"] or found, data)
		return self._shown(call, fields, "image", fields["caption"], file)

	def audio(self, call: Call) -> Reply:
		"""Send a voice note, or music when `ptt` is false."""
		fields = decoded(call, **COMMON, audio=str, caption=str, ptt=bool, mimetype=str, seconds=int)
		_demand(fields, "Phone", "Audio")
		data, declared = data_of(fields["audio"], "data:audio/", 'audio data should start with "data:audio/"')
		voice = fields["ptt"] is not False
		mimetype = fields["mimetype"] or declared or ("audio/ogg; codecs=opus" if voice else "audio/mpeg")
		file = File("audio" + sniffed(data)[1], mimetype, data)
		# The caption of an audio message is accepted and ignored.
		return self._shown(call, fields, "voice" if voice else "audio", "", file)

	def document(self, call: Call) -> Reply:
		"""Send a document."""
		fields = decoded(call, **COMMON, document=str, filename=str, caption=str, mimetype=str)
		_demand(fields, "Phone", "Document", "FileName")
		complaint = 'document data should start with "data:application/octet-stream;base64,"'
		data, declared = data_of(fields["document"], "data:", complaint)
		mimetype = fields["mimetype"] or declared or sniffed(data)[0]
		return self._shown(
			call, fields, "document", fields["caption"], File(fields["filename"], mimetype, data)
		)

	def video(self, call: Call) -> Reply:
		"""Send a video."""
		fields = decoded(call, **COMMON, video=str, caption=str, mimetype=str, jpegthumbnail=str)
		_demand(fields, "Phone", "Video")
		data, _ = data_of(fields["video"], "data", 'data should start with "data:mime/type;base64,"')
		found, ending = sniffed(data)
		file = File("video" + ending, fields["mimetype"] or found, data)
		return self._shown(call, fields, "video", fields["caption"], file)

	def sticker(self, call: Call) -> Reply:
		"""Send a sticker; what is not WebP yet counts as converted."""
		fields = decoded(call, **COMMON, sticker=str, mimetype=str)
		_demand(fields, "Phone", "Sticker")
		data, _ = data_of(fields["sticker"], "data:", 'data should start with "data:mime/type;base64,"')
		return self._shown(call, fields, "sticker", "", File("sticker.webp", sniffed(data)[0], data))

	def location(self, call: Call) -> Reply:
		"""Send a place."""
		fields = decoded(call, **COMMON, name=str, latitude=float, longitude=float)
		_demand(fields, "Phone", "Latitude", "Longitude")
		text = f"{fields['name']} ({fields['latitude']}, {fields['longitude']})".strip()
		return self._shown(call, fields, "location", text)

	def contact(self, call: Call) -> Reply:
		"""Send a contact card."""
		fields = decoded(call, **COMMON, name=str, vcard=str)
		_demand(fields, "Phone", "Name", "Vcard")
		return self._shown(call, fields, "contact", fields["name"])

	def edit(self, call: Call) -> Reply:
		"""Change the text of an own message."""
		fields = decoded(call, **COMMON, body=str)
		_demand(fields, "Phone", "Body", "Id")
		message = self._life.phone.message(fields["id"])
		if message is not None and message.from_me:
			message.text, message.edited = fields["body"], True
			self._life.changed()
		return success({"Details": "Sent", "Timestamp": int(time.time()), "Id": fields["id"]})

	def _shown(
		self, call: Call, fields: dict[str, Any], kind: str, text: str, file: File | None = None
	) -> Reply:
		reply_to = quoted_id(fields["contextinfo"])
		jid = recipient(fields["phone"])
		checked_for_sending(jid)
		phone = self._life.phone
		if not phone.people.reachable(jid):
			raise refuse(500, f"error sending message: no LID found for {jid} from server")
		chat = phone.chat_for(jid)
		message_id = fields["id"] or "3EB0" + secrets.token_hex(9).upper()
		call.stored = True
		known = phone.message(message_id)
		if known is not None:
			# WhatsApp takes a repeated id for the same message: the sender is told "Sent", nobody sees it twice.
			self._counters.repeats += 1
			return success({"Details": "Sent", "Timestamp": int(time.time()), "Id": message_id})
		message = PhoneMessage(
			id=message_id,
			chat=chat.jid,
			from_me=True,
			by=OWN_NAME,
			kind=kind,
			text=text,
			timestamp=phone.next_second(chat),
			via="api",
			sent_at=time.time(),
			reply_to=reply_to,
			author=OWN_PHONE + PHONE_SERVER,
			file=file,
		)
		phone.add(message)
		self._counters.messages["sent_by_api"] += 1
		self._life.expect_receipts(message)
		self._life.changed()
		return success({"Details": "Sent", "Timestamp": message.timestamp, "Id": message_id})


def _demand(fields: dict[str, Any], *names: str) -> None:
	for name in names:
		if not fields[name.lower()]:
			raise refuse(400, f"missing {name} in Payload")
