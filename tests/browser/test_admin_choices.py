"""Choosing in the wizard of the admin page what exists in Chatwoot and on the gateway, in a real browser."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

import pytest
import requests
from browser.test_admin_page import Installation, fits, installation, logs_in, page
from playwright.sync_api import Locator, Page, expect

from wuzapi_chatwoot.sandbox import defaults
from wuzapi_chatwoot.sandbox.options import GATEWAY_ADMIN_TOKEN

__all__ = ["installation", "page"]
ELSEWHERE = "https://other.example/hook?token=Fictional-Theirs"


class Hands:
	"""What somebody has made by hand on both sides."""

	def __init__(self, installation: Installation) -> None:
		self.gateway, self.chatwoot = installation.sandbox.gateway, installation.sandbox.chatwoot
		self.token = installation.settings["CHATWOOT_API_KEY"]

	def inbox(self, name: str, **channel: str) -> int:
		return self._post(
			f"{self.chatwoot}/api/v1/accounts/{defaults.ACCOUNT_ID}/inboxes",
			{"name": name, "channel": {"type": "api", **channel}},
			{"api-access-token": self.token},
		)["id"]

	def user(self, name: str, token: str, webhook: str = "") -> str:
		body = {"name": name, "token": token, "webhook": webhook, "events": "Message"}
		return self._post(f"{self.gateway}/admin/users", body, {"Authorization": GATEWAY_ADMIN_TOKEN})[
			"data"
		]["id"]

	def _post(self, url: str, body: dict[str, Any], headers: dict[str, str]) -> Any:
		answer = requests.post(url, json=body, headers=headers, timeout=10)
		answer.raise_for_status()
		return answer.json()


@pytest.fixture
def by_hand(installation: Installation) -> Hands:
	return Hands(installation)


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
	folder = Path(os.environ.get("SCREENSHOTS") or tmp_path)
	folder.mkdir(parents=True, exist_ok=True)
	return folder


def field(page: Page, name: str) -> Locator:
	return page.locator(f"#wizard [name={name}]")


def about(page: Page, name: str) -> Locator:
	"""What is said of an entry, below it."""
	return page.locator(f"#wizard [data-about={name}]")


def enter(page: Page, **values: str) -> None:
	for name, value in values.items():
		field(page, name).fill(value)
		field(page, name).blur()


def begins(page: Page, installation: Installation, name: str = "workshop") -> None:
	page.get_by_role("button", name="New session").click()
	enter(page, name=name, gateway_url=installation.sandbox.gateway, gateway_token=GATEWAY_ADMIN_TOKEN)
	enter(page, chatwoot_url=installation.sandbox.chatwoot)
	enter(page, chatwoot_token=installation.settings["CHATWOOT_API_KEY"])


def option(page: Page, name: str, text: str) -> Locator:
	return field(page, name).locator("option", has_text=text)


def sets_up(page: Page, button: str = "Set up") -> None:
	page.locator("#wizard").get_by_role("button", name=button, exact=True).click()


def test_an_inbox_and_a_user_that_are_there_are_chosen(
	page: Page, installation: Installation, by_hand: Hands, pictures: Path
) -> None:
	free = by_hand.inbox("Front desk")
	by_hand.inbox("Posting", webhook_url=ELSEWHERE)
	by_hand.inbox("Site", type="web_widget", website_url="https://shop.example.com")
	user = by_hand.user("office", "Fictional-Office-Token", ELSEWHERE)
	logs_in(page)
	begins(page, installation)
	# The only account that can be chosen is, and nobody types its number.
	expect(field(page, "account")).to_have_value(str(defaults.ACCOUNT_ID))
	expect(field(page, "account_id")).to_be_hidden()

	page.get_by_label("Use an API inbox that is there").check()
	expect(option(page, "inbox_choice", "Site")).to_be_disabled()
	expect(option(page, "inbox_choice", "Site")).to_contain_text("it is no API inbox")
	expect(option(page, "inbox_choice", "Posting")).to_have_text(re.compile("posts to other.example$"))
	field(page, "inbox_choice").select_option(str(free))
	expect(field(page, "take_over")).to_be_hidden()
	page.get_by_label("Choose a user that is there").check()
	expect(option(page, "gateway_user_id", "office")).to_contain_text(
		"no number, not connected, posts to other.example"
	)
	field(page, "gateway_user_id").select_option(user)
	expect(page.locator("#take-over")).to_contain_text(
		"Today the user posts to other.example: it shall post here"
	)
	assert fits(page)
	assert "Fictional-Theirs" not in page.content()
	assert "Fictional-Office-Token" not in page.content()
	_shoot(page, pictures, "admin-choices")

	field(page, "take_over").check()
	sets_up(page)
	expect(page.locator("#wizard .told")).to_have_text(re.compile("Both sides are ready"))
	expect(page.locator("#wizard .steps")).to_contain_text("user office is there")
	expect(page.locator("#wizard .steps")).to_contain_text(f"inbox Front desk (number {free}) is there")
	page.locator("#wizard").get_by_role("button", name="Close").click()

	# For the next session both are taken.
	begins(page, installation, "second")
	page.get_by_label("Use an API inbox that is there").check()
	taken = option(page, "inbox_choice", "Front desk")
	expect(taken).to_be_disabled()
	expect(taken).to_have_text(
		re.compile("posts to us for workshop – not possible: session workshop uses it$")
	)
	page.get_by_label("Choose a user that is there").check()
	expect(option(page, "gateway_user_id", "office")).to_be_disabled()
	page.locator("#wizard").get_by_role("button", name="Close").click()
	page.get_by_role("button", name="Discard").click()

	# Set up again: what is kept is enough to choose another inbox.
	page.locator("[data-session=workshop]").get_by_role("button", name="Set up again").click()
	page.get_by_label("Use an API inbox that is there").check()
	field(page, "inbox_choice").select_option(
		label=re.search(r"Posting.*", field(page, "inbox_choice").inner_text())[0]
	)
	field(page, "take_over").check()
	sets_up(page, "Set up again")
	expect(page.locator("#wizard .steps")).to_contain_text("inbox Posting")
	expect(page.locator("#wizard .told")).to_have_text(re.compile("Both sides are ready"))


def test_what_is_wrong_is_said_at_its_field_and_a_number_can_be_typed(
	page: Page, installation: Installation, by_hand: Hands, pictures: Path
) -> None:
	inbox = by_hand.inbox("Front desk")
	logs_in(page)
	begins(page, installation)
	enter(page, chatwoot_token="Fictional-Wrong-Token")
	expect(about(page, "chatwoot_token")).to_contain_text("refuses the access token")
	expect(field(page, "account")).to_be_hidden()
	enter(page, chatwoot_token=defaults.CHATWOOT_AGENT_TOKEN)
	expect(about(page, "chatwoot_token")).to_contain_text("take an administrator's access token")
	page.get_by_label("Choose a user that is there").check()
	enter(page, gateway_token="Fictional-Wrong-Token")
	expect(about(page, "gateway_token")).to_contain_text("does not accept the administrator's token")
	enter(page, gateway_url="http://127.0.0.1:9", gateway_token=GATEWAY_ADMIN_TOKEN)
	expect(about(page, "gateway_url")).to_contain_text("Nothing answers at the gateway's address")
	expect(about(page, "gateway_token")).to_have_text("")
	assert fits(page)
	_shoot(page, pictures, "admin-choices-wrong")
	enter(page, chatwoot_url="http://127.0.0.1:9")
	expect(about(page, "chatwoot_url")).to_contain_text("cannot be reached")
	expect(about(page, "chatwoot_token")).to_have_text("")

	# Chatwoot's lists cannot be read: the numbers are typed.
	page.get_by_label("Use an API inbox that is there").check()
	enter(page, account_id=str(defaults.ACCOUNT_ID), inbox_id=str(inbox))
	enter(page, chatwoot_url=installation.sandbox.chatwoot, gateway_url=installation.sandbox.gateway)
	enter(page, chatwoot_token=installation.settings["CHATWOOT_API_KEY"])
	expect(field(page, "inbox_choice")).to_have_value(str(inbox))
	# Also of those that are listed.
	field(page, "inbox_choice").select_option("other")
	enter(page, inbox_id=str(inbox))
	page.get_by_label("Make a user").check()
	sets_up(page)
	expect(page.locator("#wizard .told")).to_have_text(re.compile("Both sides are ready"))
	expect(page.locator("#wizard .steps")).to_contain_text(f"inbox Front desk (number {inbox}) is there")
	assert "Fictional-Wrong" not in page.content()


def test_of_several_accounts_one_is_chosen(page: Page, installation: Installation) -> None:
	installation.sandbox.switch(chatwoot_second_account="administrator")
	logs_in(page)
	begins(page, installation)
	expect(field(page, "account")).to_have_value("")
	sets_up(page)
	expect(page.locator("#wizard .steps > li")).to_have_count(0)
	field(page, "account").select_option(str(defaults.SECOND_ACCOUNT_ID))
	page.get_by_label("Use an API inbox that is there").check()
	expect(field(page, "inbox_choice")).to_be_hidden()
	field(page, "account").select_option(str(defaults.ACCOUNT_ID))
	expect(field(page, "inbox_choice")).to_be_visible()
	page.get_by_label("Make an inbox").check()
	sets_up(page)
	expect(page.locator("#wizard .told")).to_have_text(re.compile("Both sides are ready"))


def _shoot(page: Page, pictures: Path, name: str) -> None:
	"""As a whole, on a phone and on a desk, by day and by night."""
	before = page.viewport_size
	for width, scheme in ((390, "light"), (1280, "light"), (1280, "dark")):
		page.set_viewport_size({"width": width, "height": 1250})
		page.emulate_media(color_scheme=scheme)
		page.screenshot(path=pictures / f"{name}-{width}-{scheme}.png")
	page.emulate_media(color_scheme="light")
	if before is not None:
		page.set_viewport_size(before)
