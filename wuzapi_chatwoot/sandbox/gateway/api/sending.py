"""The `/chat/send/…` endpoints: what the bridge sends appears on the phones, each id once."""

from __future__ import annotations

import base64
import binascii
import re
import secrets
import time
from typing import Any

from wuzapi_chatwoot.sandbox.counters import Counters
from wuzapi_chatwoot.sandbox.files import File, is_picture, sniffed
from wuzapi_chatwoot.sandbox.gateway.api.context import context_of, quoted_text
from wuzapi_chatwoot.sandbox.gateway.api.requests import (
	UNREADABLE_SETTING,
	checked_for_sending,
	data_of,
	decoded,
	recipient,
	refuse,
	success,
)
from wuzapi_chatwoot.sandbox.gateway.api.routes import OFFLINE, Routes
from wuzapi_chatwoot.sandbox.gateway.phones.details import Details
from wuzapi_chatwoot.sandbox.gateway.phones.life import Life
from wuzapi_chatwoot.sandbox.gateway.phones.phone import PhoneMessage
from wuzapi_chatwoot.sandbox.gateway.posts.addressing import author_of
from wuzapi_chatwoot.sandbox.pictures import is_animated, sticker
from wuzapi_chatwoot.sandbox.switches import SwitchBoard, fails_for
from wuzapi_chatwoot.sandbox.web.http_server import Call, CutOff, Reply

COMMON = {"phone": str, "id": str, "contextinfo": dict, "quotedmessage": dict}
KINDS = (
	"text",
	"image",
	"audio",
	"document",
	"video",
	"sticker",
	"location",
	"contact",
	"poll",
	"edit",
)
# The endpoints that begin their complaint with a capital.
CAPITALS = ("image", "voice", "audio", "document", "sticker")
LINK = re.compile(r"https?://\S+")


