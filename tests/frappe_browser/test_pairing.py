"""A number from nothing to connected, in the desk of a real site and live: the wizard sets both sides up, the code that
is good now is on screen, the phone scans it, number and name appear. What is needed stands in `conftest.py`.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

Control = Callable[[str, dict[str, Any]], Any]
Look = Callable[[str], Any]


@pytest.fixture
def name() -> str:
	return f"shop-{time.time_ns() // 1_000_000 % 10**8:08d}"


def dialog_of(page: Page) -> Locator:
	return page.locator(".modal.show")


def enter(dialog: Locator, field: str, value: str) -> None:
	control = dialog.locator(f"[data-fieldname={field}] input")
	control.fill(value)
	control.blur()


def set_up(page: Page, look: Look, name: str, **changed: str) -> None:
	given = look("settings")
	page.goto("/app/wuzapi-session")
	page.get_by_role("button", name="Set Up a Number").click()
	dialog = dialog_of(page)
	# Once it has come up; before, Frappe takes back what is typed.
	expect(dialog.locator("[data-fieldname=session] input")).to_be_focused()
	for field, value in {
		"session": name,
		"gateway_url": given["WUZAPI_URL"],
		"admin_token": given["WUZAPI_ADMIN_TOKEN"],
		"chatwoot_url": given["CHATWOOT_URL"],
		"account_id": str(given["CHATWOOT_ACCOUNT_ID"]),
		"chatwoot_token": given["CHATWOOT_API_KEY"],
		**changed,
	}.items():
		enter(dialog, field, value)
	dialog.locator(".btn-modal-primary").click()
	expect(page).to_have_url(re.compile(f"/wuzapi-session/{name}$"))


def proves_the_path(dialog: Locator, control: Control, name: str, phone: str, pictures: Path) -> None:
	"""By a message of the number to itself, seen live; the answer comes from the phone."""
	dialog.get_by_role("button", name="Send a Test Message to This Number").click()
	verdict, steps = dialog.locator(".wuzapi-verdict"), dialog.locator(".wuzapi-step")
	expect(verdict).to_contain_text("Answer the message on the phone, in the chat with yourself.")
	expect(steps).to_have_count(5)
	expect(dialog.locator(".wuzapi-step[data-state=ok]")).to_have_count(3)
	expect(dialog.locator(".wuzapi-step[data-state=waiting]")).to_have_count(2)
	dialog.page.screenshot(path=pictures / "desk-proof-waits.png")
	control("phone/send", {"user": name, "customer": phone, "kind": "text", "text": "It works"})
	expect(verdict).to_have_text("The whole path is proved, both ways.")
	expect(dialog.locator(".wuzapi-step[data-state=ok]")).to_have_count(5)
	dialog.page.screenshot(path=pictures / "desk-proof.png")


def test_a_number_goes_from_nothing_to_connected(
	page: Page, control: Control, look: Look, name: str, pictures: Path
) -> None:
	set_up(page, look, name)
	dialog = dialog_of(page)
	expect(dialog.locator(".wuzapi-verdict")).to_have_text("Both sides are ready.")
	expect(dialog.locator(".wuzapi-step")).to_have_count(9)
	dialog.get_by_role("button", name="Pair the Phone").click()

	code = dialog.locator(".wuzapi-pairing img")
	expect(code).to_have_count(1)
	assert code.evaluate("async image => { await image.decode(); return image.naturalWidth }") > 0
	expect(dialog.locator(".advice")).to_contain_text("Linked devices")
	page.screenshot(path=pictures / "desk-pairing.png")

	first = code.get_attribute("src")
	control("switches", {"gateway_qr_ms": 1500})
	expect(code).not_to_have_attribute("src", first)
	expect(code).to_have_count(1)

	phone = f"4479{name[-8:]}"
	control("phone/scan", {"user": name, "phone": phone, "name": "Example Shop"})
	expect(dialog.locator(".wuzapi-pairing")).to_have_attribute("data-state", "connected")
	expect(code).to_have_count(0)
	expect(dialog.locator(".number")).to_have_text(f"+{phone}")
	expect(dialog.locator(".sentence")).to_have_text("Connected to WhatsApp. (Example Shop)")
	dialog.locator(".btn-modal-close").click()
	expect(page.locator(".indicator-pill:visible").first).to_have_text("Connected")
	expect(page.locator(".wuzapi-change").first).to_contain_text("Connected")

	page.goto(f"/app/wuzapi-session/{name}")
	expect(page.locator(".wuzapi-change").first).to_be_visible()
	page.get_by_role("button", name="Doctor").click()
	expect(dialog.locator(".wuzapi-step", has_text="gateway webhook")).to_have_attribute("data-state", "ok")
	expect(dialog.locator(".wuzapi-step", has_text="Chatwoot callback")).to_have_attribute("data-state", "ok")
	proves_the_path(dialog, control, name, phone, pictures)
	dialog.locator(".btn-modal-close").click()
	expect(dialog).to_have_count(0)
	expect(page.locator(".modal-backdrop")).to_have_count(0)
	page.screenshot(path=pictures / "desk-session.png")

	page.locator(".inner-group-button").get_by_role("button", name="Session").click()
	page.get_by_role("link", name="Disconnect").click()
	expect(dialog).to_contain_text("The pairing with the phone is kept")
	dialog.get_by_role("button", name="Yes").click()
	expect(page.locator(".indicator-pill:visible").first).to_have_text("Disconnected")


def test_a_wrong_token_is_named_and_the_repeat_completes_it(page: Page, look: Look, name: str) -> None:
	set_up(page, look, name, admin_token="no-such-token")
	dialog = dialog_of(page)
	expect(dialog.locator(".wuzapi-verdict")).to_contain_text("gateway user")
	expect(dialog.locator(".wuzapi-step[data-state=failed] .sentence")).to_contain_text("token")
	dialog.locator(".btn-modal-close").click()
	expect(dialog).to_have_count(0)

	page.get_by_role("button", name="Continue Setup", exact=True).click()
	dialog.locator("[data-fieldname=admin_token] input").fill(look("settings")["WUZAPI_ADMIN_TOKEN"])
	dialog.locator(".btn-modal-primary").click()
	expect(dialog.locator(".wuzapi-verdict")).to_have_text("Both sides are ready.")
