"""The realtime server is away for longer than Frappe's own socket tries: every page that follows something says that there
are no live updates, gets what it missed, and is live again when the server is back.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from frappe_browser.conftest import Control
from playwright.sync_api import Page, expect

Line = Callable[[bool], None]
SHOWN = "No live updates at the moment"


@pytest.fixture
def line() -> Iterator[Line]:
	"""Ends the realtime server (false), or starts it."""
	switch = int(os.environ["REALTIME_SWITCH"])

	def turn(up: bool) -> None:
		os.kill(switch, signal.SIGUSR2 if up else signal.SIGUSR1)

	yield turn
	turn(True)


def gave_up(page: Page) -> None:
	"""Frappe's socket tries three times, and no more."""
	page.wait_for_function("() => window.given_up", timeout=60_000)


def watch_socket(page: Page) -> None:
	page.wait_for_function("() => frappe.realtime.socket?.connected")
	page.evaluate(
		"""() => {
			window.not_reloaded = true;
			frappe.realtime.socket.io.on("reconnect_failed", () => { window.given_up = true });
		}"""
	)


def test_a_dead_line_is_said_everywhere_and_revived(
	conversation: Page, line: Line, control: Control, customer: str, session: str, pictures: Path
) -> None:
	listed, form = conversation.context.new_page(), conversation.context.new_page()
	for page, path in ((listed, "wuzapi-conversation/view/list"), (form, f"wuzapi-session/{session}")):
		page.set_default_timeout(60_000)
		page.goto(f"/app/{path}")
	expect(listed.locator(".list-row").first).to_contain_text(customer)
	expect(form.locator(".form-message:visible")).not_to_have_count(0)
	pages = (conversation, listed, form)
	for page in pages:
		watch_socket(page)

	line(False)
	expect(conversation.locator(".wuzapi-line-down")).to_have_text(SHOWN)
	for page, name in ((listed, "list"), (form, "form")):
		expect(page.locator(".wuzapi-not-live:visible")).to_have_text(SHOWN)
		page.screenshot(path=pictures / f"desk-not-live-{name}.png")
	for page in pages:
		gave_up(page)

	control("phone/send", {"customer": customer, "kind": "text", "text": "Said meanwhile"})
	other = str(int(customer) + 1)
	control("phone/send", {"customer": other, "kind": "text", "text": "Somebody else"})

	line(True)
	for page in pages:
		page.evaluate("window.dispatchEvent(new Event('online'))")
		page.wait_for_function("() => frappe.realtime.socket.connected")
	expect(conversation.locator(".wuzapi-text")).to_have_text(["Hello, is the shop open?", "Said meanwhile"])
	# WhatsApp tells whole seconds: which of the two stands first is not sure.
	expect(listed.locator(".list-row", has_text=other)).to_have_count(1)
	expect(conversation.locator(".wuzapi-line-down")).to_be_hidden()
	for page in (listed, form):
		expect(page.locator(".wuzapi-not-live:visible")).to_have_count(0)
	# What the form said of its session is still there.
	expect(form.locator(".form-message:visible")).not_to_have_count(0)

	control("phone/send", {"customer": customer, "kind": "text", "text": "Live again"})
	expect(conversation.locator(".wuzapi-text").last).to_have_text("Live again")
	expect(listed.locator(".list-row").first).to_contain_text(customer)
	for page in pages:
		assert page.evaluate("window.not_reloaded") is True


def test_the_line_comes_back_by_itself(
	conversation: Page, line: Line, control: Control, customer: str
) -> None:
	"""Without anybody coming back to the tab: within half a minute."""
	watch_socket(conversation)
	line(False)
	gave_up(conversation)
	line(True)
	control("phone/send", {"customer": customer, "kind": "text", "text": "Said meanwhile"})
	conversation.wait_for_function("() => frappe.realtime.socket.connected", timeout=120_000)
	expect(conversation.locator(".wuzapi-text").last).to_have_text("Said meanwhile")
	expect(conversation.locator(".wuzapi-line-down")).to_be_hidden()
