"""WhatsApp's marks as the desk shows them: by the rules of the bridge, and never as markup."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from desk_page import opened
from hypothesis import given, settings
from hypothesis import strategies as st
from playwright.sync_api import Browser, Page

from wuzapi_chatwoot.bridge.text.markup.marks import read_marks

# `strong(…)`, `em(…)`: what the nodes are, line breaks and texts as they are.
DRAW = """async text => {
	const { marked } = await import("/thread/marks");
	const draw = node => node.nodeType === 3 ? node.data
		: `${node.localName}(${[...node.childNodes].map(draw).join("")})`;
	const place = document.createElement("div");
	place.append(...marked(text));
	return [...place.childNodes].map(draw).join("");
}"""


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
	"""One for all: nothing here changes it."""
	with opened(browser) as page:
		yield page


@pytest.mark.parametrize(
	("text", "drawn"),
	[
		("", ""),
		("plain", "plain"),
		("*bold*", "strong(bold)"),
		("_it_ and ~gone~", "em(it) and s(gone)"),
		("*_both_*", "strong(em(both))"),
		("a *bold* _mix *in* it_.", "a strong(bold) em(mix strong(in) it)."),
		("2*3*4", "2*3*4"),
		("snake_case_name", "snake_case_name"),
		("* no*", "* no*"),
		("**double**", "**double**"),
		("*open", "*open"),
		("*over\nlines*", "*over\nlines*"),
		("`a *b*`", "code(a *b*)"),
		("```one line```", "code(one line)"),
		("before\n```x = 1\n\ny = *2*```\nafter", "beforepre(x = 1\n\ny = *2*)after"),
		("```never closed\n*b*", "```never closed\nstrong(b)"),
		("> quoted *b*\n> more\nplain", "blockquote(quoted strong(b)\nmore)plain"),
		("one\n\ntwo", "one\n\ntwo"),
		("👍*bold*👍", "👍strong(bold)👍"),
		("https://example.com/a_b_c *x*", "a(https://example.com/a_b_c) strong(x)"),
		("(www.example.com).", "(a(www.example.com))."),
		("*https://example.com/*", "strong(a(https://example.com/))"),
		("javascript:alert(1) http://", "javascript:alert(1) http://"),
		("<b>&amp;</b>", "<b>&amp;</b>"),
		("<img src=x onerror=alert(1)>", "<img src=x onerror=alert(1)>"),
	],
)
def test_marks_become_elements(page: Page, text: str, drawn: str) -> None:
	assert page.evaluate(DRAW, text) == drawn


def test_links_go_to_the_web_and_tell_nothing_of_where_they_are_from(page: Page) -> None:
	links = page.evaluate(
		"""async text => {
			const { marked } = await import("/thread/marks");
			return marked(text).filter(node => node.href).map(node => [node.href, node.rel, node.target]);
		}""",
		"www.example.com and HTTPS://example.com/x?y=(z) and ftp://example.com",
	)
	safe = ["noopener noreferrer", "_blank"]
	assert links == [["https://www.example.com/", *safe], ["https://example.com/x?y=(z)", *safe]]


@settings(max_examples=6 * settings.default.max_examples)
@given(line=st.text(alphabet="*_~`> ax.1é👍\ufe0f", max_size=24))
def test_a_line_is_read_as_the_bridge_reads_it(page: Page, line: str) -> None:
	assert page.evaluate(DRAW, f"x{line}") == drawn_by_the_bridge(f"x{line}")


def test_a_long_and_nasty_text_takes_no_time(page: Page) -> None:
	for text in ("*a _b ~c `d " * 5000, "```\n" * 16000, "`" * 65000, "*" * 65000, "www." * 16000):
		took = page.evaluate(
			"""async text => {
				const { marked } = await import("/thread/marks");
				const began = performance.now();
				marked(text);
				return performance.now() - began;
			}""",
			text,
		)
		assert took < 3000, text[:12]


def drawn_by_the_bridge(line: str) -> str:
	found = read_marks(line)
	tags = {"*": "strong", "_": "em", "~": "s"}

	def between(start: int, end: int) -> str:
		drawn, at = "", start
		while at < end:
			if at in found.atoms:
				close = found.atoms[at]
				drawn += f"code({line[at:close].strip('`')})"
				at = close
			elif at in found.pairs:
				close = found.pairs[at]
				drawn += f"{tags[line[at]]}({between(at + 1, close)})"
				at = close + 1
			else:
				drawn += line[at]
				at += 1
		return drawn

	return between(0, len(line))
