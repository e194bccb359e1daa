"""The endpoints about inboxes: API inboxes, and website ones as far as they get in the way of those."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from wuzapi_chatwoot.sandbox.chatwoot.api.access import NOT_ALLOWED, Access
from wuzapi_chatwoot.sandbox.chatwoot.api.answers import invalid, json_object, not_found, refuse, server_error
from wuzapi_chatwoot.sandbox.chatwoot.api.rest_shapes import inbox_rest
from wuzapi_chatwoot.sandbox.chatwoot.records import API_CHANNEL, Inbox, Json
from wuzapi_chatwoot.sandbox.chatwoot.reply_window import WINDOW, window_problem
from wuzapi_chatwoot.sandbox.chatwoot.store import Invalid, Store, new_token
from wuzapi_chatwoot.sandbox.chatwoot.versions import has_secrets
from wuzapi_chatwoot.sandbox.switches import SwitchBoard
from wuzapi_chatwoot.sandbox.web.http_server import Call, Reply, SimulatedServer, json_reply

BASE = "/api/v1/accounts/{account}/inboxes"
CHANNELS = {"api": API_CHANNEL, "web_widget": "Channel::WebWidget"}
SETTINGS = (
	"greeting_enabled",
	"csat_survey_enabled",
	"working_hours_enabled",
	"enable_auto_assignment",
	"lock_to_single_conversation",
)
LONGEST_NAME = 255
LONGEST_URL = 2048
DELETION = {"message": "Your inbox deletion request will be processed in some time."}
UNKNOWN_ROUTE = {"status": 404, "error": "Not Found"}


class InboxesApi:
	"""Handlers for inboxes."""

	def __init__(self, store: Store, access: Access, board: SwitchBoard, changed: Callable[[], None]) -> None:
		self._store = store
		self._access = access
		self._board = board
		self._changed = changed

	def add_routes(self, server: SimulatedServer) -> None:
		"""Register the handlers."""
		server.route("GET", BASE, self.index)
		server.route("POST", BASE, self.create)
		server.route("GET", BASE + "/{id}", self.show)
		server.route("PATCH", BASE + "/{id}", self.update)
		server.route("PUT", BASE + "/{id}", self.update)
		server.route("DELETE", BASE + "/{id}", self.delete)
		server.route("POST", BASE + "/{id}/reset_secret", self.reset_secret)

	def index(self, call: Call) -> Reply:
		"""List the inboxes that the owner of the token may see, by name."""
		seen = [inbox for inbox in self._store.inboxes.values() if self._may_see(call, inbox)]
		seen.sort(key=lambda inbox: inbox.name.lower())
		return json_reply({"payload": [self._shown(call, inbox) for inbox in seen]})

	def create(self, call: Call) -> Reply:
		"""Create an inbox."""
		self._access.only_administrators(call)
		fields = json_object(call)
		channel = _channel(fields)
		if not channel:
			raise server_error()
		kind = CHANNELS.get(str(channel.get("type")))
		if kind is None:
			raise invalid(Invalid([("channel", "Channel must exist")]))
		_check(fields, channel, str(fields.get("name") or ""))
		inbox = self._store.add_inbox(str(fields["name"]), "")
		inbox.channel_type = kind
		_change(inbox, fields, channel)
		call.stored = True
		self._changed()
		return json_reply(self._shown(call, inbox))

	def show(self, call: Call) -> Reply:
		"""Show an inbox."""
		return json_reply(self._shown(call, self._inbox(call)))

	def update(self, call: Call) -> Reply:
		"""Change an inbox; the attributes of its channel are replaced as a whole."""
		inbox = self._inbox_to_change(call)
		fields = json_object(call)
		channel = _channel(fields)
		_check(fields, channel, str(fields.get("name", inbox.name) or ""))
		_change(inbox, fields, channel)
		self._changed()
		return json_reply(self._shown(call, inbox))

	def delete(self, call: Call) -> Reply:
		"""Take an inbox away with all that is in it. Chatwoot does so a moment later, here it is at once."""
		self._store.remove_inbox(self._inbox_to_change(call))
		self._changed()
		return json_reply(DELETION)

	def reset_secret(self, call: Call) -> Reply:
		"""Make another secret; what is sent from now on is signed with it, also what happened before."""
		if not has_secrets(self._board.now):
			return json_reply(UNKNOWN_ROUTE, 404)
		inbox = self._inbox_to_change(call)
		if inbox.channel_type != API_CHANNEL:
			return Reply(404, b"")
		inbox.secret = new_token()
		call.stored = True
		return json_reply(self._shown(call, inbox))

	def _shown(self, call: Call, inbox: Inbox) -> Json:
		administrator = self._access.owner(call).administrator
		return inbox_rest(inbox, administrator=administrator, with_secret=has_secrets(self._board.now))

	def _may_see(self, call: Call, inbox: Inbox) -> bool:
		owner = self._access.owner(call)
		return owner.administrator or (owner.user is not None and owner.user.id in inbox.member_ids)

	def _inbox(self, call: Call) -> Inbox:
		number = call.parameters["id"]
		inbox = self._store.inboxes.get(int(number) if number.isdecimal() else 0)
		if inbox is None:
			raise not_found()
		if not self._may_see(call, inbox):
			raise refuse(401, NOT_ALLOWED)
		return inbox

	def _inbox_to_change(self, call: Call) -> Inbox:
		inbox = self._inbox(call)
		self._access.only_administrators(call)
		return inbox


def _channel(fields: Json) -> Json:
	given: Any = fields.get("channel")
	return given if isinstance(given, dict) else {}


def _check(fields: Json, channel: Json, name: str) -> None:
	if problem := window_problem(channel.get("additional_attributes")):
		raise refuse(422, {"message": problem, "attributes": [WINDOW]})
	problems: list[tuple[str, str]] = []
	if not name.strip():
		problems.append(("name", "Name can't be blank"))
	for field, value, most in (
		("name", name, LONGEST_NAME),
		("webhook_url", str(channel.get("webhook_url") or ""), LONGEST_URL),
	):
		if len(value) > most:
			label = field.replace("_", " ").capitalize()
			problems.append((field, f"{label} is too long (maximum is {most} characters)"))
	if problems:
		raise invalid(Invalid(problems))


def _change(inbox: Inbox, fields: Json, channel: Json) -> None:
	inbox.name = str(fields.get("name", inbox.name))
	for setting in SETTINGS:
		if setting in fields:
			setattr(inbox, setting, bool(fields[setting]))
	if inbox.channel_type != API_CHANNEL:
		return
	inbox.webhook_url = str(channel.get("webhook_url", inbox.webhook_url) or "")
	inbox.hmac_mandatory = bool(channel.get("hmac_mandatory", inbox.hmac_mandatory))
	if "additional_attributes" in channel:
		inbox.additional_attributes = dict(channel["additional_attributes"] or {})
