"""A customer's phone and the agent's view of the same conversation in Chatwoot."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from processes import Bridge, Sandbox, until

Message = dict[str, Any]


@dataclass(frozen=True)
class Scene:
	"""One customer; every test has one of its own, so that all can share one bridge."""

	sandbox: Sandbox
	bridge: Bridge
	customer: str

	# ---- acting

	def customer_sends(self, text: str = "", kind: str = "text", **more: Any) -> Message:
		body = {"customer": self.customer, "kind": kind, "text": text, **more}
		return self.sandbox.control("phone/send", body)["messages"][0]

	def agent_sends(self, text: str = "", **more: Any) -> int:
		"""The message's id in Chatwoot."""
		body = {"customer": self.customer, "text": text, **more}
		return self.sandbox.control("agent/send", body)["message_id"]

	def starts(self, text: str = "Good morning") -> Message:
		"""The customer writes for the first time, and it is in Chatwoot."""
		self.customer_sends(text)
		return self.in_chatwoot(lambda message: message["content"] == text)

	# ---- looking

	@property
	def conversations(self) -> list[dict[str, Any]]:
		found = self.sandbox.control("chatwoot/conversations")["conversations"]
		return [each for each in found if (each["contact"]["phone_number"] or "") == f"+{self.customer}"]

	@property
	def messages(self) -> list[Message]:
		"""Both directions, as the agent sees them."""
		return [message for conversation in self.conversations for message in conversation["messages"]]

	@property
	def bubbles(self) -> list[Message]:
		"""Both directions, as the customer sees them."""
		return self.sandbox.control(f"phone/chats/{self.customer}", missing={"messages": []})["messages"]

	def in_chatwoot(self, wanted: Callable[[Message], Any], what: str = "the message in Chatwoot") -> Message:
		return until(lambda: next(filter(wanted, self.messages), None), what)

	def on_the_phone(
		self, wanted: Callable[[Message], Any], what: str = "the message on the phone"
	) -> Message:
		return until(lambda: next(filter(wanted, self.bubbles), None), what)

	def shown(self, message_id: int) -> Message:
		return next(message for message in self.messages if message["id"] == message_id)

	def until_shown_as(self, message_id: int, status: str) -> Message:
		return self.in_chatwoot(
			lambda message: message["id"] == message_id and message["status"] == status,
			f"message {message_id} is shown as {status}",
		)
