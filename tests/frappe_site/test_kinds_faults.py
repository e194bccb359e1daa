"""Workers are killed (-9) while messages of every kind cross both ways: nothing lost, nothing doubled, no file either."""

import json
import random
import time
from collections import Counter
from dataclasses import dataclass, field

from faults.tally import NONE
from faults.traffic import IN, OUT, Traffic
from processes import until

SETTLE_SECONDS = 3
FIRST_EMOJI = 0x1F600
_MARK = " … "
MAP = "https://maps.google.com/?q=51.5033,-0.1196"


@dataclass
class MixedTraffic(Traffic):
	"""As `Traffic`, in all kinds: each arrives as its text and the names or kinds of its files."""

	first: dict[str, str] = field(default_factory=dict)
	"""Of each customer, the id of a message that others are about."""
	reactions: dict[str, str] = field(default_factory=dict)
	edits: dict[str, list[str]] = field(default_factory=dict)
	rows: int = 0
	files: int = 0
	_number: int = 0

	def have_firsts(self) -> None:
		for customer in self.customers:
			body = {"customer": customer, "text": "The first one"}
			self.first[customer] = self.sandbox.control("phone/send", body)["messages"][0]["id"]
			self._expect(customer, IN, "The first one")
			self.edits[customer] = ["The first one"]
		self.rows = 2 * len(self.customers)
		self.all_there()

	def act(self, chance: random.Random) -> None:
		customer = chance.choice(self.customers)
		self._number += 1
		chance.choice([self._customer_acts, self._agent_acts])(chance, customer, f"Act {self._number}")

	def _customer_acts(self, chance: random.Random, customer: str, words: str) -> None:
		emoji = chr(FIRST_EMOJI + self._number % 64)
		asked, arrives, files = chance.choice(
			[
				({"text": words}, words, 0),
				({"kind": "image", "text": words}, f"{words} + picture.jpg", 1),
				({"kind": "voice"}, " + voice-message.ogg", 1),
				({"kind": "document", "name": f"{words}.pdf"}, f" + {words}.pdf", 1),
				({"kind": "video_note"}, " + video-note.mp4", 1),
				(
					{"kind": "location", "name": words},
					f"📍 Location: {words}\n1 Sample Road, London\n{MAP}",
					0,
				),
				(
					{"kind": "contacts", "contacts": [{"name": f"{words} {each}"} for each in "AB"]},
					"\n".join(f"👤 Contact: {words} {each}, +447700900789" for each in "AB")
					+ f" + {words} A.vcf + {words} B.vcf",
					2,
				),
				({"kind": "poll", "text": words}, f"📊 Poll: {words}\n• Monday\n• Tuesday", 0),
				({"kind": "reaction", "text": emoji}, f"Reacted with {emoji}", 0),
				({"kind": "edit", "text": words}, f"✏️ Edited: {words}", 0),
			]
		)
		if asked.get("kind") in ("reaction", "edit"):
			asked["target"] = self.first[customer]
		self.sandbox.control("phone/send", {"customer": customer, **asked})
		if asked.get("kind") == "reaction":
			self.reactions[customer] = emoji
		if asked.get("kind") == "edit":
			self.edits[customer].append(words)
		self._expect(customer, IN, arrives)
		self.rows, self.files = self.rows + 1, self.files + files

	def _agent_acts(self, chance: random.Random, customer: str, words: str) -> None:
		latitude = round(50 + self._number / 1000, 3)
		text, kinds, arrive = chance.choice(
			[
				(words, [], [f"text {words}"]),
				(words, ["image"], [f"image {words}"]),
				(words, ["image", "document"], [f"image {words}", "document "]),
				("", ["voice"], ["voice "]),
				("", ["webp"], ["sticker "]),
				("", ["contact"], ["contact Cara Sample"]),
				(f"https://maps.google.com/?q={latitude},-0.1196", [], [f"location ({latitude}, -0.1196)"]),
			]
		)
		attachments = [{"kind": kind} for kind in kinds]
		body = {"customer": customer, "text": text, "attachments": attachments}
		self.sandbox.control("agent/send", body)
		for each in arrive:
			self._expect(customer, OUT, each)
		self.rows, self.files = self.rows + len(arrive), self.files + len(kinds)

	def _expect(self, customer: str, direction: str, arrives: str) -> None:
		so_far = self.sent.get((customer, direction), [])
		self.sent[(customer, direction)] = numbered([*map(_plain, so_far), arrives])

	def arrived(self) -> dict[tuple[str, str], list[str]]:
		there: dict[tuple[str, str], list[str]] = {key: [] for key in self.sent}
		state = self.sandbox.control("state?limit=100000")
		for conversation in sorted(state["conversations"], key=lambda each: each["id"]):
			key = conversation["contact"]["phone_number"].lstrip("+"), IN
			there.setdefault(key, []).extend(
				_as_read(each) for each in conversation["messages"] if each["message_type"] == "incoming"
			)
		for chat in state["chats"]:
			sent = [f"{each['kind']} {each['text']}" for each in chat["messages"] if each["via"] == "api"]
			if sent:
				there.setdefault((chat["customer"], OUT), []).extend(sent)
		return {key: numbered(messages) for key, messages in there.items()}


