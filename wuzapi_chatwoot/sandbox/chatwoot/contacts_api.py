"""The endpoints about contacts and their links to inboxes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ..http_server import Call, Refused, Reply, SimulatedServer, json_reply
from .answers import demanded, invalid, json_object, not_found, refuse, server_error
from .records import Contact, Inbox, Json
from .rest_shapes import contact_rest, conversation_rest, inbox_rest
from .shapes import inbox_slim
from .store import DatabaseError, Invalid, Store

BASE = "/api/v1/accounts/{account}"
PAGE = 15
FIELDS = (
	"name",
	"email",
	"phone_number",
	"identifier",
	"blocked",
	"additional_attributes",
	"custom_attributes",
)
FILTERS: dict[str, tuple[str, ...]] = {
	"phone_number": ("equal_to", "not_equal_to", "contains", "does_not_contain", "starts_with"),
	"identifier": ("equal_to", "not_equal_to"),
	"name": ("equal_to", "not_equal_to", "contains", "does_not_contain"),
	"email": ("equal_to", "not_equal_to", "contains", "does_not_contain"),
}


class ContactsApi:
	"""Handlers for contacts."""

	def __init__(self, store: Store, base_url: Any) -> None:
		self._store = store
		self._base_url = base_url

	def add_routes(self, server: SimulatedServer) -> None:
		"""Register the handlers."""
		server.route("POST", BASE + "/contacts", self.create)
		server.route("GET", BASE + "/contacts/search", self.search)
		server.route("POST", BASE + "/contacts/filter", self.filter)
		server.route("POST", BASE + "/contact_inboxes/filter", self.filter_link)
		server.route("GET", BASE + "/contacts/{id}", self.show)
		server.route("PUT", BASE + "/contacts/{id}", self.update)
		server.route("PATCH", BASE + "/contacts/{id}", self.update)
		server.route("POST", BASE + "/contacts/{id}/contact_inboxes", self.add_link)
		server.route("GET", BASE + "/contacts/{id}/contactable_inboxes", self.links)
		server.route("GET", BASE + "/contacts/{id}/conversations", self.conversations)

	def create(self, call: Call) -> Reply:
		"""Create a contact, with its link to an inbox when one is named."""
		fields = json_object(call)
		inbox = self._inbox(fields["inbox_id"]) if fields.get("inbox_id") else None
		source_id = fields.get("source_id")
		try:
			# One transaction: a source id that is taken must not leave a contact behind.
			if inbox and source_id and self._store.link(inbox, str(source_id)):
				self._store.check_new(_known(fields))
				raise DatabaseError("source_id")
			contact = self._store.add_contact(_known(fields))
			link = self._store.add_link(contact, inbox, source_id and str(source_id)) if inbox else None
		except (Invalid, DatabaseError) as error:
			raise _refusal(error) from error
		shown = {"inbox": inbox and inbox_rest(inbox), "source_id": link and link.source_id}
		return json_reply({"payload": {"contact": contact_rest(contact), "contact_inbox": shown}})

	def show(self, call: Call) -> Reply:
		"""Show a contact."""
		return json_reply({"payload": contact_rest(self._contact(call))})

	def update(self, call: Call) -> Reply:
		"""Change a contact; attributes are merged."""
		contact = self._contact(call)
		try:
			self._store.update_contact(contact, _known(json_object(call)))
		except (Invalid, DatabaseError) as error:
			raise _refusal(error) from error
		return json_reply({"payload": contact_rest(contact)})

	def search(self, call: Call) -> Reply:
		"""Find by a part of name, email, phone or identifier."""
		wanted = call.query_value("q")
		if not wanted:
			raise refuse(422, {"error": "Specify search string with parameter q"})
		lowered = wanted.lower()
		found = [
			contact
			for contact in self._store.contacts.values()
			if any(
				lowered in (text or "").lower()
				for text in (contact.name, contact.email, contact.phone_number)
			)
			or wanted in (contact.identifier or "")
		]
		page = _page(call)
		shown = found[(page - 1) * PAGE : page * PAGE]
		meta = {"count": len(shown), "current_page": page, "has_more": len(found) > page * PAGE}
		return json_reply({"meta": meta, "payload": [contact_rest(contact) for contact in shown]})

	def filter(self, call: Call) -> Reply:
		"""Find by conditions."""
		conditions = json_object(call).get("payload")
		if not isinstance(conditions, list) or not conditions:
			raise refuse(422, {"error": "Invalid filter payload"})
		found = [contact for contact in self._candidates(conditions) if _matches(contact, conditions)]
		page = _page(call)
		shown = [contact_rest(contact) for contact in found[(page - 1) * PAGE : page * PAGE]]
		return json_reply({"meta": {"count": len(found), "current_page": page}, "payload": shown})

	def _candidates(self, conditions: list[Json]) -> Iterable[Contact]:
		exact = [
			self._store.find_contact(each["attribute_key"], _plus(each))
			for each in conditions
			if each.get("attribute_key") in ("phone_number", "identifier")
			and each.get("filter_operator") == "equal_to"
			and each.get("values")
		]
		# Nothing but equalities needs no walk over all contacts: a benchmark has many thousands.
		if len(exact) == len(conditions) and all(each is not None for each in exact):
			return {id(contact): contact for contact in exact if contact is not None}.values()
		return [
			contact
			for contact in self._store.contacts.values()
			if contact.email or contact.phone_number or contact.identifier
		]

	def filter_link(self, call: Call) -> Reply:
		"""Find the contact behind an exact source id."""
		fields = json_object(call)
		inbox = self._inbox(fields.get("inbox_id"))
		link = self._store.link(inbox, str(fields.get("source_id")))
		if link is None:
			raise Refused(Reply(404, b""))
		return json_reply(contact_rest(link.contact))

	def add_link(self, call: Call) -> Reply:
		"""Link a contact to an inbox."""
		contact = self._contact(call)
		fields = json_object(call)
		inbox = self._inbox(fields.get("inbox_id"))
		try:
			link = self._store.add_link(contact, inbox, fields.get("source_id"))
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
		return json_reply({"payload": [conversation_rest(each, self._base_url()) for each in found[:20]]})

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
	return {name: fields[name] for name in FIELDS if name in fields}


def _number(value: Any) -> int:
	text = str(value)
	return int(text) if text.isdecimal() else 0


def _page(call: Call) -> int:
	return max(1, _number(call.query_value("page") or 1))


def _refusal(error: Exception) -> Refused:
	return invalid(error) if isinstance(error, Invalid) else server_error()


def _plus(condition: Json) -> str:
	value = str(condition["values"][0])
	if condition["attribute_key"] == "phone_number":
		return "+" + value.lstrip("+")
	return value


def _matches(contact: Contact, conditions: list[Json]) -> bool:
	result: bool | None = None
	joined_by = "AND"
	for condition in conditions:
		demanded(condition, ("attribute_key", "filter_operator", "values"))
		key, operator = condition["attribute_key"], condition["filter_operator"]
		if operator not in FILTERS.get(key, ()):
			raise refuse(422, {"error": f"Invalid attribute key or operator: {key} {operator}"})
		met = _met(getattr(contact, key) or "", operator, _plus(condition))
		if result is not None:
			met = (result or met) if joined_by == "OR" else (result and met)
		result = met
		joined_by = str(condition.get("query_operator") or "AND").upper()
	return bool(result)


def _met(actual: str, operator: str, wanted: str) -> bool:
	actual, wanted = actual.lower(), wanted.lower()
	match operator:
		case "equal_to":
			return actual == wanted
		case "not_equal_to":
			return actual != wanted
		case "contains":
			return wanted.lstrip("+") in actual
		case "does_not_contain":
			return wanted.lstrip("+") not in actual
	return actual.startswith(wanted)
