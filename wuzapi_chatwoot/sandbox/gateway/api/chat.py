"""The other chat endpoints: read marks, reactions, deletions, typing, calls, and fetching media later."""

from __future__ import annotations

import time
from base64 import b64encode

from wuzapi_chatwoot.sandbox.gateway.api.requests import decoded, recipient, refuse, success
from wuzapi_chatwoot.sandbox.gateway.api.routes import OFFLINE, Routes
from wuzapi_chatwoot.sandbox.gateway.phones.life import Life
from wuzapi_chatwoot.sandbox.gateway.phones.phone import PhoneMessage
from wuzapi_chatwoot.sandbox.switches import SwitchBoard
from wuzapi_chatwoot.sandbox.web.http_server import Call, Reply


class ChatActions:
	"""Handlers that act on a chat without adding a message."""

	def __init__(self, life: Life, board: SwitchBoard) -> None:
		self._life = life
		self._board = board

	def add_routes(self, server: Routes) -> None:
		"""Register the handlers."""
		server.route("POST", "/chat/markread", self.mark_read)
		server.route("POST", "/chat/react", self.react)
		server.route("POST", "/chat/delete", self.delete)
		server.route("POST", "/chat/presence", self.presence)
		server.route("POST", "/call/reject", self.reject)
		for kind in ("image", "video", "audio", "document", "sticker"):
			server.route("POST", f"/chat/download{kind}", self.download)

	def mark_read(self, call: Call) -> Reply:
		"""Turn the customer's ticks blue."""
		fields = decoded(call, id=list, chatphone=str, senderphone=str, chat=str, sender=str)
		if not (fields["chatphone"] or fields["chat"]):
			raise refuse(400, "missing ChatPhone in Payload")
		if not fields["id"]:
			raise refuse(400, "missing Id in Payload")
		if call.trouble == OFFLINE:
			raise refuse(500, "failure marking messages as read")
		for message_id in fields["id"]:
			message = self._life.phone.message(str(message_id))
			sender = fields["senderphone"] or fields["sender"]
			if message is not None and not message.from_me and self._is_by(message, sender):
				self._life.phone.raise_status(message, "read")
		self._life.changed()
		return success({"Details": "Message(s) marked as read"})

	def react(self, call: Call) -> Reply:
		"""React to a message as the shop."""
		fields = decoded(call, phone=str, body=str, id=str, participant=str)
		for name in ("Phone", "Body", "Id"):
			if not fields[name.lower()]:
				raise refuse(400, f"missing {name} in Payload")
		if call.trouble:
			raise refuse(500, f"error sending message: {call.trouble}")
		target_id = fields["id"].removeprefix("me:")
		own = target_id != fields["id"]
		target = self._life.phone.message(target_id)
		# The key names the author; a phone that finds no such message shows nothing, whatever the answer says.
		if (
			target is not None
			and target.from_me == own
			and (own or self._is_by(target, fields["participant"]))
		):
			if fields["body"] == "remove":
				target.reactions.pop(self._life.phone.owner.name, None)
			else:
				target.reactions[self._life.phone.owner.name] = fields["body"]
			self._life.changed()
		return success({"Details": "Sent", "Timestamp": int(time.time()), "Id": target_id})

	def _is_by(self, message: PhoneMessage, who: str) -> bool:
		"""Say whether the author named is the right one; in a chat between two there is only one."""
		if not self._life.phone.chat_for(message.chat).is_group:
			return True
		person = self._life.phone.people.find(recipient(who)) if who else None
		return person is not None and person.key == message.by_key

	def delete(self, call: Call) -> Reply:
		"""Delete an own message for everyone; others' messages stay, whatever the answer says."""
		fields = decoded(call, phone=str, id=str)
		for name in ("Phone", "Id"):
			if not fields[name.lower()]:
				raise refuse(400, f"missing {name} in Payload")
		if call.trouble:
			raise refuse(500, f"error sending message: {call.trouble}")
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
		if call.trouble:
			raise refuse(500, "failure sending chat presence to Whatsapp servers")
		chat = self._life.phone.chat_for(recipient(fields["phone"]))
		chat.typing = self._life.phone.owner.name if fields["state"] == "composing" else ""
		chat.typing_media = fields["media"] if chat.typing else ""
		self._life.changed()
		return success({"Details": "Chat presence set successfuly"})

	def reject(self, call: Call) -> Reply:
		"""Let a call that rings be turned down."""
		fields = decoded(call, call_from=str, call_id=str)
		for name in ("call_from", "call_id"):
			if not fields[name]:
				raise refuse(400, f"missing {name} in Payload")
		if call.trouble:
			raise refuse(500, f"error rejecting call: {call.trouble}")
		line = self._life.phone.message(fields["call_id"])
		if line is not None and line.details.call is not None:
			line.details.call["rejected"] = True
			self._life.changed()
		return success({"Details": "Call rejected", "CallID": fields["call_id"]})

	def download(self, call: Call) -> Reply:
		"""Hand out a file that a webhook only named."""
		fields = decoded(call, url=str, directpath=str, mimetype=str, mediakey=str, filelength=int)
		path = fields["url"].partition("mmg.whatsapp.net")[2] or fields["directpath"]
		file = self._life.phone.media_at(path)
		kind = call.path.rpartition("/download")[2]
		if call.trouble:
			# The file itself needs no socket; finding the servers that hold it does.
			words = f"failed to download {kind} failed to refresh media connections: {call.trouble}"
			raise refuse(500, words)
		failing = self._board.now.downloads_fail > 0
		if failing:
			self._board.now.downloads_fail -= 1
		if file is None or failing:
			raise refuse(500, f"failed to download {kind} download failed with status code 404")
		mimetype = fields["mimetype"] or file.mimetype
		encoded = b64encode(file.data).decode()
		return success({"Mimetype": mimetype, "Data": f"data:{mimetype};base64,{encoded}"})
