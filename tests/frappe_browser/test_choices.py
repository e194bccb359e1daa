"""Choosing in the desk's wizard what exists in Chatwoot and on the gateway. What is needed stands in `conftest.py`."""

from __future__ import annotations

import json
import re
import time
import urllib.request
from pathlib import Path
from typing import Any

import pytest
from frappe_browser.test_pairing import dialog_of, enter
from playwright.sync_api import Locator, Page, expect

ELSEWHERE = "https://other.example/hook?token=Fictional-Theirs"


@pytest.fixture
def name() -> str:
	return f"desk-{time.time_ns() // 1_000_000 % 10**8:08d}"


class Hands:
	"""What somebody has made by hand on both sides."""

	def __init__(self, given: dict[str, Any]) -> None:
		self.given = given

	def inbox(self, name: str, **channel: str) -> int:
		path = f"{self.given['CHATWOOT_URL']}/api/v1/accounts/{self.given['CHATWOOT_ACCOUNT_ID']}/inboxes"
		body = {"name": name, "channel": {"type": "api", **channel}}
		return self._post(path, body, {"api-access-token": self.given["CHATWOOT_API_KEY"]})["id"]

	def user(self, name: str, webhook: str) -> str:
		body = {"name": name, "token": f"Fictional-{name}", "webhook": webhook, "events": "Message"}
		headers = {"Authorization": self.given["WUZAPI_ADMIN_TOKEN"]}
		return self._post(f"{self.given['WUZAPI_URL']}/admin/users", body, headers)["data"]["id"]

	def _post(self, url: str, body: dict[str, Any], headers: dict[str, str]) -> Any:
		request = urllib.request.Request(
			url, json.dumps(body).encode(), {"content-type": "application/json", **headers}
		)
		with urllib.request.urlopen(request, timeout=30) as answer:
			return json.load(answer)


@pytest.fixture
def by_hand(look: Any) -> Hands:
	return Hands(look("settings"))


def choices(dialog: Locator, field: str) -> Locator:
	return dialog.locator(f"[data-fieldname={field}] select")


def option(dialog: Locator, field: str, text: str) -> Locator:
	return choices(dialog, field).locator("option", has_text=text)


def trouble(dialog: Locator, field: str) -> Locator:
	return dialog.locator(f"[data-fieldname={field}] .wuzapi-trouble")


def begin(page: Page, given: dict[str, Any], name: str, **changed: str) -> Locator:
	page.goto("/app/wuzapi-session")
	page.get_by_role("button", name="Set Up a Number").click()
	dialog = dialog_of(page)
	expect(dialog.locator("[data-fieldname=session] input")).to_be_focused()
	for field, value in {
		"session": name,
		"gateway_url": given["WUZAPI_URL"],
		"admin_token": given["WUZAPI_ADMIN_TOKEN"],
		"chatwoot_url": given["CHATWOOT_URL"],
		"chatwoot_token": given["CHATWOOT_API_KEY"],
		**changed,
	}.items():
		enter(dialog, field, value)
	return dialog


