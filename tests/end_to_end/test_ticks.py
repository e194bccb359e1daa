"""The agent sees how far a message has come, and why it has not."""

from processes import until

from wuzapi_chatwoot.sandbox import defaults


def test_delivered_and_read(scene, sandbox):
	scene.starts()
	message_id = scene.agent_sends("Your order is ready")
	scene.until_shown_as(message_id, "delivered")
	sandbox.control("phone/read", {"customer": scene.customer})
	scene.until_shown_as(message_id, "read")


def test_what_was_typed_on_the_phone_has_ticks_too(scene, sandbox):
	scene.starts()
	scene.customer_sends("On my way", from_me=True)
	message = scene.in_chatwoot(lambda message: message["content"] == "On my way")
	scene.until_shown_as(message["id"], "delivered")
	sandbox.control("phone/read", {"customer": scene.customer})
	scene.until_shown_as(message["id"], "read")


def test_a_number_without_whatsapp_is_told_on_the_very_message(scene, sandbox, bridge):
	nobody = type(scene)(sandbox, bridge, defaults.UNREACHABLE_PHONE)
	nobody.starts()
	message_id = nobody.agent_sends("Are you there?")
	message = nobody.until_shown_as(message_id, "failed")
	assert "WhatsApp does not know this number" in message["external_error"]
	assert not any(bubble["from_me"] for bubble in nobody.bubbles)
	sandbox.control("agent/retry", {"message_id": message_id})

	def tried_again():
		return _sends_of(bridge, nobody) == 2

	until(tried_again, "it was tried again")
	message = nobody.until_shown_as(message_id, "failed")
	assert "WhatsApp does not know this number" in message["external_error"]


def _sends_of(bridge, scene):
	lane = f"out|default|{scene.conversations[0]['id']}"
	return sum(event["lane"] == lane for event in bridge.get("/events?state=dead&limit=500")["events"])


def test_retry_sends_again(scene, sandbox):
	scene.starts()
	_refuse(sandbox, scene.customer)
	message_id = scene.agent_sends("Once more")
	message = scene.until_shown_as(message_id, "failed")
	assert message["external_error"]
	_refuse(sandbox)
	sandbox.control("agent/retry", {"message_id": message_id})
	scene.on_the_phone(lambda bubble: bubble["text"] == "Once more")
	scene.until_shown_as(message_id, "delivered")
	assert sum(bubble["text"] == "Once more" for bubble in scene.bubbles) == 1


def test_a_dead_event_is_listed_and_can_be_replayed(scene, sandbox, bridge):
	scene.starts()
	_refuse(sandbox, scene.customer)
	message_id = scene.agent_sends("From the dead")
	scene.until_shown_as(message_id, "failed")
	_refuse(sandbox)
	lane = f"out|default|{scene.conversations[0]['id']}"

	def dead():
		events = bridge.get("/events?state=dead&limit=500")["events"]
		return [event for event in events if event["lane"] == lane]

	[event] = until(dead, "the event is listed as dead")
	assert event["last_error"]
	assert bridge.call("POST", f"/events/{event['id']}/replay").status_code == 200
	scene.on_the_phone(lambda bubble: bubble["text"] == "From the dead")
	scene.until_shown_as(message_id, "delivered")
	assert dead() == []


def _refuse(sandbox, *customers):
	"""The gateway itself says no to sends to these, and to nobody else's."""
	sandbox.switch(gateway_fail_for={"status": 400, "text": "no such chat", "names": list(customers)})
