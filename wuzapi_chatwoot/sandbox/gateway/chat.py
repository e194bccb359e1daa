"""The other chat endpoints: read marks, reactions, deletions, typing, and fetching media later."""

from __future__ import annotations

import time
from base64 import b64encode

from ..defaults import OWN_NAME
from ..http_server import Call, Reply, SimulatedServer
from .life import Life
from .requests import decoded, recipient, refuse, success


class ChatActions:
	"""Handlers that act on a chat without adding a message."""

	def __init__(self, life: Life) -> None:
		self._life = life

	def add_routes(self, server: SimulatedServer) -> None:
		"""Register the handlers."""
		server.route("POST", "/chat/markread", self.mark_read)
		server.route("POST", "/chat/react", self.react)
		server.route("POST", "/chat/delete", self.delete)
		server.route("POST", "/chat/presence", self.presence)
		for kind in ("image", "video", "audio", "document", "sticker"):
			server.route("POST", f"/chat/download{kind}", self.download)

	def mark_read(self, call: Call) -> Reply:
		"""Turn the customer's ticks blue."""
		fields = decoded(call, id=list, chatphone=str, senderphone=str, chat=str, sender=str)
		if not (fields["chatphone"] or fields["chat"]):
			raise refuse(400, "missing ChatPhone in Payload")
		if not fields["id"]:
			raise refuse(400, "missing Id in Payload")
		for message_id in fields["id"]:
			message = self._life.phone.message(str(message_id))
			if message is not None and not message.from_me:
				self._life.phone.raise_status(message, "read")
		self._life.changed()
		return success({"Details": "Message(s) marked as read"})

	def react(self, call: Call) -> Reply:
		"""React to a message as the shop."""
		fields = decoded(call, phone=str, body=str, id=str, participant=str)
		for name in ("Phone", "Body", "Id"):
			if not fields[name.lower()]:
				raise refuse(400, f"missing {name} in Payload")
		target_id = fields["id"].removeprefix("me:")
		target = self._life.phone.message(target_id)
		if target is not None:
			if fields["body"] == "remove":
				target.reactions.pop(OWN_NAME, None)
			else:
				target.reactions[OWN_NAME] = fields["body"]
			self._life.changed()
		return success({"Details": "Sent", "Timestamp": int(time.time()), "Id": target_id})

	def delete(self, call: Call) -> Reply:
		"""Delete an own message for everyone; others' messages stay, whatever the answer says."""
		fields = decoded(call, phone=str, id=str)
		for name in ("Phone", "Id"):
			if not fields[name.lower()]:
				raise refuse(400, f"missing {name} in Payload")
		target = self._life.phone.message(fields["id"])
		if target is not None and target.from_me:
			target.deleted = True
			self._life.changed()
		return success({"Details": "Deleted", "Timestamp": int(time.time()), "Id": fields["id"]})

	def presence(self, call: Call) -> Reply:
		"""Show the shop typing on the customer's phone."""
		fields = decoded(call, phone=str, state=str, media=str)
		for name in ("Phone", "State"):
			if not fields[name.lower()]:
				raise refuse(400, f"missing {name} in Payload")
		chat = self._life.phone.chat_for(recipient(fields["phone"]))
		chat.typing = OWN_NAME if fields["state"] == "composing" else ""
		self._life.changed()
		return success({"Details": "Chat presence set successfuly"})

	def download(self, call: Call) -> Reply:
		"""Hand out a file that a webhook only named."""
		fields = decoded(call, url=str, directpath=str, mimetype=str, mediakey=str, filelength=int)
		path = fields["url"].partition("mmg.whatsapp.net")[2] or fields["directpath"]
		file = self._life.phone.media_at(path)
		if file is None:
			raise refuse(500, "failed to download media: download failed with status code 404")
		mimetype = fields["mimetype"] or file.mimetype
		encoded = b64encode(file.data).decode()
		return success({"Mimetype": mimetype, "Data": f"data:{mimetype};base64,{encoded}"})
