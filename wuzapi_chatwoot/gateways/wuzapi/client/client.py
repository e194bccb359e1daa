"""One session's gateway: the port `Gateway` for WuzAPI. Knows paths and what answers mean, not bodies or HTTP."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence

import requests

from wuzapi_chatwoot.bridge.model.addresses import Address
from wuzapi_chatwoot.bridge.model.content import ContactCard, Location, Media
from wuzapi_chatwoot.bridge.model.errors import Fault, Permanent, Retriable
from wuzapi_chatwoot.bridge.model.records import Session
from wuzapi_chatwoot.bridge.ports.gateway import Avatar, OutgoingFile, Reply, VoiceNote
from wuzapi_chatwoot.gateways.wuzapi.client import compose
from wuzapi_chatwoot.gateways.wuzapi.client.address_books import ADDRESS_BOOKS, AddressBooks, Names, owner_of
from wuzapi_chatwoot.gateways.wuzapi.client.calls import READ, READ_DOWNLOAD, READ_SEND, Calls, pooled_http
from wuzapi_chatwoot.gateways.wuzapi.client.failures import NoPicture
from wuzapi_chatwoot.gateways.wuzapi.client.group_admins import GROUP_ADMINS, GroupAdmins
from wuzapi_chatwoot.gateways.wuzapi.client.named_files import NamedFiles, check_size
from wuzapi_chatwoot.gateways.wuzapi.parse.tickets import read_ticket

_LARGEST_AVATAR = 5 * 1024 * 1024
_AROUND = 64 * 1024
_JPEG_HEAD = b"\xff\xd8\xff"


class WuzapiGateway:
	"""Thread-safe and cheap to make: what is dear are `http`, the pool of connections, and the address books."""

	def __init__(
		self,
		session: Session,
		http: requests.Session | None = None,
		address_books: AddressBooks = ADDRESS_BOOKS,
		files: NamedFiles | None = None,
		group_admins: GroupAdmins = GROUP_ADMINS,
	) -> None:
		address = session.gateway_url.strip().rstrip("/")
		token = session.gateway_token.value.strip()
		self._calls = Calls(http or pooled_http(), address, token, files=files)
		self._largest_file = session.largest_file
		self._address_books = address_books
		self._group_admins = group_admins
		self._owner = owner_of(address, token)

	# ---- messages

	def send_text(self, to: Address, text: str, message_id: str, reply: Reply | None = None) -> None:
		self._send(compose.text(to, text, message_id, reply))

	def send_file(
		self,
		to: Address,
		file: OutgoingFile,
		message_id: str,
		caption: str | None = None,
		reply: Reply | None = None,
	) -> None:
		"""WebP goes as a picture. Audio cannot bear a caption: send it as a text of its own."""
		self._send(compose.file(to, file, message_id, caption, reply))

	def send_voice(self, to: Address, note: VoiceNote, message_id: str, reply: Reply | None = None) -> None:
		self._send(compose.voice(to, note, message_id, reply))

	def send_sticker(
		self, to: Address, file: OutgoingFile, message_id: str, reply: Reply | None = None
	) -> None:
		self._send(compose.sticker(to, file, message_id, reply))

	def send_location(
		self, to: Address, location: Location, message_id: str, reply: Reply | None = None
	) -> None:
		self._send(compose.location(to, location, message_id, reply))

	def send_contact(
		self, to: Address, card: ContactCard, message_id: str, reply: Reply | None = None
	) -> None:
		self._send(compose.contact(to, card, message_id, reply))

	# ---- about messages and chats

	def react(self, chat: Address, target_id: str, emoji: str, author: Address | None) -> None:
		self._send(compose.reaction(chat, target_id, emoji, author))

	def revoke(self, chat: Address, message_id: str) -> None:
		"""WhatsApp takes it for any id, and does not tell whether there was such a message or it was too late."""
		self._send(compose.revoke(chat, message_id))

	def mark_read(self, chat: Address, message_ids: Sequence[str], sender: Address) -> None:
		if message_ids:
			self._send(compose.mark_read(chat, message_ids, sender), READ)

	def show_typing(self, chat: Address, active: bool) -> None:
		self._send(compose.typing(chat, active), READ)

	# ---- people and groups

	def saved_name(self, of: Address) -> str | None:
		"""Up to five minutes old."""
		return self._address_books.names(self._owner, self._read_address_book).get(of)

	def avatar(self, of: Address, known_id: str | None) -> Avatar | None:
		request = compose.avatar(of)
		try:
			answer = self._calls.post(request.path, request.body)
		except NoPicture:
			return None
		id, url = answer.id("ID"), answer.text("URL")
		if not id or not url:
			return None
		if id == known_id:
			return Avatar(id, None)
		content = self._calls.fetch_picture(url, _LARGEST_AVATAR)
		if not content.startswith(_JPEG_HEAD):
			raise Permanent("What WhatsApp gives out as the contact's picture is no JPEG")
		return Avatar(id, OutgoingFile(content, "image/jpeg", "avatar.jpg"))

	def group_name(self, group: Address) -> str | None:
		return self._calls.get("/group/info", {"groupJID": str(group)}).name("Name") or None

	def is_group_admin(self, group: Address, addresses: Sequence[Address]) -> bool:
		"""A yes is up to five minutes old, a no ten seconds."""
		return self._group_admins.is_one(self._owner, group, addresses, lambda: self._read_admins(group))

	# ---- the rest

	def own_address(self) -> Address | None:
		"""`None` also for a while after pairing: some releases of WuzAPI tell it only after their next start."""
		return self._calls.get("/session/status").address("jid")

	def download(self, media: Media) -> bytes:
		"""From the gateway's S3 storage if it put the file there, else by way of the gateway from WhatsApp."""
		ticket = read_ticket(media.ticket)
		if ticket.url:
			try:
				return self._calls.fetch_stored(ticket.url, self._largest_file)
			except (Permanent, Retriable):
				if not ticket.endpoint:
					raise
		# In base64, and a little around it. Of a larger one the gateway has not said how large it is.
		largest = self._largest_file * 4 // 3 + _AROUND
		answer = self._calls.post(ticket.endpoint, ticket.body, read_timeout=READ_DOWNLOAD, largest=largest)
		content = _decoded(answer.text("Data"))
		check_size(len(content), self._largest_file)
		return content

	def check(self) -> None:
		status = self._calls.get("/session/status")
		if not status.flag("connected"):
			raise Retriable("WhatsApp is not connected on the gateway")
		if not status.flag("loggedIn"):
			raise Retriable("The number is not logged in to WhatsApp: pair it with the phone")

	def _send(self, request: compose.GatewayRequest, read_timeout: float = READ_SEND) -> None:
		self._calls.post(request.path, request.body, read_timeout=read_timeout, sending=True)

	def _read_admins(self, group: Address) -> list[Address]:
		people = self._calls.get("/group/info", {"groupJID": str(group)}).rows("Participants")
		known = [
			person.address(key)
			for person in people
			if person.flag("IsAdmin") or person.flag("IsSuperAdmin")
			for key in ("JID", "LID", "PhoneNumber")
		]
		return [address for address in known if address is not None]

	def _read_address_book(self) -> Names:
		book = self._calls.get("/user/contacts")
		names: dict[Address, str] = {}
		for key in book:
			address, name = Address.parse(key), book.inner(key).name("FullName", "FirstName")
			if address is not None and name:
				names[address] = name
		return names


def _decoded(data_url: str) -> bytes:
	"""The bytes of `data:image/jpeg;base64,…`. With nothing behind the comma the file is empty, and is not asked for again."""
	head, comma, data = data_url.partition(",")
	try:
		if not (comma and head.startswith("data:")):
			raise ValueError("no data URL")
		return base64.b64decode(data, validate=True)
	except (binascii.Error, ValueError):
		raise Retriable("The gateway's answer holds no readable file", fault=Fault.UNWELL) from None
