"""Contacts: what is asked, what counts as a match, what a refusal means."""

import pytest
from responses import matchers

from wuzapi_chatwoot.bridge.model.errors import DuplicateRow, Permanent, Uncertain
from wuzapi_chatwoot.bridge.ports.chatwoot import ChatwootContact

JID = "5511900000001@s.whatsapp.net"
PHONES = ("+5511900000001", "+551190000001")


def contact(id: int, *, identifier: str | None = None, phone: str | None = None, **more: object) -> dict:
	return {"id": id, "name": f"Contact {id}", "identifier": identifier, "phone_number": phone, **more}


def link(source_id: str, inbox_id: int = 7) -> dict:
	return {"source_id": source_id, "inbox": {"id": inbox_id, "channel_type": "Channel::Api"}}


class TestFindContacts:
	def answer(self, chatwoot, account, *contacts: dict, page: int = 1, count: int | None = None) -> None:
		chatwoot.post(
			f"{account}/contacts/filter",
			match=[matchers.query_param_matcher({"page": page})],
			json={"meta": {"count": len(contacts) if count is None else count}, "payload": list(contacts)},
		)

	def test_one_call_for_all_conditions(self, inbox, chatwoot, account, body_of):
		self.answer(chatwoot, account)
		assert inbox.find_contacts(JID, PHONES) == []
		[call] = chatwoot.calls
		assert body_of(call.request) == {
			"payload": [
				{
					"attribute_key": "identifier",
					"filter_operator": "equal_to",
					"values": ["5511900000001@s.whatsapp.net"],
					"query_operator": "OR",
				},
				{
					"attribute_key": "phone_number",
					"filter_operator": "equal_to",
					"values": ["+5511900000001"],
					"query_operator": "OR",
				},
				{
					"attribute_key": "phone_number",
					"filter_operator": "equal_to",
					"values": ["+551190000001"],
					"query_operator": None,
				},
			]
		}

	def test_identifier_alone_and_phone_alone(self, inbox, chatwoot, account, body_of):
		self.answer(chatwoot, account)
		self.answer(chatwoot, account)
		inbox.find_contacts("120363000000000001@g.us", ())
		inbox.find_contacts("", ["+5511900000001", "+5511900000001"])
		first, second = (body_of(call.request)["payload"] for call in chatwoot.calls)
		assert [(entry["attribute_key"], entry["query_operator"]) for entry in first] == [
			("identifier", None)
		]
		assert [(entry["attribute_key"], entry["query_operator"]) for entry in second] == [
			("phone_number", None)
		]

	def test_nothing_to_look_for(self, inbox, chatwoot):
		assert inbox.find_contacts("", ()) == []

	def test_order_and_exactness(self, inbox, chatwoot, account):
		self.answer(
			chatwoot,
			account,
			contact(9, phone="+551190000001"),
			contact(8, phone="+5511900000001"),
			contact(7, phone="+5511900000001", identifier="other"),
			contact(20, identifier=JID, phone="+5511900000001"),
			contact(1, identifier=JID.upper()),
			contact(2, phone="+55119000000011"),
			contact(3),
			{"id": "4", "identifier": JID},
		)
		assert [found.id for found in inbox.find_contacts(JID, PHONES)] == [20, 7, 8, 9]

	def test_full_value(self, inbox, chatwoot, account):
		links = [link(JID), link("other-inbox", inbox_id=8), link("222200002222000@lid"), {"source_id": None}]
		self.answer(
			chatwoot, account, contact(412, identifier=JID, phone="+5511900000001", contact_inboxes=links)
		)
		assert inbox.find_contacts(JID, PHONES) == [
			ChatwootContact(
				id=412,
				name="Contact 412",
				identifier="5511900000001@s.whatsapp.net",
				phone="+5511900000001",
				source_ids=("5511900000001@s.whatsapp.net", "222200002222000@lid"),
			)
		]

	def test_three_pages_at_most(self, inbox, chatwoot, account):
		for page in (1, 2, 3):
			others = [contact(page * 100 + number, phone="+1") for number in range(15)]
			self.answer(chatwoot, account, *others, page=page, count=60)
		assert inbox.find_contacts(JID, PHONES) == []
		assert len(chatwoot.calls) == 3

	def test_second_page(self, inbox, chatwoot, account):
		self.answer(chatwoot, account, *[contact(number, phone="+1") for number in range(1, 16)], count=16)
		self.answer(chatwoot, account, contact(99, identifier=JID), page=2, count=16)
		assert [found.id for found in inbox.find_contacts(JID, ())] == [99]

	def test_exactly_one_full_page(self, inbox, chatwoot, account):
		self.answer(chatwoot, account, *[contact(number, identifier=JID) for number in range(1, 16)])
		assert len(inbox.find_contacts(JID, ())) == 15

	@pytest.mark.parametrize("answer", [{}, [], {"payload": None}, {"payload": [None, 3, {}]}, {"meta": 1}])
	def test_odd_answers(self, inbox, chatwoot, account, answer):
		chatwoot.post(f"{account}/contacts/filter", json=answer)
		assert inbox.find_contacts(JID, PHONES) == []


