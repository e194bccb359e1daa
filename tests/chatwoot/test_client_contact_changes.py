"""Changes of contacts: names, phones, pictures, and two that turn out to be one."""

import pytest
import requests

from wuzapi_chatwoot.bridge.model.errors import DuplicateRow, NotFound, Permanent, Retriable, TooLarge
from wuzapi_chatwoot.bridge.ports.gateway import OutgoingFile

GONE = {"status": 404, "json": {"error": "Resource could not be found"}}
PICTURE = OutgoingFile(b"\xff\xd8jpeg", "image/jpeg", "avatar")


class TestUpdateContact:
	def test_name_and_phone(self, inbox, chatwoot, account, body_of):
		chatwoot.put(f"{account}/contacts/412", json={"payload": {"id": 412}})
		assert inbox.update_contact(412, name=" Marina\x00 Souza ", phone="+5511900000001") is None
		assert body_of(chatwoot.calls[0].request) == {
			"name": "Marina Souza",
			"phone_number": "+5511900000001",
		}

	@pytest.mark.parametrize(
		("changes", "sent"),
		[
			({"name": "x" * 300}, {"name": "x" * 255}),
			({"phone": "+5511900000001"}, {"phone_number": "+5511900000001"}),
			({"name": "Marina", "phone": "222200002222000@lid"}, {"name": "Marina"}),
			({"name": "  ", "phone": "+5511900000001"}, {"phone_number": "+5511900000001"}),
		],
	)
	def test_what_is_not_told_or_unfit_stays(self, inbox, chatwoot, account, body_of, changes, sent):
		chatwoot.put(f"{account}/contacts/412", json={})
		inbox.update_contact(412, **changes)
		assert body_of(chatwoot.calls[0].request) == sent

	@pytest.mark.parametrize("changes", [{}, {"name": ""}, {"phone": "5511900000001"}, {"phone": "+1-2"}])
	def test_no_call_for_nothing(self, inbox, chatwoot, changes):
		inbox.update_contact(412, **changes)

	def test_with_a_picture(self, inbox, chatwoot, account, body_of):
		chatwoot.put(f"{account}/contacts/412", json={})
		inbox.update_contact(412, name="Marina", phone="+5511900000001", avatar=PICTURE)
		assert body_of(chatwoot.calls[0].request) == {
			"name": "Marina",
			"phone_number": "+5511900000001",
			"avatar": [{"name": "avatar.jpg", "type": "image/jpeg", "content": "\xff\xd8jpeg"}],
		}

	def test_a_picture_alone(self, inbox, chatwoot, account, body_of):
		chatwoot.put(f"{account}/contacts/412", json={})
		inbox.update_contact(412, avatar=PICTURE)
		assert list(body_of(chatwoot.calls[0].request)) == ["avatar"]

	@pytest.mark.parametrize("avatar", [None, PICTURE])
	@pytest.mark.parametrize(
		("answer", "error"),
		[
			(GONE, NotFound),
			(
				{
					"status": 422,
					"json": {
						"message": "Phone number has already been taken",
						"attributes": ["phone_number"],
					},
				},
				DuplicateRow,
			),
			(
				{"status": 422, "json": {"message": "Avatar is too big", "attributes": ["avatar"]}},
				Permanent,
			),
			({"status": 413}, TooLarge),
			({"status": 500}, Retriable),
			# Changed twice is changed once.
			({"body": requests.ReadTimeout()}, Retriable),
		],
	)
	def test_failures(self, inbox, chatwoot, account, avatar, answer, error):
		chatwoot.put(f"{account}/contacts/412", **answer)
		with pytest.raises(error) as raised:
			inbox.update_contact(412, phone="+5511900000001", avatar=avatar)
		assert raised.type is error


class TestMergeContacts:
	def test_merged(self, inbox, chatwoot, account, body_of):
		chatwoot.post(f"{account}/actions/contact_merge", json={"id": 412})
		assert inbox.merge_contacts(412, 413) is None
		assert body_of(chatwoot.calls[0].request) == {"base_contact_id": 412, "mergee_contact_id": 413}

	def test_with_itself(self, inbox, chatwoot):
		inbox.merge_contacts(412, 412)

	def test_the_one_that_goes_is_gone_already(self, inbox, chatwoot, account):
		chatwoot.post(f"{account}/actions/contact_merge", **GONE)
		chatwoot.get(f"{account}/contacts/412", json={"payload": {"id": 412}})
		inbox.merge_contacts(412, 413)

	def test_the_one_that_stays_is_gone(self, inbox, chatwoot, account):
		chatwoot.post(f"{account}/actions/contact_merge", **GONE)
		chatwoot.get(f"{account}/contacts/412", **GONE)
		with pytest.raises(NotFound):
			inbox.merge_contacts(412, 413)

	@pytest.mark.parametrize("answer", [{"status": 500}, {"body": requests.ReadTimeout()}, {"status": 502}])
	def test_failures(self, inbox, chatwoot, account, answer):
		chatwoot.post(f"{account}/actions/contact_merge", **answer)
		with pytest.raises(Retriable):
			inbox.merge_contacts(412, 413)
