"""A conversation with three sides: Chatwoot, the desk and the shop's phone. What one writes, the others see once."""

from collections import Counter

from processes import until


def test_each_side_sees_the_others_once_though_the_worker_is_killed_in_between(begin, stack):
	traffic = begin(customers=1, workers=1)
	[customer] = traffic.customers
	[conversation] = stack.ask("values", doctype="WuzAPI Conversation", filters={}, fields=["name"])
	stack.sandbox.control("phone/send", {"customer": customer, "text": "A question"})
	kill_and_start(stack)
	stack.sandbox.control("agent/send", {"customer": customer, "text": "From Chatwoot"})
	kill_and_start(stack)
	stack.ask("send", text="From the desk", conversation=conversation["name"])
	kill_and_start(stack)
	stack.sandbox.control("phone/send", {"customer": customer, "text": "From the phone", "from_me": True})
	written = {"A question", "From Chatwoot", "From the desk", "From the phone"}
	for side in (on_the_phone, in_chatwoot, in_the_desk):
		until(lambda side=side: written <= set(side(stack)), f"everything is there: {side.__name__}")
	until(traffic.calm, "nothing is under way")
	for side in (on_the_phone, in_chatwoot, in_the_desk):
		seen = Counter(side(stack))
		assert {text: seen[text] for text in written} == dict.fromkeys(written, 1), side.__name__


def kill_and_start(stack):
	[worker] = stack.workers
	worker.kill()
	worker.spawn()


def on_the_phone(stack):
	chats = stack.sandbox.control("state?limit=1000")["chats"]
	return [each["text"] for chat in chats for each in chat["messages"]]


def in_chatwoot(stack):
	conversations = stack.sandbox.control("chatwoot/conversations")["conversations"]
	# A message from the desk bears its author's name before it.
	return [each["content"].rpartition("\n")[2] for there in conversations for each in there["messages"]]


def in_the_desk(stack):
	return [row["text"] for row in stack.ask("values", doctype="WuzAPI Message", filters={}, fields=["text"])]
