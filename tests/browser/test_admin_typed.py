"""What somebody has typed into the wizard of the admin page is not thrown away by a key, in a real browser."""

from __future__ import annotations

import pytest
from browser.test_admin_page import Installation, fits, installation, logs_in, page, picture
from playwright.sync_api import Locator, Page, expect

__all__ = ["installation", "page"]


@pytest.fixture
def wizard(page: Page, installation: Installation) -> Locator:
	logs_in(page)
	page.get_by_role("button", name="New session").click()
	return page.locator("#wizard")


def field(page: Page, name: str) -> Locator:
	return page.locator(f"#wizard [name={name}]")


def question(page: Page) -> Locator:
	return page.get_by_role("dialog", name="Discard what you typed?")


def closes_by_escape(page: Page) -> None:
	page.keyboard.press("Escape")


def closes_by_button(page: Page) -> None:
	page.locator("#wizard").get_by_role("button", name="Close").click()


@pytest.mark.parametrize("closes", [closes_by_escape, closes_by_button])
def test_where_nothing_was_typed_nothing_is_asked(page: Page, wizard: Locator, closes) -> None:
	field(page, "name").fill("workshop")
	field(page, "name").fill("")
	closes(page)
	expect(wizard).to_be_hidden()
	expect(question(page)).to_be_hidden()
	expect(page.get_by_role("button", name="New session")).to_be_focused()


@pytest.mark.parametrize("closes", [closes_by_escape, closes_by_button])
def test_what_was_typed_is_discarded_by_those_alone_who_say_so(page: Page, wizard: Locator, closes) -> None:
	field(page, "name").fill("workshop")
	field(page, "gateway_token").fill("Fictional-Typed-Token")
	field(page, "gateway_token").press("End")
	closes(page)
	expect(question(page)).to_be_visible()
	assert fits(page)
	picture(page, "admin-discard")
	# However often: a browser would close it at the second key.
	for _ in range(3):
		page.keyboard.press("Escape")
		expect(question(page)).to_be_hidden()
		expect(wizard).to_be_visible()
		page.keyboard.press("Escape")
		expect(question(page)).to_be_visible()
	page.get_by_role("button", name="Go on typing").click()
	expect(field(page, "name")).to_have_value("workshop")
	expect(field(page, "gateway_token")).to_have_value("Fictional-Typed-Token")
	closes(page)
	page.get_by_role("button", name="Discard").click()
	expect(wizard).to_be_hidden()
	expect(page.get_by_role("button", name="New session")).to_be_focused()
	# Neither in the page nor in the browser.
	expect(field(page, "gateway_token")).to_have_value("")
	assert page.evaluate("localStorage.length + sessionStorage.length") == 0
	page.get_by_role("button", name="New session").click()
	expect(field(page, "name")).to_have_value("")


def test_what_was_chosen_counts_and_what_the_lists_fill_in_does_not(
	page: Page, wizard: Locator, installation: Installation
) -> None:
	wizard.get_by_label("Use an API inbox that is there").check()
	page.keyboard.press("Escape")
	expect(question(page)).to_be_visible()
	page.get_by_role("button", name="Discard").click()
	page.get_by_role("button", name="New session").click()
	installation.fill(page)
	page.keyboard.press("Enter")
	expect(wizard.locator(".told")).to_contain_text("Both sides are ready")
	# It is kept by the service now.
	page.keyboard.press("Escape")
	expect(wizard).to_be_hidden()
	expect(question(page)).to_be_hidden()
	page.get_by_role("button", name="Set up again: workshop").click()
	# Account and inbox are read and filled in by the page.
	expect(field(page, "account").locator("option:checked")).to_contain_text("(3)")
	page.keyboard.press("Escape")
	expect(wizard).to_be_hidden()
	expect(question(page)).to_be_hidden()


def test_what_was_refused_is_kept_as_it_was_typed(
	page: Page, wizard: Locator, installation: Installation
) -> None:
	installation.fill(page, name="not/a/name")
	page.keyboard.press("Enter")
	expect(wizard.locator(".told")).to_contain_text("A name has letters")
	page.keyboard.press("Escape")
	expect(question(page)).to_be_visible()
	page.get_by_role("button", name="Go on typing").click()
	field(page, "name").fill("workshop")
	page.get_by_role("button", name="Set up", exact=True).click()
	expect(wizard.locator(".told")).to_contain_text("Both sides are ready")
	# Something new, typed after it.
	field(page, "chatwoot_token").fill("Fictional-Other-Token")
	wizard.get_by_role("button", name="Connect and pair").click()
	expect(question(page)).to_be_visible()
	page.get_by_role("button", name="Discard").click()
	expect(page.get_by_role("dialog", name="Pair workshop with its phone")).to_be_visible()
