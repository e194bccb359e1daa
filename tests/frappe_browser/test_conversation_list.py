"""The list of conversations: who wrote last stands first, and a customer is found by name or number as people write them."""

from __future__ import annotations

from pathlib import Path

from frappe_browser.conftest import Control
from playwright.sync_api import Page, expect


def test_who_wrote_last_stands_first_and_is_found(
	page: Page, control: Control, customer: str, pictures: Path
) -> None:
	other = str(int(customer) + 1)
	for number in (customer, other):
		control("phone/send", {"customer": number, "kind": "text", "text": "Hello"})
	page.goto("/app/wuzapi-conversation/view/list")
	rows = page.locator(".list-row")
	expect(rows.filter(has_text=other)).to_have_count(1)
	expect(rows.filter(has_text=customer)).to_have_count(1)
	expect(rows.first).to_contain_text(other)
	# A reload would take this away.
	page.evaluate("window.not_reloaded = true")
	for number in (customer, other, customer):
		control("phone/send", {"customer": number, "kind": "text", "text": "Once more"})
		expect(rows.first).to_contain_text(number)
	assert page.evaluate("window.not_reloaded")
	page.screenshot(path=pictures / "desk-conversations.png")

	# The way people write it: without the country, with blanks.
	written = f"0{customer[2:6]} {customer[6:9]} {customer[9:]}"
	by_name = page.locator(".page-form [data-fieldname=contact_name] input")
	for text in (written, f"+44 (0){customer[2:]}"):
		by_name.fill(text)
		expect(rows).to_have_count(1)
		expect(rows.first).to_contain_text(customer)
		by_name.fill("")
		expect(rows.filter(has_text=other)).to_have_count(1)
