"""The right side of the page: Markdown made safe, replies, deletions, files, states, and the agent's menus."""

import json

import pytest
from playwright.sync_api import expect

from wuzapi_chatwoot.sandbox import files
from wuzapi_chatwoot.sandbox.process import wait_until


@pytest.fixture
def desk(page, account):
	"""The page, with one conversation opened; its id is `desk.conversation_id`."""
	conversation = account.conversation(message={"content": "Hello", "message_type": "incoming"})
	page.get_by_test_id(f"agent-conversation-{conversation['id']}").click()
	page.conversation = conversation
	return page


def bubble_of(page, message_id):
	return page.locator(f"[data-testid=agent-bubble][data-message-id='{message_id}']")


def written(account, page, content="Hello", **fields):
	return bubble_of(page, account.write(page.conversation, content, **fields).json()["id"])


def choose(page, menu, entry):
	page.get_by_test_id(menu).click()
	page.get_by_test_id(f"agent-menu-{entry}").first.click()


@pytest.mark.parametrize(
	("content", "where", "words"),
	[
		("a **bold** word", "strong", "bold"),
		("an *italic* word", "em", "italic"),
		("an _italic_ word", "em", "italic"),
		("a ~~struck~~ word", "s", "struck"),
		("some `a *b*` code", "code", "a *b*"),
		("```\na *b*\n```", "pre", "a *b*"),
		("> said\n\nanswer", "blockquote", "said"),
		("- one\n- two", "ul li >> nth=1", "two"),
		("3. one\n4. two", "ol[start='3'] li >> nth=0", "one"),
		("[the *site*](https://example.com/a_b)", "a[href='https://example.com/a_b']", "the site"),
		(r"2 \* 3 \* 4", ".text", "2 * 3 * 4"),
		("**Ana:** hi", ".text", "Ana: hi"),
		("snake_case_name and 2*3", ".text", "snake_case_name and 2*3"),
	],
)
def test_markdown_is_rendered(desk, account, content, where, words):
	expect(written(account, desk, content, message_type="incoming").locator(where)).to_have_text(words)


@pytest.mark.parametrize(
	"content",
	[
		"<img src=x onerror=alert(1)>",
		"[click](javascript:alert(1))",
		"[click](data:text/html,x)",
		"**<script>alert(1)</script>**",
		"![x](https://example.com/x.png)",
	],
)
def test_nothing_that_is_written_becomes_markup_or_runs(desk, account, content):
	bubble = written(account, desk, content, message_type="incoming")
	expect(bubble.locator(".text")).to_be_visible()
	assert bubble.locator("img, script, iframe, a[href^='javascript'], a[href^='data']").count() == 0


def test_very_long_text_is_cut_until_asked_for(desk, account):
	bubble = written(account, desk, "x" * 9000 + " the end", message_type="incoming")
	expect(bubble).not_to_contain_text("the end")
	bubble.get_by_role("button", name="show all").click()
	expect(bubble).to_contain_text("the end")


def test_agent_replies_to_and_deletes_by_mouse(desk, account):
	first = written(account, desk, "Is *this* it?", message_type="incoming", source_id="WAID:3A1")
	first.hover()
	first.get_by_test_id("agent-reply").click()
	desk.get_by_test_id("agent-input").fill("Yes")
	desk.get_by_test_id("agent-send").click()
	answer = desk.get_by_test_id("agent-bubble").filter(has_text="Yes")
	expect(answer.get_by_test_id("agent-quote")).to_have_text("Ana ExampleIs this it?")
	expect(desk.locator("#agent-replying")).to_be_hidden()
	answer.hover()
	answer.get_by_test_id("agent-delete").click()
	expect(desk.get_by_test_id("agent-bubble").last).to_contain_text("This message was deleted")
	expect(desk.get_by_test_id("agent-bubble").last.locator("em.gone")).to_be_visible()


def test_note_echo_of_the_phone_and_status_are_told(desk, account):
	expect(written(account, desk, "for us", private=True)).to_contain_text("private note")
	echo = written(account, desk, "typed there", content_attributes={"external_echo": True})
	expect(echo).to_contain_text("from the phone")
	expect(echo.locator(".tick")).to_have_attribute("data-status", "sent")


def test_contact_is_shown_with_picture_and_attributes(desk, account, chatwoot):
	path = f"{account.base}/conversations/{desk.conversation['id']}/custom_attributes"
	chatwoot("POST", path, {"custom_attributes": {"ad_title": "Spring offer"}})
	url = f"{chatwoot.url}{account.base}/contacts/{desk.conversation['meta']['sender']['id']}"
	photo = {"avatar": ("me.jpg", files.made("image", 1).data, "image/jpeg")}
	chatwoot.session.put(url, files=photo, timeout=30)
	expect(desk.locator("#about .attributes")).to_have_text("ad_titleSpring offer")
	picture = desk.locator("#about img.avatar")
	expect(picture).to_be_visible()
	wait_until(lambda: picture.evaluate("each => each.naturalWidth") == 320)


