"""Older messages: the gateway's own table of them, and asking the phone for some. With the trap of the former."""

from __future__ import annotations

import time
from typing import Any

from wuzapi_chatwoot.sandbox.gateway.api.requests import UNREADABLE_SETTING, decoded, refuse, success
from wuzapi_chatwoot.sandbox.gateway.api.routes import Routes
from wuzapi_chatwoot.sandbox.gateway.api.session_api import record_of
from wuzapi_chatwoot.sandbox.gateway.clients import Clients
from wuzapi_chatwoot.sandbox.gateway.phones.phone import Chat, PhoneMessage
from wuzapi_chatwoot.sandbox.gateway.phones.whatsapp import Line, WhatsApp
from wuzapi_chatwoot.sandbox.gateway.posts.contents import content_of, quotable
from wuzapi_chatwoot.sandbox.gateway.posts.payloads import time_text
from wuzapi_chatwoot.sandbox.gateway.users import UserRecord, UserRow
from wuzapi_chatwoot.sandbox.switches import SwitchBoard
from wuzapi_chatwoot.sandbox.web.http_server import Call, Reply

MOST = 1000
# WhatsApp's number for a sync that was asked for.
ON_DEMAND = 6

Json = dict[str, Any]


class HistoryApi:
	"""Handlers about what was written before."""

	def __init__(self, clients: Clients, whatsapp: WhatsApp, board: SwitchBoard) -> None:
		self._clients = clients
		self._whatsapp = whatsapp
		self._board = board

	def add_routes(self, server: Routes) -> None:
		"""Register the handlers."""
		server.route("POST", "/session/history", self.set_history)
		server.route("GET", "/session/history", self.ask_phone)
		server.route("GET", "/chat/history", self.stored)

	def set_history(self, call: Call) -> Reply:
		"""Say how many messages of each chat the gateway keeps; 0 keeps none."""
		user = record_of(self._clients, call)
		wanted = decoded(call, UNREADABLE_SETTING, history=int)["history"]
		needs_session = self._board.now.gateway_version == "1.0.6"
		if needs_session and self._clients.tracked.get(user.id) is None:
			raise refuse(400, "no session")
		if wanted < 0:
			raise refuse(400, "history cannot be negative")
		self._clients.users.remember(user, history=wanted)

		def store(row: UserRow) -> None:
			row.history = wanted

		self._clients.users.store(user.id, store)
		return success({"Details": "History configured successfully", "History": wanted})

	def ask_phone(self, call: Call) -> Reply:
		"""Ask the phone for older messages; they come as a webhook."""
		user = record_of(self._clients, call)
		client = self._clients.tracked.get(user.id)
		if client is None:
			raise refuse(500, "no session")
		if not self._clients.is_connected(user.id) or client.device is None:
			raise refuse(500, "not connected")
		wanted, oldest = _count_of(call, "count"), call.query_value("oldest_msg_id") or ""
		jid = call.query_value("chat_jid") or ""
		answer = {
			"details": "History sync request Sent",
			"timestamp": int(time.time()),
			"count": wanted,
			"chat_jid": jid,
			"oldest_msg_id": oldest,
			"oldest_msg_from_me": call.query_value("oldest_msg_from_me") == "true",
			"oldest_msg_timestamp": _number(call.query_value("oldest_msg_timestamp") or "0"),
		}
		chat = client.device.line.life.phone.chats.get(jid)
		if chat is not None:
			self._clients.deliver(client, _sync_of(client.device.line, chat, oldest, wanted))
		return success(answer)

	def stored(self, call: Call) -> Reply:
		"""Show what was kept; with nothing kept the call costs the user their record."""
		user = record_of(self._clients, call)
		jid = call.query_value("chat_jid")
		if not jid:
			raise refuse(400, "missing chat_jid parameter")
		if not user.history:
			# Webhooks find nobody now, until the next call with this token makes a record without a key.
			self._clients.users.records.pop(user.token, None)
			raise refuse(501, "message history is disabled for this user")
		if jid == "index":
			return success(self._index())
		line = self._line(user)
		chat = line.life.phone.chats.get(jid) if line else None
		kept = chat.messages[-min(_count_of(call, "limit"), user.history) :] if chat else []
		return success([_stored(user, number, message) for number, message in enumerate(kept, 1)][::-1])

	def _line(self, user: UserRecord) -> Line | None:
		row = self._clients.users.rows.get(user.id)
		return self._whatsapp.lines.get((row.jid if row else user.jid).partition(":")[0])

	def _index(self) -> dict[str, list[str]]:
		"""Everybody's chats: the original does not look whose they are."""
		found = {}
		for row in self._clients.users.rows.values():
			line = self._whatsapp.lines.get(row.jid.partition(":")[0])
			if line is not None and row.history:
				found[row.id] = [chat.jid for chat in line.life.phone.chats.values() if chat.messages]
		return found


def _number(text: str) -> int:
	return int(text) if text.isdecimal() else 0


def _count_of(call: Call, name: str) -> int:
	return min(_number(call.query_value(name) or "50") or 50, MOST)


def _stored(user: UserRecord, number: int, message: PhoneMessage) -> Json:
	return {
		"id": number,
		"user_id": user.id,
		"chat_jid": message.chat,
		"sender_jid": message.author,
		"message_id": message.id,
		"timestamp": time_text(message.timestamp),
		"message_type": message.kind,
		"text_content": message.text,
		"media_link": "",
		"quoted_message_id": message.reply_to,
		"data_json": "",
	}


def _sync_of(line: Line, chat: Chat, oldest: str, wanted: int) -> Json:
	phone = line.life.phone
	ids = [message.id for message in chat.messages]
	before = chat.messages[: ids.index(oldest)] if oldest in ids else chat.messages
	shown = [message for message in before if message.kind not in ("note", "call")][-wanted:]
	messages = []
	for order, message in enumerate(shown, 1):
		key: Json = {"ID": message.id, "fromMe": message.from_me, "remoteJID": chat.jid}
		if chat.is_group:
			key["participant"] = message.author
		quoted = quotable(phone.message(message.reply_to)) if message.reply_to else None
		inner = {
			"key": key,
			"message": content_of(message, quoted),
			"messageTimestamp": message.timestamp,
			"status": 4,
		}
		if not message.from_me:
			inner["pushName"] = message.by
		messages.append({"message": inner, "msgOrderID": order})
	conversation: Json = {"ID": chat.jid, "messages": messages[::-1], "name": chat.name, "unreadCount": 0}
	if shown:
		conversation["conversationTimestamp"] = shown[-1].timestamp
	if chat.partner_alt.endswith("@lid"):
		conversation["lidJID"] = chat.partner_alt
	data = {"chunkOrder": 1, "conversations": [conversation], "progress": 100, "syncType": ON_DEMAND}
	return {"event": {"Data": data}, "type": "HistorySync"}
