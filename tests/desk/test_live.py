"""Live updates: what is fetched for them, and what happens when the line is down."""

from __future__ import annotations

from desk_page import arrives, open_thread
from playwright.sync_api import Page, expect


def test_a_change_fetches_that_message_and_no_page(page: Page) -> None:
	open_thread(page, 70)
	page.evaluate("server.fetches = []")
	arrives(page, text="new")
	expect(page.locator(".wuzapi-bubble")).to_have_count(51)
	assert page.evaluate("server.fetches") == [[71]]


def test_a_message_that_is_sent_is_fetched_once(page: Page) -> None:
	open_thread(page, 70)
	page.evaluate("server.fetches = []")
	page.locator(".wuzapi-input").fill("hello")
	page.locator(".wuzapi-input").press("Enter")
	expect(page.locator("[data-message='71']")).to_have_count(1)
	page.evaluate("server.changes(71, { status: 'sent' })")
	expect(page.locator("[data-message='71'] .wuzapi-tick")).to_have_attribute("data-status", "sent")
	assert page.evaluate("server.fetches") == [[71], [71]]


def test_a_message_that_comes_late_stands_where_it_was_sent(page: Page) -> None:
	open_thread(page, 0)
	for minute in ("10", "30", "20"):
		arrives(page, text=minute, sent_at=f"2026-03-01 12:{minute}:00")
	expect(page.locator(".wuzapi-text")).to_have_text(["10", "20", "30"])


def test_an_old_message_that_is_not_loaded_is_not_put_on_top(page: Page) -> None:
	open_thread(page, 70)
	page.evaluate("server.changes(5, { text: 'changed', sent_at: '2026-03-01 12:09:00' })")
	arrives(page, text="new")
	expect(page.locator(".wuzapi-bubble").last).to_contain_text("new")
	expect(page.locator("[data-message='5']")).to_have_count(0)


def test_what_has_not_changed_is_not_drawn_again(page: Page) -> None:
	open_thread(page, 40)
	page.evaluate(
		"""window.touched = 0;
		new MutationObserver(changes => { touched += changes.length })
			.observe(thread.list.element, { subtree: true, childList: true, attributes: true, characterData: true })"""
	)
	page.evaluate("server.changes(40, { status: 'delivered', text: 'edited' })")
	expect(page.locator("[data-message='40'] .wuzapi-text")).to_have_text("edited")
	assert page.evaluate("touched") < 10


def test_a_change_of_a_message_is_shown_on_it_alone(page: Page) -> None:
	open_thread(page, 1)
	about = {"name": 1, "direction": "in", "kind": "text", "origin": "customer", "text": "message 1"}
	arrives(page, kind="reaction", text="Reacted with 👍", reply=about)
	arrives(page, kind="reaction", text="Reacted to what is not here")
	arrives(page, kind="edit", text="Changed", direction="out", status="failed", reply=about)
	expect(page.locator(".wuzapi-text")).to_have_text(["message 1", "Reacted to what is not here", "Changed"])


def test_the_socket_that_gave_up_is_revived_and_what_was_missed_is_fetched(page: Page) -> None:
	page.clock.install()
	open_thread(page, 1)
	page.evaluate("frappe.realtime.socket.becomes(false)")
	expect(page.locator(".wuzapi-line-down")).to_be_hidden()
	page.clock.fast_forward(3_500)
	expect(page.locator(".wuzapi-line-down")).to_have_text("No live updates at the moment")
	page.evaluate("server.add({ text: 'missed' })")
	# Also without the socket: the tab looks from time to time.
	page.clock.fast_forward(30_000)
	expect(page.locator(".wuzapi-bubble")).to_have_count(2)
	assert page.evaluate("server.revived") > 0
	page.evaluate("server.revived = 0; window.dispatchEvent(new Event('online'))")
	page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
	assert page.evaluate("server.revived") == 2
	page.evaluate(
		"server.add({ text: 'missed, too' }); server.told = []; frappe.realtime.socket.becomes(true)"
	)
	expect(page.locator(".wuzapi-bubble")).to_have_count(3)
	expect(page.locator(".wuzapi-line-down")).to_be_hidden()
	assert page.evaluate("server.told") == [["doc_subscribe", "WuzAPI Conversation", "1"]]


def test_a_short_break_is_not_told_of(page: Page) -> None:
	page.clock.install()
	open_thread(page, 0)
	page.evaluate("frappe.realtime.socket.becomes(false)")
	page.clock.fast_forward(1_000)
	page.evaluate("frappe.realtime.socket.becomes(true)")
	page.clock.fast_forward(5_000)
	expect(page.locator(".wuzapi-line-down")).to_be_hidden()
