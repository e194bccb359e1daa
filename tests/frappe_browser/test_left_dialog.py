"""The set-up's dialog, closed by a slip: what was typed is there again at its next opening, and nowhere but in the page."""

from __future__ import annotations

import re

from frappe_browser.test_choices import option
from frappe_browser.test_pairing import Look, dialog_of, enter, name
from playwright.sync_api import Locator, Page, expect

__all__ = ["name"]

TOKEN = "fictional-typed-token"


def opened(page: Page) -> Locator:
	page.get_by_role("button", name="Set Up a Number").click()
	return shown(page)


def shown(page: Page) -> Locator:
	"""Once it has come up: before, it does not let itself be closed."""
	dialog = dialog_of(page)
	expect(dialog).to_have_count(1)
	expect(dialog.locator("[data-fieldname=session] input")).to_be_focused()
	return dialog


def field(dialog: Locator, fieldname: str) -> Locator:
	return dialog.locator(f"[data-fieldname={fieldname}] input")


def test_what_was_typed_is_found_again(page: Page, look: Look, name: str) -> None:
	given = look("settings")
	page.goto("/app/wuzapi-session")
	dialog = opened(page)
	expect(dialog.get_by_role("button", name="Begin Anew")).to_be_hidden()
	enter(dialog, "session", name)
	enter(dialog, "gateway_url", given["WUZAPI_URL"])
	enter(dialog, "admin_token", TOKEN)
	page.keyboard.press("Escape")
	expect(dialog).to_have_count(0)

	opened(page)
	expect(field(dialog, "session")).to_have_value(name)
	expect(field(dialog, "admin_token")).to_have_value(TOKEN)
	kept = page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie])")
	assert TOKEN not in kept
	assert name not in kept
	dialog.locator(".btn-modal-close").click()
	expect(dialog).to_have_count(0)

	# What was left goes on as if it had never been closed.
	opened(page)
	for fieldname, value in {
		"admin_token": given["WUZAPI_ADMIN_TOKEN"],
		"chatwoot_url": given["CHATWOOT_URL"],
		"chatwoot_token": given["CHATWOOT_API_KEY"],
	}.items():
		enter(dialog, fieldname, value)
	expect(option(dialog, "inbox", "A new one is made")).to_have_count(1)
	dialog.locator(".btn-modal-primary").click()
	expect(page).to_have_url(re.compile(f"/wuzapi-session/{name}$"))
	expect(dialog.locator(".wuzapi-verdict")).to_have_text("Both sides are ready.")
	dialog.locator(".btn-modal-close").click()
	expect(dialog).to_have_count(0)

	# Done is done.
	page.evaluate("frappe.set_route('List', 'WuzAPI Session')")
	opened(page)
	expect(field(dialog, "session")).to_have_value("")
	expect(field(dialog, "chatwoot_token")).to_have_value("")


def test_who_wants_none_of_it_begins_anew(page: Page, name: str) -> None:
	page.goto("/app/wuzapi-session")
	dialog = opened(page)
	enter(dialog, "session", name)
	enter(dialog, "admin_token", TOKEN)
	page.keyboard.press("Escape")
	expect(dialog).to_have_count(0)
	opened(page)
	dialog.get_by_role("button", name="Begin Anew").click()
	shown(page)
	expect(field(dialog, "session")).to_have_value("")
	expect(field(dialog, "admin_token")).to_have_value("")
	# A new page knows nothing of it.
	page.keyboard.press("Escape")
	expect(dialog).to_have_count(0)
	page.reload()
	opened(page)
	expect(field(dialog, "session")).to_have_value("")
