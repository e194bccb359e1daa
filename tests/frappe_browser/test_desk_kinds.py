"""What somebody in the desk can do besides writing: answer, react, send a place, a voice message and files. The phone
gets each as what it is, Chatwoot shows each as outgoing with the user's name; and what the customer does to a message
appears live.
"""

from __future__ import annotations

import io
import math
import wave
from array import array
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

Control = Callable[[str, dict[str, Any]], Any]
Look = Callable[[str], Any]
USER = "Administrator"
QUESTION = "Hello, is the shop open?"


class Sides:
	"""What the phone and Chatwoot show of one customer."""

	def __init__(self, page: Page, look: Look, customer: str) -> None:
		self._page, self._look, self._customer = page, look, customer

	def on_phone(self) -> list[dict[str, Any]]:
		return self._look(f"phone/chats/{self._customer}")["messages"]

	def in_chatwoot(self) -> list[dict[str, Any]]:
		found = self._look("chatwoot/conversations")["conversations"]
		return [
			message
			for there in found
			if self._customer in (there["contact"]["phone_number"] or "")
			for message in there["messages"]
		]

	def wait(self, side: Callable[[], list[dict[str, Any]]], is_it: Callable[[dict[str, Any]], bool]) -> Any:
		for _ in range(120):
			if found := [message for message in side() if is_it(message)]:
				return found[-1]
			self._page.wait_for_timeout(250)
		raise AssertionError([(each.get("kind"), each.get("text", each.get("content"))) for each in side()])

	def sent(self, kind: str) -> dict[str, Any]:
		return self.wait(self.on_phone, lambda message: message["from_me"] and message["kind"] == kind)

	def shown(self, content: str) -> dict[str, Any]:
		"""As outgoing, under the user's name."""
		message = self.wait(self.in_chatwoot, lambda message: content in (message["content"] or ""))
		assert message["message_type"] == "outgoing"
		assert message["content"].startswith(f"**{USER}:**")
		return message


@pytest.fixture
def sides(conversation: Page, look: Look, customer: str) -> Sides:
	return Sides(conversation, look, customer)


@pytest.fixture
def paired(page: Page, control: Control, look: Look, session: str) -> None:
	"""The session learns from its pairing which number is its own."""
	own = {"ID": f"{look('settings')['OWN_PHONE']}:7@s.whatsapp.net"}
	for type in ("PairSuccess", "Connected"):
		control("gateway/webhook", {"payload": {"type": type, "event": own if type == "PairSuccess" else {}}})
	for _ in range(120):
		answer = page.request.get(f"/api/resource/WuzAPI Session/{session}")
		if answer.json()["data"].get("address"):
			return
		page.wait_for_timeout(250)
	raise AssertionError("the session does not know its own number")


def bubble(page: Page, text: str) -> Locator:
	return page.locator(".wuzapi-row", has=page.locator(".wuzapi-content", has_text=text)).first


def press(row: Locator, name: str) -> None:
	row.hover()
	row.get_by_role("button", name=name, exact=True).click()


def test_an_answer_quotes_the_message_on_all_three_sides(
	conversation: Page, sides: Sides, pictures: Path
) -> None:
	[question] = sides.on_phone()
	press(bubble(conversation, QUESTION), "Reply")
	conversation.locator(".wuzapi-input").fill("Yes, *until six*")
	conversation.locator(".wuzapi-input").press("Enter")
	answer = bubble(conversation, "Yes, until six")
	expect(answer.locator(".wuzapi-quote")).to_contain_text(QUESTION)
	expect(answer.locator("strong")).to_have_text("until six")
	expect(answer.locator(".wuzapi-tick")).to_have_attribute("data-status", "delivered")
	conversation.screenshot(path=pictures / "answer.png")
	sent = sides.sent("text")
	assert (sent["text"], sent["reply_to"]) == ("Yes, *until six*", question["id"])
	shown = sides.shown("until six")
	original = next(each for each in sides.in_chatwoot() if each["content"] == QUESTION)
	assert shown["content"] == f"**{USER}:**\nYes, **until six**"
	assert shown["content_attributes"]["in_reply_to"] == original["id"]


