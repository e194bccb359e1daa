"""The network of whoever writes in the desk: off, and an answer lost. Every message arrives once, none is lost."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, Route, expect

Control = Callable[[str, dict[str, Any]], Any]
SEND = "**/api/method/wuzapi_chatwoot.api.messages.send"


def write(page: Page, text: str) -> None:
	page.locator(".wuzapi-input").fill(text)
	page.locator(".wuzapi-input").press("Enter")


def test_what_is_written_offline_goes_out_once_and_in_order(
	conversation: Page, control: Control, customer: str, pictures: Path
) -> None:
	conversation.context.set_offline(True)
	write(conversation, "Written in a tunnel")
	write(conversation, "And this after it")
	unsent = conversation.locator(".wuzapi-unsent")
	expect(unsent).to_have_count(2)
	expect(unsent.first.locator(".wuzapi-waits")).to_contain_text("You are offline.")
	conversation.screenshot(path=pictures / "conversation-offline.png")
	conversation.context.set_offline(False)
	expect(unsent).to_have_count(0)
	sent = conversation.locator(".wuzapi-row[data-direction=out] .wuzapi-text")
	expect(sent).to_have_text(["Written in a tunnel", "And this after it"])
	expect(conversation.locator(".wuzapi-tick").last).to_have_attribute("data-status", "delivered")
	# Live updates are back without a reload.
	control("phone/send", {"customer": customer, "kind": "text", "text": "Are you back?"})
	expect(conversation.locator(".wuzapi-bubble").last).to_contain_text("Are you back?")
	assert conversation.evaluate("window.not_reloaded") is True


def test_a_lost_answer_doubles_nothing(conversation: Page) -> None:
	lost: list[str] = []

	def lose(route: Route) -> None:
		if lost:
			route.fallback()
			return
		lost.append(route.fetch().text())
		route.abort("connectionreset")

	conversation.route(SEND, lose)
	write(conversation, "Only once, please")
	out = conversation.locator(".wuzapi-row[data-direction=out]")
	expect(conversation.locator(".wuzapi-unsent")).to_have_count(0)
	expect(out).to_have_count(1)
	expect(conversation.locator(".wuzapi-tick")).to_have_attribute("data-status", "delivered")
	assert len(lost) == 1
