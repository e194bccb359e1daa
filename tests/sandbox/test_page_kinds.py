"""Every kind of message is readable on both sides of the page, and can be sent and answered with the mouse."""

import pytest
from playwright.sync_api import expect

from wuzapi_chatwoot.sandbox.process import wait_until

ANA = "447700900123"


def bubble_of(page, message_id):
	return page.locator(f"[data-testid=phone-bubble][data-message-id='{message_id}']")


def says(sandbox, **body):
	return sandbox.control("phone/send", {"customer": ANA, **body})["messages"][-1]["id"]


PHONE_KINDS = [
	({"kind": "video"}, ".film .label", "Video · 0:12"),
	({"kind": "gif"}, ".film .label", "GIF"),
	({"kind": "video_note"}, ".film.video_note .label", "Video note · 0:12"),
	({"kind": "document", "name": "Quote.pdf"}, ".file", "pdf"),
	({"kind": "document", "name": "Quote.pdf"}, ".file b", "Quote.pdf"),
	({"kind": "voice"}, ".sound .length", "0:02"),
	({"kind": "view_once"}, ".view-once", "Opens once"),
	({"kind": "location"}, ".place b", "Example Wheel"),
	({"kind": "location"}, ".place a", "51.5033,-0.1196"),
	({"kind": "live_location"}, ".place b", "Live location"),
	({"kind": "contacts"}, ".contact >> nth=1", "+447700900790"),
	({"kind": "poll", "text": "Which?", "options": ["A", "B"]}, ".poll", "Which?"),
	({"kind": "order"}, ".card-in", "2 items · GBP 12.50"),
	({"kind": "product"}, ".card-in", "Apple cake"),
	({"kind": "group_invite"}, ".card-in", "Invitation to a group"),
	({"kind": "list_answer", "text": "Row", "description": "With nuts"}, ".mark", "With nuts"),
	({"kind": "undecryptable"}, "em", "Waiting for this message"),
	({"text": "x", "forwarded": True}, ".mark", "Forwarded"),
	({"text": "x", "ad": True}, ".card-in", "Spring offer"),
	({"text": "x https://example.com/cakes", "link_preview": True}, ".card-in", "An example page"),
	({"text": "@12025550100 hi", "mentions": ["12025550100"]}, ".mention", "@Example Shop"),
	({"text": "*bold*"}, "strong", "bold"),
	({"text": "_it_"}, ".text em", "it"),
	({"text": "~gone~"}, "s", "gone"),
	({"text": "```a *b*```"}, "code", "a *b*"),
	({"text": "> said\nanswer"}, "blockquote", "said"),
]


def test_phone_shows_every_kind(page, sandbox):
	ids = [says(sandbox, **body) for body, _, _ in PHONE_KINDS]
	for message_id, (_, where, words) in zip(ids, PHONE_KINDS, strict=True):
		expect(bubble_of(page, message_id).locator(where)).to_contain_text(words, ignore_case=True)


def test_voice_message_has_bars_of_different_heights(page, sandbox):
	bubble = bubble_of(page, says(sandbox, kind="voice"))
	bars = bubble.locator(".waveform rect")
	expect(bars).to_have_count(36)
	heights = {bar.get_attribute("height") for bar in bars.all()}
	assert len(heights) > 3
	expect(bubble.get_by_role("button", name="Play voice message")).to_be_enabled()


def test_marks_do_not_touch_addresses_and_prices(page, sandbox):
	words = "see https://example.com/a_b_c and 2*3*4 or snake_case_name"
	text = bubble_of(page, says(sandbox, text=words)).locator(".text")
	expect(text).to_have_text(words)
	assert text.locator("em, strong").count() == 0
	assert text.locator("a").get_attribute("href") == "https://example.com/a_b_c"


def test_edit_deletion_reaction_and_quote_are_marked(page, sandbox):
	first = says(sandbox, text="frist")
	says(sandbox, kind="edit", target=first, text="first")
	answer = says(sandbox, text="To that", reply_to=first)
	gone = says(sandbox, text="secret")
	says(sandbox, kind="delete", target=gone)
	says(sandbox, kind="reaction", target=answer, text="❤️")
	expect(bubble_of(page, first).locator(".edited")).to_have_attribute("title", "Before: frist")
	expect(bubble_of(page, answer).locator(".quote")).to_have_text("Ana Examplefirst")
	expect(bubble_of(page, answer).get_by_test_id("reactions")).to_have_attribute("title", "Ana Example ❤️")
	expect(bubble_of(page, gone)).to_contain_text("This message was deleted")
	expect(bubble_of(page, gone)).not_to_contain_text("secret")


def test_call_is_a_line_of_its_own(page, sandbox):
	call = says(sandbox, kind="call", video=True)
	line = page.get_by_test_id("phone-note")
	expect(line).to_contain_text("Video call")
	says(sandbox, kind="call_end", target=call)
	expect(line).to_contain_text("Missed video call")


