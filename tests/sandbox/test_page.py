"""The page in a real browser: what is typed shows up, and nothing that a customer writes becomes markup."""

from wuzapi_chatwoot.sandbox.process import wait_until

ANA = "447700900123"


def test_customer_writes_and_agent_answers(page, sandbox, account):
	page.get_by_test_id(f"phone-chat-{ANA}").click()
	page.get_by_test_id("phone-input").fill("<img src=x onerror=alert(1)> & hello")
	page.get_by_test_id("phone-send").click()
	bubble = page.get_by_test_id("phone-bubble")
	bubble.wait_for()
	assert "<img src=x onerror=alert(1)> & hello" in bubble.inner_text()
	assert bubble.locator("img").count() == 0
	assert bubble.get_by_test_id("tick").get_attribute("data-status") == "delivered"

	conversation = account.conversation(message={"content": "<b>hello</b>", "message_type": "incoming"})
	page.get_by_test_id(f"agent-conversation-{conversation['id']}").click()
	page.get_by_test_id("agent-input").fill("Good morning")
	page.get_by_test_id("agent-send").click()
	page.get_by_test_id("agent-bubble").nth(1).wait_for()
	texts = page.get_by_test_id("agent-bubble").all_inner_texts()
	assert "<b>hello</b>" in texts[0]
	assert "Good morning" in texts[1]


def test_failed_message_is_shown_and_can_be_sent_again(page, sandbox, account):
	conversation = account.conversation()
	sent = sandbox.control("agent/send", {"conversation_id": conversation["id"], "text": "Hi"})
	path = f"{account.base}/conversations/{conversation['id']}/messages/{sent['message_id']}"
	account.chatwoot("PATCH", path, {"status": "failed", "external_error": "not connected"})
	page.get_by_test_id("agent-retry").click()
	page.get_by_test_id("agent-retry").wait_for(state="detached")
	assert page.get_by_test_id("agent-bubble").get_attribute("data-status") == "sent"


def test_every_kind_of_file_can_be_sent_and_is_shown(page, sandbox):
	for kind in ("picture", "voice", "document", "sticker", "location"):
		page.get_by_test_id(f"phone-{kind}").click()
	page.get_by_test_id("phone-bubble").nth(4).wait_for()
	kinds = [message["kind"] for message in sandbox.control(f"phone/chats/{ANA}")["messages"]]
	assert sorted(kinds) == ["document", "image", "location", "sticker", "voice"]
	image = page.locator("img.image")
	wait_until(lambda: image.evaluate("each => each.naturalWidth") == 320)


def test_switches_follow_the_control_api_and_lead_it(page, sandbox):
	down = page.get_by_test_id("switch-chatwoot-down")
	down.click()
	wait_until(lambda: sandbox.control("switches")["chatwoot_down"])
	sandbox.switch(chatwoot_down=False, duplicate_webhooks=2)
	wait_until(lambda: not down.is_checked() and page.get_by_test_id("switch-duplicate").is_checked())


def test_bridge_without_lanes_is_called_unreachable_or_in_trouble(page):
	health = page.get_by_test_id("bridge-health")
	wait_until(lambda: health.get_attribute("data-state") in ("trouble", "unreachable"))


def test_what_is_typed_while_the_last_text_is_on_its_way_is_kept(page):
	page.get_by_test_id(f"phone-chat-{ANA}").click()
	# Both in one breath: the second is typed before the answer to the first can be there.
	page.evaluate(
		"""() => {
			const [input, send] = ["phone-input", "phone-send"].map((id) => document.querySelector(`[data-testid=${id}]`));
			for (const text of ["First", "Second"]) { input.value = text; send.click(); }
		}"""
	)
	page.get_by_test_id("phone-bubble").nth(1).wait_for()
	texts = page.get_by_test_id("phone-bubble").all_inner_texts()
	assert ["First" in texts[0], "Second" in texts[1]] == [True, True]
	assert page.get_by_test_id("phone-input").input_value() == ""
