"""The list of conversations: who wrote last stands first, live, for those who may see it; and a customer is found by name
or number as people write them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from frappe_browser.conftest import Control
from playwright.sync_api import Browser, Locator, Page, expect

PASSWORD = "Long enough 71, and odd"
LIST = "/app/wuzapi-conversation/view/list"


@dataclass
class Person:
	"""A WuzAPI User in a browser of their own, with the list of conversations open."""

	page: Page

	@property
	def rows(self) -> Locator:
		return self.page.locator(".list-row:visible")

	def open_list(self) -> None:
		self.page.goto(LIST)
		expect(self.page.locator(".layout-main .frappe-list")).to_be_visible()
		self.page.wait_for_function(
			"() => frappe.realtime.socket?.connected && cur_list?.realtime_events_setup"
		)
		self.page.evaluate(
			"""() => {
				window.not_reloaded = true;
				window.heard = [];
				frappe.realtime.socket.onAny((event, data) => window.heard.push([event, data]));
			}"""
		)

	def heard_of_rows(self) -> list[object]:
		heard: list[list[object]] = self.page.evaluate("() => window.heard")
		return [each for each in heard if "WuzAPI" in json.dumps(each) or "wuzapi" in json.dumps(each)]


class People:
	def __init__(self, browser: Browser, admin: Page) -> None:
		self._browser, self._admin = browser, admin

	def log_in(self, name: str, session: str) -> Person:
		"""Somebody who is listed in that session alone, and logs in for the first time."""
		user = f"{name}@example.com"
		if not self._admin.request.get(f"/api/resource/User/{user}").ok:
			self._post(
				"User",
				{
					"email": user,
					"first_name": name,
					"new_password": PASSWORD,
					"send_welcome_email": 0,
					"roles": [{"role": "WuzAPI User"}],
				},
			)
		self._admin.goto("/app/wuzapi-session")
		token = self._admin.evaluate("() => frappe.csrf_token")
		answer = self._admin.request.put(
			f"/api/resource/WuzAPI Session/{session}",
			data={"users": [{"user": user}]},
			headers={"X-Frappe-CSRF-Token": token},
		)
		assert answer.ok, answer.text()
		context = self._browser.new_context(
			viewport={"width": 1280, "height": 860}, base_url=self._admin.evaluate("() => location.origin")
		)
		answer = context.request.post("/api/method/login", form={"usr": user, "pwd": PASSWORD})
		assert answer.ok, answer.text()
		page = context.new_page()
		page.set_default_timeout(60_000)
		return Person(page)

	def add_session(self, name: str) -> None:
		if self._admin.request.get(f"/api/resource/WuzAPI Session/{name}").ok:
			return
		self._post(
			"WuzAPI Session",
			{
				"session_name": name,
				"enabled": 0,
				"gateway_url": "http://gateway.invalid",
				"gateway_token": "fictional-token-of-another",
				"gateway_secret": "0123456789abcdef0123456789abcdef",
				"chatwoot_url": "http://chatwoot.invalid",
				"chatwoot_token": "fictional-access-token",
				"chatwoot_secret": "fictional-secret",
				"account_id": 1,
				"inbox_id": 77,
			},
		)

	def _post(self, doctype: str, values: dict[str, object]) -> None:
		self._admin.goto("/app/wuzapi-session")
		token = self._admin.evaluate("() => frappe.csrf_token")
		answer = self._admin.request.post(
			f"/api/resource/{doctype}", data=values, headers={"X-Frappe-CSRF-Token": token}
		)
		assert answer.ok, answer.text()

	def close(self) -> None:
		for context in self._browser.contexts:
			if context is not self._admin.context:
				context.close()


@pytest.fixture
def people(browser: Browser, page: Page) -> Iterator[People]:
	people = People(browser, page)
	yield people
	people.close()


def test_who_writes_moves_to_the_top_before_those_who_may_see_it(
	people: People, control: Control, customer: str, session: str, pictures: Path
) -> None:
	other = str(int(customer) + 1)
	people.add_session("back-office")
	listed = people.log_in("listed", session)
	stranger = people.log_in("stranger", "back-office")
	listed.open_list()
	stranger.open_list()

	for number in (customer, other):
		control("phone/send", {"customer": number, "kind": "text", "text": "Hello"})
		expect(listed.rows.first).to_contain_text(number)
	expect(listed.rows.nth(1)).to_contain_text(customer)

	control("phone/send", {"customer": customer, "kind": "text", "text": "Once more"})
	expect(listed.rows.first).to_contain_text(customer)
	expect(listed.rows.nth(1)).to_contain_text(other)
	listed.page.screenshot(path=pictures / "desk-conversations-live.png")

	assert listed.page.evaluate("window.not_reloaded") is True
	assert listed.heard_of_rows()
	expect(stranger.rows).to_have_count(0)
	assert stranger.heard_of_rows() == []


def test_a_customer_is_found_by_name_or_number(
	page: Page, control: Control, customer: str, pictures: Path
) -> None:
	other = str(int(customer) + 1)
	for number in (customer, other):
		control("phone/send", {"customer": number, "kind": "text", "text": "Hello"})
	page.goto(LIST)
	rows = page.locator(".list-row")
	expect(rows.filter(has_text=other)).to_have_count(1)
	expect(rows.filter(has_text=customer)).to_have_count(1)
	page.screenshot(path=pictures / "desk-conversations.png")

	# The way people write it: without the country, with blanks.
	written = f"0{customer[2:6]} {customer[6:9]} {customer[9:]}"
	by_name = page.locator(".page-form [data-fieldname=contact_name] input")
	for text in (written, f"+44 (0){customer[2:]}"):
		by_name.fill(text)
		expect(rows).to_have_count(1)
		expect(rows.first).to_contain_text(customer)
		by_name.fill("")
		expect(rows.filter(has_text=other)).to_have_count(1)

	# The same in the search at the top of the desk.
	for text in (written, customer):
		answer = page.request.get(
			"/api/method/frappe.utils.global_search.search", params={"text": text, "limit": 20}
		)
		found = [each for each in answer.json()["message"] if each["doctype"] == "WuzAPI Conversation"]
		assert [f"+{customer}" in each["content"] for each in found] == [True]