def test_an_inbox_and_a_user_that_are_there_are_chosen(
	page: Page, by_hand: Hands, name: str, pictures: Path
) -> None:
	inbox = by_hand.inbox(f"Free {name}")
	by_hand.inbox(f"Site {name}", type="web_widget", website_url="https://shop.example.com")
	user = by_hand.user(name, ELSEWHERE)
	dialog = begin(page, by_hand.given, name)
	expect(choices(dialog, "account")).to_have_value(str(by_hand.given["CHATWOOT_ACCOUNT_ID"]))
	expect(dialog.locator("[data-fieldname=account_id] input")).to_be_hidden()
	expect(option(dialog, "inbox", f"Site {name}")).to_be_disabled()
	taken = option(dialog, "inbox", "session front-desk uses it")
	expect(taken).to_have_count(1)
	expect(taken).to_be_disabled()
	choices(dialog, "inbox").select_option(str(inbox))
	choices(dialog, "by").select_option("choose")
	expect(option(dialog, "gateway_user_id", name)).to_contain_text(
		"no number, not connected, posts to other.example"
	)
	choices(dialog, "gateway_user_id").select_option(user)
	expect(dialog.locator("[data-fieldname=gateway_user_id] .wuzapi-note")).to_contain_text("tick Take over")
	assert "Fictional-" not in page.content()
	_shoot(page, pictures, "desk-choices")
	dialog.get_by_label("Take over").check()
	dialog.locator(".btn-modal-primary").click()
	expect(page).to_have_url(re.compile(f"/wuzapi-session/{name}$"))
	expect(dialog.locator(".wuzapi-verdict")).to_have_text("Both sides are ready.")
	expect(dialog.locator(".wuzapi-step", has_text="gateway user")).to_contain_text(f"user {name} is there")
	dialog.locator(".btn-modal-close").click()
	expect(dialog).to_have_count(0)

	# Another inbox, chosen with what is saved.
	other = by_hand.inbox(f"Other {name}", webhook_url=ELSEWHERE)
	page.locator(".inner-group-button").get_by_role("button", name="Session").click()
	page.get_by_role("link", name="Set Up Again").click()
	expect(option(dialog, "inbox", f"Free {name}")).to_contain_text("posts here")
	choices(dialog, "inbox").select_option(str(other))
	expect(dialog.locator("[data-fieldname=inbox] .wuzapi-note")).to_contain_text("posts to other.example")
	_shoot(page, pictures, "desk-choices-again")
	dialog.get_by_label("Take over").check()
	dialog.locator(".btn-modal-primary").click()
	expect(dialog.locator(".wuzapi-verdict")).to_have_text("Both sides are ready.")
	expect(dialog.locator(".wuzapi-step", has_text="Chatwoot inbox")).to_contain_text(f"(number {other})")


def test_what_is_wrong_is_said_at_its_field_and_a_number_can_be_typed(
	page: Page, by_hand: Hands, name: str, pictures: Path
) -> None:
	inbox = by_hand.inbox(f"Free {name}")
	given = by_hand.given
	dialog = begin(page, given, name, chatwoot_token="no-such-token")
	expect(trouble(dialog, "chatwoot_token")).to_contain_text("refuses the access token")
	expect(choices(dialog, "account")).to_be_hidden()
	choices(dialog, "by").select_option("choose")
	enter(dialog, "admin_token", "no-such-token")
	expect(trouble(dialog, "admin_token")).to_contain_text("does not accept the administrator's token")
	_shoot(page, pictures, "desk-choices-wrong")
	enter(dialog, "chatwoot_url", "http://127.0.0.1:9")
	expect(trouble(dialog, "chatwoot_url")).to_contain_text("cannot be reached")
	expect(trouble(dialog, "chatwoot_token")).to_have_count(0)
	enter(dialog, "account_id", str(given["CHATWOOT_ACCOUNT_ID"]))
	enter(dialog, "inbox_id", str(inbox))
	enter(dialog, "chatwoot_url", given["CHATWOOT_URL"])
	enter(dialog, "chatwoot_token", given["CHATWOOT_API_KEY"])
	expect(choices(dialog, "inbox")).to_have_value(str(inbox))
	choices(dialog, "by").select_option("admin")
	enter(dialog, "admin_token", given["WUZAPI_ADMIN_TOKEN"])
	dialog.locator(".btn-modal-primary").click()
	expect(dialog.locator(".wuzapi-verdict")).to_have_text("Both sides are ready.")


def _shoot(page: Page, pictures: Path, name: str) -> None:
	before = page.viewport_size
	# It would come over everything when the window narrows.
	page.add_style_tag(content=".layout-side-section { display: none !important }")
	for width, theme in ((1280, "light"), (390, "light"), (1280, "dark")):
		page.set_viewport_size({"width": width, "height": 1100})
		page.evaluate("theme => document.documentElement.setAttribute('data-theme', theme)", theme)
		page.screenshot(path=pictures / f"{name}-{width}-{theme}.png")
	page.evaluate("document.documentElement.setAttribute('data-theme', 'light')")
	if before is not None:
		page.set_viewport_size(before)
