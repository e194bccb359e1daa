"""What the control API lets the agent do with contacts and with the inbox; messages are in agent_acts."""

from __future__ import annotations

from wuzapi_chatwoot.sandbox.chatwoot.desk import Desk
from wuzapi_chatwoot.sandbox.chatwoot.merging import merge_contacts
from wuzapi_chatwoot.sandbox.chatwoot.records import Contact
from wuzapi_chatwoot.sandbox.chatwoot.reply_window import WINDOW, window_problem
from wuzapi_chatwoot.sandbox.chatwoot.store import AGENT
from wuzapi_chatwoot.sandbox.control.agent_acts import AgentActs
from wuzapi_chatwoot.sandbox.control.inputs import BadControl, Json, flag_of, number_of
from wuzapi_chatwoot.sandbox.defaults import INBOX_ID


class ContactActs:
	"""Acts of an agent, and of the administrator who sets the inbox up."""

	def __init__(self, desk: Desk, agent: AgentActs) -> None:
		self._desk = desk
		self._agent = agent

	def delete(self, body: Json) -> Json:
		"""Delete a contact with all conversations."""
		contact = self._contact(body)
		self._desk.store.remove_contact(contact)
		self._desk.changed()
		return {"contact_id": contact.id}

	def merge(self, body: Json) -> Json:
		"""Make one contact out of two."""
		base, mergee = (self._numbered(body, name) for name in ("base_contact_id", "mergee_contact_id"))
		merge_contacts(self._desk.store, base, mergee)
		self._desk.changed()
		return {"contact_id": base.id}

	def block(self, body: Json) -> Json:
		"""Block a contact, or let them in again."""
		contact = self._contact(body)
		contact.blocked = flag_of(body, "on")
		self._desk.changed()
		return {"contact_id": contact.id, "blocked": contact.blocked}

	def mute(self, body: Json) -> Json:
		"""Mute a conversation, which blocks its contact and resolves it; or unmute it."""
		conversation = self._agent.conversation(body)
		self._desk.mute(conversation, on=flag_of(body, "on"), actor=AGENT)
		return {"conversation_id": conversation.id, "status": conversation.status}

	def window(self, body: Json) -> Json:
		"""Give the inbox a reply window in hours, or take it away with null."""
		hours = body.get("hours")
		inbox = self._desk.store.inboxes.get(number_of(body, "inbox_id", INBOX_ID))
		if inbox is None:
			raise BadControl("there is no such inbox", 404)
		attributes = {name: value for name, value in inbox.additional_attributes.items() if name != WINDOW}
		if hours is not None:
			attributes[WINDOW] = hours
		if problem := window_problem(attributes):
			raise BadControl(problem)
		inbox.additional_attributes = attributes
		self._desk.changed()
		return {"inbox_id": inbox.id, "additional_attributes": attributes}

	def _contact(self, body: Json) -> Contact:
		if "contact_id" in body:
			return self._numbered(body, "contact_id")
		return self._agent.conversation(body).contact

	def _numbered(self, body: Json, name: str) -> Contact:
		contact = self._desk.store.contacts.get(number_of(body, name, 0))
		if contact is None:
			raise BadControl("there is no such contact", 404)
		return contact
