"""A customer's phone and the agent's view of the same conversation in Chatwoot."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from processes import Bridge, Sandbox, until

from wuzapi_chatwoot.bridge.model.records import ECHO_MARK

Message = dict[str, Any]


@dataclass(frozen=True)
class Scene:
	"""One customer; every test has one of its own, so that all can share one bridge."""

	sandbox: Sandbox
	bridge: Bridge
	customer: str
	also: tuple[str, ...] = ()
	"""Digits of other addresses of the same person."""

	# ---- acting

	def customer_sends(self, text: str = "", kind: str = "text", **more: Any) -> Message:
		return self.customer_sends_all(text, kind, **more)[0]

	def customer_sends_all(self, text: str = "", kind: str = "text", **more: Any) -> list[Message]:
		"""For what comes as several messages, such as an album."""
		body = {"customer": self.customer, "kind": kind, "text": text, **more}
		return self.sandbox.control("phone/send", body)["messages"]

	def agent_sends(self, text: str = "", **more: Any) -> int:
		"""The message's id in Chatwoot."""
		body = {"customer": self.customer, "text": text, **more}
		return self.sandbox.control("agent/send", body)["message_id"]

	def agent_does(self, act: str, **more: Any) -> Message:
		"""Any other act of the agent, in the customer's latest conversation."""
		return self.sandbox.control(f"agent/{act}", {"customer": self.customer, **more})

	def starts(self, text: str = "Good morning") -> Message:
		"""The customer writes for the first time, and it is in Chatwoot."""
		return self.arrived(self.customer_sends(text))

	# ---- looking

	@property
	def conversations(self) -> list[dict[str, Any]]:
		found = self.sandbox.control("chatwoot/conversations")["conversations"]
		return [each for each in found if self._is_with_customer(each["contact"])]

	def _is_with_customer(self, contact: dict[str, Any]) -> bool:
		addresses = (contact["phone_number"], contact["identifier"], *contact["source_ids"])
		digits = {(address or "").lstrip("+").partition("@")[0] for address in addresses}
		return not digits.isdisjoint((self.customer, *self.also))

	@property
	def contact(self) -> dict[str, Any]:
		"""Of the customer's latest conversation."""
		return self.conversations[-1]["contact"]

	@property
	def messages(self) -> list[Message]:
		"""Both directions, as the agent sees them."""
		return [message for conversation in self.conversations for message in conversation["messages"]]

	@property
	def bubbles(self) -> list[Message]:
		"""Both directions, as the customer sees them."""
		return self.sandbox.control(f"phone/chats/{self.customer}", missing={"messages": []})["messages"]

	@property
	def answers(self) -> list[Message]:
		"""What the customer was sent."""
		return [bubble for bubble in self.bubbles if bubble["from_me"]]

	def in_chatwoot(self, wanted: Callable[[Message], Any], what: str = "the message in Chatwoot") -> Message:
		return until(lambda: next(filter(wanted, self.messages), None), what)

	def on_the_phone(
		self, wanted: Callable[[Message], Any], what: str = "the message on the phone"
	) -> Message:
		return until(lambda: next(filter(wanted, self.bubbles), None), what)

	def arrived(self, sent: Message, part: int = 0) -> Message:
		"""What is in Chatwoot of something on the phone, as soon as it is there. See `mark_of` for the parts."""
		mark = f"{ECHO_MARK}{sent['id']}" + (f"/{part}" if part else "")
		return self.in_chatwoot(lambda message: message["source_id"] == mark, f"{mark} in Chatwoot")

	def answered(self, count: int = 1) -> list[Message]:
		"""The bubbles that the customer was sent, as soon as there are so many."""
		return until(
			lambda: found if len(found := self.answers) >= count else None, f"{count} answers on the phone"
		)

	def shown(self, message_id: int) -> Message:
		return next(message for message in self.messages if message["id"] == message_id)

	def until_shown_as(self, message_id: int, status: str) -> Message:
		return self.in_chatwoot(
			lambda message: message["id"] == message_id and message["status"] == status,
			f"message {message_id} is shown as {status}",
		)


def as_seen(message: Message) -> Message:
	"""All that an agent sees of a message in Chatwoot."""
	return {
		"text": message["content"] or "",
		"type": message["message_type"],
		"private": message["private"],
		"answers": message["content_attributes"].get("in_reply_to"),
		"deleted": bool(message["content_attributes"].get("deleted")),
		"files": [(file["name"], file["file_type"], file["content_type"]) for file in message["attachments"]],
	}


def seen(text: str = "", *files: tuple[str, str, str], **more: Any) -> Message:
	"""What an agent is to see: a customer's text, if nothing else is said."""
	plain = {"type": "incoming", "private": False, "answers": None, "deleted": False}
	return {"text": text, **plain, "files": list(files), **more}
