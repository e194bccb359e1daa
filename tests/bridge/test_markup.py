"""WhatsApp's marks to Markdown and back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wuzapi_chatwoot.bridge.text.markup import escape, to_markdown, to_whatsapp

PLAIN = [
	"",
	"Hello, how are you?",
	"See you at 5:30 (or later) - ok?",
	"snake_case_word and __init_subclass__x",
	"a * b * c, 2*3, 5 - 3 = 2, 3 < 5 > 1, <3",
	"~/path and C:\\path\\to",
	"#hashtag, +44 7700 900123 & more; AT&T",
	"https://x.org/a_b_c*d?x=1&copy=2#_top_",
	"See https://en.wikipedia.org/wiki/A_(b)_c_, please",
	"[12:30, 1/2/2024] Ana: hi [1]",
	"- milk\n- bread\n\n1. one\n2. two\n\n* a\n* b",
	"  a little in\n      and on",
	"it`s here | there ~ now",
	"> quoted\n> twice",
	"😀 👩‍👩‍👧 ❤️ नमस्ते",
	"```one line``` and `code`",
]

MARKED = [
	("*bold*", "**bold**"),
	("_it_, ~s~! (*b*)", "_it_, ~~s~~! (**b**)"),
	("*_both_* _*both*_ ~*_all_*~", "**_both_** _**both**_ ~~**_all_**~~"),
	("¯\\_(ツ)_/¯", "¯\\\\_(ツ)_/¯"),
	("✅*Done* 🎉_soon_🎉", "✅**Done** 🎉*soon*🎉"),
	("*😀 x 😀* and ❤️~😀 x~", "**😀 x 😀** and ❤️~😀 x~"),
	("*https://x.org/a_b*", "**https://x.org/a_b**"),
	("*note: this is *important*", "\\*note: this is **important**"),
	("*a `x*y` b*", "**a `x*y` b**"),
	("> *q*", "> **q**"),
	("- *x*\n* _y_", "- **x**\n* _y_"),
	# No marks to WhatsApp.
	("2*3*4", "2\\*3\\*4"),
	("**x**", "\\*\\*x\\*\\*"),
	("__x__ ~~y~~", "\\_\\_x\\_\\_ \\~\\~y\\~\\~"),
	("*open\nclose*", "\\*open\nclose\\*"),
	("* x*", "* x*"),
	("` x ` y", "\\` x \\` y"),
	("x`a` and `b`c", "x\\`a\\` and \\`b\\`c"),
	("\u00a0*x*\u00a0_y_", "\u00a0**x**\u00a0_y_"),
	('a✅*"x"*', 'a✅\\*"x"\\*'),
	("🎉_*x*_", "🎉\\_**x**\\_"),
	("see ```a\nb```", "see \\`\\`\\`a\nb\\`\\`\\`"),
	("[a](https://x.org)", "[a\\](https://x.org)"),
	("[a]: https://x.org", "[a\\]: https://x.org"),
	("<https://x.org> <b>x</b> <ana@example.org>", "\\<https://x.org> \\<b>x\\</b> \\<ana@example.org>"),
	("&amp; &#32; &nothing;", "\\&amp; \\&#32; &nothing;"),
	("\\*x\\", "\\\\*x\\\\"),
	# The starts of lines.
	("# title\n####### no", "\\# title\n####### no"),
	("+ x\n1) y", "\\+ x\n1\\) y"),
	("---\n***\n* * *\n_____", "\\---\n\\*\\*\\*\n\\* * *\n\\_\\_\\_\\_\\_"),
	("a\n===\nb\n--", "a\n\\===\nb\n\\--"),
	("-\n1.\n- # x", "\\-\n1\\.\n- \\# x"),
	("1. a\n3. b", "1. a\n3\\. b"),
	(">50 kg >:(\n>_<", "\\>50 kg >:(\n\\>_<"),
	("~~~\nx", "\\~\\~\\~\nx"),
	("    far in\n\n\tso too", "&#32;   far in\n\n&#9;so too"),
	("a | b\n--|--", "a | b\n\\--|--"),
	# Quotes end where WhatsApp ends them.
	("> q\nanswer", "> q\n\nanswer"),
	("> q\n\nanswer", "> q\n\n\nanswer"),
	# Blocks of code.
	("```a\n  *b*\n\nc```\nx", "```\na\n  *b*\n\nc\n```\nx"),
	("```\na\nb\n```", "````\na\nb\n````"),
	("```open\nand no end", "\\`\\`\\`open\nand no end"),
]

WRITTEN = [
	("**a** __b__ *c* _d_ ~~e~~ `f`", "*a* *b* _c_ _d_ ~e~ `f`"),
	("***both*** ~~**x**~~", "_*both*_ ~*x*~"),
	("**a **b** c**", "*a b c*"),
	("(**x**) **Ana:** hi", "(*x*) *Ana:* hi"),
	("foo**bar**baz *a*b", "foobarbaz ab"),
	("**a\\\nb** and **c  \nd**", "*a*\n*b* and *c*\n*d*"),
	("a\\\nb  \nc\r\nd", "a\nb\nc\nd"),
	("\\*not\\* \\_x\\_ \\# \\a", "*not* _x_ # \\a"),
	("snake_case 2 * 3 ~x~ https://x.org/a_b_c*d*", "snake_case 2 * 3 ~x~ https://x.org/a_b_c*d*"),
	("`a*b*` `` a`b `` ` c `", "`a*b*` ```a`b``` `c`"),
	("```\ncode\n```", "```code```"),
	("```python\nx = 1\n  *y*\n```\nz", "```x = 1\n  *y*```\nz"),
	("~~~\na\n~~~", "```a```"),
	("````\na\n````", "```\na\n```"),
	("```\nno end", "```no end```"),
	("- a\n  ```\n  c\n    d\n  ```\n- e", "- a\n  ```c\n  d```\n- e"),
	("```\n```", ""),
	('[our **site**](https://x.org/a_b "Title")', "our *site* (https://x.org/a_b)"),
	("**[a](https://x.org)** [x](<https://x.org/a b>)", "*a (https://x.org)* x (https://x.org/a b)"),
	("[https://x.org/a_b](https://x.org/a_b) [x.org](https://x.org/)", "https://x.org/a_b x.org"),
	("[mail](mailto:ana@example.org)", "mail (ana@example.org)"),
	("[ana@example.org](mailto:ana@example.org)", "ana@example.org"),
	("[+44 7700 900123](tel:+447700900123)", "+44 7700 900123"),
	("[a](https://x.org/b_(c)) [](https://y.org) [z]()", "a (https://x.org/b_(c)) https://y.org z"),
	("*a [b* c](https://x.org)", "*a b* c (https://x.org)"),
	("[x](y and [z] [ ] todo", "[x](y and [z] [ ] todo"),
	("<https://x.org/a_b> <ana@example.org> <b>", "https://x.org/a_b ana@example.org <b>"),
	("![cat](https://x.org/c.png) ![](https://x.org/d.png)", "cat (https://x.org/c.png) https://x.org/d.png"),
	("# Title\n## **T** x ##\n###### C#\n#no", "*Title*\n*T x*\n*C#*\n#no"),
	("* a\n- b\n+ c\n  + d\n1. e\n2) f", "* a\n- b\n- c\n  - d\n1. e\n2. f"),
	("> q **b**\\\n> c\n\nanswer", "> q *b*\n> c\nanswer"),
	("> a\n\n> b", "> a\n\n> b"),
	(">a\n> > nested\n>\n> y", "> a\n> nested\n>\n> y"),
	("1 &lt; 2 &amp; 3 &#x41; &nothing; &", "1 < 2 & 3 A &nothing; &"),
	("&#0; &#xD800; &#x110000; &#xZ; &#12345678; &#;", "\ufffd \ufffd \ufffd &#xZ; &#12345678; &#;"),
	("[a](https://x.org?b=1&amp;c=\\*)", "a (https://x.org?b=1&c=*)"),
	('[a](<b\nc>) [a](b "c) [a](((((b)', '[a](<b\nc>) [a](b "c) [a](((((b)'),
	("[a](" + "(" * 40 + ")" * 41, "[a](" + "(" * 40 + ")" * 41),
	("[a\nb](\n<c>\n'd'\n) e", "a\nb (c) e"),
	("`` ``` `` ` ` *", "```   *"),
	("a\n\n\nb", "a\n\n\nb"),
]


@pytest.mark.parametrize("text", PLAIN)
def test_plain_text_stays_as_it_is(text: str) -> None:
	assert to_markdown(text) == text
	assert to_whatsapp(text) == text


@pytest.mark.parametrize(("text", "markdown"), MARKED)
def test_whatsapp_text_as_markdown_and_back(text: str, markdown: str) -> None:
	assert to_markdown(text) == markdown
	assert to_whatsapp(markdown) == text


@pytest.mark.parametrize(("markdown", "text"), WRITTEN)
def test_what_agents_write_as_whatsapp_text(markdown: str, text: str) -> None:
	assert to_whatsapp(markdown) == text


def _without_trailing_blanks(text: str) -> str:
	lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
	return "\n".join(line.rstrip(" \t") for line in lines)


@given(st.text())
def test_any_text_comes_back(text: str) -> None:
	assert _without_trailing_blanks(to_whatsapp(to_markdown(text))) == _without_trailing_blanks(text)


SPECIAL = [
	*"*_~`[]()<>!#-+=.:|&;\\1 2ab\n\t\"'/@",
	"\r\n",
	"**",
	"~~",
	"](",
	"--",
	"&amp;",
	"    ",
	"<b>",
	"a@b.c",
]
BLOCKS = ["> ", "- ", "* ", "1. ", "2) ", "# ", "\n```\n", "```", "\n\n"]
WORDS = [
	"word",
	"été",
	"नमस्ते",
	"😀",
	"❤️",
	"*bold*",
	"_it_",
	"~s~",
	"`code`",
	"https://x.org/a_b*c",
	"www.x.org/_a_",
	"“",
]


@given(st.lists(st.sampled_from(SPECIAL + BLOCKS + WORDS), max_size=30).map("".join))
def test_texts_made_of_marks_come_back(text: str) -> None:
	assert _without_trailing_blanks(to_whatsapp(to_markdown(text))) == _without_trailing_blanks(text)


def _composed() -> st.SearchStrategy[str]:
	words = st.sampled_from(
		["word", "snake_case", "2*3", "😀", "https://x.org/a_b*c*", "naïve,", "`x_y`", "(a)"]
	)
	phrases = st.lists(words, min_size=1, max_size=4).map(" ".join)
	marked = st.recursive(
		phrases,
		lambda inner: st.tuples(st.sampled_from("*_~"), inner).map(lambda pair: pair[0] + pair[1] + pair[0]),
		max_leaves=3,
	)
	sentences = st.lists(marked, min_size=1, max_size=4).map(" ".join)
	starts = st.sampled_from(["", "", "> ", "- ", "* ", "1. ", "  "])
	lines = st.tuples(starts, sentences).map("".join)
	code = st.lists(st.sampled_from(["x = 1", "  *y*", "", "> z"]), max_size=3).map("\n".join)
	blocks = code.map(lambda text: f"```a\n{text}```") | code.map(lambda text: f"```\n{text}b\n```")
	return st.lists(lines | blocks | st.just(""), max_size=6).map("\n".join)


@given(_composed())
def test_composed_messages_come_back_to_the_letter(text: str) -> None:
	assert to_whatsapp(to_markdown(text)) == text


WITHOUT_LINKS_AND_FENCES = [part for part in SPECIAL + BLOCKS + WORDS if not {*"&(`~"} & {*part}]


@given(st.lists(st.sampled_from(WITHOUT_LINKS_AND_FENCES), max_size=40).map("".join))
def test_no_word_of_any_markdown_is_lost(markdown: str) -> None:
	assert list(filter(str.isalnum, to_whatsapp(markdown))) == list(filter(str.isalnum, markdown))


@given(st.text() | st.lists(st.sampled_from(SPECIAL + BLOCKS + WORDS), max_size=40).map("".join))
def test_what_agents_wrote_is_not_made_into_something_else_the_second_time(markdown: str) -> None:
	text = to_whatsapp(markdown)
	assert _without_trailing_blanks(to_whatsapp(to_markdown(text))) == _without_trailing_blanks(text)


@given(st.text() | st.lists(st.sampled_from(SPECIAL + BLOCKS + WORDS), max_size=20).map("".join))
def test_an_escaped_name_is_read_as_it_is(name: str) -> None:
	assert to_whatsapp(escape(name)) == " ".join(name.split())


@pytest.mark.parametrize(
	("name", "escaped"),
	[
		("Ana Example", "Ana Example"),
		("Ana (Shop) & Co.", "Ana (Shop) & Co."),
		("*Ana*_x_", "\\*Ana\\*\\_x\\_"),
		("snake_case", "snake_case"),
		(" Ana\n  B ", "Ana B"),
		("[x](y) <b> `c` &amp; ~", "\\[x\\](y) \\<b> \\`c\\` \\&amp; \\~"),
		("- Ana", "\\- Ana"),
		("1. FC Köln", "1\\. FC Köln"),
		("# > x", "\\# > x"),
		("> x", "\\> x"),
		("", ""),
	],
)
def test_escape(name: str, escaped: str) -> None:
	assert escape(name) == escaped
	assert to_whatsapp(f"{escaped}: y") == f"{' '.join(name.split())}: y"


def test_an_escaped_name_can_be_bold() -> None:
	assert to_whatsapp(f"**{escape('A_b_ [x](y) > 1. # é')}:** hi") == "*A_b_ [x](y) > 1. # é:* hi"


@pytest.mark.parametrize(
	"unit",
	[
		*"*_`[<~&\\(!#>\n",
		"a*",
		"*a ",
		"*_",
		"[a](",
		"![",
		"](",
		"<a",
		"**a*",
		"> ",
		"- ",
		"1. ",
		"```\n",
		"```a\n",
		"\\ ",
	],
)
@pytest.mark.no_cover
def test_long_texts_of_marks_are_read_without_going_over_them_again_and_again(unit: str) -> None:
	text = (unit * 60_000)[:60_000]
	assert _without_trailing_blanks(to_whatsapp(to_markdown(text))) == _without_trailing_blanks(text)
	assert len(to_whatsapp(text)) <= len(text) + 10
	assert to_whatsapp(escape(text)) == " ".join(text.split())
