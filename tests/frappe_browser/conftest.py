"""Tests in Chromium against a running site. They are no part of `make test`, which has no bench: without `SITE_URL`
nothing here is even collected. `make test-frappe` sets what they need:

	SITE_URL          the site's address, such as http://wa.localhost:8000. Its web server has to serve /assets and pass
	                  /socket.io on (nginx, `bench start`), or tell pages where it is (`DEV_SERVER=1`)
	ADMIN_PASSWORD    of Administrator; `admin` if unset
	SANDBOX_CONTROL   the control API of the sandbox, http://127.0.0.1:19090/control if unset
	SANDBOX_SESSION   the WuzAPI Session that is wired to that sandbox, `front-desk` if unset
	REALTIME_SWITCH   the process that ends the realtime server at SIGUSR1 and starts it at SIGUSR2 (`with_site.py`)
	SCREENSHOTS       a folder for pictures of what was seen; the test's own temporary one if unset
"""

from __future__ import annotations

import json
import os
import shutil
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

collect_ignore_glob = [] if os.environ.get("SITE_URL") else ["test_*.py"]

SITE = os.environ.get("SITE_URL", "").rstrip("/")
CONTROL = os.environ.get("SANDBOX_CONTROL", "http://127.0.0.1:19090/control").rstrip("/")
Control = Callable[[str, dict[str, Any]], Any]
Look = Callable[[str], Any]
# A tone instead of a microphone, and nobody who has to allow it.
MICROPHONE = ("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream")


@pytest.fixture(scope="session")
def site() -> str:
	return SITE


@pytest.fixture(scope="session")
def session() -> str:
	return os.environ.get("SANDBOX_SESSION", "front-desk")


@pytest.fixture(scope="session")
def control() -> Iterator[Control]:
	def call(path: str, body: dict[str, Any]) -> Any:
		request = urllib.request.Request(
			f"{CONTROL}/{path}", json.dumps(body).encode(), {"content-type": "application/json"}
		)
		with urllib.request.urlopen(request, timeout=30) as answer:
			return json.load(answer)

	yield call
	call("switches", {"gateway_fail_next": {"status": 500, "count": 0}})


@pytest.fixture(scope="session")
def look() -> Look:
	"""At what the sandbox shows."""

	def get(path: str) -> Any:
		with urllib.request.urlopen(f"{CONTROL}/{path}", timeout=30) as answer:
			return json.load(answer)

	return get


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
	path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
	assert path, "Chromium is needed for the browser tests"
	expect.set_options(timeout=30_000)
	with sync_playwright() as playwright:
		browser = playwright.chromium.launch(
			executable_path=path, args=["--no-sandbox", "--disable-gpu", *MICROPHONE]
		)
		yield browser
		browser.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
	context = browser.new_context(viewport={"width": 1280, "height": 860}, base_url=SITE)
	answer = context.request.post(
		"/api/method/login",
		form={"usr": "Administrator", "pwd": os.environ.get("ADMIN_PASSWORD", "admin")},
	)
	assert answer.ok, f"Administrator cannot log in at {SITE}: {answer.status}"
	page = context.new_page()
	page.set_default_timeout(60_000)
	broken: list[str] = []
	page.on("pageerror", lambda error: broken.append(str(error)))
	yield page
	context.close()
	assert broken == []


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
	folder = Path(os.environ.get("SCREENSHOTS") or tmp_path)
	folder.mkdir(parents=True, exist_ok=True)
	return folder


@pytest.fixture
def customer() -> str:
	"""Somebody who has never written before."""
	return f"4477{time.time_ns() // 1_000_000 % 10**8:08d}"


@pytest.fixture
def conversation(page: Page, control: Control, session: str, customer: str) -> Page:
	"""The form of the conversation that the customer has just begun."""
	control("phone/send", {"customer": customer, "kind": "text", "text": "Hello, is the shop open?"})
	name = _conversation_of(page, session, customer)
	page.goto(f"/app/wuzapi-conversation/{name}")
	expect(page.locator(".wuzapi-bubble")).to_have_count(1)
	expect(page.locator(".wuzapi-text")).to_have_text("Hello, is the shop open?")
	# A reload would take this away.
	page.evaluate("window.not_reloaded = true")
	return page


def _conversation_of(page: Page, session: str, customer: str) -> int:
	filters = json.dumps([["session", "=", session], ["chat", "like", f"{customer}@%"]])
	for _ in range(120):
		answer = page.request.get("/api/resource/WuzAPI Conversation", params={"filters": filters})
		assert answer.ok, answer.text()
		if rows := answer.json()["data"]:
			return rows[0]["name"]
		page.wait_for_timeout(250)
	raise AssertionError(
		f"no conversation of {customer} on the site: are web server, worker and sandbox wired?"
	)
