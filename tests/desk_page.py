"""A page with the message thread and a Frappe that is a few lines: no bench is needed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, Route

PACKAGE = Path(__file__).parents[1] / "wuzapi_chatwoot"
JS = PACKAGE / "public" / "js"
CSS = PACKAGE / "public" / "css"
ADDRESS = "http://desk.test"
FAKE_FRAPPE = (Path(__file__).parent / "desk" / "fake_frappe.js").read_text("utf-8")
FILES = "/private/files/"
# Of one pixel.
PICTURE = bytes.fromhex(
	"47494638396101000100800000ff0000ffffff21f90400000000002c00000000010001000002024401003b"
)


def styles() -> str:
	"""As Sass puts them together."""
	bundle = (CSS / "wuzapi_thread.bundle.scss").read_text("utf-8")
	names = re.findall(r'^@use "(.+)";$', bundle, flags=re.M)
	return "".join((CSS / f"{name}.css").read_text("utf-8") for name in names)


def answer(route: Route) -> None:
	path = route.request.url.removeprefix(ADDRESS)
	if path == "/":
		route.fulfill(
			content_type="text/html",
			body=f"<style>{styles()}</style><div id=place></div><script>{FAKE_FRAPPE}</script>",
		)
		return
	if path.startswith(FILES):
		route.fulfill(content_type="image/gif", body=PICTURE)
		return
	file = JS / (path[1:] if path.endswith(".js") else f"{path[1:]}.js")
	if not file.is_file():
		route.fulfill(status=404)
		return
	route.fulfill(content_type="text/javascript", body=file.read_text("utf-8"))


@contextmanager
def opened(browser: Browser) -> Iterator[Page]:
	"""A page with the scripts of the thread; no error may have come up in it."""
	page = browser.new_page(viewport={"width": 600, "height": 500})
	complaints: list[str] = []
	page.on("pageerror", lambda error: complaints.append(str(error)))
	page.route(f"{ADDRESS}/**", answer)
	page.goto(f"{ADDRESS}/")
	page.evaluate("() => import('/wuzapi_thread.bundle')")
	yield page
	page.close()
	assert complaints == []


def open_thread(page: Page, count: int, **options: object) -> None:
	page.evaluate(
		"""([count, options]) => {
			server.fill(count);
			window.thread = new wuzapi_chatwoot.Thread(document.getElementById("place"));
			return thread.show(1, options);
		}""",
		[count, options],
	)


def arrives(page: Page, **message: object) -> None:
	page.evaluate("message => server.arrives(message)", message)
