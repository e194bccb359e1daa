"""What people set for a session decides where a message goes, and whether it goes anywhere; set on the form, over HTTP."""

import pytest
from processes import until

from wuzapi_chatwoot.sandbox import defaults

GROUP = defaults.GROUP_JID
# Members of the sandbox's group.
ANA, BEN = "447700900123", "447700900456"


def write(customer, text):
	customer.row(customer.customer_sends(text)["id"])


def places(customer):
	"""The texts of each conversation, with its status, in the order of their beginning."""
	ordered = sorted(customer.conversations, key=lambda each: each["id"])
	return [
		(each["status"], [told["content"] for told in each["messages"] if told["message_type"] != "activity"])
		for each in ordered
	]


def resolve(customer):
	[conversation] = customer.conversations
	customer.sandbox.control("agent/resolve", {"conversation_id": conversation["id"]})
	customer.calm()


@pytest.mark.parametrize(
	("settings", "same"),
	[
		({"conversation_policy": "reopen"}, True),
		({"conversation_policy": "new"}, False),
		({"conversation_policy": "age", "reopen_within_days": 7}, True),
		({"conversation_policy": "age", "reopen_within_days": 0.000001}, False),
	],
)
def test_a_message_after_the_conversation_was_resolved(customer, settings, same):
	customer.set(**settings)
	write(customer, "One")
	resolve(customer)
	write(customer, "Two")
	customer.calm()
	new = [("resolved", ["One"]), ("open", ["Two"])]
	assert places(customer) == ([("open", ["One", "Two"])] if same else new)
	customer.agent_sends("An answer")
	customer.on_the_phone(lambda bubble: bubble["text"] == "An answer")


def test_an_answer_to_a_message_of_an_earlier_conversation_quotes_it(customer):
	customer.set(conversation_policy="new")
	sent = customer.customer_sends("One")
	customer.row(sent["id"])
	resolve(customer)
	write(customer, "Two")
	customer.row(customer.customer_sends("As I wrote", reply_to=sent["id"])["id"])
	customer.calm()
	assert places(customer)[1][1] == ["Two", "> One\n\nAs I wrote"]


@pytest.mark.parametrize(("pending", "status"), [(0, "open"), (1, "pending")])
def test_how_a_conversation_begins(customer, pending, status):
	customer.set(start_pending=pending)
	write(customer, "One")
	assert places(customer) == [(status, ["One"])]


def test_a_conversation_that_was_deleted_in_chatwoot_is_made_again(customer):
	write(customer, "One")
	customer.sandbox.control("agent/delete_conversation", {"customer": customer.customer})
	write(customer, "Two")
	assert places(customer) == [("open", ["Two"])]
	customer.agent_sends("An answer")
	customer.on_the_phone(lambda bubble: bubble["text"] == "An answer")


def test_a_contact_that_was_deleted_in_chatwoot_is_made_again(customer):
	write(customer, "One")
	customer.sandbox.control("agent/delete_contact", {"customer": customer.customer})
	write(customer, "Two")
	write(customer, "Three")
	assert places(customer) == [("open", ["Two", "Three"])]
	[address] = customer.bridge.ask(
		"values", doctype="WuzAPI Contact Address", filters={"address": customer.address}, fields=["parent"]
	)
	assert address


# ---- what is relayed


def group_texts(shop):
	found = shop.sandbox.control("chatwoot/conversations")["conversations"]
	there = [each for each in found if each["contact"]["identifier"] == GROUP]
	return [(message["private"], message["content"]) for each in there for message in each["messages"]]


def ignored(shop):
	rows = shop.ask("values", doctype="WuzAPI Event", filters={"state": "ignored"}, fields=["last_error"])
	return [row["last_error"] for row in rows]


