"""The message thread in a real browser, with a Frappe that is a few lines: no bench is needed.

Also the proof that every script parses: the bundle is imported with all its parts, the others are compiled.
"""

from __future__ import annotations

from desk_page import PACKAGE, open_thread
from playwright.sync_api import Page, expect


def test_every_script_beside_a_doctype_parses(page: Page) -> None:
	for file in sorted((PACKAGE / "wuzapi_chatwoot").rglob("*.js")):
		page.evaluate("source => { new Function(source) }", file.read_text("utf-8"))


def test_words_of_a_customer_are_shown_and_never_run(page: Page) -> None:
	open_thread(page, 0)
	page.evaluate(
		"""server.arrives({
			text: "<img src=x onerror='window.broken = 1'> https://example.com/a?b=1&c=<2> javascript:alert(1)",
			sender_name: "<b>Ana</b>",
		})"""
	)
	expect(page.locator(".wuzapi-text")).to_contain_text("<img src=x onerror='window.broken = 1'>")
	expect(page.locator(".wuzapi-bubble img")).to_have_count(0)
	expect(page.locator(".wuzapi-text a")).to_have_attribute("href", "https://example.com/a?b=1&c=")
	assert page.evaluate("window.broken") is None


def test_a_file_with_an_address_that_is_none_of_the_web_is_no_link(page: Page) -> None:
	open_thread(page, 0)
	page.evaluate(
		"server.arrives({ text: '', kind: 'document', file_url: 'javascript:alert(1)', file_name: 'a.pdf' })"
	)
	expect(page.locator(".wuzapi-file")).to_have_text("a.pdf")
	expect(page.locator(".wuzapi-file")).not_to_have_attribute("href", "javascript:alert(1)")


def test_a_message_arrives_live_and_what_is_typed_stays(page: Page) -> None:
	open_thread(page, 3)
	page.locator(".wuzapi-input").fill("half an ans")
	page.evaluate("server.arrives({ text: 'one more thing' })")
	expect(page.locator(".wuzapi-bubble")).to_have_count(4)
	expect(page.locator(".wuzapi-bubble").last).to_be_in_viewport()
	expect(page.locator(".wuzapi-input")).to_have_value("half an ans")


def test_older_messages_come_when_the_reader_scrolls_up_and_the_place_is_kept(page: Page) -> None:
	open_thread(page, 130)
	expect(page.locator(".wuzapi-bubble")).to_have_count(50)
	expect(page.locator(".wuzapi-bubble").last).to_have_text("message 13012:10")
	page.locator(".wuzapi-scroller").evaluate("scroller => { scroller.scrollTop = 0 }")
	expect(page.locator(".wuzapi-bubble")).to_have_count(100)
	expect(page.locator("[data-message='81']")).to_be_in_viewport()
	page.locator(".wuzapi-scroller").evaluate("scroller => { scroller.scrollTop = 0 }")
	expect(page.locator(".wuzapi-bubble")).to_have_count(130)
	assert page.evaluate(
		"[...document.querySelectorAll('.wuzapi-row')].map(row => +row.dataset.message)"
	) == list(range(1, 131))


def test_a_reader_further_up_is_told_and_not_moved(page: Page) -> None:
	open_thread(page, 40)
	page.locator(".wuzapi-scroller").evaluate("scroller => { scroller.scrollTop = 100 }")
	expect(page.locator(".wuzapi-newer")).to_be_hidden()
	page.wait_for_function("!thread.viewport.stuck")
	page.evaluate("server.arrives({ text: 'new' })")
	expect(page.locator(".wuzapi-newer")).to_be_visible()
	assert page.locator(".wuzapi-scroller").evaluate("scroller => scroller.scrollTop") == 100
	page.locator(".wuzapi-newer").click()
	expect(page.locator(".wuzapi-bubble").last).to_be_in_viewport()
	expect(page.locator(".wuzapi-newer")).to_be_hidden()


def test_enter_sends_in_order_and_shift_enter_begins_a_line(page: Page) -> None:
	open_thread(page, 0)
	box = page.locator(".wuzapi-input")
	box.fill("first")
	box.press("Enter")
	box.press_sequentially("second")
	box.press("Shift+Enter")
	box.press_sequentially("line")
	box.press("Enter")
	expect(page.locator(".wuzapi-text")).to_have_text(["first", "second\nline"])
	expect(page.locator(".wuzapi-tick").last).to_have_attribute("data-status", "pending")
	page.evaluate("server.changes(1, { status: 'read' })")
	expect(page.locator(".wuzapi-tick").first).to_have_attribute("data-status", "read")
	expect(box).to_have_value("")


def test_a_failed_message_names_its_cause_and_can_be_sent_again(page: Page) -> None:
	open_thread(page, 0)
	page.evaluate(
		"server.arrives({ direction: 'out', origin: 'desk', status: 'failed', error: 'Not on WhatsApp', text: 'x' })"
	)
	expect(page.locator(".wuzapi-cause")).to_have_text("Not on WhatsApp")
	page.locator(".wuzapi-again").click()
	expect(page.locator(".wuzapi-cause")).to_have_count(0)
	expect(page.locator(".wuzapi-tick")).to_have_attribute("data-status", "pending")


def test_a_change_of_an_old_message_is_fetched_by_itself(page: Page) -> None:
	open_thread(page, 70)
	page.locator(".wuzapi-scroller").evaluate("scroller => { scroller.scrollTop = 0 }")
	expect(page.locator(".wuzapi-bubble")).to_have_count(70)
	page.evaluate("server.changes(5, { text: 'changed' })")
	expect(page.locator("[data-message='5'] .wuzapi-text")).to_have_text("changed")
	expect(page.locator(".wuzapi-bubble")).to_have_count(70)


def test_days_and_authors_are_named_where_they_change(page: Page) -> None:
	open_thread(page, 0, is_group=True)
	page.evaluate(
		"""for (const [sender_name, sent_at] of [
			["Ana", "2026-03-01 10:00:00"], ["Ana", "2026-03-01 10:01:00"],
			["Ben", "2026-03-01 10:02:00"], ["Ben", "2026-03-02 10:02:00"],
		]) server.arrives({ sender_name, sent_at, text: "x" })"""
	)
	expect(page.locator(".wuzapi-day")).to_have_text(["2026-03-01", "2026-03-02"])
	expect(page.locator(".wuzapi-author")).to_have_text(["Ana", "", "Ben", "Ben"])
