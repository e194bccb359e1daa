"""Every kind of message in the thread, and what can be done with one: answered, reacted to, looked at in earlier forms."""

from __future__ import annotations

import pytest
from desk_page import arrives, open_thread
from playwright.sync_api import Page, expect

QUESTION = {"text": "Are you *open* today?", "sender_name": "Ana"}


def test_an_answer_quotes_its_original_and_leads_to_it(page: Page) -> None:
	open_thread(page, 120)
	page.evaluate(
		"server.arrives({ text: 'That one', direction: 'out', origin: 'desk', sender_name: 'Lisa', reply: server.messages[4] })"
	)
	quote = page.locator(".wuzapi-bubble .wuzapi-quote")
	expect(quote).to_have_text("Anamessage 5")
	expect(page.locator("[data-message='5']")).to_have_count(0)
	quote.click()
	expect(page.locator("[data-message='5']")).to_be_in_viewport()
	page.evaluate("server.changes(5, { text: 'changed', deleted: '2026-03-01 12:11:00' })")
	expect(quote).to_have_text("Anachanged")
	expect(quote.locator(".wuzapi-struck")).to_have_count(1)


def test_a_reply_is_begun_kept_for_its_conversation_and_sent(page: Page) -> None:
	open_thread(page, 0)
	arrives(page, **QUESTION)
	bar = page.locator(".wuzapi-answered")
	page.locator(".wuzapi-row").hover()
	page.get_by_role("button", name="Reply").click()
	expect(bar).to_contain_text("Are you *open* today?")
	expect(page.locator(".wuzapi-input")).to_be_focused()
	page.get_by_role("button", name="Do not reply to it").click()
	expect(bar).to_be_empty()
	page.get_by_role("button", name="Reply").click()
	page.keyboard.press("Escape")
	expect(bar).to_be_empty()
	page.get_by_role("button", name="Reply").click()
	page.evaluate("thread.composer.show(2)")
	expect(bar).to_be_empty()
	page.evaluate("thread.composer.show(1)")
	page.locator(".wuzapi-input").fill("Until six")
	page.keyboard.press("Enter")
	expect(bar).to_be_empty()
	expect(page.locator(".wuzapi-bubble .wuzapi-quote")).to_have_text("AnaAre you *open* today?")
	page.wait_for_function("server.sent.length === 1")
	assert page.evaluate("[server.sent[0].text, server.sent[0].reply_to]") == ["Until six", 1]


def test_a_refused_reply_is_one_again(page: Page) -> None:
	open_thread(page, 0)
	arrives(page, **QUESTION)
	page.evaluate("server.refuses = 1")
	page.locator(".wuzapi-answer").click(force=True)
	page.locator(".wuzapi-input").fill("Until six")
	page.keyboard.press("Enter")
	page.locator(".wuzapi-unsent-edit").click()
	expect(page.locator(".wuzapi-input")).to_have_value("Until six")
	expect(page.locator(".wuzapi-answered")).to_contain_text("open")


def test_reactions_are_badges_with_names_and_ours_is_taken_back(page: Page) -> None:
	open_thread(page, 0)
	arrives(
		page,
		**QUESTION,
		reactions=[
			{"emoji": "👍", "name": "Ana", "own": False},
			{"emoji": "👍", "name": "<b>Ben</b>", "own": False},
			{"emoji": "🙏", "name": "Lisa", "own": True},
		],
	)
	badges = page.locator(".wuzapi-badge")
	expect(badges).to_have_text(["👍 2", "🙏"])
	expect(badges.first).to_have_attribute("title", "Ana, <b>Ben</b>")
	badges.nth(1).click()
	badges.nth(0).click()
	assert page.evaluate("server.reactions") == [{"message": 1, "emoji": ""}, {"message": 1, "emoji": "👍"}]
	page.evaluate("server.changes(1, { reactions: [] })")
	expect(badges).to_have_count(0)