def test_group_names_who_wrote(page, sandbox):
	page.get_by_test_id("phone-as-shop").check(force=True)
	page.get_by_test_id("phone-chat-120363000000000001").click()
	sandbox.control("phone/send", {"customer": ANA, "to_group": True, "text": "Hi all"})
	expect(page.get_by_test_id("phone-bubble").locator(".by")).to_have_text("Ana Example")


def test_longer_chats_are_shown_whole(page, sandbox):
	sandbox.control("phone/send", {"customer": ANA, "prefix": "m", "count": 45})
	expect(page.get_by_test_id("phone-bubble")).to_have_count(45)


MENU_KINDS = (
	"image",
	"album",
	"view_once",
	"gif",
	"audio",
	"contacts",
	"poll",
	"button_answer",
	"order",
	"call",
)


def test_menu_of_the_phone_sends_every_kind(page, sandbox):
	for kind in MENU_KINDS:
		page.get_by_test_id("phone-menu").click()
		page.get_by_test_id(f"phone-menu-{kind}").first.click()
		expect(page.get_by_role("menu")).to_have_count(0)
	chat = wait_until(lambda: _chat_with(sandbox, "call"))
	# An album brings its two pictures along.
	assert {each["kind"] for each in chat["messages"]} == set(MENU_KINDS)
	assert len(chat["messages"]) == len(MENU_KINDS) + 2


def _chat_with(sandbox, kind):
	chat = sandbox.control(f"phone/chats/{ANA}")
	return chat if any(each["kind"] == kind for each in chat["messages"]) else None


def test_menu_of_the_phone_acts_on_the_last_message(page, sandbox):
	poll = says(sandbox, kind="poll", text="Which?", options=["A", "B"])
	expect(page.get_by_test_id("phone-bubble")).to_have_count(1)

	def choose(entry):
		page.get_by_test_id("phone-menu").click()
		page.get_by_test_id(f"phone-menu-{entry}").click()

	choose("poll_vote")
	expect(bubble_of(page, poll).get_by_role("button", name="Vote for A, 1 votes")).to_be_visible()
	bubble_of(page, poll).get_by_role("button", name="Vote for B, 0 votes").click()
	expect(bubble_of(page, poll).get_by_role("button", name="Vote for B, 1 votes")).to_be_visible()
	choose("reaction")
	expect(bubble_of(page, poll).get_by_test_id("reactions")).to_have_text("❤️")
	choose("delete")
	expect(bubble_of(page, poll)).to_contain_text("This message was deleted")


def test_menu_opens_and_closes_by_keyboard(page):
	opener = page.get_by_test_id("phone-menu")
	opener.focus()
	page.keyboard.press("Enter")
	expect(page.get_by_role("menuitem").first).to_be_focused()
	page.keyboard.press("ArrowDown")
	expect(page.get_by_role("menuitem").nth(1)).to_be_focused()
	page.keyboard.press("Escape")
	expect(page.get_by_role("menu")).to_have_count(0)
	expect(opener).to_be_focused()


def test_file_from_this_machine_goes_to_the_shop(page, sandbox):
	file = {"name": "list.txt", "mimeType": "text/plain", "buffer": b"eggs"}
	page.get_by_test_id("phone-file").set_input_files(file)
	expect(page.get_by_test_id("phone-bubble").locator(".file b")).to_have_text("list.txt")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_page_fits_a_narrow_screen(browser, sandbox, scheme):
	for body in ({"kind": "location"}, {"kind": "voice"}, {"text": "long" * 80}, {"kind": "poll"}):
		says(sandbox, **body)
	page = browser.new_page(viewport={"width": 390, "height": 844}, color_scheme=scheme)
	page.goto(sandbox.page)
	expect(page.get_by_test_id("phone-bubble")).to_have_count(4)
	page.get_by_test_id("phone-menu").click()
	assert page.evaluate("document.documentElement.scrollWidth") == 390
	chat = page.locator("#chat").bounding_box()
	for bubble in page.get_by_test_id("phone-bubble").all():
		box = bubble.bounding_box()
		assert chat["x"] <= box["x"]
		assert box["x"] + box["width"] <= chat["x"] + chat["width"]
	page.close()


def test_customer_types_and_records_on_the_shops_phone(page, sandbox, receiver, forget_webhooks):
	for entry, state in (("composing", "composing"), ("recording", "composing"), ("paused", "paused")):
		forget_webhooks()
		page.get_by_test_id("phone-menu").click()
		page.get_by_test_id(f"phone-menu-{entry}").click()
		(event,) = receiver.wait("wuzapi", type="ChatPresence")
		media = "audio" if entry == "recording" else ""
		assert (event["event"]["State"], event["event"]["Media"]) == (state, media)
