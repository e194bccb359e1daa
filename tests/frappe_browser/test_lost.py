"""How a number that is lost looks in the desk, live, on its form and in the list: a state, a sentence, what to do; once in
its history, and one alert when it is lost and one when it is back.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from frappe_browser.test_pairing import Control, Look, dialog_of, name, set_up
from playwright.sync_api import Locator, Page, expect

__all__ = ["name"]


class Desk:
	"""A session's form, and the list of sessions beside it in another tab. Neither is loaded again."""

	def __init__(self, page: Page, control: Control, name: str, pictures: Path) -> None:
		self.form, self.control, self.name, self.pictures = page, control, name, pictures
		self.list = page.context.new_page()
		self.list.set_default_timeout(60_000)
		self.list.goto("/app/wuzapi-session")
		for tab in (self.form, self.list):
			tab.evaluate("window.not_reloaded = true")

	def act(self, path: str, **body: object) -> None:
		self.control(path, {"user": self.name, **body})

	@property
	def row(self) -> Locator:
		return self.list.locator(".list-row", has_text=self.name)

	@property
	def changes(self) -> Locator:
		return self.form.locator(".wuzapi-change")

	def stored(self, doctype: str, field: str, **filters: str) -> list[str]:
		"""The values of a field on the site, the oldest first."""
		params = {
			"filters": json.dumps(filters),
			"fields": json.dumps([field]),
			"order_by": "creation asc, name asc",
			"limit_page_length": "0",
		}
		answer = self.form.request.get(f"/api/resource/{doctype}", params=params)
		assert answer.ok, answer.text()
		return [each[field] for each in answer.json()["data"]]

	def alerts(self) -> list[str]:
		return self.stored("Notification Log", "subject", document_name=self.name)

	def states(self) -> list[str]:
		return self.stored("WuzAPI Session Change", "state", session=self.name)

	def until_alerts(self, count: int) -> list[str]:
		return self._until(count, self.alerts)

	def until_worked(self, kind: str, count: int) -> None:
		"""So many webhooks of a kind."""
		self._until(
			count, lambda: self.stored("WuzAPI Event", "name", session=self.name, kind=kind, state="done")
		)

	def _until(self, count: int, look: Callable[[], list[str]]) -> list[str]:
		for _ in range(240):
			if len(found := look()) >= count:
				return found
			self.form.wait_for_timeout(250)
		raise AssertionError(f"{count} were to come: {look()}")

	def shows(self, state: str, *sentences: str) -> None:
		expect(self.form.locator(".indicator-pill:visible").first).to_have_text(state)
		for sentence in sentences:
			expect(self.form.locator(".form-message:visible")).to_contain_text(sentence)
		expect(self.row.locator(".indicator-pill").first).to_have_text(state)
		for tab in (self.form, self.list):
			assert tab.evaluate("window.not_reloaded") is True

	def shoot(self, what: str) -> None:
		self.form.screenshot(path=self.pictures / f"desk-lost-{what}.png")
		self.list.screenshot(path=self.pictures / f"desk-lost-{what}-list.png")


@pytest.fixture
def desk(page: Page, control: Control, look: Look, name: str, pictures: Path) -> Desk:
	"""Of a number that is paired and connected."""
	set_up(page, look, name)
	dialog = dialog_of(page)
	dialog.get_by_role("button", name="Pair the Phone").click()
	expect(dialog.locator(".wuzapi-pairing img")).to_have_count(1)
	control("phone/scan", {"user": name, "phone": f"4476{name[-8:]}", "name": "Example Shop"})
	expect(dialog.locator(".number")).to_be_visible()
	dialog.locator(".btn-modal-close").click()
	expect(dialog).to_have_count(0)
	expect(page.locator(".indicator-pill:visible").first).to_have_text("Connected")
	return Desk(page, control, name, pictures)


def test_what_happens_to_a_number_is_told_live_and_once(desk: Desk) -> None:
	expect(desk.changes.first).to_contain_text("Connected")
	before = desk.changes.count()

	# It may come back by itself: shown at once, but nobody is alarmed yet.
	desk.act("gateway/stream_error", code="500", seconds=None)
	desk.shows("Reconnecting", "The connection to WhatsApp was lost", "Wait a few minutes.", "Since ")
	expect(desk.changes.first).to_contain_text("Connection lost")
	desk.shoot("stream-error")
	desk.control("gateway/restart", {})
	desk.shows("Connected", "Connected to WhatsApp.")
	expect(desk.changes).to_have_count(before + 2)

	desk.act("gateway/client_outdated", lasting=True)
	desk.shows("Failed", "no longer accepts this version of the gateway: upgrade it", "connect again")
	expect(desk.changes.first).to_contain_text("Not connected")
	desk.shoot("client-outdated")
	desk.until_alerts(1)
	# The same once more is no news.
	desk.control("gateway/restart", {})
	desk.until_worked("ClientOutdated", 2)
	desk.act("gateway/accept")
	desk.control("gateway/restart", {})
	desk.shows("Connected", "Connected to WhatsApp.")
	desk.until_alerts(2)

	desk.act("gateway/ban", code=101, seconds=3600)
	desk.shows("Banned", "messages to too many people, code 101", "Wait until the ban is over")
	expect(desk.form.locator(".form-message:visible")).to_contain_text(
		re.compile(r"until \S+ \S+ \w+/\w+ \(")
	)
	expect(desk.changes.first).to_contain_text("Banned by WhatsApp")
	desk.shoot("ban")
	desk.until_alerts(3)
	desk.act("gateway/accept")
	desk.control("gateway/restart", {})
	desk.shows("Connected", "Connected to WhatsApp.")
	desk.until_alerts(4)

	desk.act("phone/unlink")
	desk.shows("Logged Out", "Somebody has ended the pairing", "Pair it again.")
	expect(desk.changes.first).to_contain_text("the phone removed this linked device")
	desk.shoot("logged-out")
	lost = [
		"no longer accepts this version",
		"Connected to WhatsApp.",
		"WhatsApp has banned the number",
		"Connected to WhatsApp.",
		"Somebody has ended the pairing",
	]
	told = desk.until_alerts(len(lost))
	assert [words in subject for words, subject in zip(lost, told, strict=True)] == [True] * len(lost), told
	# The form shows the last eight; all are in their list.
	assert desk.states()[before:] == [
		*("reconnecting", "connected", "failed", "connected", "banned", "connected", "logged_out")
	]
