"""Every kind of message walks over the page: from the phone to the agent's desk, and from the desk to the phone."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect
from processes import Installation, Sandbox, until

from wuzapi_chatwoot.bridge.model.records import ECHO_MARK

MARINA, DAN, ANA = "5511900000001", "447700900790", "447700900123"
TARGET = "MESSAGE_KINDS_PICTURE"
"""The environment variable that says where the picture of the documentation goes."""

# What is sent; where and what the customer sees of it; where and what the agent sees.
FROM_THE_PHONE: list[tuple[dict[str, Any], tuple[str, str], tuple[str, str]]] = [
	({"text": "*Hello* _there_"}, ("strong", "Hello"), ("strong", "Hello")),
	({"text": "Pass it on", "forwarded": True}, (".mark", "Forwarded"), ("", "Forwarded")),
	({"text": "I saw your ad", "ad": True}, (".card-in", "Spring offer"), ("", "From an advertisement")),
	(
		{"text": "Look https://example.com/page", "link_preview": True},
		(".card-in", "An example page"),
		("blockquote", "An example page"),
	),
	({"kind": "image", "text": "Our cat"}, ("", "Our cat"), ("", "Our cat")),
	({"kind": "video"}, (".film", "Video"), (".film", "Video")),
	({"kind": "gif"}, (".film", "GIF"), (".film", "Video")),
	({"kind": "video_note"}, (".film", "Video note"), (".film", "Video")),
	({"kind": "voice"}, (".sound", "0:02"), (".sound", "")),
	({"kind": "audio"}, (".sound", ""), (".sound", "")),
	({"kind": "document", "name": "Quote.pdf"}, (".file b", "Quote.pdf"), (".file b", "Quote.pdf")),
	({"kind": "sticker"}, ("img", ""), ("img", "")),
	({"kind": "location"}, (".place b", "Example Wheel"), ("", "Location: Example Wheel")),
	({"kind": "live_location"}, (".place b", "Live location"), ("", "Live location")),
	({"kind": "contacts"}, (".contact >> nth=1", "Dan Sample"), ("", "Dan Sample, +447700900790")),
	({"kind": "poll", "text": "Which day?"}, (".poll", "Which day?"), ("", "Poll: Which day?")),
	({"kind": "button_answer", "text": "Confirm"}, ("", "Confirm"), ("", "☑️ Confirm")),
	({"kind": "order"}, (".card-in", "Example order"), ("", "Order: Example order")),
	({"kind": "product"}, (".card-in", "Apple cake"), ("", "Product: Apple cake")),
	({"kind": "group_invite"}, (".card-in", "Example group"), ("", "Invitation to the group")),
	({"kind": "view_once"}, (".view-once", "Opens once"), ("", "to be viewed once")),
	({"kind": "undecryptable"}, ("em", "Waiting for this message"), ("", "could not be decrypted yet")),
	({"kind": "call"}, ("", "Voice call"), ("", "Voice call at")),
]
# What is sent; how many bubbles come of it; where and what the customer sees in the last one.
FROM_THE_DESK: list[tuple[dict[str, Any], int, tuple[str, str]]] = [
	({"text": "**Hello** _there_"}, 1, ("strong", "Hello")),
	({"text": "Our cat", "attachments": [{"kind": "image"}]}, 1, ("", "Our cat")),
	({"attachments": [{"kind": "image"}, {"kind": "video"}]}, 2, (".film", "Video")),
	({"attachments": [{"kind": "document", "name": "Quote.pdf"}]}, 1, (".file b", "Quote.pdf")),
	({"attachments": [{"kind": "voice"}]}, 1, (".sound .length", "0:03")),
	({"attachments": [{"kind": "webp"}]}, 1, ("img", "")),
	({"attachments": [{"kind": "contact"}]}, 1, (".contact", "Cara Sample")),
	({"text": "https://maps.google.com/?q=51.5033,-0.1196"}, 1, (".place a", "51.5033,-0.1196")),
	({"text": "We are closed", "sender": "automation"}, 1, ("", "We are closed")),
	({"text": "How was it?", "sender": "csat"}, 1, ("", "/survey/responses/")),
]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
	"""Quicker than the demo that people see."""
	with Installation(tmp_path_factory.mktemp("kinds"), "--seed", "5") as installation:
		installation.new_bridge(fetch_seconds=3600, settle_seconds=0.1).start()
		yield installation


class Walk:
	"""One customer's chat, open on both sides of the page."""

	def __init__(self, page: Page, sandbox: Sandbox, customer: str) -> None:
		self.page, self.sandbox, self.customer = page, sandbox, customer
		page.get_by_test_id(f"phone-chat-{customer}").click()

	def says(self, **body: Any) -> str:
		"""The customer; the id on WhatsApp."""
		sent = self.sandbox.control("phone/send", {"customer": self.customer, **body})
		return str(sent["messages"][-1]["id"])

	def writes(self, text: str = "", **body: Any) -> str:
		"""The agent; the id on WhatsApp of the last bubble that comes of it."""
		sent = len(self.answers)
		self.act("send", text=text, **body)
		until(lambda: len(self.answers) > sent, "the answer is on the phone")
		return self.answers[-1]

	def act(self, act: str, **body: Any) -> int:
		"""The agent; the message's id in Chatwoot."""
		answer = self.sandbox.control(f"agent/{act}", {"customer": self.customer, **body})
		return int(answer.get("message_id", 0))

	@property
	def answers(self) -> list[str]:
		chat = self.sandbox.control(f"phone/chats/{self.customer}")
		return [each["id"] for each in chat["messages"] if each["from_me"]]

	def shown_as(self, whatsapp_id: str) -> int:
		"""The id in Chatwoot of something on WhatsApp, a line in its place included, as soon as it is there."""
		marks = [f"{ECHO_MARK}{prefix}{whatsapp_id}{end}" for prefix in ("", "call-") for end in ("", "/1")]

		def found() -> int | None:
			conversations = self.sandbox.control("chatwoot/conversations")["conversations"]
			messages = [message for each in conversations for message in each["messages"]]
			return next((int(each["id"]) for each in messages if each["source_id"] in marks), None)

		return until(found, f"{whatsapp_id} in Chatwoot") or 0

	def open_at_the_desk(self, message_id: int) -> None:
		conversations = self.sandbox.control("chatwoot/conversations")["conversations"]
		number = next(
			each["id"]
			for each in conversations
			if any(message["id"] == message_id for message in each["messages"])
		)
		self.page.get_by_test_id(f"agent-conversation-{number}").click()

	def on_the_phone(self, whatsapp_id: str) -> Locator:
		return self.page.locator(f".phone [data-message-id='{whatsapp_id}']")

	def at_the_desk(self, message_id: int) -> Locator:
		return self.page.locator(f"[data-testid=agent-bubble][data-message-id='{message_id}']")


