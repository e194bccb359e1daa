"""Real RQ workers: a message there, an answer back, from Chatwoot and from the desk, each once."""

import requests
from processes import until


def test_a_message_and_answers_from_both_desks(begin, stack):
	traffic = begin(customers=1, workers=1)
	traffic.agent_writes(traffic.customers[0])
	traffic.all_there()
	[conversation] = stack.ask("values", doctype="WuzAPI Conversation", filters={}, fields=["name"])
	sent = stack.ask("send", text="From the desk", conversation=conversation["name"])

	def on_the_phone():
		chats = stack.sandbox.control("state?limit=1000")["chats"]
		return [each["text"] for chat in chats for each in chat["messages"] if each["via"] == "api"]

	until(lambda: "From the desk" in on_the_phone(), "the answer is on the phone")
	until(traffic.calm, "nothing is under way")
	assert on_the_phone().count("From the desk") == 1
	[row] = stack.ask(
		"values", doctype="WuzAPI Message", filters={"name": sent["message"]}, fields=["status"]
	)
	assert row["status"] in ("sent", "delivered", "read")
	[there] = stack.sandbox.control("chatwoot/conversations")["conversations"]
	assert sum("From the desk" in each["content"] for each in there["messages"]) == 1


def test_media_is_a_private_file_of_its_message(begin, stack):
	traffic = begin(customers=1, workers=1)
	stack.sandbox.control("phone/send", {"customer": traffic.customers[0], "kind": "image"})
	attached = {"attached_to_doctype": "WuzAPI Message"}
	fields = ["file_name", "is_private", "file_url", "attached_to_name"]
	until(lambda: stack.ask("values", doctype="File", filters=attached, fields=fields), "the file is there")
	[file] = stack.ask("values", doctype="File", filters=attached, fields=fields)
	assert file["is_private"] == 1
	assert requests.get(stack.url + file["file_url"], timeout=10).status_code == 403


def test_a_lost_wake_up_is_found_by_the_sweep(stack):
	stack.begin(workers=0)
	stack.sandbox.control("phone/send", {"customer": "447700900151", "text": "Nobody is awake"})
	until(lambda: stack.ask("lanes"), "the event is stored")
	stack.flush_redis()
	stack.add_worker()
	until(lambda: not stack.ask("lanes"), "the sweep has found it")


def test_a_session_that_is_switched_off_keeps_what_reaches_it(begin, stack):
	traffic = begin(customers=1, workers=1)
	stack.ask("set_session", enabled=0)
	traffic.customer_writes(traffic.customers[0])
	until(lambda: stack.ask("waiting_for") == ["the session is switched off"], "the message waits")
	assert traffic.figures().lost == 1
	stack.ask("set_session", enabled=1)
	traffic.all_there(90)