def test_a_reaction_is_chosen_by_mouse_or_keyboard(page: Page) -> None:
	open_thread(page, 0)
	arrives(page, **QUESTION)
	react = page.get_by_role("button", name="React", exact=True)
	page.locator(".wuzapi-row").hover()
	react.click()
	expect(page.locator(".wuzapi-emoji")).to_have_text(["👍", "❤️", "😂", "😮", "😢", "🙏"])
	expect(page.locator(".wuzapi-emoji").first).to_be_focused()
	page.keyboard.press("Escape")
	expect(page.locator(".wuzapi-picker")).to_have_count(0)
	expect(react).to_be_focused()
	page.keyboard.press("Enter")
	page.get_by_role("button", name="React with ❤️").press("Enter")
	react.press("Enter")
	page.get_by_label("Another emoji").fill("🎉")
	page.keyboard.press("Enter")
	expect(page.locator(".wuzapi-picker")).to_have_count(0)
	assert page.evaluate("server.reactions.map(({ emoji }) => emoji)") == ["❤️", "🎉"]


def test_an_edited_message_shows_its_earlier_texts(page: Page) -> None:
	open_thread(page, 0)
	arrives(page, text="At five")
	expect(page.locator(".wuzapi-edited")).to_have_count(0)
	page.evaluate("server.changes(1, { text: 'At six', edited: ['At four', '<b>At five</b>'] })")
	mark = page.locator(".wuzapi-edited")
	expect(page.locator(".wuzapi-text")).to_have_text("At six")
	expect(mark).to_have_attribute("title", "At four\n<b>At five</b>")
	expect(page.locator(".wuzapi-earlier")).to_be_hidden()
	mark.click()
	expect(mark).to_have_attribute("aria-expanded", "true")
	expect(page.locator(".wuzapi-earlier-text")).to_have_text(["At four", "<b>At five</b>"])


def test_a_deleted_message_can_still_be_read_and_no_more_be_answered(page: Page) -> None:
	open_thread(page, 0)
	arrives(page, text="A slip")
	page.evaluate("server.changes(1, { deleted: '2026-03-01 12:11:00' })")
	expect(page.locator(".wuzapi-gone")).to_have_text("This message was deleted")
	expect(page.locator(".wuzapi-text")).to_have_text("A slip")
	expect(page.locator(".wuzapi-text")).to_have_css("text-decoration-line", "line-through")
	expect(page.locator(".wuzapi-bubble")).to_have_css("font-style", "italic")
	expect(page.locator(".wuzapi-tools button")).to_have_count(0)


def test_a_place_is_a_pin_with_a_link(page: Page) -> None:
	open_thread(page, 0)
	text = "📍 Location: <i>Wheel</i>\n1 Sample Road\nhttps://maps.google.com/?q=51.50330001,-0.1196"
	arrives(page, kind="location", text=text)
	expect(page.locator(".wuzapi-place-name")).to_have_text("Location: <i>Wheel</i>")
	expect(page.locator(".wuzapi-place")).to_contain_text("1 Sample Road")
	expect(page.locator(".wuzapi-coordinates")).to_have_text("51.5033, -0.1196")
	link = page.get_by_role("link", name="Open the map")
	expect(link).to_have_attribute("href", "https://maps.google.com/?q=51.50330001,-0.1196")
	arrives(page, kind="location", text="somewhere")
	expect(page.locator(".wuzapi-text")).to_have_text("somewhere")


def test_contact_cards_show_names_and_numbers_that_can_be_called(page: Page) -> None:
	open_thread(page, 0)
	arrives(
		page,
		kind="contactcards",
		text="👤 Contact: Cara, Ltd, +44 7700 900789, +44 7700 900790\n👤 Contact: Dan",
	)
	expect(page.locator(".wuzapi-card-name")).to_have_text(["Cara, Ltd", "Dan"])
	expect(page.locator(".wuzapi-card a")).to_have_count(2)
	expect(page.locator(".wuzapi-card a").first).to_have_attribute("href", "tel:+447700900789")


def test_every_file_of_a_message_is_there(page: Page) -> None:
	open_thread(page, 0)
	cards = [
		{"file_url": f"/private/files/{name}", "file_name": name, "mime_type": None}
		for name in ("a.vcf", "b.vcf")
	]
	arrives(page, kind="contactcards", text="👤 Contact: A\n👤 Contact: B", **cards[0], more_files=cards[1:])
	expect(page.locator("a.wuzapi-file")).to_have_text(["a.vcf", "b.vcf"])


