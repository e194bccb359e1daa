"""The endpoints about people and groups, for one number of ours. Nothing about sessions."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from typing import Any

from wuzapi_chatwoot.sandbox.defaults import GROUP_JID, UNREACHABLE_PHONE
from wuzapi_chatwoot.sandbox.files import sniffed
from wuzapi_chatwoot.sandbox.gateway.api.requests import decoded, recipient, refuse, success, wordless_failure
from wuzapi_chatwoot.sandbox.gateway.api.routes import WITHOUT_DEVICE, Routes
from wuzapi_chatwoot.sandbox.gateway.phones.life import Life
from wuzapi_chatwoot.sandbox.gateway.phones.people import PHONE_SERVER, without_device
from wuzapi_chatwoot.sandbox.gateway.phones.phone import Phone
from wuzapi_chatwoot.sandbox.web.http_server import Call, CutOff, Reply


class Account:
	"""Handlers about the people that one number of ours knows."""

	def __init__(self, life: Life) -> None:
		self._life = life

	@property
	def phone(self) -> Phone:
		"""The phone of this number."""
		return self._life.phone

	def add_routes(self, server: Routes) -> None:
		"""Register the handlers."""
		server.route("POST", "/user/check", self.check)
		server.route("POST", "/user/info", self.info)
		server.route("POST", "/user/avatar", self.avatar)
		server.route("POST", "/user/presence/subscribe", self.subscribe)
		server.route("POST", "/user/presence", self.presence)
		server.route("GET", "/user/contacts", self.contacts)
		server.route("GET", "/user/lid/{jid}", self.lid)
		server.route("GET", "/group/list", self.groups)
		server.route("GET", "/group/info", self.group)

	def subscribe(self, call: Call) -> Reply:
		"""Let the gateway be told when a person is there."""
		if not decoded(call, phone=str)["phone"]:
			raise refuse(400, "missing Phone in Payload")
		if call.trouble:
			raise refuse(500, "failure subscribing to presence")
		return success({"Details": "Presence subscription requested successfully"})

	def presence(self, call: Call) -> Reply:
		"""Say whether the shop is there; nobody looks."""
		if call.trouble:
			raise refuse(500, "failure sending presence to Whatsapp servers")
		return success({"Details": "Presence set successfuly"})

	def groups(self, call: Call) -> Reply:
		"""List the groups."""
		return wordless_failure() if call.trouble else success({"Groups": [self._group_json()]})

	def check(self, call: Call) -> Reply:
		"""Tell which numbers are on WhatsApp."""
		numbers = decoded(call, phone=list)["phone"]
		if not numbers:
			raise refuse(400, "missing Phone in Payload")
		if call.trouble:
			words = "failed to check if users are on WhatsApp: failed to send usync query"
			raise refuse(500, f"{words}: {call.trouble}")
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
		if call.trouble:
			return wordless_failure()
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
		if call.trouble == WITHOUT_DEVICE:
			# The original asks the store of a device that is not there.
			raise CutOff
		# They come from the gateway's own store: no socket is needed.
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
		if call.trouble or wanted != GROUP_JID:
			# The original puts the reason where it expects JSON, and loses it on the way.
			return wordless_failure()
		return success(self._group_json())

	def _group_json(self) -> dict[str, Any]:
		return self.phone.group.as_json(self.phone.people)

	def avatar(self, call: Call) -> Reply:
		"""Tell where the picture of a person or of the group lies; the address ends with the picture."""
		fields = decoded(call, phone=str, preview=bool)
		if not fields["phone"]:
			raise refuse(400, "missing Phone in Payload")
		if call.trouble:
			raise refuse(500, f"failed to get avatar: {call.trouble}")
		jid = recipient(without_device(fields["phone"]))
		person = self.phone.people.find(jid)
		picture = self.phone.pictures.get(person.key if person else jid)
		if picture is None:
			words = "that user or group does not have a profile picture"
			raise refuse(500, f"failed to get avatar: {words}")
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