class Sending:
	"""Handlers that put a message of the shop into a chat."""

	def __init__(self, life: Life, counters: Counters, board: SwitchBoard) -> None:
		self._life = life
		self._board = board
		self._counters = counters

	def add_routes(self, server: Routes) -> None:
		"""Register the handlers."""
		for kind in KINDS:
			server.route("POST", f"/chat/send/{kind}", getattr(self, kind))

	def text(self, call: Call) -> Reply:
		"""Send a text."""
		fields = decoded(call, **COMMON, body=str, linkpreview=bool, quotedtext=str)
		_demand(fields, "Phone", "Body")
		link = LINK.search(fields["body"]) if fields["linkpreview"] else None
		preview = {"url": link.group(), "title": "", "description": ""} if link else None
		return self._shown(call, fields, "text", fields["body"], details=Details(link_preview=preview))

	def image(self, call: Call) -> Reply:
		"""Send a picture."""
		fields = decoded(call, **COMMON, image=str, caption=str, mimetype=str)
		_demand(fields, "Phone", "Image")
		complaint = 'Image data should start with "data:image/png;base64,"'
		data, _ = data_of(fields["image"], "data:image", complaint)
		found, ending = sniffed(data)
		if not is_picture(data):
			raise refuse(500, "could not decode image for thumbnail preparation: image: unknown format")
		file = File("image" + ending, fields["mimetype"] or found, data)
		return self._shown(call, fields, "image", fields["caption"], file)

	def audio(self, call: Call) -> Reply:
		"""Send a voice note, or music when `ptt` is false."""
		fields = decoded(
			call, **COMMON, audio=str, caption=str, ptt=bool, mimetype=str, seconds=int, waveform=object
		)
		_demand(fields, "Phone", "Audio")
		complaint = "audio must be base64 (data:audio/) or valid HTTP URL"
		data, declared = data_of(fields["audio"], "data:audio/", complaint)
		voice = fields["ptt"] is not False
		mimetype = fields["mimetype"] or declared or ("audio/ogg; codecs=opus" if voice else "audio/mpeg")
		file = File("audio" + sniffed(data)[1], mimetype, data)
		details = Details(seconds=fields["seconds"], waveform=_waveform(fields["waveform"]))
		# The caption of an audio message is accepted and ignored.
		return self._shown(call, fields, "voice" if voice else "audio", "", file, details)

	def document(self, call: Call) -> Reply:
		"""Send a document."""
		fields = decoded(call, **COMMON, document=str, filename=str, caption=str, mimetype=str)
		_demand(fields, "Phone", "Document", "FileName")
		complaint = 'document data should start with "data:" or be a valid HTTP URL'
		data, declared = data_of(fields["document"], "data:", complaint)
		mimetype = fields["mimetype"] or declared or sniffed(data)[0]
		return self._shown(
			call, fields, "document", fields["caption"], File(fields["filename"], mimetype, data)
		)

	def video(self, call: Call) -> Reply:
		"""Send a video."""
		fields = decoded(call, **COMMON, video=str, caption=str, mimetype=str, jpegthumbnail=str)
		_demand(fields, "Phone", "Video")
		if len(fields["video"]) < len("data"):
			# The original looks at the first four characters without counting them.
			raise CutOff
		data, _ = data_of(fields["video"], "data", 'data should start with "data:mime/type;base64,"')
		found, ending = sniffed(data)
		file = File("video" + ending, fields["mimetype"] or found, data)
		return self._shown(call, fields, "video", fields["caption"], file)

	def sticker(self, call: Call) -> Reply:
		"""Send a sticker; in place of converting what is no WebP yet, the sandbox draws one of its own."""
		fields = decoded(call, **COMMON, sticker=str, mimetype=str, packid=str, packname=str, emojis=list)
		_demand(fields, "Phone", "Sticker")
		data, _ = data_of(fields["sticker"], "data:", 'data should start with "data:mime/type;base64,"')
		found = fields["mimetype"] or sniffed(data)[0]
		if found.startswith("video/") or found in ("image/gif", "image/jpeg", "image/png"):
			if not self._board.now.gateway_has_ffmpeg:
				what = "image" if found in ("image/jpeg", "image/png") else "video/gif"
				words = f'failed to convert {what} sticker to webp: exec: "ffmpeg": executable file not found in $PATH'
				raise refuse(500, words)
			data, found = sticker(), "image/webp"
		# Whatever else it is goes out as it is, junk included.
		file = File("sticker.webp", found, data)
		return self._shown(call, fields, "sticker", "", file, Details(animated=is_animated(data)))

	def location(self, call: Call) -> Reply:
		"""Send a place."""
		fields = decoded(call, **COMMON, name=str, latitude=float, longitude=float)
		_demand(fields, "Phone", "Latitude", "Longitude")
		text = f"{fields['name']} ({fields['latitude']}, {fields['longitude']})".strip()
		place = {key: fields[key] for key in ("latitude", "longitude", "name")}
		details = Details(location={**place, "address": "", "live": False})
		return self._shown(call, fields, "location", text, details=details)

	def contact(self, call: Call) -> Reply:
		"""Send a contact card."""
		fields = decoded(call, **COMMON, name=str, vcard=str)
		_demand(fields, "Phone", "Name", "Vcard")
		details = Details(contacts=[{"name": fields["name"], "vcard": fields["vcard"]}])
		return self._shown(call, fields, "contact", fields["name"], details=details)

	def poll(self, call: Call) -> Reply:
		"""Send a poll; its answer has no time, and its recipient another name than elsewhere."""
		fields = decoded(call, UNREADABLE_SETTING, group=str, header=str, options=list, id=str)
		# Spelt as the original does.
		for name, spelt in (("group", "Grouop"), ("header", "Header")):
			if not fields[name]:
				raise refuse(400, f"missing {spelt} in payload")
		options = [str(option) for option in fields["options"]]
		if len(options) < 2:
			raise refuse(400, "at least 2 options are required")
		details = Details(poll={"question": fields["header"], "options": options, "votes": {}})
		_check_line(call, "failed to send poll")
		message_id, _ = self._sent(
			call, fields["group"], fields["id"], "poll", fields["header"], None, details
		)
		return success({"Details": "Poll sent successfully", "Id": message_id})

	def edit(self, call: Call) -> Reply:
		"""Change the text of an own message."""
		fields = decoded(call, **COMMON, body=str)
		_demand(fields, "Phone", "Body", "Id")
		_check_line(call, "error sending edit message")
		message = self._life.phone.message(fields["id"])
		# The new form is a text, so only a text of one's own becomes another one by it.
		if message is not None and message.from_me and message.kind == "text" and not message.deleted:
			message.earlier_texts.append(message.text)
			message.text, message.edited = fields["body"], True
			self._life.changed()
		return success({"Details": "Sent", "Timestamp": int(time.time()), "Id": fields["id"]})

	def _shown(
		self,
		call: Call,
		fields: dict[str, Any],
		kind: str,
		text: str,
		file: File | None = None,
		details: Details | None = None,
	) -> Reply:
		context, details = context_of(fields["contextinfo"]), details or Details()
		# Only the endpoint for texts has QuotedText.
		said = fields.get("quotedtext") or quoted_text(fields["quotedmessage"])
		details.mentions, details.forwarded = list(context.mentions), context.forwarded
		if context.stanza:
			# A phone that still holds the original shows it, whatever was sent along.
			original = self._life.phone.message(context.stanza)
			shown = said or (original.text if original else "")
			details.quoted = {"id": context.stanza, "text": shown, "author": context.participant}
		message_id, timestamp = self._sent(call, fields["phone"], fields["id"], kind, text, file, details)
		return success({"Details": "Sent", "Timestamp": timestamp, "Id": message_id})

	def _sent(
		self, call: Call, to: str, wanted_id: str, kind: str, text: str, file: File | None, details: Details
	) -> tuple[str, int]:
		jid = recipient(to)
		if file is not None and call.trouble == OFFLINE:
			words = "Failed to upload file" if kind == "sticker" else "failed to upload file"
			raise refuse(500, f"{words}: failed to refresh media connections: {OFFLINE}")
		checked_for_sending(jid)
		_check_line(call, "Error sending message" if kind in CAPITALS else "error sending message")
		fault = self._board.now.gateway_fail_for
		if fails_for(fault, jid.partition("@")[0]):
			if not fault["status"]:
				raise CutOff(fault["mode"])
			raise refuse(fault["status"], f"error sending message: {fault['text']}")
		phone = self._life.phone
		if not phone.people.reachable(jid):
			raise refuse(500, f"error sending message: no LID found for {jid} from server")
		chat = phone.chat_for(jid)
		message_id = wanted_id or "3EB0" + secrets.token_hex(9).upper()
		call.stored = True
		if phone.message(message_id) is not None:
			# WhatsApp takes a repeated id for the same message: the sender is told "Sent", nobody sees it twice.
			self._counters.repeats += 1
			return message_id, int(time.time())
		message = PhoneMessage(
			id=message_id,
			chat=chat.jid,
			from_me=True,
			by=self._life.phone.owner.name,
			kind=kind,
			text=text,
			timestamp=phone.next_second(chat),
			via="api",
			sent_at=time.time(),
			reply_to=details.quoted["id"] if details.quoted else "",
			author=author_of(chat, None),
			file=file,
			details=details,
		)
		phone.add(message)
		self._counters.messages["sent_by_api"] += 1
		self._life.expect_receipts(message)
		self._life.changed()
		return message_id, message.timestamp


def _check_line(call: Call, words: str) -> None:
	"""Refuse what cannot go out: the socket is lost, or the client has no device."""
	if call.trouble:
		raise refuse(500, f"{words}: {call.trouble}")


def _waveform(given: Any) -> str:
	"""Return the heights as base64; they may come that way, or as a list of numbers."""
	if given is None:
		return ""
	if isinstance(given, list):
		if not all(isinstance(each, int) and 0 <= each <= 255 for each in given):
			raise refuse(400, "could not decode Payload")
		return base64.b64encode(bytes(given)).decode()
	try:
		base64.b64decode(given, validate=True)
	except (binascii.Error, ValueError, TypeError) as error:
		raise refuse(400, "could not decode Payload") from error
	return str(given)


def _demand(fields: dict[str, Any], *names: str) -> None:
	for name in names:
		if not fields[name.lower()]:
			raise refuse(400, f"missing {name} in Payload")
