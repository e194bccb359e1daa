"""A conversation played in a real browser, with Chatwoot switched off in the middle of it."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect
from processes import Installation

ANA = "447700900123"


def customer_writes(page: Page, text: str) -> None:
	page.get_by_test_id("phone-input").fill(text)
	page.get_by_test_id("phone-send").click()


def test_nothing_is_lost_doubled_or_swapped_while_chatwoot_is_down(page: Page, demo: Installation) -> None:
	seen_by_agent = page.get_by_test_id("agent-bubble")
	seen_on_phone = page.get_by_test_id("phone-bubble")
	page.get_by_test_id(f"phone-chat-{ANA}").click()
	customer_writes(page, "Hello, is the shop open today?")
	page.locator("[data-testid^=agent-conversation-]").first.click()
	expect(seen_by_agent).to_have_count(1)

	page.get_by_test_id("agent-input").fill("Yes, until six.")
	page.get_by_test_id("agent-send").click()
	expect(seen_on_phone).to_have_count(2)
	expect(seen_on_phone.nth(1)).to_contain_text("Yes, until six.")
	expect(seen_by_agent.nth(1).locator(".tick")).to_have_attribute(
		"data-status", re.compile("delivered|read")
	)

	page.get_by_test_id("switch-chatwoot-down").click()
	written = [f"While you were away, number {number}" for number in range(1, 6)]
	for text in written:
		customer_writes(page, text)
	expect(page.get_by_test_id("lane-row").first).to_be_visible()
	expect(seen_by_agent).to_have_count(2)

	page.get_by_test_id("switch-chatwoot-down").click()
	expect(seen_by_agent).to_have_count(7)
	texts = [bubble.inner_text() for bubble in seen_by_agent.all()]
	for text, shown in zip(
		["Hello, is the shop open today?", "Yes, until six.", *written], texts, strict=True
	):
		assert text in shown
	expect(page.get_by_test_id("lane-row")).to_have_count(0)
	assert demo.sandbox.control("counters")["chatwoot"]["doubled_source_ids"] == 0


def test_a_picture_crosses_both_ways(page: Page, demo: Installation) -> None:
	page.get_by_test_id("phone-chat-447700900456").click()
	page.get_by_test_id("phone-picture").click()
	page.locator("[data-testid^=agent-conversation-]").filter(has_text="Ben").click()
	expect(page.get_by_test_id("agent-bubble").locator("img")).to_have_count(1)
	loaded = (
		page.get_by_test_id("agent-bubble")
		.locator("img")
		.evaluate("async image => { await image.decode(); return image.naturalWidth }")
	)
	assert loaded > 0
