"""The message thread in a real browser."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest
from desk_page import opened
from playwright.sync_api import Browser, Page, sync_playwright


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
	path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
	assert path, "Chromium is needed for the browser tests"
	with sync_playwright() as playwright:
		browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
		yield browser
		browser.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
	with opened(browser) as page:
		yield page
