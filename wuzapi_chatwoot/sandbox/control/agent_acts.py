"""What the control API lets the agent do in Chatwoot with messages and conversations; contacts are in contact_acts."""

from __future__ import annotations

from itertools import count

from wuzapi_chatwoot.sandbox.chatwoot.desk import Desk
from wuzapi_chatwoot.sandbox.chatwoot.limits import Rejected
from wuzapi_chatwoot.sandbox.chatwoot.records import OUTGOING, TEMPLATE, Conversation, Message, User
from wuzapi_chatwoot.sandbox.chatwoot.shapes import sender_webhook
from wuzapi_chatwoot.sandbox.chatwoot.store import AGENT, Invalid
from wuzapi_chatwoot.sandbox.control.agent_files import agents_file
from wuzapi_chatwoot.sandbox.control.inputs import (
	BadControl,
	Json,
	file_of,
	flag_of,
	number_of,
	offered_of,
	text_of,
)
from wuzapi_chatwoot.sandbox.defaults import INBOX_ID
from wuzapi_chatwoot.sandbox.files import File

OFFERS = ("input_select", "cards", "form", "article")
"""What programs post with `items`."""
CSAT_TEXT = "Como você avalia o atendimento?"


class AgentActs:
	"""Acts of the agent, of automation rules and of Chatwoot itself."""

	def __init__(self, desk: Desk) -> None:
		self._desk = desk
		self._numbers = count(1)

	def send(self, body: Json) -> Json:
		"""Write a message, a note, or something that nobody wrote."""
		conversation = self.conversation(body)
		sender = text_of(body, "sender", "agent")
		files = self._files(body)
		text: str | None = text_of(body, "text", "") or None
		attributes: Json = {}
		if "in_reply_to" in body:
			attributes["in_reply_to"] = number_of(body, "in_reply_to", 0)
		author: User | None = None
		match sender:
			case "agent":
				kind, content_type, author = OUTGOING, "text", AGENT
				self._desk.look(conversation)
			case "automation":
				kind, content_type = OUTGOING, "text"
				attributes["automation_rule_id"] = 14
			case "csat":
				kind, content_type = TEMPLATE, "input_csat"
				attributes["display_type"] = "emoji"
				text = text or CSAT_TEXT
			case _:
				raise BadControl("sender is agent, automation or csat")
		if "items" in body:
			content_type, attributes["items"] = text_of(body, "content_type", ""), offered_of(body)
			if content_type not in OFFERS:
				raise BadControl(f"content_type is one of {', '.join(OFFERS)}")
		elif not text and not files:
			raise BadControl("there is neither text nor a file")
		try:
			message = self._desk.write(
				conversation,
				text,
				kind,
				author,
				files=files,
				private=flag_of(body, "private"),
				content_type=content_type,
				content_attributes=attributes,
			)
		except Rejected as error:
			raise BadControl(str(error)) from error
		return {"message_id": message.id, "conversation_id": conversation.id}

	def look(self, body: Json) -> Json:
		"""Open a conversation: nothing is unread any more, and no webhook tells of it."""
		conversation = self.conversation(body)
		self._desk.look(conversation)
		return {"conversation_id": conversation.id, "agent_last_seen_at": conversation.agent_last_seen_at}

	def start(self, body: Json) -> Json:
		"""Start a conversation with a contact; one without a link to the inbox gets a random source id."""
		store = self._desk.store
		number = "+" + text_of(body, "customer").lstrip("+")
		contact = store.find_contact("phone_number", number)
		if contact is None:
			try:
				contact = store.add_contact({"name": text_of(body, "name", number), "phone_number": number})
			except Invalid as error:
				raise BadControl(str(error)) from error
		inbox = store.inboxes[INBOX_ID]
		known = [link for link in contact.inboxes if link.inbox is inbox]
		link = known[-1] if known else store.add_link(contact, inbox, None)
		conversation, _ = self._desk.open_conversation(link, {})
		return self.send({**body, "conversation_id": conversation.id})

	def assign(self, body: Json) -> Json:
		"""Take the conversation, or give it back."""
		conversation = self.conversation(body)
		self._desk.assign(conversation, AGENT if flag_of(body, "on") else None)
		return {"conversation_id": conversation.id}

	def label(self, body: Json) -> Json:
		"""Replace the labels."""
		conversation = self.conversation(body)
		labels = body.get("labels")
		if not isinstance(labels, list):
			raise BadControl("labels is a list")
		self._desk.set_labels(conversation, [str(label) for label in labels])
		return {"conversation_id": conversation.id, "labels": conversation.labels}

	def _files(self, body: Json) -> list[File]:
		wanted = body.get("attachments") or []
		if not isinstance(wanted, list) or not all(isinstance(each, dict) for each in wanted):
			raise BadControl("attachments is a list of objects")
		return [self._file(each) for each in wanted]

	def _file(self, wanted: Json) -> File:
		kind, number = text_of(wanted, "kind", "document"), next(self._numbers)
		if "data" in wanted:
			return file_of(wanted, kind, number)
		try:
			return agents_file(kind, number, text_of(wanted, "name", ""))
		except ValueError as error:
			raise BadControl(str(error)) from error

	def retry(self, body: Json) -> Json:
		"""Press Retry on a failed message."""
		message = self._message(body)
		if message.status != "failed":
			raise BadControl("Retry is offered for failed messages only")
		self._desk.retry(message)
		return {"message_id": message.id, "status": message.status}

	def delete(self, body: Json) -> Json:
		"""Delete a message."""
		message = self._message(body)
		self._desk.delete(message)
		return {"message_id": message.id}

	def delete_conversation(self, body: Json) -> Json:
		"""Delete a conversation; the contact stays."""
		conversation = self.conversation(body)
		self._desk.store.remove_conversation(conversation)
		self._desk.changed()
		return {"conversation_id": conversation.id}

	def set_status(self, body: Json, status: str) -> Json:
		"""Resolve, reopen or snooze a conversation, or make it pending."""
		conversation = self.conversation(body)
		self._desk.set_status(conversation, status, AGENT)
		return {"conversation_id": conversation.id, "status": conversation.status}

	def typing(self, body: Json) -> Json:
		"""Begin or stop typing."""
		user = sender_webhook(AGENT) or {}
		on, private = flag_of(body, "on"), flag_of(body, "private")
		self._desk.typing(self.conversation(body), user, on=on, private=private)
		return {}

	def conversation(self, body: Json) -> Conversation:
		"""Find the conversation that a body names by its id or by its customer."""
		store = self._desk.store
		if "conversation_id" in body:
			found = store.conversations.get(number_of(body, "conversation_id", 0))
		else:
			found = self._latest_with(text_of(body, "customer"))
		if found is None:
			raise BadControl("there is no such conversation", 404)
		return found

	def _latest_with(self, customer: str) -> Conversation | None:
		digits = customer.lstrip("+").partition("@")[0]
		for conversation in reversed(self._desk.store.conversations.values()):
			contact = conversation.contact
			names = (contact.phone_number, contact.identifier, conversation.contact_inbox.source_id)
			if any(name and name.lstrip("+").partition("@")[0] == digits for name in names):
				return conversation
		return None

	def _message(self, body: Json) -> Message:
		message = self._desk.store.messages.get(number_of(body, "message_id", 0))
		if message is None:
			raise BadControl("there is no such message", 404)
		return message
