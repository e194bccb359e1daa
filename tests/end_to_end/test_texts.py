"""What is written on one side is read on the other, by the right people only."""

import pytest
from end_to_end.scene import Scene
from processes import until

from wuzapi_chatwoot.sandbox import defaults

GROUP = defaults.GROUP_JID


def test_text_both_ways(scene):
	received = scene.starts("Do you have bread?")
	assert (received["message_type"], received["private"]) == ("incoming", False)
	[conversation] = scene.conversations
	assert conversation["inbox_id"] == defaults.INBOX_ID
	assert conversation["contact"]["identifier"] == f"{scene.customer}@s.whatsapp.net"
	assert conversation["contact"]["name"] == f"Customer {scene.customer[-6:]}"
	scene.agent_sends("Yes, just out of the oven 🥖")
	bubble = scene.on_the_phone(lambda bubble: bubble["text"] == "Yes, just out of the oven 🥖")
	assert (bubble["from_me"], bubble["via"]) == (True, "api")
	assert [message["content"] for message in scene.messages] == [
		"Do you have bread?",
		"Yes, just out of the oven 🥖",
	]
	assert len(scene.bubbles) == 2


def test_what_is_typed_on_the_phone_is_shown_as_sent(scene):
	scene.starts()
	scene.customer_sends("We close at six", from_me=True)
	message = scene.in_chatwoot(lambda message: message["content"] == "We close at six")
	assert message["message_type"] == "outgoing"
	assert len(scene.bubbles) == 2, "it is not sent a second time"


@pytest.mark.parametrize(
	"text",
	[
		"Dear {{ contact.name }}",
		"{% if a %}b",
		"{{ contact.email }} and {% raw %}",
		"Use `{{ agent.name }}` here",
	],
)
def test_liquid_typed_on_the_phone_arrives_as_it_was_typed(scene, text):
	scene.starts()
	scene.customer_sends(text, from_me=True)
	message = scene.in_chatwoot(lambda message: message["message_type"] == "outgoing")
	assert message["content"].replace("\u200b", "").replace("\u2060", "") == text


def test_a_group_is_one_contact_and_says_who_wrote(sandbox, bridge):
	for customer, text in (("447700900123", "Who brings cake?"), ("447700900456", "I do")):
		sandbox.control("phone/send", {"customer": customer, "text": text, "to_group": True})

		def arrived(text=text):
			return any(text in message["content"] for message in _of_group(sandbox)["messages"])

		until(arrived, f"{text!r} is in Chatwoot")
	shown = [message["content"] for message in _of_group(sandbox)["messages"]]
	assert shown == ["**Ana Example:**\nWho brings cake?", "**Ben Sample:**\nI do"]
	assert _of_group(sandbox)["contact"]["name"] == defaults.GROUP_NAME
	body = {"conversation_id": _of_group(sandbox)["id"], "text": "Thank you both"}
	sandbox.control("agent/send", body)
	group = Scene(sandbox, bridge, "group")
	group.on_the_phone(lambda bubble: bubble["text"] == "Thank you both")


def _of_group(sandbox):
	found = sandbox.control("chatwoot/conversations")["conversations"]
	there = [each for each in found if each["contact"]["identifier"] == GROUP]
	assert len(there) <= 1
	return there[0] if there else {"messages": []}


def test_a_private_note_stays_private(scene):
	scene.starts()
	scene.agent_sends("A difficult customer", private=True)
	scene.agent_sends("What can I do for you?")
	scene.on_the_phone(lambda bubble: bubble["text"] == "What can I do for you?")
	assert [bubble["text"] for bubble in scene.bubbles] == ["Good morning", "What can I do for you?"]


def test_automation_and_satisfaction_surveys_go_out(scene):
	scene.starts()
	scene.agent_sends("We are closed on Sundays", sender="automation")
	scene.on_the_phone(lambda bubble: bubble["text"] == "We are closed on Sundays")
	scene.agent_sends("How was it?", sender="csat")
	survey = scene.on_the_phone(lambda bubble: bubble["text"].startswith("How was it?"))
	assert "/survey/responses/" in survey["text"]


def test_webhooks_as_forms(scene, sandbox):
	sandbox.switch(webhook_format="form")
	scene.starts("Sent as a form: ä € 😀 & = +")
	scene.agent_sends("Understood")
	scene.on_the_phone(lambda bubble: bubble["text"] == "Understood")


def test_an_answer_to_a_conversation_that_the_agent_began_comes_back_there(scene, sandbox):
	body = {"customer": scene.customer, "name": "New", "text": "Your parcel is here"}
	begun = sandbox.control("agent/start", body)
	scene.on_the_phone(lambda bubble: bubble["text"] == "Your parcel is here")
	scene.customer_sends("Thank you")
	scene.in_chatwoot(lambda message: message["content"] == "Thank you")
	assert [each["id"] for each in scene.conversations] == [begun["conversation_id"]]
