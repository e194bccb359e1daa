"""One person, whatever address the messages come under; names and pictures, brought by events of the bridge's own."""

from itertools import count

import pytest
from frappe_site.customer import Customer
from processes import until

LIDS = count(555500001000001)


def contacts(shop, **filters):
	fields = [
		"name",
		"contact_name",
		"name_source",
		"avatar_id",
		"chatwoot_contact_id",
		"party_type",
		"party",
	]
	return shop.ask("values", doctype="WuzAPI Contact", filters=filters, fields=fields)


def addresses(shop, contact):
	rows = shop.ask(
		"values", doctype="WuzAPI Contact Address", filters={"parent": str(contact)}, fields=["address"]
	)
	return sorted(row["address"] for row in rows)


def contact_of(shop, address):
	found = shop.ask(
		"values", doctype="WuzAPI Contact Address", filters={"address": address}, fields=["parent"]
	)
	[contact] = contacts(shop, name=found[0]["parent"])
	return contact


def in_chatwoot(shop, contact):
	found = shop.sandbox.control("chatwoot/contacts")["contacts"]
	return next(each for each in found if each["id"] == contact["chatwoot_contact_id"])


def conversations(shop, contact):
	fields = ["name", "chat", "reply_to", "chatwoot_conversation_id"]
	wanted = {"contact": str(contact["name"])}
	return shop.ask("values", doctype="WuzAPI Conversation", filters=wanted, fields=fields)


@pytest.fixture
def two_faces(customer, shop):
	"""A person who has written by phone number, and by LID: nobody knows yet that it is one."""
	lid = str(next(LIDS))
	hidden = Customer(shop.sandbox, shop, f"{lid}@lid")
	by_phone = customer.customer_sends("By phone")
	by_lid = hidden.customer_sends("By LID")
	customer.row(by_phone["id"])
	customer.row(by_lid["id"])
	return customer, hidden, by_phone, by_lid


def become_one(customer, hidden, text="Both are me"):
	"""The next message bears both addresses."""
	customer.customer_sends(kind="profile", lid=hidden.customer.partition("@")[0], number_known=True)
	sent = customer.customer_sends(text)
	customer.row(sent["id"])
	customer.calm()
	return sent


def test_two_contacts_become_one(two_faces, shop):
	customer, hidden, by_phone, by_lid = two_faces
	old = [contact_of(shop, address) for address in (customer.address, hidden.customer)]
	shop.ask("set_value", doctype="WuzAPI Contact", name=old[1]["name"], party_type="User", party="Guest")
	there = [customer.row(sent["id"])["chatwoot_message_id"] for sent in (by_phone, by_lid)]
	both = become_one(customer, hidden)

	contact = contact_of(shop, customer.address)
	assert contact["name"] == old[0]["name"], "the one with the number stays"
	assert contacts(shop, name=old[1]["name"]) == []
	assert (contact["party_type"], contact["party"]) == ("User", "Guest")
	assert addresses(shop, contact["name"]) == sorted([customer.address, hidden.customer])
	[conversation] = conversations(shop, contact)
	rows = [customer.row(sent["id"]) for sent in (by_phone, by_lid, both)]
	assert {row["conversation"] for row in rows} == {str(conversation["name"])}
	assert [row["chatwoot_message_id"] for row in rows[:2]] == there

	found = shop.sandbox.control("chatwoot/contacts")["contacts"]
	assert (
		sum(each["id"] in (old[0]["chatwoot_contact_id"], old[1]["chatwoot_contact_id"]) for each in found)
		== 1
	)
	mine = [
		each
		for each in shop.sandbox.control("chatwoot/conversations")["conversations"]
		if each["contact"]["id"] == contact["chatwoot_contact_id"]
	]
	told = {
		each["id"]: (each["status"], [message["content"] for message in each["messages"]]) for each in mine
	}
	stays = conversation["chatwoot_conversation_id"]
	assert told.pop(stays) == ("open", ["By phone", "Both are me"])
	[(status, contents)] = told.values()
	assert (status, contents[0]) == ("resolved", "By LID")
	assert contents[1].endswith(f"This goes on in conversation #{stays}.")


def test_history_goes_on_where_it_was(two_faces, shop):
	"""What is about a message of before, in the conversation that ended, still finds it."""
	customer, hidden, _, by_lid = two_faces
	become_one(customer, hidden)
	customer.customer_sends("👍", "reaction", target=by_lid["id"])
	until(lambda: customer.row(by_lid["id"])["reactions"], "the reaction is kept")
	[reaction] = customer.row(by_lid["id"])["reactions"]
	assert (reaction["by"], reaction["emoji"]) == (customer.address, "👍")


