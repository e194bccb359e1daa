"""Puts the simulated Chatwoot together, and serves its files. Everything else is in the modules beside this one."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import quote

from wuzapi_chatwoot.sandbox.chatwoot.api.access import Access
from wuzapi_chatwoot.sandbox.chatwoot.api.answers import not_found
from wuzapi_chatwoot.sandbox.chatwoot.api.contact_search import ContactSearch
from wuzapi_chatwoot.sandbox.chatwoot.api.contacts_api import ContactsApi
from wuzapi_chatwoot.sandbox.chatwoot.api.conversations_api import ConversationsApi
from wuzapi_chatwoot.sandbox.chatwoot.api.inboxes_api import InboxesApi
from wuzapi_chatwoot.sandbox.chatwoot.api.messages_api import MessagesApi
from wuzapi_chatwoot.sandbox.chatwoot.api.profile_api import ProfileApi
from wuzapi_chatwoot.sandbox.chatwoot.api.public_api import PublicApi
from wuzapi_chatwoot.sandbox.chatwoot.avatars import Avatars
from wuzapi_chatwoot.sandbox.chatwoot.desk import Desk
from wuzapi_chatwoot.sandbox.chatwoot.store import Store
from wuzapi_chatwoot.sandbox.chatwoot.webhooks import ChatwootWebhooks
from wuzapi_chatwoot.sandbox.counters import Counters
from wuzapi_chatwoot.sandbox.options import Options
from wuzapi_chatwoot.sandbox.switches import SwitchBoard
from wuzapi_chatwoot.sandbox.web.deliveries import Deliveries
from wuzapi_chatwoot.sandbox.web.http_client import HttpClient
from wuzapi_chatwoot.sandbox.web.http_server import (
	Call,
	Refused,
	Reply,
	SimulatedServer,
	json_reply,
	text_reply,
)


class Chatwoot:
	"""The simulated Chatwoot with one account."""

	def __init__(
		self, options: Options, board: SwitchBoard, deliveries: Deliveries, changed: Callable[[], None]
	) -> None:
		self._board = board
		self.counters = Counters()
		self.client = HttpClient("rest-client/2.1.0")
		self.store = Store(options.chatwoot_webhook_url, options.chatwoot_secret, options.keep)
		webhooks = ChatwootWebhooks(board, self.counters, deliveries, self.client)
		self.desk = Desk(self.store, webhooks, board, self.counters, changed)
		access = Access(board, options.chatwoot_token)
		missing = json_reply({"status": 404, "error": "Not Found"}, 404)
		self.app = SimulatedServer("chatwoot", lambda: board.now, self.counters, access.guard, missing)
		messages = MessagesApi(self.desk)
		# The order is that of how often they are called.
		messages.add_routes(self.app)
		ConversationsApi(self.desk, messages).add_routes(self.app)
		ContactSearch(self.store).add_routes(self.app)
		avatars = Avatars(self.store, deliveries, self.client, changed)
		ContactsApi(self.desk, avatars).add_routes(self.app)
		InboxesApi(self.store, access, board, changed).add_routes(self.app)
		ProfileApi(access, board).add_routes(self.app)
		PublicApi(self.desk).add_routes(self.app)
		blobs = "/rails/active_storage/{kind}/redirect/{signed_id}/{name:rest}"
		self.app.route("GET", blobs, self._redirect, open_to_all=True)
		self.app.route("GET", "/rails/active_storage/disk/{key}/{name}", self._stored, open_to_all=True)

	def reset(self) -> None:
		"""Forget everything but the highest ids."""
		self.store.clear()
		self.counters.clear()

	def _redirect(self, call: Call) -> Reply:
		attachment = self.store.attachments.get(call.parameters["signed_id"])
		if attachment is None:
			raise not_found()
		path = f"/rails/active_storage/disk/{attachment.key}/{quote(attachment.file.name)}"
		return Reply(302, b"", b"text/html", ((b"location", (self.desk.base_url + path).encode()),))

	def _stored(self, call: Call) -> Reply:
		switches = self._board.now
		attachment = self.store.storage.get(call.parameters["key"])
		if attachment is None:
			raise Refused(text_reply("", 404))
		if switches.storage_404_next:
			switches.storage_404_next -= 1
			raise Refused(text_reply("", 404))
		file = attachment.file
		headers = ((b"x-content-type-options", b"nosniff"), (b"content-security-policy", b"sandbox"))
		return Reply(200, file.data, file.mimetype.encode("latin-1", "replace"), headers)
