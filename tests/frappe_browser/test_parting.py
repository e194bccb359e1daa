"""A number that is paired by a code to type, and parted from: what the desk offers then, and what its history says."""

from __future__ import annotations

from pathlib import Path

from frappe_browser.test_pairing import Control, Look, dialog_of, enter, name, set_up
from playwright.sync_api import Locator, Page, expect

__all__ = ["name"]


def acts(page: Page) -> Locator:
	"""Of the button `Session`."""
	page.locator(".inner-group-button").get_by_role("button", name="Session").click()
	return page.locator(".inner-group-button .dropdown-menu.show").get_by_role("link")


def test_a_phone_without_a_camera_types_a_code(
	page: Page, control: Control, look: Look, name: str, pictures: Path
) -> None:
	set_up(page, look, name)
	dialog, phone = dialog_of(page), f"4478{name[-8:]}"
	dialog.get_by_role("button", name="Pair the Phone").click()
	picture = dialog.locator(".wuzapi-pairing img")
	expect(picture).to_have_count(1)
	dialog.get_by_text("No Camera at Hand?").click()
	dialog.get_by_role("button", name="Get a Code").click()
	expect(dialog.locator(".trouble")).to_contain_text("Enter the phone number first")
	enter(dialog, "phone", f"+{phone}")
	dialog.get_by_role("button", name="Get a Code").click()
	code = dialog.locator(".wuzapi-pairing .code")
	expect(code).not_to_be_empty()
	expect(dialog.locator(".advice")).to_contain_text("then type this code")
	expect(picture).to_have_count(0)
	page.screenshot(path=pictures / "desk-code.png")
	control("phone/type_code", {"code": code.inner_text(), "phone": phone, "name": "Example Shop"})
	expect(dialog.locator(".number")).to_have_text(f"+{phone}")
	expect(dialog.locator(".sentence")).to_contain_text("Example Shop")


def test_what_cannot_be_done_is_not_offered(page: Page, control: Control, look: Look, name: str) -> None:
	set_up(page, look, name)
	dialog, always = dialog_of(page), ["Set Up Again", "New Secrets"]
	expect(dialog.locator(".wuzapi-verdict")).to_have_text("Both sides are ready.")
	dialog.locator(".btn-modal-close").click()
	# Nobody has connected it yet.
	expect(page.locator(".indicator-pill:visible").first).to_have_text("Unknown")
	expect(page.locator(".form-message:visible")).to_contain_text("Connect it")
	expect(acts(page)).to_have_text([*always, "Delete"])
	page.get_by_role("button", name="Connect", exact=True).click()
	expect(dialog.locator(".wuzapi-pairing img")).to_have_count(1)
	control("phone/scan", {"user": name, "phone": f"4478{name[-8:]}", "name": "Example Shop"})
	expect(dialog.locator(".number")).to_be_visible()
	dialog.locator(".btn-modal-close").click()
	expect(page.locator(".indicator-pill:visible").first).to_have_text("Connected")
	expect(acts(page)).to_have_text([*always, "Disconnect", "Log Out", "Delete"])
	page.get_by_role("link", name="Disconnect").click()
	expect(dialog).to_contain_text("begin a new pairing when it is connected again")
	dialog.get_by_role("button", name="Yes").click()
	expect(page.locator(".indicator-pill:visible").first).to_have_text("Disconnected")
	expect(page.locator(".wuzapi-change").first).to_contain_text("Not connected")
	expect(page.locator(".wuzapi-change").first).to_contain_text("disconnected by hand")
	expect(acts(page)).to_have_text([*always, "Delete"])
	# All of it is told in the same words.
	page.goto(f"/app/wuzapi-session-change?session={name}")
	expect(page.locator(".list-row .indicator-pill").first).to_have_text("Not connected")


def test_all_that_was_made_is_named_before_it_is_removed(
	page: Page, look: Look, name: str, pictures: Path
) -> None:
	set_up(page, look, name)
	dialog = dialog_of(page)
	expect(dialog.locator(".wuzapi-verdict")).to_have_text("Both sides are ready.")
	dialog.locator(".btn-modal-close").click()
	expect(dialog).to_have_count(0)
	made = page.evaluate("cur_frm.doc.made_inbox")
	# One that it had before, as its row keeps it.
	page.evaluate("cur_frm.doc.earlier_inboxes = '7 <i>Old</i> shop'")
	acts(page).filter(has_text="Delete").click()
	user, inbox = (dialog.locator(f".frappe-control[data-fieldname={field}]") for field in ("user", "inbox"))
	expect(user).to_contain_text(f"The user on the gateway: {name} (")
	expect(inbox).to_contain_text(f"The inboxes in Chatwoot: {made} ({name}), 7 (<i>Old</i> shop)")
	expect(inbox).to_contain_text("An inbox that another session uses now stays.")
	page.screenshot(path=pictures / "desk-delete.png")
	page.evaluate("cur_frm.doc.earlier_inboxes = ''")
	dialog.locator(".btn-modal-close").click()
	expect(dialog).to_have_count(0)
	acts(page).filter(has_text="Delete").click()
	expect(inbox).to_contain_text(f"The inbox in Chatwoot: {made} ({name})")


def test_an_inbox_is_deleted_only_with_both_tokens_and_its_name(
	page: Page, look: Look, name: str, pictures: Path
) -> None:
	set_up(page, look, name)
	dialog, given = dialog_of(page), look("settings")
	expect(dialog.locator(".wuzapi-verdict")).to_have_text("Both sides are ready.")
	dialog.locator(".btn-modal-close").click()
	expect(dialog).to_have_count(0)

	acts(page).filter(has_text="Delete").click()
	dialog.get_by_label("The inbox in Chatwoot").check()
	enter(dialog, "admin_token", given["WUZAPI_ADMIN_TOKEN"])
	enter(dialog, "inbox_name", f"{name} Ltd")
	dialog.locator(".btn-modal-primary").click()
	expect(dialog.get_by_role("alert")).to_contain_text(f"Type the name of the inbox, {name}")
	assert name in inboxes(page, given)
	page.screenshot(path=pictures / "desk-delete-name.png")

	# A wrong token ends it before anything is gone.
	enter(dialog, "inbox_name", name)
	enter(dialog, "admin_token", "no-such-token-at-all")
	dialog.locator(".btn-modal-primary").click()
	expect(dialog.locator(".wuzapi-step[data-state=failed] .sentence").first).to_contain_text("token")
	assert name in inboxes(page, given)
	dialog.locator(".btn-modal-close").click()
	expect(dialog).to_have_count(0)

	acts(page).filter(has_text="Delete").click()
	dialog.get_by_label("The inbox in Chatwoot").check()
	enter(dialog, "admin_token", given["WUZAPI_ADMIN_TOKEN"])
	enter(dialog, "inbox_name", name)
	dialog.locator(".btn-modal-primary").click()
	expect(dialog.locator(".wuzapi-verdict")).to_have_text("What was made is gone.")
	assert name not in inboxes(page, given)


def inboxes(page: Page, given: dict[str, str]) -> list[str]:
	answer = page.request.get(
		f"{given['CHATWOOT_URL']}/api/v1/accounts/{given['CHATWOOT_ACCOUNT_ID']}/inboxes",
		headers={"api_access_token": given["CHATWOOT_API_KEY"]},
	)
	assert answer.ok, answer.text()
	return [inbox["name"] for inbox in answer.json()["payload"]]