def numbered(messages):
	"""With what tells apart those that say the same, so that their order counts."""
	seen: Counter[str] = Counter()
	told = []
	for message in messages:
		seen[message] += 1
		told.append(f"{message}{_MARK}{seen[message]}")
	return told


def _plain(message):
	return message.partition(_MARK)[0]


def _as_read(message):
	return " + ".join([message["content"] or "", *(each["name"] for each in message["attachments"])])


def flow(mixed, chance, seconds):
	deadline = time.monotonic() + seconds
	while time.monotonic() < deadline:
		mixed.act(chance)
		time.sleep(chance.uniform(0.03, 0.1))


def test_workers_are_killed_in_a_mixed_run(begin, chance, stack, figures):
	plain = begin(customers=4, settle_seconds=SETTLE_SECONDS)
	plain.sandbox.switch(auto_deliver=False)
	sent = {key: numbered(texts) for key, texts in plain.sent.items()}
	mixed = MixedTraffic(plain.sandbox, plain.bridge, plain.customers, sent)
	mixed.have_firsts()
	flow(mixed, chance, SETTLE_SECONDS)
	killed_at_work = 0
	for number in range(6):
		flow(mixed, chance, chance.uniform(0.5, 1.5))
		victim = stack.workers[number % len(stack.workers)]
		killed_at_work += bool(victim.horses())
		victim.kill()
		flow(mixed, chance, 0.3)
		victim.spawn()
	assert killed_at_work
	took = mixed.check(120)
	assert mixed.figures() == NONE
	assert stack.ask("count", doctype="WuzAPI Message") == mixed.rows
	kept = stack.ask(
		"values", doctype="File", filters={"attached_to_doctype": "WuzAPI Message"}, fields=["name"]
	)
	assert len(kept) == mixed.files
	for customer in mixed.customers:
		check_first(stack, mixed, customer)
	sent = sum(len(each) for each in mixed.sent.values())
	figures(
		f"{sent} messages of all kinds, {mixed.files} files, none lost or doubled, all there after {took:.1f} s"
	)


def check_first(stack, mixed, customer):
	"""What was done to the customer's first message, in its order."""
	wanted = {"whatsapp_id": mixed.first[customer]}
	fields = ["text", "reactions", "earlier_texts"]
	[row] = stack.ask("values", doctype="WuzAPI Message", filters=wanted, fields=fields)
	texts = [*json.loads(row["earlier_texts"] or "[]"), row["text"]]
	assert texts == mixed.edits[customer]
	emoji = [each["emoji"] for each in json.loads(row["reactions"] or "[]")]
	assert emoji == ([mixed.reactions[customer]] if customer in mixed.reactions else [])


def test_a_store_that_is_killed_while_contacts_become_one(begin, stack, chance):
	"""The merge is one step on the site: half of it is never seen, whenever the worker dies."""
	traffic = begin(customers=1, workers=1, settle_seconds=0)
	[customer] = traffic.customers
	for number in range(3):
		lid = f"55560000100000{number}"
		stack.sandbox.control("phone/send", {"customer": f"{lid}@lid", "text": f"By LID {number}"})
		until(lambda known=number + 2: len(addresses(stack)) == known, "the LID is known")
		until(traffic.calm, "nothing is under way")
		stack.sandbox.control("phone/send", {"customer": customer, "kind": "profile", "lid": lid})
		stack.sandbox.control("phone/send", {"customer": customer, "text": f"Both {number}"})
		time.sleep(chance.uniform(0, 0.6))
		[worker] = stack.workers
		worker.kill()
		worker.spawn()
		until(traffic.calm, "nothing is under way")
		assert stack.ask("count", doctype="WuzAPI Contact") == 1
		assert stack.ask("count", doctype="WuzAPI Conversation") == 1
	rows = stack.ask("values", doctype="WuzAPI Message", filters={}, fields=["text", "conversation"])
	assert len({row["conversation"] for row in rows}) == 1
	texts = {f"{words} {number}" for words in ("By LID", "Both") for number in range(3)}
	assert {row["text"] for row in rows} >= texts
	notes = [
		message["content"]
		for conversation in stack.sandbox.control("chatwoot/conversations")["conversations"]
		for message in conversation["messages"]
		if message["private"]
	]
	assert len(notes) == 3
	assert stack.faults() == []


def addresses(stack):
	return stack.ask("values", doctype="WuzAPI Contact Address", filters={}, fields=["address"])
