"""The whole demo: real sandbox, real bridge, real browser."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import processes
import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

_FLAGS = (
	"--no-sandbox",
	"--disable-gpu",
	"--disable-quic",
	"--no-first-run",
	"--disable-background-networking",
	"--disable-component-update",
	"--disable-sync",
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
	# Whoever runs these tests has a Chromium (`make test` installs it): none is a failure, not a reason to skip.
	path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
	assert path, "Chromium is needed for the browser tests"
	expect.set_options(timeout=30_000)
	with sync_playwright() as playwright:
		browser = playwright.chromium.launch(executable_path=path, args=list(_FLAGS))
		yield browser
		browser.close()


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[processes.Installation]:
	with processes.Installation(tmp_path_factory.mktemp("demo")) as installation:
		installation.new_bridge(fetch_seconds=2).start()
		yield installation


@pytest.fixture
def page(browser: Browser, demo: processes.Installation) -> Iterator[Page]:
	page = browser.new_page(viewport={"width": 1280, "height": 800})
	page.set_default_timeout(60_000)
	complaints: list[str] = []
	page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
	page.on("pageerror", lambda error: complaints.append(str(error)))
	page.goto(demo.sandbox.page)
	yield page
	page.close()
	assert complaints == []