def test_answers_go_to_the_address_last_used(two_faces, shop):
	customer, hidden, *_ = two_faces
	become_one(customer, hidden)
	contact = contact_of(shop, customer.address)
	assert [row["reply_to"] for row in conversations(shop, contact)] == [customer.address]
	customer.customer_sends(kind="profile", by_lid=True)
	sent = customer.customer_sends("From now on by LID")
	customer.row(sent["id"])
	customer.calm()
	[conversation] = conversations(shop, contact)
	assert (conversation["chat"], conversation["reply_to"]) == (customer.address, hidden.customer)
	customer.agent_sends("Understood")
	customer.on_the_phone(lambda bubble: bubble["text"] == "Understood")


def test_a_lid_never_becomes_a_number(shop, customer):
	hidden = Customer(shop.sandbox, shop, f"{next(LIDS)}@lid")
	sent = hidden.customer_sends("Guess who")
	hidden.row(sent["id"])
	hidden.calm()
	contact = contact_of(shop, hidden.customer)
	there = in_chatwoot(shop, contact)
	assert (there["phone_number"], there["identifier"]) == (None, hidden.customer)
	digits = hidden.customer.partition("@")[0]
	assert digits not in (there["name"] or "")
	assert digits not in contact["contact_name"]


def test_a_number_that_becomes_known_later_is_told_to_chatwoot(shop, customer):
	lid = str(next(LIDS))
	hidden = Customer(shop.sandbox, shop, f"{lid}@lid")
	hidden.row(hidden.customer_sends("Guess who")["id"])
	hidden.calm()
	before = contact_of(shop, hidden.customer)
	hidden.customer_sends(kind="profile", phone=customer.customer, number_known=True)
	hidden.row(hidden.customer_sends("Now you know")["id"])
	until(lambda: in_chatwoot(shop, before)["phone_number"] == f"+{customer.customer}", "the number is there")
	hidden.calm()
	contact = contact_of(shop, customer.address)
	assert contact["name"] == before["name"]
	assert len(conversations(shop, contact)) == 1


# ---- names and pictures


def test_names_by_rank_and_pictures_once(customer, shop):
	customer.customer_sends(kind="picture")
	customer.row(customer.customer_sends("First")["id"])

	def avatar():
		return in_chatwoot(shop, contact_of(shop, customer.address))["avatar"]

	first = until(avatar, "the picture is there")
	contact = contact_of(shop, customer.address)
	assert (contact["contact_name"], contact["name_source"]) == (customer.name, "push")
	assert contact["avatar_id"]
	events = shop.ask(
		"values", doctype="WuzAPI Event", filters={"source": "bridge"}, fields=["kind", "state"]
	)
	assert {(event["kind"], event["state"]) for event in events} <= {
		("refresh contact", "done"),
		("refresh contact", "ignored"),
	}
	customer.calm()
	updates = _updates(shop)
	customer.row(customer.customer_sends("Second")["id"])
	customer.calm()
	assert _updates(shop) == updates, "nothing has changed, nothing is carried over"

	customer.customer_sends(kind="profile", name="Another Name")
	customer.row(customer.customer_sends("Third")["id"])
	until(lambda: in_chatwoot(shop, contact)["name"] == "Another Name", "the new name is there")
	customer.customer_sends(kind="profile", verified_name="Verified Ltd")
	customer.row(customer.customer_sends("Fourth")["id"])
	until(lambda: in_chatwoot(shop, contact)["name"] == "Verified Ltd", "the verified name is there")
	customer.customer_sends(kind="picture")
	until(lambda: avatar() != first, "the new picture is there")
	customer.calm()
	contact = contact_of(shop, customer.address)
	assert (contact["contact_name"], contact["name_source"]) == ("Verified Ltd", "verified")


def test_the_address_books_name_counts_most(customer, shop):
	customer.customer_sends(kind="profile", saved_name="Ms Saved")
	customer.row(customer.customer_sends("First")["id"])
	contact = contact_of(shop, customer.address)
	until(lambda: in_chatwoot(shop, contact)["name"] == "Ms Saved", "the saved name is there")
	customer.row(customer.customer_sends("Second")["id"])
	customer.calm()
	contact = contact_of(shop, customer.address)
	assert (contact["contact_name"], contact["name_source"]) == ("Ms Saved", "saved")


def test_the_owners_name_is_nobody_elses(customer, shop):
	customer.row(customer.customer_sends("Hello from the shop", from_me=True)["id"])
	customer.calm()
	contact = contact_of(shop, customer.address)
	assert contact["name_source"] == "address"
	assert in_chatwoot(shop, contact)["phone_number"] == f"+{customer.customer}"


def _updates(shop):
	requests = shop.sandbox.control("counters")["chatwoot"]["requests"]
	return sum(number for route, number in requests.items() if route.startswith(("PUT", "PATCH")))
