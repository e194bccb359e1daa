"""The admin page in a real browser: from nothing to connected, and what is said when something is wrong."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator

import pytest
import requests
from playwright.sync_api import Browser, Page, expect
from processes import Bridge, Sandbox, free_port, until

from wuzapi_chatwoot.sandbox.options import GATEWAY_ADMIN_TOKEN

TOKEN = "Fictional-Admin-Token"
PHONE = "447700903001"


class Installation:
	"""A bridge without a session, beside a sandbox."""

	def __init__(self, sandbox: Sandbox, bridge: Bridge) -> None:
		self.sandbox, self.bridge = sandbox, bridge
		self.settings = sandbox.control("settings")

	def scans(self, name: str) -> None:
		"""Holds the phone in front of the code."""
		self.sandbox.control("phone/scan", {"user": self.user(name), "phone": PHONE})

	def user(self, name: str) -> str:
		"""Its id on the gateway."""
		users = self.sandbox.control("gateway/users")["users"]
		return next(each["id"] for each in users if each["name"] == name)

	def fill(self, page: Page, **changes: str) -> None:
		"""The wizard."""
		values = {
			"name": "workshop",
			"gateway_url": self.sandbox.gateway,
			"gateway_token": GATEWAY_ADMIN_TOKEN,
			"chatwoot_url": self.sandbox.chatwoot,
			# Before the token: with it, the account is chosen from a list.
			"account_id": str(self.settings["CHATWOOT_ACCOUNT_ID"]),
			"chatwoot_token": self.settings["CHATWOOT_API_KEY"],
			**changes,
		}
		for name, value in values.items():
			page.locator(f"#wizard [name={name}]").fill(value)


@pytest.fixture
def installation(tmp_path) -> Iterator[Installation]:
	port = free_port()
	with Sandbox(tmp_path, f"http://127.0.0.1:{port}", "--seed", "5") as sandbox:
		settings = {"ADMIN_TOKEN": TOKEN, "SETTLE_SECONDS": 0.1, "WATCH_SECONDS": 5}
		with Bridge(tmp_path, port, settings) as bridge:
			yield Installation(sandbox, bridge)
			assert bridge.faults() == []


@pytest.fixture
def page(browser: Browser, installation: Installation) -> Iterator[Page]:
	page = browser.new_page(viewport={"width": 390, "height": 800})
	page.set_default_timeout(60_000)
	complaints: list[str] = []
	# A refusal by the server is told on the page; the browser's own line about it is no fault.
	page.on(
		"console",
		lambda message: (
			complaints.append(message.text)
			if message.type == "error" and "Failed to load resource" not in message.text
			else None
		),
	)
	page.on("pageerror", lambda error: complaints.append(str(error)))
	page.goto(f"{installation.bridge.url}/admin")
	yield page
	page.close()
	assert complaints == []


def logs_in(page: Page, token: str = TOKEN) -> None:
	page.get_by_label("ADMIN_TOKEN").fill(token)
	page.get_by_role("button", name="Log in").click()


def fits(page: Page) -> bool:
	return page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def picture(page: Page, name: str) -> None:
	"""Of what was seen, for those who name a folder."""
	if folder := os.environ.get("SCREENSHOTS"):
		page.screenshot(path=f"{folder}/{name}.png")


def proves_the_path(page: Page, installation: Installation) -> None:
	"""By a message to oneself, seen live; the answer comes from the phone."""
	page.get_by_role("button", name="Send a message to oneself").click()
	told, steps = page.locator("#doctor .told"), page.locator("#doctor .steps > li")
	expect(told).to_contain_text("Answer the message on the phone, in the chat with yourself.")
	expect(steps).to_have_count(5)
	expect(page.locator("#doctor .steps > [data-state=ok]")).to_have_count(3)
	expect(page.locator("#doctor .steps > [data-state=waiting]")).to_have_count(2)
	assert fits(page)
	picture(page, "admin-proof-waits")
	answer = {"user": installation.user("workshop"), "customer": PHONE, "kind": "text", "text": "It works"}
	installation.sandbox.control("phone/send", answer)
	expect(told).to_have_text("The whole path is proved, both ways.")
	expect(page.locator("#doctor .steps > [data-state=ok]")).to_have_count(5)
	picture(page, "admin-proof")


def test_a_step_that_is_broken_is_seen_with_its_fix(page: Page, installation: Installation) -> None:
	logs_in(page)
	page.get_by_role("button", name="New session").click()
	installation.fill(page)
	page.get_by_role("button", name="Set up", exact=True).click()
	page.locator("#wizard").get_by_role("button", name="Connect and pair").click()
	expect(page.get_by_alt_text("Code to scan with the phone")).to_be_visible()
	installation.scans("workshop")
	expect(page.locator("#pairing .told")).to_have_text("Connected as +44 7700 903001 (Shop 3001).")
	page.locator("#pairing").get_by_role("button", name="Close").click()
	installation.sandbox.switch(notify_bridge=False)
	page.locator("[data-session=workshop]").get_by_role("button", name="Doctor").click()
	page.get_by_role("button", name="Send a message to oneself").click()
	expect(page.locator("#doctor .told")).to_have_text("Problem: Chatwoot → bridge.")
	broken = page.locator("#doctor .steps > [data-state=broken]")
	expect(broken).to_contain_text("No webhook of Chatwoot has come")
	expect(broken.locator(".fix")).to_contain_text("Sidekiq")
	assert fits(page)
	picture(page, "admin-proof-broken")


def test_from_nothing_to_connected_and_away_again(page: Page, installation: Installation) -> None:
	logs_in(page)
	expect(page.get_by_text("There is no session yet.")).to_be_visible()
	page.get_by_role("button", name="New session").click()
	installation.fill(page)
	assert fits(page)
	page.get_by_role("button", name="Set up", exact=True).click()
	expect(page.locator("#wizard .told")).to_have_text(re.compile("Both sides are ready"))
	states = page.locator("#wizard .steps > li").evaluate_all(
		"steps => steps.map(each => each.dataset.state)"
	)
	assert len(states) == 9
	assert set(states) <= {"done", "found"}

	installation.sandbox.switch(gateway_qr_ms=1500)
	page.locator("#wizard").get_by_role("button", name="Connect and pair").click()
	picture = page.get_by_alt_text("Code to scan with the phone")
	expect(picture).to_be_visible()
	first = picture.get_attribute("src")
	expect(picture).not_to_have_attribute("src", first or "")
	expect(picture).to_have_count(1)
	expect(page.locator("#pairing .told")).to_contain_text("Linked devices")
	assert fits(page)
	installation.scans("workshop")
	expect(page.locator("#pairing .told")).to_have_text("Connected as +44 7700 903001 (Shop 3001).")
	expect(picture).to_have_count(0)
	page.locator("#pairing").get_by_role("button", name="Close").click()

	card = page.locator("[data-session=workshop]")
	expect(card).to_contain_text("Connected to WhatsApp.")
	expect(card).to_contain_text("+44 7700 903001")
	card.get_by_role("button", name="Doctor").click()
	expect(page.locator("#doctor .told")).to_contain_text("It works")
	expect(page.locator("#doctor .steps > [data-state=ok]").first).to_be_visible()
	proves_the_path(page, installation)
	page.locator("#doctor").get_by_role("button", name="Close").click()

	page.on("dialog", lambda dialog: dialog.accept())
	card.get_by_role("button", name="New secrets").click()
	expect(card).to_contain_text("Replaced. The old secrets are believed for an hour more.")
	# It went well, and looks so.
	expect(card.locator(".trouble")).to_have_count(0)

	card.get_by_role("button", name="Delete").click()
	ending = page.locator("#ending")
	expect(ending).to_contain_text("The user on the gateway and the inbox in Chatwoot stay")
	ending.get_by_label("Also remove what was made for it").check()
	expect(ending).to_contain_text("is removed, with every conversation in it")
	ending.get_by_label("Administrator's token").fill(GATEWAY_ADMIN_TOKEN)
	# Every conversation goes with the inbox: without its name nothing is removed.
	ending.get_by_label("Type the name of the inbox").fill("another")
	ending.get_by_role("button", name="Delete").click()
	expect(ending).to_contain_text("Type the name of the inbox, workshop: it is removed")
	ending.get_by_label("Type the name of the inbox").fill("workshop")
	ending.get_by_role("button", name="Delete").click()
	expect(ending).to_contain_text("The session is deleted.")
	ending.get_by_role("button", name="Close").click()
	expect(page.get_by_text("There is no session yet.")).to_be_visible()


def test_each_step_is_shown_as_it_comes_to_others_too(page: Page, installation: Installation) -> None:
	logs_in(page)
	page.get_by_role("button", name="New session").click()
	installation.fill(page)
	installation.sandbox.switch(gateway_delay_ms=4000)
	page.get_by_role("button", name="Set up", exact=True).click()
	running = page.locator("#wizard .steps > [data-state=running]")
	expect(running).to_have_text("gateway user")
	expect(page.locator("#wizard .steps > [data-state=found]")).to_contain_text("Chatwoot account: signed in")
	expect(page.locator("#wizard .told")).to_have_text("Working on both sides…")

	# Whoever began it goes away; it goes on, and is seen by whoever opens the wizard.
	page.reload()
	card = page.locator("[data-session=workshop]")
	expect(card).to_contain_text("It is being set up at the moment.")
	card.get_by_role("button", name="See how far it is").click()
	expect(running).to_have_count(1)
	expect(page.locator("#wizard .told")).to_have_text("It is being set up at the moment.")
	expect(page.locator("#wizard [name=run]")).to_be_disabled()
	assert fits(page)
	installation.sandbox.switch(gateway_delay_ms=0)
	expect(page.locator("#wizard .told")).to_have_text(re.compile("Both sides are ready"))
	expect(
		page.locator("#wizard .steps > [data-state=done], #wizard .steps > [data-state=found]")
	).to_have_count(9)
	expect(page.locator("#wizard").get_by_role("button", name="Connect and pair")).to_be_visible()
	expect(page.locator("#wizard [name=run]")).to_be_enabled()


def test_a_step_that_fails_is_told_and_a_repeat_goes_on(page: Page, installation: Installation) -> None:
	logs_in(page)
	page.get_by_role("button", name="New session").click()
	installation.fill(page, chatwoot_token="Fictional-Wrong-Token")
	page.get_by_role("button", name="Set up", exact=True).click()
	failed = page.locator("#wizard .steps > [data-state=failed]")
	expect(failed).to_contain_text("Chatwoot account")
	expect(page.locator("#wizard .told")).to_contain_text("Mend that, and run it again")

	page.locator("#wizard [name=chatwoot_token]").fill(installation.settings["CHATWOOT_API_KEY"])
	page.locator("#wizard [name=gateway_token]").fill("Fictional-Wrong-Token")
	page.get_by_role("button", name="Go on").click()
	expect(failed).to_contain_text("gateway user")
	expect(failed).to_contain_text("administrator's token")

	page.locator("#wizard [name=gateway_token]").fill(GATEWAY_ADMIN_TOKEN)
	page.get_by_role("button", name="Go on").click()
	expect(page.locator("#wizard .told")).to_have_text(re.compile("Both sides are ready"))
	assert "Fictional-Wrong" not in page.content()


def test_a_code_to_type_and_disconnecting_on_purpose(page: Page, installation: Installation) -> None:
	logs_in(page)
	page.get_by_role("button", name="New session").click()
	installation.fill(page)
	page.get_by_role("button", name="Set up", exact=True).click()
	page.locator("#wizard").get_by_role("button", name="Connect and pair").click()
	pairing = page.locator("#pairing")
	expect(page.get_by_alt_text("Code to scan with the phone")).to_be_visible()
	pairing.get_by_label("number of the phone").fill(f"+{PHONE}")
	pairing.get_by_role("button", name="Get a code").click()
	expect(pairing.locator(".typed")).to_have_text(re.compile("^[1-9A-Z]{4}-[1-9A-Z]{4}$"))
	expect(page.get_by_alt_text("Code to scan with the phone")).to_have_count(0)
	code = pairing.locator(".typed").inner_text()
	installation.sandbox.control("phone/type_code", {"code": code, "phone": PHONE})
	expect(pairing.locator(".told")).to_have_text("Connected as +44 7700 903001 (Shop 3001).")
	pairing.get_by_role("button", name="Close").click()

	card = page.locator("[data-session=workshop]")
	expect(card).to_contain_text("Connected to WhatsApp.")
	card.get_by_role("button", name="Disconnect").click()
	ending = page.locator("#ending")
	expect(ending).to_contain_text("The pairing stays.")
	ending.get_by_role("button", name="Disconnect").click()
	expect(ending).to_contain_text("stays so until somebody connects it")
	ending.get_by_role("button", name="Close").click()
	expect(card).to_contain_text("Disconnected on purpose")
	# What would be refused is not offered.
	expect(card.get_by_role("button", name="Log out")).to_have_count(0)
	expect(card.get_by_role("button", name="Disconnect")).to_have_count(0)
	until(
		lambda: any(
			each["name"] == "workshop" and not each["clients"]
			for each in installation.sandbox.control("gateway/users")["users"]
		),
		"the gateway has let go of it",
	)

	card.get_by_role("button", name="History").click()
	lines = page.locator("#history .history > li")
	expect(lines.first).to_contain_text("Not connected")
	expect(lines.first).to_contain_text("disconnected by hand")
	words = lines.locator("strong").all_inner_texts()
	assert words[:2] == ["Not connected", "Connected"]
	assert "Waiting for its phone" in words
	assert fits(page)


def focus(page: Page) -> str:
	return page.evaluate("document.activeElement.getAttribute('aria-label') ?? document.activeElement.name")


def test_by_keyboard_alone_the_focus_is_never_lost(page: Page, installation: Installation) -> None:
	expect(page.get_by_label("ADMIN_TOKEN")).to_be_focused()
	page.keyboard.type(TOKEN)
	page.keyboard.press("Enter")
	expect(page.get_by_role("button", name="New session")).to_be_focused()
	page.keyboard.press("Enter")
	installation.fill(page)
	page.keyboard.press("Enter")
	expect(page.locator("#wizard").get_by_role("button", name="Connect and pair")).to_be_visible()
	page.keyboard.press("Escape")
	expect(page.get_by_role("button", name="New session")).to_be_focused()

	page.get_by_role("button", name="Connect and pair: workshop").focus()
	page.keyboard.press("Enter")
	expect(page.get_by_alt_text("Code to scan with the phone")).to_be_visible()
	pairing = page.locator("#pairing")
	pairing.get_by_label("number of the phone").fill("no number")
	page.keyboard.press("Enter")
	wrong = pairing.get_by_role("alert")
	expect(wrong).to_have_text("Write the phone's number with its country code, as in +447700900123.")
	installation.scans("workshop")
	expect(pairing.locator(".told")).to_contain_text("Connected as")
	expect(pairing.get_by_role("button", name="Close")).to_be_focused()
	# While it was open the card was made anew, without that button.
	expect(page.locator("[data-session=workshop]")).to_contain_text("Connected to WhatsApp.")
	page.keyboard.press("Escape")
	expect(page.get_by_role("button", name="Set up again: workshop")).to_be_focused()

	page.get_by_role("button", name="History: workshop").focus()
	installation.sandbox.control("gateway/drop", {"seconds": None})
	expect(page.locator("[data-session=workshop]")).to_contain_text("The connection to WhatsApp was lost")
	assert focus(page) == "History: workshop"
	page.get_by_role("button", name="Delete: workshop").focus()
	page.keyboard.press("Enter")
	ending = page.locator("#ending")
	expect(ending.get_by_label("Administrator's token")).to_be_hidden()
	# What is lost is read; until then the button is off.
	expect(ending).to_contain_text("go on posting to us in vain")
	expect(ending.get_by_role("button", name="Delete")).to_be_enabled()
	ending.get_by_role("button", name="Delete").focus()
	page.keyboard.press("Enter")
	expect(ending).to_contain_text("The session is deleted.")
	expect(ending.get_by_role("button", name="Close")).to_be_focused()
	page.keyboard.press("Enter")
	expect(page.get_by_role("button", name="New session")).to_be_focused()


def test_only_with_the_token(page: Page, installation: Installation) -> None:
	logs_in(page, "wrong")
	expect(page.get_by_role("alert").filter(has_text="This is not the ADMIN_TOKEN.")).to_be_visible()
	expect(page.get_by_role("button", name="New session")).to_have_count(0)
	logs_in(page)
	expect(page.get_by_text("There is no session yet.")).to_be_visible()
	page.reload()
	expect(page.get_by_text("There is no session yet.")).to_be_visible()
	# A restart ends every login, and the page says so by asking again.
	installation.bridge.stop()
	expect(page.get_by_text("The bridge does not answer.")).to_be_visible()
	installation.bridge.start()
	expect(page.get_by_label("ADMIN_TOKEN")).to_be_visible()
	logs_in(page)
	page.get_by_role("button", name="Leave").click()
	expect(page.get_by_label("ADMIN_TOKEN")).to_be_visible()


def test_one_session_among_many_is_found(page: Page, installation: Installation) -> None:
	"""By its name, number, state or address; the others stay away while the list goes on changing."""
	numbers = range(1, 13)
	for number in numbers:
		set_up(installation, f"branch {number}")
	logs_in(page)
	expect(page.locator("#sessions > li")).to_have_count(len(numbers))
	box = page.get_by_label("Find")
	box.fill("branch 12")
	expect(page.locator("#sessions > li:visible")).to_have_count(1)
	expect(page.get_by_role("button", name="Delete: branch 12", exact=True)).to_be_visible()
	set_up(installation, "branch 120")
	expect(page.locator("#sessions > li:visible")).to_have_count(2)
	box.fill("no such place")
	expect(page.get_by_text("There is no such session.")).to_be_visible()
	box.fill("")
	expect(page.locator("#sessions > li:visible")).to_have_count(len(numbers) + 1)
	assert fits(page)


def set_up(installation: Installation, name: str) -> None:
	given = {
		"name": name,
		"gateway_url": installation.sandbox.gateway,
		"gateway_admin_token": GATEWAY_ADMIN_TOKEN,
		"chatwoot_url": installation.sandbox.chatwoot,
		"chatwoot_token": installation.settings["CHATWOOT_API_KEY"],
		"account_id": int(installation.settings["CHATWOOT_ACCOUNT_ID"]),
	}
	url = f"{installation.bridge.url}/admin/api/sessions"
	answer = requests.post(url, json=given, headers={"Authorization": f"Bearer {TOKEN}"}, timeout=30)
	assert answer.json()["complete"], answer.text
