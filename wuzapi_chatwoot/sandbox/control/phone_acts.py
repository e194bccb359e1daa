"""What the control API lets the people with phones do: who, how often, and reading. The kinds are beside this."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

from wuzapi_chatwoot.sandbox.control.inputs import BadControl, Json, flag_of, number_of, text_of
from wuzapi_chatwoot.sandbox.control.phone_kinds import PhoneKinds
from wuzapi_chatwoot.sandbox.defaults import FIRST_SYNTHETIC_PHONE, GROUP_JID
from wuzapi_chatwoot.sandbox.gateway.phones.life import Life
from wuzapi_chatwoot.sandbox.gateway.phones.people import Person
from wuzapi_chatwoot.sandbox.gateway.phones.phone import Chat


class PhoneActs:
	"""Acts of customers and of the shop's owner."""

	def __init__(self, life: Life) -> None:
		self._life = life
		self._kinds = PhoneKinds(life)
		self._background: set[asyncio.Task[list[Json]]] = set()

	async def send(self, body: Json) -> Json:
		"""Write one message or many."""
		total = number_of(body, "count", 1)
		plan = self._plan(body, total)
		if flag_of(body, "background"):
			task = asyncio.create_task(self._send_all(body, plan))
			self._background.add(task)
			task.add_done_callback(self._background.discard)
			return {"messages": [], "sent": 0, "background": True}
		sent = await self._send_all(body, plan)
		return {"messages": sent, "sent": len(sent)}

	def stop(self) -> None:
		"""Stop what is still being written in the background."""
		for task in self._background:
			task.cancel()

	def _plan(self, body: Json, total: int) -> Iterator[tuple[Chat, Person | None, str]]:
		targets = self._targets(body)
		prefix = text_of(body, "prefix", "")
		text = text_of(body, "text", text_of(body, "caption", ""))
		from_me = flag_of(body, "from_me")
		phone = self._life.phone
		for number in range(1, total + 1):
			words = f"{prefix}{number}" if prefix else text
			# Round after round, so that all customers write at the same time.
			for chat, person in targets:
				yield chat, None if from_me or person == phone.owner else person, words

	async def _send_all(self, body: Json, plan: Iterator[tuple[Chat, Person | None, str]]) -> list[Json]:
		kind = text_of(body, "kind", "text")
		pause = number_of(body, "interval_ms", 0) / 1000
		sent: list[Json] = []
		loop = asyncio.get_running_loop()
		due = loop.time()
		for chat, person, text in plan:
			sent.extend(self._kinds.do(body, kind, chat, person, text))
			due += pause
			if pause or len(sent) % 20 == 0:
				# Against a fixed timetable, so that the rate holds when a round took longer; and now and then
				# even without pauses, so that the servers go on answering.
				await asyncio.sleep(max(0.0, due - loop.time()) if pause else 0)
		return sent

	def read(self, body: Json) -> Json:
		"""Let the customer, or the owner, open the chat."""
		chat = self._chat(body)
		moved = self._life.owner_opens(chat) if flag_of(body, "by_owner") else self._life.opens(chat)
		return {"read": moved}

	def receipt(self, body: Json) -> Json:
		"""Let the customer's phone confirm certain messages."""
		status = text_of(body, "status")
		if status not in ("delivered", "read"):
			raise BadControl("status is delivered or read")
		ids = body.get("ids")
		if not isinstance(ids, list):
			raise BadControl("ids is a list")
		messages = [self._kinds.target(str(message_id)) for message_id in ids]
		return {"moved": self._life.receipt(self._chat(body), messages, status)}

	def typing(self, body: Json) -> Json:
		"""Let the customer type, or stop."""
		person = self._person(text_of(body, "customer"))
		state = text_of(body, "state", "composing")
		self._life.types(self._life.phone.chat_with(person), person, state, text_of(body, "media", ""))
		return {}

	def chat(self, who: str) -> Json:
		"""Show one chat."""
		chat = self._life.phone.find_chat(who)
		if chat is None:
			raise BadControl(f"nobody called {who!r} has written or been written to", 404)
		return chat.as_json()

	def _targets(self, body: Json) -> list[tuple[Chat, Person]]:
		wanted: Any = body.get("customers")
		if wanted is None:
			wanted = [text_of(body, "customer")]
		if isinstance(wanted, int):
			first = int(text_of(body, "first_number", FIRST_SYNTHETIC_PHONE))
			wanted = [str(first + offset) for offset in range(wanted)]
		if not isinstance(wanted, list):
			raise BadControl("customers is a list or a number")
		phone = self._life.phone
		group = phone.chats[GROUP_JID]
		targets: list[tuple[Chat, Person]] = []
		for who in wanted:
			if who == "group":
				targets.append((group, phone.group.admin(phone.people)))
				continue
			person = self._person(str(who))
			if flag_of(body, "to_group") and not phone.group.has(person):
				raise BadControl(f"{person.name} is not in the group")
			targets.append((group if flag_of(body, "to_group") else phone.chat_with(person), person))
		return targets

	def _person(self, who: str) -> Person:
		if not who.lstrip("+").partition("@")[0].split(":")[0].isdecimal():
			raise BadControl(f"{who!r} is no phone number and no address")
		return self._life.phone.people.found_or_made(who)

	def _chat(self, body: Json) -> Chat:
		who = text_of(body, "customer")
		chat = self._life.phone.find_chat(who)
		if chat is None:
			raise BadControl(f"there is no chat with {who!r}", 404)
		return chat
