"""The endpoints about contacts and their links to inboxes."""

from __future__ import annotations

from typing import Any

from wuzapi_chatwoot.sandbox.chatwoot.api.answers import (
	as_bool,
	form_or_json,
	invalid,
	json_object,
	not_found,
	server_error,
)
from wuzapi_chatwoot.sandbox.chatwoot.api.rest_shapes import contact_rest, conversation_rest, inbox_rest
from wuzapi_chatwoot.sandbox.chatwoot.avatars import Avatars
from wuzapi_chatwoot.sandbox.chatwoot.desk import Desk
from wuzapi_chatwoot.sandbox.chatwoot.merging import merge_contacts
from wuzapi_chatwoot.sandbox.chatwoot.records import Contact, Inbox, Json
from wuzapi_chatwoot.sandbox.chatwoot.shapes import inbox_slim
from wuzapi_chatwoot.sandbox.chatwoot.store import DatabaseError, Invalid
from wuzapi_chatwoot.sandbox.files import File
from wuzapi_chatwoot.sandbox.web.http_server import Call, Refused, Reply, SimulatedServer, json_reply

BASE = "/api/v1/accounts/{account}"
FIELDS = (
	"name",
	"email",
	"phone_number",
	"identifier",
	"blocked",
	"additional_attributes",
	"custom_attributes",
)


class ContactsApi:
	"""Handlers for contacts."""

	def __init__(self, desk: Desk, avatars: Avatars) -> None:
		self._desk = desk
		self._store = desk.store
		self._avatars = avatars

	def add_routes(self, server: SimulatedServer) -> None:
		"""Register the handlers."""
		server.route("POST", BASE + "/contacts", self.create)
		server.route("GET", BASE + "/contacts/{id}", self.show)
		server.route("PUT", BASE + "/contacts/{id}", self.update)
		server.route("PATCH", BASE + "/contacts/{id}", self.update)
		server.route("DELETE", BASE + "/contacts/{id}", self.delete)
		server.route("POST", BASE + "/contacts/{id}/destroy_custom_attributes", self.drop_attributes)
		server.route("DELETE", BASE + "/contacts/{id}/avatar", self.drop_avatar)
		server.route("POST", BASE + "/contacts/{id}/contact_inboxes", self.add_link)
		server.route("GET", BASE + "/contacts/{id}/contactable_inboxes", self.links)
		server.route("GET", BASE + "/contacts/{id}/conversations", self.conversations)
		server.route("POST", BASE + "/actions/contact_merge", self.merge)

	async def create(self, call: Call) -> Reply:
		"""Create a contact, with its link to an inbox when one is named."""
		fields, _ = await form_or_json(call)
		inbox = self._inbox(fields["inbox_id"]) if fields.get("inbox_id") else None
		source_id = fields.get("source_id")
		try:
			# One transaction: a source id that is taken must not leave a contact behind.
			if inbox and source_id and self._store.link(inbox, str(source_id)):
				self._store.check_new(_known(fields))
				raise DatabaseError("source_id")
			self._check_avatar(fields)
			contact = self._store.add_contact(_known(fields))
			link = self._store.add_link(contact, inbox, source_id and str(source_id)) if inbox else None
		except (Invalid, DatabaseError) as error:
			raise _refusal(error) from error
		self._picture(contact, fields)
		self._desk.changed()
		shown = {"inbox": inbox and inbox_rest(inbox), "source_id": link and link.source_id}
		return json_reply({"payload": {"contact": contact_rest(contact), "contact_inbox": shown}})

	def show(self, call: Call) -> Reply:
		"""Show a contact."""
		return json_reply({"payload": contact_rest(self._contact(call))})

	async def update(self, call: Call) -> Reply:
		"""Change a contact; attributes are merged."""
		contact = self._contact(call)
		fields, _ = await form_or_json(call)
		try:
			self._check_avatar(fields)
			self._store.update_contact(contact, _known(fields))
		except (Invalid, DatabaseError) as error:
			raise _refusal(error) from error
		self._picture(contact, fields)
		self._desk.changed()
		return json_reply({"payload": contact_rest(contact)})

	def _check_avatar(self, fields: Json) -> None:
		if isinstance(fields.get("avatar"), File):
			self._store.check_avatar(fields["avatar"])

	def _picture(self, contact: Contact, fields: Json) -> None:
		if isinstance(fields.get("avatar"), File):
			self._store.set_avatar(contact, fields["avatar"], self._desk.base_url)
		if fields.get("avatar_url"):
			self._avatars.fetch(contact, str(fields["avatar_url"]), self._desk.base_url)

	def delete(self, call: Call) -> Reply:
		"""Delete a contact with its conversations; no webhook tells of it."""
		self._store.remove_contact(self._contact(call))
		self._desk.changed()
		return Reply(200, b"")

	def drop_attributes(self, call: Call) -> Reply:
		"""Take custom attributes away by name."""
		contact = self._contact(call)
		for name in json_object(call).get("custom_attributes") or []:
			contact.custom_attributes.pop(str(name), None)
		self._desk.changed()
		return json_reply({"payload": contact_rest(contact)})

	def drop_avatar(self, call: Call) -> Reply:
		"""Take the picture away."""
		contact = self._contact(call)
		self._store.drop_avatar(contact)
		self._desk.changed()
		return json_reply({"payload": contact_rest(contact)})

	def merge(self, call: Call) -> Reply:
		"""Make one contact out of two; the answer is the one that stays, not wrapped."""
		fields = json_object(call)
		base, mergee = (
			self._store.contacts.get(_number(fields.get(name)))
			for name in ("base_contact_id", "mergee_contact_id")
		)
		if base is None or mergee is None:
			raise not_found()
		merge_contacts(self._store, base, mergee)
		self._desk.changed()
		return json_reply(contact_rest(base))

	def add_link(self, call: Call) -> Reply:
		"""Link a contact to an inbox."""
		contact = self._contact(call)
		fields = json_object(call)
		inbox = self._inbox(fields.get("inbox_id"))
		try:
			source_id = fields.get("source_id")
			link = self._store.add_link(contact, inbox, source_id and str(source_id))
		except DatabaseError as error:
			raise server_error() from error
		return json_reply({"source_id": link.source_id, "inbox": inbox_slim(inbox)})

	def links(self, call: Call) -> Reply:
		"""List where a contact can be written to."""
		contact = self._contact(call)
		shown = [{"inbox": inbox_slim(link.inbox), "source_id": link.source_id} for link in contact.inboxes]
		return json_reply({"payload": shown})

	def conversations(self, call: Call) -> Reply:
		"""List the latest conversations of a contact."""
		found = sorted(
			self._contact(call).conversations, key=lambda each: each.last_activity_at, reverse=True
		)
		return json_reply({"payload": [conversation_rest(each, self._desk.base_url) for each in found[:20]]})

	def _contact(self, call: Call) -> Contact:
		contact = self._store.contacts.get(_number(call.parameters["id"]))
		if contact is None:
			raise not_found()
		return contact

	def _inbox(self, number: Any) -> Inbox:
		inbox = self._store.inboxes.get(_number(number))
		if inbox is None:
			raise not_found()
		return inbox


def _known(fields: Json) -> Json:
	known = {name: fields[name] for name in FIELDS if name in fields}
	if "blocked" in known:
		known["blocked"] = as_bool(known["blocked"])
	return known


def _number(value: Any) -> int:
	text = str(value)
	return int(text) if text.isdecimal() else 0


def _refusal(error: Exception) -> Refused:
	return invalid(error) if isinstance(error, Invalid) else server_error()
