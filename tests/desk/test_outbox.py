"""What was written reaches the server once, whatever the network does: off, slow, broken, or an answer lost."""

from __future__ import annotations

import re
from typing import Any

from desk_page import ADDRESS, open_thread
from playwright.sync_api import Page, expect

KEPT = "Object.keys(localStorage).filter(key => key.startsWith('wuzapi_chatwoot_unsent:'))"


def write(page: Page, text: str) -> None:
	page.locator(".wuzapi-input").fill(text)
	page.locator(".wuzapi-input").press("Enter")


def go_offline(page: Page, offline: bool = True) -> None:
	page.context.set_offline(offline)
	page.wait_for_function("offline => navigator.onLine === !offline", arg=offline)


def texts(page: Page) -> list[str]:
	return page.evaluate("server.sent.map(({ text }) => text)")


def stored(page: Page) -> list[str]:
	return page.evaluate("server.messages.map(({ text }) => text)")


def test_offline_nothing_is_lost_and_all_goes_in_order_when_the_line_is_back(page: Page) -> None:
	open_thread(page, 0)
	go_offline(page)
	write(page, "first")
	write(page, "second")
	unsent = page.locator(".wuzapi-unsent")
	expect(unsent.locator(".wuzapi-text")).to_have_text(["first", "second"])
	expect(unsent.first.locator(".wuzapi-waits")).to_have_text("You are offline. Trying again.")
	assert texts(page) == []
	assert len(page.evaluate(KEPT)) == 2
	go_offline(page, False)
	expect(unsent).to_have_count(0)
	expect(page.locator(".wuzapi-text")).to_have_text(["first", "second"])
	assert texts(page) == ["first", "second"]
	assert page.evaluate(KEPT) == []


def test_a_lost_answer_sends_nothing_twice(page: Page) -> None:
	open_thread(page, 0)
	page.evaluate("server.troubles = ['lost']")
	write(page, "only once")
	expect(page.locator(".wuzapi-waits")).to_have_text("The server does not answer. Trying again.")
	page.locator(".wuzapi-unsent-retry").click()
	expect(page.locator(".wuzapi-unsent")).to_have_count(0)
	assert texts(page) == ["only once", "only once"]
	assert len(set(page.evaluate("server.sent.map(({ id }) => id)"))) == 1
	assert stored(page) == ["only once"]


def test_what_stands_in_the_thread_is_not_shown_as_unsent_as_well(page: Page) -> None:
	open_thread(page, 0)
	page.evaluate("server.troubles = ['lost']")
	write(page, "told live")
	expect(page.locator(".wuzapi-waits")).to_be_visible()
	page.evaluate("server.tells(server.messages[0])")
	expect(page.locator(".wuzapi-unsent")).to_have_count(0)
	expect(page.locator(".wuzapi-bubble")).to_have_count(1)
	assert page.evaluate(KEPT) == []


def test_a_server_that_never_answers_is_given_up_and_holds_no_other_customer_up(page: Page) -> None:
	page.clock.install()
	open_thread(page, 0)
	page.evaluate("server.troubles = ['silent']")
	write(page, "to one")
	page.evaluate("thread.show(2)")
	write(page, "to another")
	page.wait_for_function("server.sent.length === 1")
	assert page.evaluate("server.sent[0].conversation") == 2
	page.evaluate("thread.show(1)")
	page.clock.fast_forward(31_000)
	expect(page.locator(".wuzapi-waits")).to_have_text("The server does not answer. Trying again.")
	page.clock.fast_forward(2_500)
	expect(page.locator(".wuzapi-unsent")).to_have_count(0)
	assert texts(page) == ["to another", "to one"]


def test_a_page_of_a_proxy_is_no_answer(page: Page) -> None:
	open_thread(page, 0)
	page.evaluate("server.troubles = ['broken']")
	write(page, "through a proxy")
	expect(page.locator(".wuzapi-waits")).to_have_text("The server does not answer. Trying again.")
	page.locator(".wuzapi-unsent-retry").click()
	expect(page.locator(".wuzapi-unsent")).to_have_count(0)
	assert stored(page) == ["through a proxy"]


def test_what_the_server_refuses_says_why_and_lets_the_next_go(page: Page) -> None:
	open_thread(page, 0)
	page.evaluate("server.refuses = 1")
	write(page, "not taken")
	write(page, "taken")
	refused = page.locator(".wuzapi-unsent")
	expect(refused.locator(".wuzapi-cause")).to_have_text("Not sent: Not allowed")
	expect(page.locator("[data-message='1'] .wuzapi-text")).to_have_text("taken")
	assert texts(page) == ["taken"]
	page.locator(".wuzapi-input").fill("and more")
	refused.locator(".wuzapi-unsent-edit").click()
	expect(page.locator(".wuzapi-input")).to_have_value("not taken\nand more")
	expect(refused).to_have_count(0)
	assert page.evaluate(KEPT) == []


