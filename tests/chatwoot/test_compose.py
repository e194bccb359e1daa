"""What goes into a message's body: text that stays text, types that show, names that fit."""

from dataclasses import replace
from datetime import datetime, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wuzapi_chatwoot.bridge.ports.chatwoot import Post
from wuzapi_chatwoot.bridge.ports.gateway import OutgoingFile
from wuzapi_chatwoot.chatwoot.client import compose

SENT_AT = datetime(2026, 9, 1, 13, 0, tzinfo=timezone.utc)


def content(text: str, *, incoming: bool) -> str:
	return compose.content(Post(text=text, incoming=incoming, source_id="WAID:1", sent_at=SENT_AT))


class TestLiquid:
	@pytest.mark.parametrize("text", ["", "plain", "{ one }", "{}", "%} }}", "`code`", "{ {x} }"])
	def test_plain_text_is_untouched(self, text):
		assert content(text, incoming=False) == text

	@pytest.mark.parametrize(
		("text", "sent"),
		[
			("{{ contact.name }}", "{% raw %}{{ contact.name }}{% endraw %}"),
			("{% if x %}", "{% raw %}{% if x %}{% endraw %}"),
			("ends in {{", "{% raw %}ends in {{{% endraw %}"),
			("`{{x}}`", "`{\u2060{x}}`"),
			("`a` {%x%}", "`a` {\u2060%x%}"),
			("{{{x", "{% raw %}{{{x{% endraw %}"),
			("`{{{{x", "`{\u2060{\u2060{\u2060{x"),
			("{% raw %}{{x}}{% endraw %}", "{\u2060% raw %}{\u2060{x}}{\u2060% endraw %}"),
		],
	)
	def test_templates_are_disarmed(self, text, sent):
		assert content(text, incoming=False) == sent

	@pytest.mark.parametrize("text", ["{{ contact.name }}", "`{%x%}`"])
	def test_incoming_text_is_never_rendered(self, text):
		assert content(text, incoming=True) == text

	@given(st.text(alphabet="{%}`ab endraw"))
	def test_what_is_not_wrapped_holds_no_tag(self, text):
		sent = content(text, incoming=False)
		if sent.startswith("{% raw %}"):
			assert sent == "{% raw %}" + text + "{% endraw %}"
		else:
			assert "{{" not in sent
			assert "{%" not in sent
			assert sent.replace("\u2060", "") == text


class TestLength:
	@pytest.mark.parametrize("incoming", [True, False])
	def test_what_fits_is_untouched(self, incoming):
		assert content("x" * 150_000, incoming=incoming) == "x" * 150_000

	@pytest.mark.parametrize("incoming", [True, False])
	def test_what_does_not_is_cut_and_says_so(self, incoming):
		sent = content("x" * 150_001, incoming=incoming)
		assert len(sent) <= 150_000
		assert sent == "x" * (sent.count("x") - compose.CUT_MARK.count("x")) + compose.CUT_MARK

	@pytest.mark.parametrize("text", ["{{" + "x" * 149_990, "`" + "{" * 149_999, "{{`" * 60_000])
	def test_disarming_does_not_make_it_too_long(self, text):
		sent = content(text, incoming=False)
		assert 149_900 < len(sent) <= 150_000
		assert compose.CUT_MARK in sent

	def test_a_wrapped_text_is_cut_inside(self):
		sent = content("{{" + "x" * 149_999, incoming=False)
		assert sent.startswith("{% raw %}{{xxx")
		assert sent.endswith("takes]{% endraw %}")


def test_what_neither_utf8_nor_the_database_holds():
	assert content("a\x00b\ud83dc", incoming=True) == "ab\ufffdc"


def test_control_characters_never_reach_chatwoot():
	assert content("a\x07b\x1b[31m\tc\r\nd\x7f", incoming=True) == "ab[31m\tc\r\nd"


@pytest.mark.parametrize(
	("declared", "sent"),
	[
		("image/jpeg", "image/jpeg"),
		("image/jpeg; foo=bar", "image/jpeg"),
		("IMAGE/PNG", "image/png"),
		("video/mp4;codecs=avc1", "video/mp4"),
		("audio/ogg; codecs=opus", "audio/ogg; codecs=opus"),
		("audio/ogg;codecs=opus", "audio/ogg; codecs=opus"),
		("application/ogg", "audio/ogg"),
		("application/ogg; codecs=opus", "audio/ogg"),
		("audio/ogg; a\r\nX-Evil: 1", "audio/ogg"),
		("application/vnd.ms-excel", "application/vnd.ms-excel"),
		("", "application/octet-stream"),
		("image", "application/octet-stream"),
		("image/jp\r\neg", "application/octet-stream"),
		("image/é", "application/octet-stream"),
	],
)
def test_declared_type(declared, sent):
	assert compose.part_type(declared) == sent


@pytest.mark.parametrize(
	("name", "mime_type", "sent"),
	[
		("bolo.jpg", "image/jpeg", "bolo.jpg"),
		("bolo.jpeg", "image/png", "bolo.jpeg"),
		("voice", "audio/ogg; codecs=opus", "voice.ogg"),
		("", "image/webp", "file.webp"),
		("", "application/x-nobody-knows", "file"),
		("../../etc/passwd", "", ".._.._etc_passwd"),
		('a"b\r\n.txt', "text/plain", "a_b__.txt"),
		("v1.2 final", "application/pdf", "v1.2 final.pdf"),
		("..", "application/pdf", "file.pdf"),
		("\ud800.pdf", "application/pdf", "\ufffd.pdf"),
	],
)
def test_file_name(name, mime_type, sent):
	[(field, part)] = compose.message_files([OutgoingFile(b"x", mime_type, name)])
	assert field == "attachments[]"
	assert part[0] == sent
	assert part[1] == b"x"


def test_a_choice_stands_where_the_widget_puts_it():
	plain = Post(text="Opening hours", incoming=True, source_id="WAID:1", sent_at=SENT_AT)
	chosen = replace(plain, chosen=("Opening hours", "hours\x00"))
	attributes = compose.message(chosen)["content_attributes"]
	assert attributes["submitted_values"] == [{"title": "Opening hours", "value": "hours"}]
	assert "submitted_values" not in compose.message(plain)["content_attributes"]


@pytest.mark.parametrize(
	("name", "body"),
	[("Ana\r\nExample", {"name": "Ana Example"}), ("\u3164", {}), ("\u200b \u2800", {}), (None, {})],
)
def test_a_contact_is_called_by_one_line_that_can_be_seen(name, body):
	assert compose.contact_changes(name, None) == body