def _shows(bubble: Locator, where: str, words: str) -> None:
	part = bubble.locator(where) if where else bubble
	expect(part).to_be_visible()
	expect(part).to_contain_text(words, ignore_case=True)


def test_all_that_a_customer_sends_is_seen_on_both_sides(page: Page, demo: Installation) -> None:
	walk = Walk(page, demo.sandbox, MARINA)
	walk.open_at_the_desk(walk.shown_as(walk.says(text="Good morning")))
	all_sent = [walk.says(**body) for body, _, _ in FROM_THE_PHONE]
	for sent, (_, phone, desk) in zip(all_sent, FROM_THE_PHONE, strict=True):
		_shows(walk.on_the_phone(sent), *phone)
		_shows(walk.at_the_desk(walk.shown_as(sent)), *desk)


def test_what_is_done_to_messages_is_seen_on_both_sides(page: Page, demo: Installation) -> None:
	walk = Walk(page, demo.sandbox, ANA)
	first = walk.says(text="Are you open tomorow?")
	shown = walk.shown_as(first)
	walk.open_at_the_desk(shown)
	acts = [
		(
			{"kind": "edit", "target": first, "text": "Are you open tomorrow?"},
			"Edited: Are you open tomorrow?",
		),
		({"kind": "reaction", "target": first, "text": "🙏"}, "Reacted with 🙏"),
		({"kind": "pin", "target": first}, "Pinned a message"),
		({"text": "From nine?", "reply_to": first}, "From nine?"),
		({"kind": "delete", "target": first}, "Deleted a message"),
	]
	for body, words in acts:
		bubble = walk.at_the_desk(walk.shown_as(walk.says(**body)))
		_shows(bubble, "", words)
		expect(bubble.get_by_test_id("agent-quote")).to_contain_text("Are you open tomorow?")
	expect(walk.on_the_phone(first)).to_contain_text("This message was deleted")
	question = walk.says(text="And on Sunday?")
	answer = walk.writes("No, sorry", in_reply_to=walk.shown_as(question))
	_shows(walk.on_the_phone(answer), ".quote", "And on Sunday?")
	wrong = walk.act("send", text="Wrong chat")
	until(lambda: len(walk.answers) == 2, "it was sent")
	walk.act("delete", message_id=wrong)
	expect(walk.on_the_phone(walk.answers[-1])).to_contain_text("This message was deleted")