def test_recorded_voice_can_be_played_by_a_browser(desk):
	choose(desk, "agent-menu", "voice")
	sound = desk.get_by_test_id("agent-bubble").last.locator(".sound")
	expect(sound.locator(".length")).to_have_text("0:03")
	expect(sound.get_by_role("button")).to_be_enabled()
	heard = sound.locator("audio").evaluate(
		"""async (player) => {
			const bytes = await (await fetch(player.src)).arrayBuffer();
			const sound = await new OfflineAudioContext(1, 44100, 44100).decodeAudioData(bytes);
			const loudest = sound.getChannelData(0).reduce((most, each) => Math.max(most, Math.abs(each)), 0);
			return JSON.stringify({ seconds: sound.duration, loudest });
		}"""
	)
	told = json.loads(heard)
	assert 2.8 < told["seconds"] < 3.1
	assert 0.2 < told["loudest"] < 0.9


def test_menu_of_the_agent_attaches(desk, sandbox):
	for kind in ("contact", "webp", "text", "image"):
		choose(desk, "agent-menu", kind)
	expect(desk.get_by_test_id("agent-bubble")).to_have_count(5)
	choose(desk, "agent-menu", "map")
	link = "https://maps.google.com/?q=51.5033,-0.1196"
	place = desk.get_by_test_id("agent-bubble").filter(has_text="maps.google.com")
	expect(place.get_by_role("link")).to_have_attribute("href", link)
	(shown,) = sandbox.control("chatwoot/conversations")["conversations"]
	attached = [[file["content_type"] for file in each["attachments"]] for each in shown["messages"][1:]]
	assert attached == [["text/vcard"], ["image/webp"], ["text/plain"], ["image/jpeg"] * 3, []]


def test_menu_of_the_conversation_moves_it(desk, sandbox):
	state = desk.get_by_test_id("agent-conversation-status")
	choose(desk, "agent-more", "pending")
	expect(state).to_have_attribute("data-status", "pending")
	desk.get_by_test_id("agent-status").click()
	expect(state).to_have_attribute("data-status", "open")
	choose(desk, "agent-more", "block")
	expect(desk.locator(".status.blocked")).to_be_visible()
	choose(desk, "agent-more", "window")
	# The customer has just written, so the window is open.
	expect(desk.locator("#window")).to_be_hidden()
	choose(desk, "agent-more", "delete_conversation")
	expect(desk.get_by_test_id("agent-bubble")).to_have_count(0)
	assert sandbox.control("chatwoot/conversations") == {"conversations": []}


def test_two_contacts_are_merged_by_mouse(desk, account, sandbox):
	other = account.contact("447700900456", name="Ben Sample")
	link = other["contact_inboxes"][0]
	body = {"inbox_id": link["inbox"]["id"], "contact_id": other["id"], "source_id": link["source_id"]}
	account.chatwoot("POST", f"{account.base}/conversations", body)
	expect(desk.locator("button.conversation")).to_have_count(2)
	choose(desk, "agent-more", "merge")
	contacts = wait_until(
		lambda: (found := sandbox.control("chatwoot/contacts")["contacts"]) and len(found) == 1 and found
	)
	assert contacts[0]["name"] == "Ana Example"
	assert len(contacts[0]["source_ids"]) == 2


def test_closed_window_and_typing_customer_are_told(page, account, sandbox):
	conversation = account.conversation()
	sandbox.control("agent/window", {"hours": 24})
	expect(page.locator("#window")).to_be_visible()
	identifier = "FictionalInboxIdent0001/contacts/447700900123@s.whatsapp.net"
	path = f"/public/api/v1/inboxes/{identifier}/conversations/{conversation['id']}/toggle_typing"
	account.chatwoot("POST", path, {"typing_status": "on"})
	expect(page.locator("#agent-typing")).to_have_text("Ana Example is typing …")


def test_tools_of_a_message_are_reached_by_keyboard(desk):
	bubble = desk.get_by_test_id("agent-bubble").first
	bubble.focus()
	desk.keyboard.press("Tab")
	expect(bubble.get_by_test_id("agent-reply")).to_be_focused()
	desk.keyboard.press("Enter")
	expect(desk.locator("#agent-replying")).to_have_text("Reply to: Hello×")