def test_a_reaction_is_given_and_taken_back(paired: None, conversation: Page, sides: Sides) -> None:
	row = bubble(conversation, QUESTION)
	press(row, "React")
	row.get_by_role("button", name="React with 👍").click()
	badge = row.locator(".wuzapi-badge")
	expect(badge).to_have_text("👍")
	expect(badge).to_have_attribute("title", USER)
	sides.wait(sides.on_phone, lambda message: "👍" in message["reactions"].values())
	assert sides.shown("Reacted with 👍")["content_attributes"]["in_reply_to"]
	badge.click()
	expect(badge).to_have_count(0)
	sides.wait(sides.on_phone, lambda message: message["text"] == QUESTION and not message["reactions"])


def test_a_place_is_sent_from_a_map_link(conversation: Page, sides: Sides) -> None:
	conversation.get_by_role("button", name="Send a location").click()
	dialog = conversation.locator(".modal.show")
	dialog.locator("[data-fieldname=link] input").fill("https://maps.google.com/?q=51.5033,-0.1196")
	dialog.locator("[data-fieldname=place] input").fill("Example Wheel")
	expect(dialog.locator("[data-fieldname=latitude] input")).to_have_value("51.5033")
	dialog.get_by_role("button", name="Send", exact=True).click()
	expect(dialog).to_have_count(0)
	place = conversation.locator(".wuzapi-place")
	expect(place).to_contain_text("Example Wheel")
	expect(place.locator("a")).to_have_attribute("href", "https://maps.google.com/?q=51.5033,-0.1196")
	there = sides.sent("location")["location"]
	assert (there["latitude"], there["longitude"], there["name"]) == (51.5033, -0.1196, "Example Wheel")
	sides.shown("Example Wheel")


def test_a_voice_message_is_recorded_and_goes_as_one(conversation: Page, sides: Sides) -> None:
	conversation.get_by_role("button", name="Record a voice message").click()
	expect(conversation.locator(".wuzapi-recorded")).to_have_text("0:02")
	conversation.get_by_role("button", name="Keep the recording").click()
	expect(conversation.locator(".wuzapi-chip")).to_contain_text("voice-")
	conversation.locator(".wuzapi-send").click()
	_heard_as_voice(conversation, sides)


def test_a_sound_file_goes_as_a_voice_message(conversation: Page, sides: Sides) -> None:
	_upload(conversation, {"name": "memo.wav", "mimeType": "audio/wav", "buffer": _tone()})
	conversation.locator(".wuzapi-send").click()
	_heard_as_voice(conversation, sides)


def _heard_as_voice(page: Page, sides: Sides) -> None:
	sound = page.locator("audio.wuzapi-sound")
	expect(sound).to_have_count(1)
	expect(page.locator(".wuzapi-row", has=sound).locator(".wuzapi-tick")).to_have_attribute(
		"data-status", "delivered"
	)
	voice = sides.sent("voice")
	assert voice["file"]["mimetype"].startswith("audio/ogg")
	assert voice["seconds"] >= 1
	message = sides.wait(sides.in_chatwoot, lambda message: bool(message["attachments"]))
	assert message["message_type"] == "outgoing"
	assert message["content"].startswith(f"**{USER}:**")
	assert message["attachments"][0]["file_type"] == "audio"


def test_a_file_that_exists_already_is_attached(conversation: Page, sides: Sides) -> None:
	conversation.evaluate(
		"""async () => {
			const form = new FormData();
			form.append("file", new Blob(["Three for two"]), "catalogue.txt");
			form.append("is_private", "1");
			form.append("folder", "Home");
			const headers = { "X-Frappe-CSRF-Token": frappe.csrf_token };
			await fetch("/api/method/upload_file", { method: "POST", headers, body: form });
		}"""
	)
	conversation.locator(".wuzapi-attach").click()
	dialog = conversation.locator(".modal.show")
	dialog.get_by_text("Library").click()
	dialog.locator(".file-filter input").press_sequentially("catalogue")
	dialog.locator(".tree-link", has_text="catalogue").first.click()
	dialog.locator(".btn-modal-primary").click()
	expect(conversation.locator(".wuzapi-chip")).to_contain_text("catalogue")
	conversation.locator(".wuzapi-send").click()
	expect(conversation.locator(".wuzapi-row[data-direction=out] .wuzapi-file")).to_contain_text("catalogue")
	assert sides.sent("document")["file"]["size"] == len("Three for two")