def test_a_poll_shows_its_options(page: Page) -> None:
	open_thread(page, 0)
	arrives(
		page, kind="poll", text="📊 Poll: *When*?\n• Monday\n• Tuesday", options=["Monday", "<b>Tuesday</b>"]
	)
	expect(page.locator(".wuzapi-text")).to_have_text("📊 Poll: When?")
	expect(page.locator(".wuzapi-poll li")).to_have_text(["Monday", "<b>Tuesday</b>"])


@pytest.mark.parametrize("kind", ["reaction", "edit", "revoke", "pin", "kept", "phonecall", "group_change"])
def test_what_is_about_another_message_or_nobodys_is_a_line(page: Page, kind: str) -> None:
	open_thread(page, 0)
	arrives(page, kind=kind, text="What happened")
	expect(page.locator(".wuzapi-line")).to_have_count(1)
	expect(page.locator(".wuzapi-line .wuzapi-text")).to_have_text("What happened")
	expect(page.locator(".wuzapi-tools button")).to_have_count(0)
	named = [] if kind in ("phonecall", "group_change") else ["Ana"]
	assert [name for name in page.locator(".wuzapi-author").all_text_contents() if name] == named


def test_what_could_not_be_shown_is_a_line_of_ours_in_italics(page: Page) -> None:
	open_thread(page, 0)
	arrives(page, kind="undecryptable", text="👁️ A message to be viewed once: open it on the phone")
	expect(page.locator(".wuzapi-stand-in")).to_have_css("font-style", "italic")


@pytest.mark.parametrize(
	("kind", "file", "selector"),
	[
		("image", "a.gif", ".wuzapi-picture img"),
		("sticker", "a.webp", ".wuzapi-sticker img"),
		("video", "a.mp4", "video.wuzapi-film"),
		("video_note", "a.mp4", "video.wuzapi-video-note"),
		("gif", "a.mp4", "video[loop]"),
		("voice", "a.ogg", "audio"),
		("audio", "a.mp3", "audio"),
		("document", "a.gif", "a.wuzapi-file"),
	],
)
def test_media_of_each_kind(page: Page, kind: str, file: str, selector: str) -> None:
	open_thread(page, 0)
	arrives(page, kind=kind, file_url=f"/private/files/{file}", file_name=file, mime_type=None)
	expect(page.locator(f".wuzapi-content {selector}")).to_have_count(1)


def test_a_file_that_is_not_here_is_named(page: Page) -> None:
	open_thread(page, 0)
	arrives(page, kind="image", text="The new one")
	expect(page.locator(".wuzapi-file")).to_have_text("Picture: not here")
	expect(page.locator(".wuzapi-text")).to_have_text("The new one")


def test_a_new_tick_does_not_stop_what_plays(page: Page) -> None:
	open_thread(page, 0)
	page.evaluate(
		"server.arrives({ kind: 'voice', direction: 'out', status: 'sent', file_url: '/private/files/a.ogg' })"
	)
	page.locator("audio").evaluate("audio => { window.audio = audio }")
	page.evaluate("server.changes(1, { status: 'read', reactions: [{ emoji: '👍', name: '', own: false }] })")
	expect(page.locator(".wuzapi-badge")).to_have_attribute("title", "Customer")
	assert page.evaluate("audio.isConnected") is True


def test_a_telephone_has_room_for_all_of_it(page: Page) -> None:
	page.set_viewport_size({"width": 390, "height": 700})
	open_thread(page, 0)
	arrives(
		page, text="x" * 400, reactions=[{"emoji": "👍", "name": "Ana", "own": False}], edited=["y" * 300]
	)
	page.locator(".wuzapi-react").click(force=True)
	page.locator(".wuzapi-answer").click(force=True)
	expect(page.locator(".wuzapi-answered")).to_be_in_viewport(ratio=1)
	assert page.evaluate(
		"document.querySelector('.wuzapi-scroller').scrollWidth <= document.querySelector('.wuzapi-scroller').clientWidth"
	)
	assert page.evaluate("document.documentElement.scrollWidth") <= 390
	width = page.locator(".wuzapi-input").bounding_box()
	assert width
	assert width["width"] > 130
