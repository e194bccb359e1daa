"""The calls on contacts of one session's Chatwoot account. Decides nothing, keeps nothing between calls."""

from __future__ import annotations

from collections.abc import Sequence

from wuzapi_chatwoot.bridge.model.errors import Fault, NotFound, Uncertain
from wuzapi_chatwoot.bridge.ports.chatwoot import ChatwootContact
from wuzapi_chatwoot.bridge.ports.gateway import OutgoingFile
from wuzapi_chatwoot.chatwoot.client import answers, compose, paging
from wuzapi_chatwoot.chatwoot.client.inbox_calls import InboxCalls
from wuzapi_chatwoot.chatwoot.parse import fields


class ContactCalls(InboxCalls):
	def find_contacts(self, identifier: str, phones: Sequence[str]) -> list[ChatwootContact]:
		"""Exact matches: by identifier first, then by the phones in their order, then the oldest first."""
		ranks = {phone: rank for rank, phone in reversed(list(enumerate(phones, start=1))) if phone}
		found: dict[int, tuple[int, ChatwootContact]] = {}
		for answer in paging.contacts(self._calls, identifier, phones):
			contact = answers.contact_of(answer, self._inbox_id)
			if contact is None:
				continue
			if identifier and contact.identifier == identifier:
				found[contact.id] = (0, contact)
			elif contact.phone in ranks:
				found[contact.id] = (ranks[contact.phone], contact)
		ordered = sorted(found.values(), key=lambda entry: (entry[0], entry[1].id))
		return [contact for _, contact in ordered]

	def find_taken_contact(self, identifier: str) -> ChatwootContact | None:
		"""By link, else by the search, which also sees contacts that have neither phone nor e-mail."""
		body = {"inbox_id": self._inbox_id, "source_id": identifier}
		try:
			linked = self._calls.post("contact_inboxes/filter", body, creates=False)
			return answers.contact_of(linked, self._inbox_id)
		except NotFound:
			found = fields.mapping(self._calls.get("contacts/search", {"q": identifier, "page": 1}))
		contacts = [
			answers.contact_of(each, self._inbox_id) for each in fields.sequence(found.get("payload"))
		]
		return next((each for each in contacts if each is not None and each.identifier == identifier), None)

	def create_contact(
		self, name: str, identifier: str, phone: str | None, source_id: str
	) -> ChatwootContact:
		"""Raises `DuplicateRow` when phone, identifier or source id is taken. A phone that is none is left out."""
		body = compose.contact(name, identifier, phone, source_id, self._inbox_id)
		answer = fields.mapping(self._calls.post("contacts", body, creates=True))
		made = fields.mapping(answer.get("payload")).get("contact")
		contact = answers.contact_of(made, self._inbox_id)
		if contact is None:
			raise Uncertain("Chatwoot did not name the contact it made", fault=Fault.UNWELL)
		return contact

	def update_contact(
		self,
		contact_id: int,
		*,
		name: str | None = None,
		phone: str | None = None,
		avatar: OutgoingFile | None = None,
	) -> None:
		"""Raises `DuplicateRow` when the phone is another contact's, `NotFound`. A phone that is none is left out."""
		path = f"contacts/{contact_id}"
		changes = compose.contact_changes(name, phone)
		if avatar is not None:
			self._calls.put_form(path, changes, [compose.avatar(avatar)])
		elif changes:
			self._calls.put(path, changes)

	def merge_contacts(self, keep: int, gone: int) -> None:
		"""Raises `NotFound` if `keep` is gone; nothing happens if the other one is."""
		if keep == gone:
			return
		body = {"base_contact_id": keep, "mergee_contact_id": gone}
		try:
			# Merged twice is merged once: the second time one of the two is gone.
			self._calls.post("actions/contact_merge", body, creates=False)
		except NotFound:
			# Chatwoot does not say which of the two it does not have.
			self._calls.get(f"contacts/{keep}")
