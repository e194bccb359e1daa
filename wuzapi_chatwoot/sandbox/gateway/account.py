"""The endpoints about the session and its settings, about users and groups. The session is always paired."""

from __future__ import annotations

import hashlib
import time
from base64 import b64encode
from typing import Any

from ..defaults import (
	GATEWAY_INSTANCE,
	GATEWAY_USER_ID,
	GATEWAY_VERSION,
	GROUP_JID,
	OWN_PHONE,
	UNREACHABLE_PHONE,
)
from ..files import sniffed
from ..http_server import Call, Reply, SimulatedServer, json_reply, text_reply
from .people import PHONE_SERVER, without_device
from .phone import Phone
from .requests import decoded, failure, recipient, refuse, success
from .webhooks import GatewayWebhooks


class Account:
	"""Handlers around the one user of this gateway."""

	def __init__(self, phone: Phone, webhooks: GatewayWebhooks, token: str) -> None:
		self.phone = phone
		self._webhooks = webhooks
		self._token = token
		self._media_delivery = "base64"
		self._started = time.time()

	def add_routes(self, server: SimulatedServer) -> None:
		"""Register the handlers."""
		server.route("GET", "/health", self.health, open_to_all=True)
		server.route("GET", "/session/status", self.status)
		server.route("POST", "/session/connect", lambda call: failure(500, "already connected"))
		server.route("GET", "/session/qr", lambda call: failure(500, "already logged in"))
		server.route("POST", "/session/hmac/config", self.set_hmac_key)
		server.route("GET", "/session/hmac/config", self.get_hmac_key)
		server.route("DELETE", "/session/hmac/config", self.delete_hmac_key)
		server.route("POST", "/session/s3/config", self.set_media_delivery)
		server.route("GET", "/webhook", self.get_webhook)
		server.route("POST", "/webhook", self.set_webhook)
		server.route("POST", "/user/check", self.check)
		server.route("POST", "/user/info", self.info)
		server.route("POST", "/user/avatar", self.avatar)
		server.route("GET", "/avatars/{name}", self.picture, open_to_all=True)
		server.route("POST", "/user/presence/subscribe", lambda call: success({"Details": "Subscribed"}))
		server.route("POST", "/user/presence", lambda call: success({"Details": "Presence set successfuly"}))
		server.route("GET", "/user/contacts", self.contacts)
		server.route("GET", "/user/lid/{jid}", self.lid)
		server.route("GET", "/group/list", lambda call: success({"Groups": [self._group_json()]}))
		server.route("GET", "/group/info", self.group)

	def health(self, call: Call) -> Reply:
		"""Answer without a token and without an envelope."""
		counts = {"active_connections": 1, "total_users": 1, "connected_users": 1, "logged_in_users": 1}
		times = {
			"timestamp": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
			"uptime": f"{self._uptime()}s",
		}
		return json_reply(
			{
				"status": "ok",
				**times,
				**counts,
				"memory_stats": {},
				"goroutines": 12,
				"version": GATEWAY_VERSION,
			}
		)

	def _uptime(self) -> int:
		return int(time.time() - self._started)

	def status(self, call: Call) -> Reply:
		"""Show what the running process uses."""
		hooks = self._webhooks
		return success(
			{
				"id": GATEWAY_USER_ID,
				"name": GATEWAY_INSTANCE,
				"connected": True,
				"loggedIn": True,
				"token": self._token,
				"jid": f"{OWN_PHONE}:12{PHONE_SERVER}",
				"webhook": hooks.url,
				"events": ",".join(hooks.events),
				"proxy_url": "",
				"qrcode": "",
				"history": "0",
				"proxy_config": {"enabled": False, "proxy_url": ""},
				"s3_config": {"enabled": False, "media_delivery": self._media_delivery},
				"hmac_configured": bool(hooks.hmac_key),
			}
		)

	def set_hmac_key(self, call: Call) -> Reply:
		"""Sign with this key from now on; the answer has no envelope."""
		key = decoded(call, hmac_key=str)["hmac_key"]
		if len(key) < 32:
			raise refuse(400, "HMAC key must be at least 32 characters long")
		self._webhooks.hmac_key = key
		return json_reply({"Details": "HMAC configuration saved successfully"})

	def get_hmac_key(self, call: Call) -> Reply:
		"""Say whether there is a key."""
		return json_reply({"hmac_key": "***" if self._webhooks.hmac_key else ""})

	def delete_hmac_key(self, call: Call) -> Reply:
		"""Sign no more."""
		self._webhooks.hmac_key = ""
		return json_reply({"Details": "HMAC configuration deleted successfully"})

	def set_media_delivery(self, call: Call) -> Reply:
		"""Accept the media settings; the sandbox delivers as its own switch says."""
		wanted = decoded(call, media_delivery=str)["media_delivery"] or "base64"
		if wanted not in ("base64", "s3", "both"):
			raise refuse(400, "media_delivery must be 'base64', 's3', or 'both'")
		self._media_delivery = wanted
		return success({"Details": "S3 configuration saved successfully", "Enabled": False})

	def get_webhook(self, call: Call) -> Reply:
		"""Show the webhook settings."""
		return success({"webhook": self._webhooks.url, "subscribe": list(self._webhooks.events)})

	def set_webhook(self, call: Call) -> Reply:
		"""Set the address; without `events` nothing is subscribed to any more, as in the original."""
		fields = decoded(call, webhookurl=str, events=list)
		self._webhooks.url = fields["webhookurl"]
		self._webhooks.events = [str(name) for name in fields["events"]]
		return success({"webhook": self._webhooks.url})

	def check(self, call: Call) -> Reply:
		"""Tell which numbers are on WhatsApp."""
		numbers = decoded(call, phone=list)["phone"]
		if not numbers:
			raise refuse(400, "missing Phone in Payload")
		users = []
		for number in numbers:
			digits = str(number).lstrip("+").partition("@")[0]
			known = digits.isdecimal() and digits != UNREACHABLE_PHONE
			person = self.phone.people.listed_under(digits)
			jid = (person.phone_jid if person else "") or digits + PHONE_SERVER
			verified = person.verified_name if person else ""
			users.append({"Query": number, "IsInWhatsapp": known, "JID": jid, "VerifiedName": verified})
		return success({"Users": users})

	def info(self, call: Call) -> Reply:
		"""Tell what WhatsApp knows of some people; unknown ones are left out."""
		found: dict[str, Any] = {}
		for number in decoded(call, phone=list)["phone"]:
			jid = recipient(str(number))
			person = self.phone.people.find(jid)
			if person is not None:
				lid = "" if person.hides_phone else person.lid_jid
				name = person.verified_name
				found[jid] = {
					"VerifiedName": {"Details": {"verifiedName": name}} if name else None,
					"Status": "",
					"PictureID": self.phone.pictures.get(person.key, ("",))[0],
					"Devices": [jid],
					"LID": lid,
				}
		return success({"Users": found})

	def contacts(self, call: Call) -> Reply:
		"""List the address book: everybody under each address that WhatsApp has told."""
		listed = {}
		for person in self.phone.people.all.values():
			names = {
				"FirstName": person.saved_name.partition(" ")[0],
				"FullName": person.saved_name,
				"PushName": person.name,
				"BusinessName": person.verified_name,
			}
			for jid in filter(None, (person.chat, person.other_address)):
				listed[jid] = {"Found": True, **names, "RedactedPhone": ""}
		return success(listed)

	def lid(self, call: Call) -> Reply:
		"""Look up the LID of a phone number."""
		jid = recipient(without_device(call.parameters["jid"]))
		person = self.phone.people.find(jid)
		if person is None or not person.lid or person.hides_phone:
			raise refuse(404, "LID not found for this number")
		return success({"jid": jid, "lid": person.lid_jid})

	def group(self, call: Call) -> Reply:
		"""Show the group."""
		wanted = call.query_value("groupJID")
		if not wanted:
			raise refuse(400, "missing groupJID parameter")
		if wanted != GROUP_JID:
			raise refuse(500, "failed to get group info: that group does not exist")
		return success(self._group_json())

	def _group_json(self) -> dict[str, Any]:
		return self.phone.group.as_json(self.phone.people)

	def avatar(self, call: Call) -> Reply:
		"""Tell where the picture of a person or of the group lies; the address ends with the picture."""
		fields = decoded(call, phone=str, preview=bool)
		if not fields["phone"]:
			raise refuse(400, "missing Phone in Payload")
		jid = recipient(without_device(fields["phone"]))
		person = self.phone.people.find(jid)
		picture = self.phone.pictures.get(person.key if person else jid)
		if picture is None:
			raise refuse(500, "no avatar found")
		number, file = picture
		host = call.header(b"host") or ""
		path = f"/avatars/{number}{sniffed(file.data)[1]}"
		return success(
			{
				"url": f"http://{host}{path}",
				"id": number,
				"type": "preview" if fields["preview"] else "image",
				"direct_path": path,
				"hash": b64encode(hashlib.sha256(file.data).digest()).decode(),
			}
		)

	def picture(self, call: Call) -> Reply:
		"""Hand out a picture, without a token, as WhatsApp's own servers do."""
		wanted = call.parameters["name"].partition(".")[0]
		for number, file in self.phone.pictures.values():
			if number == wanted:
				return Reply(200, file.data, file.mimetype.encode())
		return text_reply("URL signature expired", 403)
