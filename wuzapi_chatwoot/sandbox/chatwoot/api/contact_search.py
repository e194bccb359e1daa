"""The endpoints that find contacts: by a part of a text, by conditions, by an exact source id."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from wuzapi_chatwoot.sandbox.chatwoot.api.answers import demanded, json_object, not_found, refuse
from wuzapi_chatwoot.sandbox.chatwoot.api.rest_shapes import contact_rest
from wuzapi_chatwoot.sandbox.chatwoot.records import Contact, Json
from wuzapi_chatwoot.sandbox.chatwoot.store import Store
from wuzapi_chatwoot.sandbox.web.http_server import Call, Refused, Reply, SimulatedServer, json_reply

BASE = "/api/v1/accounts/{account}"
PAGE = 15
FILTERS: dict[str, tuple[str, ...]] = {
	"phone_number": ("equal_to", "not_equal_to", "contains", "does_not_contain", "starts_with"),
	"identifier": ("equal_to", "not_equal_to"),
	"name": ("equal_to", "not_equal_to", "contains", "does_not_contain"),
	"email": ("equal_to", "not_equal_to", "contains", "does_not_contain"),
}


class ContactSearch:
	"""Handlers that find contacts."""

	def __init__(self, store: Store) -> None:
		self._store = store

	def add_routes(self, server: SimulatedServer) -> None:
		"""Register the handlers; before those with an id in the path."""
		server.route("GET", BASE + "/contacts/search", self.search)
		server.route("POST", BASE + "/contacts/filter", self.filter)
		server.route("POST", BASE + "/contact_inboxes/filter", self.filter_link)

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
		inbox = self._store.inboxes.get(_number(fields.get("inbox_id")))
		if inbox is None:
			raise not_found()
		link = self._store.link(inbox, str(fields.get("source_id")))
		if link is None:
			raise Refused(Reply(404, b""))
		return json_reply(contact_rest(link.contact))


def _number(value: Any) -> int:
	text = str(value)
	return int(text) if text.isdecimal() else 0


def _page(call: Call) -> int:
	return max(1, _number(call.query_value("page") or 1))


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