def test_all_that_an_agent_sends_is_seen_on_both_sides(page: Page, demo: Installation) -> None:
	walk = Walk(page, demo.sandbox, DAN)
	walk.open_at_the_desk(walk.shown_as(walk.says(text="Good morning")))
	for body, count, phone in FROM_THE_DESK:
		before = len(walk.answers)
		message_id = walk.act("send", **body)
		expect(walk.at_the_desk(message_id)).to_be_visible()
		until(lambda wanted=before + count: len(walk.answers) == wanted, "it is on the phone")
		_shows(walk.on_the_phone(walk.answers[-1]), *phone)
		expect(walk.at_the_desk(message_id).locator(".tick")).to_be_visible()


def test_a_picture_of_it(page: Page, demo: Installation, tmp_path: Path) -> None:
	"""One conversation with a bit of everything. People look at the picture, this test at what is in it."""
	page.set_viewport_size({"width": 1400, "height": 1000})
	walk = Walk(page, demo.sandbox, "447700900456")
	first = walk.says(text="Hi! Do you bake *wedding cakes*?")
	walk.open_at_the_desk(walk.shown_as(first))
	walk.writes("**Of course!** Here is one of ours", attachments=[{"kind": "image"}])
	walk.shown_as(walk.says(kind="reaction", target=walk.answers[-1], text="😍"))
	walk.shown_as(walk.says(text="That one, please. For 40 guests", reply_to=walk.answers[-1]))
	walk.shown_as(walk.says(kind="voice"))
	walk.writes(attachments=[{"kind": "voice"}])
	walk.shown_as(walk.says(kind="location"))
	walk.shown_as(walk.says(kind="contact"))
	poll = walk.says(kind="poll", text="Which filling?", options=["Lemon", "Chocolate"])
	walk.shown_as(walk.says(kind="poll_vote", target=poll, options=["Lemon"]))
	walk.writes("_Lemon_ it is", attachments=[{"kind": "document", "name": "Quote 0042.pdf"}])
	walk.writes("https://maps.google.com/?q=51.5033,-0.1196")
	last = walk.says(kind="sticker")
	expect(walk.at_the_desk(walk.shown_as(last))).to_be_visible()
	expect(walk.on_the_phone(last)).to_be_visible()
	expect(page.get_by_test_id("lane-row")).to_have_count(0)
	file = Path(os.environ.get(TARGET, tmp_path / "message-kinds.png"))
	_both_sides_whole(page)
	page.screenshot(path=file)
	assert file.read_bytes()[:4] == b"\x89PNG"
	assert file.stat().st_size < 500_000


def _both_sides_whole(page: Page) -> None:
	"""The bridge between them is for those who break things; and nothing is to be scrolled for."""
	page.locator(".bridge").evaluate("section => { section.style.display = 'none' }")
	page.locator("main").evaluate("main => { main.style.gridTemplateColumns = '1fr 1.6fr' }")
	hidden = page.evaluate(
		"Math.max(...[chat, thread].map(each => each.scrollHeight - each.clientHeight))", None
	)
	page.set_viewport_size({"width": 1400, "height": 1000 + hidden})
	for image in page.locator(".phone img, .desk img").all():
		image.evaluate("image => image.decode()")
