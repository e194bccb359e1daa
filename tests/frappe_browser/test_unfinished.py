"""A set-up that does not get through: what is wrong is said where it was entered, the form says what is missing and goes on
from there or ends; and nothing that somebody types is lost while the desk looks something up.
"""

from __future__ import annotations

from pathlib import Path

from frappe_browser.test_choices import option
from frappe_browser.test_pairing import Look, dialog_of, enter, name, set_up
from playwright.sync_api import Locator, Page, Route, expect

__all__ = ["name"]

CHOICES = "**/api/method/wuzapi_chatwoot.api.sessions.chatwoot_choices"
NOBODY = "http://127.0.0.1:9"


def trouble(dialog: Locator, field: str) -> Locator:
	return dialog.locator(f"[data-fieldname={field}] .wuzapi-trouble")


def test_an_unfinished_setup_is_completed_or_deleted(
	page: Page, look: Look, name: str, pictures: Path
) -> None:
	set_up(page, look, name, gateway_url=NOBODY)
	dialog = dialog_of(page)
	expect(dialog.locator(".wuzapi-verdict")).to_have_text("Problem: gateway user")
	dialog.locator(".btn-modal-close").click()
	expect(dialog).to_have_count(0)

	# Whoever comes later is told why.
	page.reload()
	expect(page.locator(".indicator-pill:visible").first).to_have_text("Setup Incomplete")
	expect(page.locator(".form-message:visible")).to_contain_text("The setup is not complete. gateway user: ")
	expect(page.locator(".form-message:visible")).to_contain_text(
		"Continue the setup, or delete the session."
	)
	page.screenshot(path=pictures / "desk-unfinished.png")
	page.get_by_role("button", name="Continue Setup").click()
	expect(dialog.locator("[data-fieldname=gateway_url] input")).to_have_value(NOBODY)
	enter(dialog, "gateway_url", look("settings")["WUZAPI_URL"])
	dialog.locator(".btn-modal-primary").click()
	expect(trouble(dialog, "admin_token")).to_have_text("This is needed.")
	page.screenshot(path=pictures / "desk-continue.png")
	enter(dialog, "admin_token", look("settings")["WUZAPI_ADMIN_TOKEN"])
	dialog.locator(".btn-modal-primary").click()
	expect(dialog.locator(".wuzapi-verdict")).to_have_text("Both sides are ready.")
	# The form behind is true already: nothing changes under the hand of whoever goes on there.
	assert page.evaluate("cur_frm.doc.enabled && !cur_frm.doc.setup_unfinished && cur_frm.doc.made_inbox") > 0


def test_one_that_made_nothing_is_deleted(page: Page, look: Look, name: str) -> None:
	set_up(page, look, name, gateway_url=NOBODY)
	dialog = dialog_of(page)
	expect(dialog.locator(".wuzapi-verdict")).to_have_text("Problem: gateway user")
	dialog.locator(".btn-modal-close").click()
	expect(dialog).to_have_count(0)
	page.get_by_role("button", name="Delete", exact=True).click()
	expect(dialog).to_contain_text(f"Delete the session {name} from this site?")
	dialog.get_by_role("button", name="Delete").click()
	expect(page.get_by_text(f"The session {name} was deleted.")).to_be_visible()
	answer = page.request.get(f"/api/resource/WuzAPI Session/{name}")
	assert answer.status == 404


def test_what_is_refused_is_said_at_its_field(page: Page, look: Look, name: str, pictures: Path) -> None:
	page.goto("/app/wuzapi-session")
	page.locator(".primary-action:visible", has_text="Set Up a Number").click()
	dialog = dialog_of(page)
	given = look("settings")
	for field, value in {
		"session": "front-desk",
		"gateway_url": given["WUZAPI_URL"],
		"admin_token": given["WUZAPI_ADMIN_TOKEN"],
		"chatwoot_url": given["CHATWOOT_URL"],
		"account_id": str(given["CHATWOOT_ACCOUNT_ID"]),
		"chatwoot_token": given["CHATWOOT_API_KEY"],
	}.items():
		enter(dialog, field, value)
	dialog.locator(".btn-modal-primary").click()
	expect(trouble(dialog, "session")).to_have_text("There is a session with this name already")
	# No window above it.
	expect(dialog).to_have_count(1)
	page.screenshot(path=pictures / "desk-refused.png")


def test_what_is_typed_during_a_look_up_stays(page: Page, look: Look) -> None:
	given = look("settings")
	page.goto("/app/wuzapi-session")
	page.get_by_role("button", name="Set Up a Number").click()
	dialog = dialog_of(page)
	held: list[Route] = []
	page.route(CHOICES, lambda route: held.append(route))
	enter(dialog, "chatwoot_url", given["CHATWOOT_URL"])
	enter(dialog, "chatwoot_token", given["CHATWOOT_API_KEY"])
	for _ in range(100):
		if held:
			break
		page.wait_for_timeout(50)
	# In the middle of a word when the answer comes, and when Frappe draws the fields anew.
	typed = dialog.locator("[data-fieldname=admin_token] input")
	typed.focus()
	page.keyboard.type("fictional-ad")
	page.evaluate("cur_dialog.refresh_dependency()")
	held[-1].fallback()
	expect(option(dialog, "inbox", "A new one is made")).to_have_count(1)
	page.keyboard.type("min-token")
	expect(typed).to_have_value("fictional-admin-token")
	# What stands there now counts, and not the answer to what stood there before.
	held.clear()
	account = dialog.locator("[data-fieldname=account] select")
	expect(account).to_have_value(str(given["CHATWOOT_ACCOUNT_ID"]))
	account.select_option("other")
	number = dialog.locator("[data-fieldname=account_id] input")
	number.fill("7")
	number.blur()
	for _ in range(100):
		if held:
			break
		page.wait_for_timeout(50)
	number.focus()
	number.press("End")
	page.keyboard.type("77")
	held[0].fallback()
	page.wait_for_timeout(300)
	expect(number).to_have_value("777")