@pytest.mark.parametrize(
	("settings", "why"),
	[
		({"groups": 0}, "groups are switched off for this session"),
		({"only_groups": "120363000000000099@g.us"}, "this group is not among those chosen for this session"),
		({"ignored": "120363*"}, "this address is ignored for this session"),
	],
)
def test_groups_that_are_not_wanted(customer, shop, settings, why):
	customer.set(**settings)
	before = group_texts(shop), ignored(shop).count(why)
	shop.sandbox.control("phone/send", {"customer": ANA, "to_group": True, "text": f"Not wanted: {why}"})
	until(lambda: ignored(shop).count(why) == before[1] + 1, "it is put aside, with the reason")
	assert group_texts(shop) == before[0]


def test_a_group_that_was_chosen(customer, shop):
	customer.set(only_groups=f"120363000000000099@g.us\n{GROUP}", group_changes=1)
	for who, text in ((ANA, "Who brings cake?"), (BEN, "I do")):
		shop.sandbox.control("phone/send", {"customer": who, "to_group": True, "text": text})
		until(lambda text=text: any(text in there for _, there in group_texts(shop)), "it is there")
	shop.sandbox.control("phone/send", {"customer": customer.customer, "kind": "group_join"})
	until(lambda: any(private for private, _ in group_texts(shop)), "a note tells who has come")
	shop.sandbox.control("phone/send", {"customer": ANA, "kind": "group_subject", "text": "Cake club"})

	def name():
		found = shop.sandbox.control("chatwoot/contacts")["contacts"]
		return next(each["name"] for each in found if each["identifier"] == GROUP)

	until(lambda: name() == "Cake club", "the group's new subject is there")
	texts = group_texts(shop)
	assert texts[:2] == [(False, "**Ana Example:**\nWho brings cake?"), (False, "**Ben Sample:**\nI do")]
	assert texts[2][0] is True
	assert texts[2][1].startswith("➕ ")
	[contact] = shop.ask(
		"values", doctype="WuzAPI Contact", filters={"is_group": 1}, fields=["contact_name", "name_source"]
	)
	assert contact == {"contact_name": "Cake club", "name_source": "saved"}
	rows = shop.ask(
		"values", doctype="WuzAPI Message", filters={"chat": GROUP}, fields=["kind", "sender_name"]
	)
	assert sorted((row["kind"], row["sender_name"] or "") for row in rows) == [
		("group_change", ""),
		("text", "Ana Example"),
		("text", "Ben Sample"),
	]


def test_an_ignored_number(customer, shop):
	customer.set(ignored=f"{customer.customer[:-1]}*")
	why = "this address is ignored for this session"
	before = ignored(shop).count(why)
	customer.customer_sends("Not wanted")
	until(lambda: ignored(shop).count(why) == before + 1, "it is put aside")
	assert customer.conversations == []


@pytest.mark.parametrize(
	("kind", "setting", "why"),
	[
		("status_broadcast", "status_broadcasts", "status broadcasts are not relayed"),
		("newsletter", "newsletters", "newsletters are not relayed"),
	],
)
def test_broadcasts(customer, shop, kind, setting, why):
	def shown():
		found = shop.sandbox.control("chatwoot/conversations")["conversations"]
		return [message["content"] for each in found for message in each["messages"]]

	before = ignored(shop).count(why)
	customer.customer_sends("Nobody asked", kind)
	until(lambda: ignored(shop).count(why) == before + 1, "it is put aside")
	customer.set(**{setting: 1})
	customer.customer_sends("SessionDraft", kind)
	until(lambda: any("SessionDraft" in content for content in shown()), "it is there")
	assert not any("Nobody asked" in content for content in shown())


def test_a_file_larger_than_the_session_takes(customer):
	customer.set(largest_file=1000)
	row = customer.row(customer.customer_sends("See", "image")["id"])
	message = customer.shown(row["chatwoot_message_id"])
	assert message["attachments"] == []
	assert message["content"].startswith("🖼️ Picture: too large to be relayed (")
	assert message["content"].endswith("\nSee")
	assert customer.files_of(row) == {}