def test_what_is_discarded_is_never_sent(page: Page) -> None:
	open_thread(page, 0)
	go_offline(page)
	write(page, "wrong customer")
	page.locator(".wuzapi-unsent-discard").click()
	expect(page.locator(".wuzapi-unsent")).to_have_count(0)
	go_offline(page, False)
	write(page, "right")
	page.wait_for_function("server.messages.length === 1")
	assert stored(page) == ["right"]
	assert page.evaluate("server.alerts") == []


def test_who_discards_what_may_have_been_sent_is_asked(page: Page) -> None:
	open_thread(page, 0)
	page.evaluate("server.troubles = ['broken']")
	write(page, "perhaps")
	expect(page.locator(".wuzapi-waits")).to_be_visible()
	page.locator(".wuzapi-unsent-discard").click()
	assert page.evaluate("server.alerts") == [
		"It may have been sent already: the server has not said. Discard it here?"
	]
	expect(page.locator(".wuzapi-unsent")).to_have_count(0)


def reopen(page: Page) -> None:
	page.goto(f"{ADDRESS}/")
	page.evaluate("() => import('/wuzapi_thread.bundle')")
	open_thread(page, 0)


def test_what_was_not_sent_is_there_after_the_tab_was_closed(page: Page) -> None:
	open_thread(page, 1)
	page.locator(".wuzapi-answer").click(force=True)
	page.evaluate("server.troubles = ['broken']")
	write(page, "still here")
	expect(page.locator(".wuzapi-waits")).to_be_visible()
	id: Any = page.evaluate("thread.outbox.items[0].id")
	assert re.fullmatch("3EB0[0-9A-F]{18}", id)
	reopen(page)
	page.wait_for_function("server.messages.length === 1")
	assert page.evaluate("[server.sent[0].id, server.sent[0].reply_to]") == [id, 1]
	expect(page.locator(".wuzapi-unsent")).to_have_count(0)


def test_what_is_old_waits_for_its_author(page: Page) -> None:
	page.clock.install()
	open_thread(page, 0)
	page.evaluate("server.troubles = ['broken']")
	write(page, "of yesterday")
	expect(page.locator(".wuzapi-waits")).to_be_visible()
	page.evaluate(
		f"""for (const key of {KEPT}) {{
			const item = JSON.parse(localStorage.getItem(key));
			localStorage.setItem(key, JSON.stringify({{ ...item, since: item.since - 86_400_000 }}));
		}}"""
	)
	reopen(page)
	expect(page.locator(".wuzapi-unsent .wuzapi-cause")).to_contain_text("Not sent yet.")
	assert texts(page) == []
	write(page, "of today")
	page.wait_for_function("server.messages.length === 1")
	page.locator(".wuzapi-unsent-retry").click()
	page.wait_for_function("server.messages.length === 2")
	assert stored(page) == ["of today", "of yesterday"]


def test_another_tab_that_has_sent_it_is_noticed(page: Page) -> None:
	open_thread(page, 0)
	go_offline(page)
	write(page, "from two tabs")
	page.evaluate(
		f"""() => {{
			const [key] = {KEPT};
			localStorage.removeItem(key);
			window.dispatchEvent(new StorageEvent("storage", {{ key }}));
		}}"""
	)
	expect(page.locator(".wuzapi-unsent")).to_have_count(0)
	go_offline(page, False)
	assert texts(page) == []


def test_the_unsent_messages_of_another_user_are_not_shown(page: Page) -> None:
	page.evaluate("localStorage.setItem('wuzapi_chatwoot_unsent:boss@example.com:X', '{}')")
	open_thread(page, 0)
	expect(page.locator(".wuzapi-unsent")).to_have_count(0)


def test_a_browser_that_keeps_nothing_still_sends(page: Page) -> None:
	page.evaluate("() => { Storage.prototype.setItem = () => { throw new Error('full') } }")
	open_thread(page, 0)
	write(page, "not kept")
	page.wait_for_function("server.messages.length === 1")
	expect(page.locator(".wuzapi-unsent")).to_have_count(0)


def test_scrolling_up_offline_ends_and_can_be_tried_again(page: Page) -> None:
	open_thread(page, 60)
	go_offline(page)
	page.locator(".wuzapi-scroller").evaluate("scroller => { scroller.scrollTop = 0 }")
	expect(page.locator(".wuzapi-note")).to_contain_text("The messages could not be loaded.")
	go_offline(page, False)
	page.evaluate("thread.load_older()")
	expect(page.locator(".wuzapi-bubble")).to_have_count(60)