class TestFindTakenContact:
	def test_found(self, inbox, chatwoot, account, body_of):
		chatwoot.post(
			f"{account}/contact_inboxes/filter",
			json=contact(412, identifier=JID, contact_inboxes=[link(JID)]),
		)
		assert inbox.find_taken_contact(JID) == ChatwootContact(
			id=412, name="Contact 412", identifier=JID, phone=None, source_ids=(JID,)
		)
		assert body_of(chatwoot.calls[0].request) == {"inbox_id": 7, "source_id": JID}

	def test_not_found(self, inbox, chatwoot, account):
		chatwoot.post(f"{account}/contact_inboxes/filter", status=404)
		near = contact(413, identifier=f"1{JID}")
		chatwoot.get(f"{account}/contacts/search", json={"meta": {}, "payload": [near]})
		assert inbox.find_taken_contact(JID) is None

	def test_found_by_the_search_alone(self, inbox, chatwoot, account):
		chatwoot.post(f"{account}/contact_inboxes/filter", status=404)
		near, right = contact(413, identifier=f"1{JID}"), contact(414, identifier=JID)
		chatwoot.get(f"{account}/contacts/search", json={"meta": {}, "payload": [near, right]})
		assert inbox.find_taken_contact(JID) == ChatwootContact(
			id=414, name="Contact 414", identifier=JID, phone=None, source_ids=()
		)


class TestCreateContact:
	def answer(self, chatwoot, account, **answer: object) -> None:
		chatwoot.post(f"{account}/contacts", **answer)

	def made(self) -> dict:
		made = contact(412, identifier=JID, phone=PHONES[0], contact_inboxes=[link(JID)])
		return {"payload": {"contact": made, "contact_inbox": {"inbox": {"id": 7}, "source_id": JID}}}

	def test_created(self, inbox, chatwoot, account, body_of):
		self.answer(chatwoot, account, json=self.made())
		assert inbox.create_contact("Marina Souza", JID, PHONES[0], JID) == ChatwootContact(
			id=412, name="Contact 412", identifier=JID, phone="+5511900000001", source_ids=(JID,)
		)
		assert body_of(chatwoot.calls[0].request) == {
			"inbox_id": 7,
			"source_id": "5511900000001@s.whatsapp.net",
			"name": "Marina Souza",
			"identifier": "5511900000001@s.whatsapp.net",
			"phone_number": "+5511900000001",
		}

	def test_what_is_empty_or_unfit_is_left_out(self, inbox, chatwoot, account, body_of):
		self.answer(chatwoot, account, json=self.made())
		self.answer(chatwoot, account, json=self.made())
		inbox.create_contact("  ", "", None, "120363000000000001@g.us")
		inbox.create_contact("a\x00b\ud800" + "x" * 300, "", "+1234567890123456", "s")
		first, second = (body_of(call.request) for call in chatwoot.calls)
		assert first == {"inbox_id": 7, "source_id": "120363000000000001@g.us"}
		assert second == {"inbox_id": 7, "source_id": "s", "name": "ab\ufffd" + "x" * 252}

	@pytest.mark.parametrize(
		"answer",
		[
			{"message": "Phone number has already been taken", "attributes": ["phone_number"]},
			{"message": "Telefone já está em uso", "attributes": ["phone_number"]},
			{"message": "Identifier has already been taken", "attributes": ["identifier"]},
			{"message": "both", "attributes": ["identifier", "phone_number"]},
			{"error": "source_id should be unique"},
		],
	)
	def test_taken(self, inbox, chatwoot, account, answer):
		self.answer(chatwoot, account, status=422, json=answer)
		with pytest.raises(DuplicateRow):
			inbox.create_contact("Marina", JID, PHONES[0], JID)

	@pytest.mark.parametrize(
		"answer", [{"message": "Name is too long", "attributes": ["name"]}, {"error": "param is missing"}]
	)
	def test_refused(self, inbox, chatwoot, account, answer):
		self.answer(chatwoot, account, status=422, json=answer)
		with pytest.raises(Permanent, match=r"too long|missing"):
			inbox.create_contact("Marina", JID, PHONES[0], JID)

	def test_a_collision_in_the_database_leaves_it_open(self, inbox, chatwoot, account):
		self.answer(chatwoot, account, status=500, body="<html>", content_type="text/html")
		with pytest.raises(Uncertain):
			inbox.create_contact("Marina", JID, PHONES[0], JID)

	def test_an_answer_without_contact_leaves_it_open(self, inbox, chatwoot, account):
		self.answer(chatwoot, account, json={"payload": {}})
		with pytest.raises(Uncertain):
			inbox.create_contact("Marina", JID, PHONES[0], JID)
