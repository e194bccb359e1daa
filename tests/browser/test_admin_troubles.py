"""What becomes of a number's connection, as the admin page tells it while somebody looks on, in a real browser."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest
import requests
from browser.test_admin_page import TOKEN, Installation, fits, installation, logs_in, page, picture, set_up
from playwright.sync_api import Page, expect
from processes import until

__all__ = ["installation", "page"]


@dataclass(frozen=True)
class Trouble:
	act: str
	tone: str
	sentence: str
	advice: str
	in_history: str
	reason: str
	more: dict[str, Any] = field(default_factory=dict)


TROUBLES = {
	"stream error": Trouble(
		"gateway/stream_error",
		"wait",
		"The connection to WhatsApp was lost; the gateway connects again by itself (WhatsApp reported a stream error, code 500).",
		"Wait a few minutes.",
		"Connection lost",
		"WhatsApp reported a stream error, code 500",
		{"seconds": None},
	),
	"client outdated": Trouble(
		"gateway/client_outdated",
		"bad",
		"The number is not connected to WhatsApp (WhatsApp no longer accepts this version of the gateway: upgrade it).",
		"mend it, and connect again",
		"Not connected",
		"upgrade it",
		{"lasting": True},
	),
	"temporary ban": Trouble(
		"gateway/ban",
		"bad",
		"WhatsApp has banned the number until ",
		"Do not connect again and again.",
		"Banned by WhatsApp",
		"the same message sent too often, code 104",
		{"code": 104, "seconds": 3600},
	),
	"logged out from the phone": Trouble(
		"phone/unlink",
		"bad",
		"Somebody has ended the pairing: nothing comes in or goes out (the phone removed this linked device, code 401).",
		"Pair it again.",
		"Logged out",
		"the phone removed this linked device, code 401",
	),
}


def pair(installation: Installation) -> None:
	set_up(installation, "workshop")
	requests.post(
		f"{installation.bridge.url}/admin/api/sessions/workshop/connect",
		json={},
		headers={"Authorization": f"Bearer {TOKEN}"},
		timeout=30,
	).raise_for_status()
	until(
		lambda: any(
			each["name"] == "workshop" and each["qr"]
			for each in installation.sandbox.control("gateway/users")["users"]
		),
		"a code is on screen",
	)
	installation.scans("workshop")


@pytest.mark.parametrize("name", TROUBLES)
def test_a_trouble_is_seen_with_its_reason_and_what_to_do(
	page: Page, installation: Installation, name: str
) -> None:
	trouble = TROUBLES[name]
	pair(installation)
	logs_in(page)
	card = page.locator("[data-session=workshop]")
	expect(card.locator(".state")).to_have_text("Connected to WhatsApp.")
	card.get_by_role("button", name="History").click()
	lines = page.locator("#history .history > li")
	expect(lines.first).to_contain_text("Connected")

	# Both are looked at the whole time, and nothing is pressed.
	installation.sandbox.control(trouble.act, {"user": installation.user("workshop"), **trouble.more})
	expect(lines.first).to_contain_text(trouble.in_history)
	expect(lines.first).to_contain_text(trouble.reason)
	expect(lines.first.locator(".state")).to_have_attribute("data-tone", trouble.tone)
	expect(card.locator(".state")).to_contain_text(trouble.sentence)
	expect(card.locator(".state")).to_have_attribute("data-tone", trouble.tone)
	expect(card.locator(".advice")).to_contain_text(trouble.advice)
	# Whose number it is stays known.
	expect(card.locator("h2")).to_contain_text("+44 7700 903001")
	assert fits(page)
	picture(page, f"admin-{name.replace(' ', '-')}")
	page.locator("#history").get_by_role("button", name="Close").click()
	expect(card.get_by_role("button", name="Connect and pair")).to_be_visible()
	picture(page, f"admin-{name.replace(' ', '-')}-card")


def test_who_would_pair_a_banned_number_is_told_not_to(page: Page, installation: Installation) -> None:
	pair(installation)
	logs_in(page)
	card = page.locator("[data-session=workshop]")
	expect(card.locator(".state")).to_have_text("Connected to WhatsApp.")
	ban = {"user": installation.user("workshop"), "code": 104, "seconds": 3600}
	installation.sandbox.control("gateway/ban", ban)
	expect(card.locator(".state")).to_contain_text("WhatsApp has banned the number until ")
	# What is not to be done is not the first thing to press.
	connect = card.get_by_role("button", name="Connect and pair")
	expect(connect).not_to_have_class("main")
	connect.click()
	pairing = page.locator("#pairing")
	expect(pairing.locator(".told")).to_contain_text("Do not connect again and again.")
	expect(pairing.locator(".code")).to_be_hidden()
	expect(pairing.get_by_role("button", name="Connect", exact=True)).not_to_have_class("main")
