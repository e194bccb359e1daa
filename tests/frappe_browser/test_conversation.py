"""A conversation in the desk of a real site: a message arrives live, an answer goes out and gets its ticks, a failed
one says why and goes out after all. What is needed stands in `conftest.py`.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect

Control = Callable[[str, dict[str, Any]], Any]


def answer(page: Page, text: str) -> None:
	page.locator(".wuzapi-input").fill(text)
	page.locator(".wuzapi-input").press("Enter")


def test_a_message_arrives_live_and_the_answer_gets_its_ticks(
	conversation: Page, control: Control, customer: str
) -> None:
	bubbles, ticks = conversation.locator(".wuzapi-bubble"), conversation.locator(".wuzapi-tick")
	conversation.locator(".wuzapi-input").fill("half an ans")
	control("phone/send", {"customer": customer, "kind": "text", "text": "And <b>tomorrow</b>?"})
	expect(bubbles).to_have_count(2)
	expect(bubbles.nth(1)).to_contain_text("And <b>tomorrow</b>?")
	expect(conversation.locator(".wuzapi-input")).to_have_value("half an ans")

	answer(conversation, "Yes, until six.")
	expect(bubbles.nth(2)).to_contain_text("Yes, until six.")
	expect(ticks).to_have_attribute("data-status", "delivered")
	control("phone/read", {"customer": customer})
	expect(ticks).to_have_attribute("data-status", "read")
	expect(bubbles).to_have_count(3)
	assert conversation.evaluate("window.not_reloaded") is True


def test_a_picture_is_shown_and_opens_for_its_reader(
	conversation: Page, control: Control, customer: str
) -> None:
	control("phone/send", {"customer": customer, "kind": "image", "caption": "This one"})
	picture = conversation.locator(".wuzapi-picture img")
	expect(picture).to_have_count(1)
	assert picture.evaluate("async image => { await image.decode(); return image.naturalWidth }") > 0
	assert "/api/method/wuzapi_chatwoot.api.media.get?file=" in picture.get_attribute("src")


def test_a_file_that_is_attached_goes_out(conversation: Page) -> None:
	conversation.locator(".wuzapi-attach").click()
	with conversation.expect_file_chooser() as chooser:
		conversation.locator(".modal.show .btn-file-upload").first.click()
	chooser.value.set_files({"name": "offer.txt", "mimeType": "text/plain", "buffer": b"Three for two"})
	conversation.locator(".modal.show .btn-modal-primary").click()
	expect(conversation.locator(".wuzapi-chip")).to_contain_text("offer")
	answer(conversation, "Our offer")
	expect(conversation.locator(".wuzapi-row[data-direction=out] .wuzapi-file")).to_contain_text("offer")
	expect(conversation.locator(".wuzapi-tick")).to_have_attribute("data-status", "delivered")
	expect(conversation.locator(".wuzapi-chip")).to_have_count(0)


def test_a_failed_message_is_red_names_its_cause_and_can_be_sent_again(
	conversation: Page, control: Control, customer: str, pictures: Path
) -> None:
	control("switches", {"gateway_fail_for": {"status": 400, "text": "no such chat", "names": [customer]}})
	answer(conversation, "This one fails at first")
	failed = conversation.locator(".wuzapi-row[data-status=failed]")
	expect(failed).to_have_count(1)
	expect(failed.locator(".wuzapi-cause")).to_contain_text("refused")
	red, green, blue = (
		int(part)
		for part in failed.locator(".wuzapi-cause")
		.evaluate("cause => getComputedStyle(cause).color.match(/\\d+/g).slice(0, 3).join(' ')")
		.split()
	)
	assert red > 2 * green
	assert red > 2 * blue
	_photograph(conversation, pictures)

	control("switches", {"gateway_fail_for": {"names": []}})
	failed.locator(".wuzapi-again").click()
	expect(failed).to_have_count(0)
	expect(conversation.locator(".wuzapi-tick")).to_have_attribute("data-status", "delivered")


def _photograph(page: Page, folder: Path) -> None:
	page.screenshot(path=folder / "conversation-light.png")
	light = page.locator(".wuzapi-thread").evaluate("thread => getComputedStyle(thread).backgroundColor")
	page.evaluate("document.documentElement.setAttribute('data-theme', 'dark')")
	dark = page.locator(".wuzapi-thread").evaluate("thread => getComputedStyle(thread).backgroundColor")
	assert dark != light
	page.screenshot(path=folder / "conversation-dark.png")
	page.set_viewport_size({"width": 390, "height": 844})
	expect(page.locator(".wuzapi-input")).to_be_in_viewport(ratio=1)
	# Frappe's side bar glides away.
	page.wait_for_timeout(800)
	assert page.evaluate("document.documentElement.scrollWidth") <= 390
	page.screenshot(path=folder / "conversation-telephone-dark.png")
	page.evaluate("document.documentElement.setAttribute('data-theme', 'light')")
	page.screenshot(path=folder / "conversation-telephone.png")
	page.set_viewport_size({"width": 1280, "height": 860})