def test_what_the_customer_does_to_a_message_appears_live(
	conversation: Page, control: Control, customer: str, sides: Sides, pictures: Path
) -> None:
	[question] = sides.on_phone()
	about = {"customer": customer, "target": question["id"]}
	row = conversation.locator(".wuzapi-row").first
	control("phone/send", {**about, "kind": "reaction", "text": "🙏"})
	expect(row.locator(".wuzapi-badge")).to_have_text("🙏")
	control("phone/send", {**about, "kind": "edit", "text": "Hello, is the shop open tomorrow?"})
	expect(row.locator(".wuzapi-text")).to_have_text("Hello, is the shop open tomorrow?")
	row.locator(".wuzapi-edited").click()
	expect(row.locator(".wuzapi-earlier-text")).to_have_text([QUESTION])
	conversation.screenshot(path=pictures / "changes-live.png")
	control("phone/send", {**about, "kind": "delete"})
	expect(row.locator(".wuzapi-gone")).to_be_visible()
	expect(row.locator(".wuzapi-text")).to_have_css("text-decoration-line", "line-through")
	expect(row.get_by_role("button", name="Reply", exact=True)).to_have_count(0)
	assert conversation.evaluate("window.not_reloaded") is True


KINDS: list[dict[str, Any]] = [
	{"kind": "text", "text": "*Bold*, _italic_, ~gone~ and `code`\n> a quote\nhttps://example.com/a_b_c"},
	{"kind": "sticker"},
	{"kind": "image", "caption": "This one"},
	{"kind": "location", "text": "Example Wheel"},
	{"kind": "contacts"},
	{"kind": "poll", "text": "When shall I come?", "options": ["Monday", "Tuesday"]},
	{"kind": "voice"},
	{"kind": "call"},
	{"kind": "undecryptable"},
]


def test_every_kind_has_its_look_in_light_in_dark_and_on_a_telephone(
	conversation: Page, control: Control, customer: str, pictures: Path
) -> None:
	for one in KINDS:
		control("phone/send", {"customer": customer, **one})
	thread = conversation.locator(".wuzapi-thread")
	for look in (
		*(".wuzapi-text strong", ".wuzapi-text blockquote", ".wuzapi-sticker img", ".wuzapi-place"),
		*(".wuzapi-poll", "audio", "[data-kind=phonecall]", ".wuzapi-stand-in"),
	):
		expect(thread.locator(look).first).to_be_attached()
	expect(thread.locator(".wuzapi-card")).to_have_count(2)
	press(bubble(conversation, "This one"), "Reply")
	press(bubble(conversation, "When shall I come?"), "React")
	expect(conversation.locator(".wuzapi-picker")).to_be_visible()
	for theme in ("light", "dark"):
		conversation.evaluate("theme => document.documentElement.setAttribute('data-theme', theme)", theme)
		for size, name in (((1280, 1400), "desk"), ((390, 844), "telephone")):
			conversation.set_viewport_size({"width": size[0], "height": size[1]})
			# Frappe's side bar glides away.
			conversation.wait_for_timeout(800)
			assert conversation.evaluate("document.documentElement.scrollWidth") <= size[0]
			expect(conversation.locator(".wuzapi-answered")).to_be_in_viewport(ratio=1)
			conversation.screenshot(path=pictures / f"kinds-{name}-{theme}.png")


def _upload(page: Page, file: dict[str, Any]) -> None:
	page.locator(".wuzapi-attach").click()
	with page.expect_file_chooser() as chooser:
		page.locator(".modal.show .btn-file-upload").first.click()
	chooser.value.set_files(file)
	page.locator(".modal.show .btn-modal-primary").click()
	expect(page.locator(".wuzapi-chip")).to_contain_text(file["name"].partition(".")[0])


def _tone() -> bytes:
	"""Two seconds of a sound."""
	rate = 16_000
	samples = array("h", (int(9000 * math.sin(at * 440 * math.tau / rate)) for at in range(2 * rate)))
	kept = io.BytesIO()
	with wave.open(kept, "wb") as sound:
		sound.setnchannels(1)
		sound.setsampwidth(2)
		sound.setframerate(rate)
		sound.writeframes(samples.tobytes())
	return kept.getvalue()
