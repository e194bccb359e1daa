"""Chatwoot's contacts: changed, given a picture, merged, deleted, linked."""

import pytest
import requests

from wuzapi_chatwoot.sandbox import defaults, files
from wuzapi_chatwoot.sandbox.process import wait_until

JID = "447700900123@s.whatsapp.net"
LID = "222200002222000@lid"
MISSING = {"error": "Resource could not be found"}


def shown(chatwoot, account, contact):
	return chatwoot("GET", f"{account.base}/contacts/{contact['id']}")


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
def test_change_sets_fields_and_merges_attributes(chatwoot, account, method):
	contact = account.contact(
		custom_attributes={"a": 1, "b": {"x": 1}}, additional_attributes={"city": "York"}
	)
	changes = {
		"name": "Ana Other",
		"phone_number": "+447700900124",
		"identifier": LID,
		"custom_attributes": {"b": {"y": 2}, "c": 3},
		"additional_attributes": {"country": "UK"},
	}
	answer = chatwoot(method, f"{account.base}/contacts/{contact['id']}", changes)
	assert answer.status_code == 200
	wanted = {
		**contact,
		**changes,
		# Merged, but not deeply.
		"custom_attributes": {"a": 1, "b": {"y": 2}, "c": 3},
		"additional_attributes": {"city": "York", "country": "UK"},
	}
	assert answer.json() == {"payload": wanted}
	assert shown(chatwoot, account, contact).json() == {"payload": wanted}
	# What it was called before is free again.
	assert account.contact("447700900123", source_id="another")["id"] != contact["id"]


@pytest.mark.parametrize(
	("fields", "message", "attributes"),
	[
		({"phone_number": "+447700900456"}, "Phone number has already been taken", ["phone_number"]),
		({"phone_number": "447700900456"}, "Phone number should be in e164 format", ["phone_number"]),
		(
			{"identifier": "447700900456@s.whatsapp.net"},
			"Identifier has already been taken",
			["identifier"],
		),
		({"name": "x" * 256}, "Name is too long (maximum is 255 characters)", ["name"]),
	],
)
def test_change_that_breaks_a_rule_changes_nothing(chatwoot, account, fields, message, attributes):
	contact = account.contact()
	account.contact("447700900456")
	answer = chatwoot("PUT", f"{account.base}/contacts/{contact['id']}", {"name": "Other", **fields})
	assert (answer.status_code, answer.json()) == (422, {"message": message, "attributes": attributes})
	assert shown(chatwoot, account, contact).json()["payload"] == contact


def test_custom_attributes_are_taken_away_by_name(chatwoot, account):
	contact = account.contact(custom_attributes={"a": 1, "b": 2})
	path = f"{account.base}/contacts/{contact['id']}/destroy_custom_attributes"
	answer = chatwoot("POST", path, {"custom_attributes": ["a", "none"]})
	assert answer.json()["payload"]["custom_attributes"] == {"b": 2}


def put_avatar(chatwoot, account, contact, name, data, mimetype):
	url = f"{chatwoot.url}{account.base}/contacts/{contact['id']}"
	part = {"avatar": (name, data, mimetype)}
	return chatwoot.session.put(url, data={"name": "Ana Pictured"}, files=part, timeout=30)


def test_uploaded_avatar_is_served_and_shown_everywhere(chatwoot, account, receiver):
	conversation = account.conversation()
	contact = conversation["meta"]["sender"]
	photo = files.made("image", 2)
	changed = put_avatar(chatwoot, account, contact, "me.jpg", photo.data, "image/jpeg").json()["payload"]
	assert changed["name"] == "Ana Pictured"
	assert requests.get(changed["thumbnail"], timeout=30).content == photo.data
	account.write(conversation, message_type="incoming")
	(body,) = receiver.wait("chatwoot", event="message_created")
	assert body["sender"]["avatar"] == body["sender"]["thumbnail"] == changed["thumbnail"]
	assert body["conversation"]["meta"]["sender"]["thumbnail"] == changed["thumbnail"]
	gone = chatwoot("DELETE", f"{account.base}/contacts/{contact['id']}/avatar").json()["payload"]
	assert gone["thumbnail"] == ""
	assert requests.get(changed["thumbnail"], timeout=30).status_code == 404


def test_avatar_of_an_impossible_type_is_refused(chatwoot, account):
	contact = account.contact()
	answer = put_avatar(chatwoot, account, contact, "me.pdf", b"%PDF-1.4", "application/pdf")
	wanted = {"message": "Avatar filetype not supported", "attributes": ["avatar"]}
	assert (answer.status_code, answer.json()) == (422, wanted)
	assert shown(chatwoot, account, contact).json()["payload"]["name"] == "Ana Example"


def test_avatar_is_fetched_once_from_an_address(sandbox, chatwoot, account):
	sent = sandbox.control("phone/send", {"customer": "447700900123", "kind": "image"})["messages"][0]
	url = f"{sandbox.page}/control/files/phone/{sent['id']}"
	contact = account.contact(avatar_url=url)
	fetched = wait_until(lambda: shown(chatwoot, account, contact).json()["payload"]["thumbnail"])
	again = chatwoot("PUT", f"{account.base}/contacts/{contact['id']}", {"avatar_url": url}).json()["payload"]
	assert again["thumbnail"] == fetched
	assert len(again["additional_attributes"]["avatar_url_hash"]) == 64


def test_merge_moves_everything_and_fills_blanks(sandbox, chatwoot, account, receiver, forget_webhooks):
	kept = account.conversation(message={"content": "by phone", "message_type": "incoming"})
	base = kept["meta"]["sender"]
	changes = {"custom_attributes": {"a": "base"}}
	chatwoot("PUT", f"{account.base}/contacts/{base['id']}", changes)
	link = {"inbox_id": defaults.INBOX_ID, "source_id": LID}
	body = {"name": "Ana of the LID", "email": "ana@example.com", "custom_attributes": {"a": "x", "b": "y"}}
	other = chatwoot("POST", f"{account.base}/contacts", {**body, **link, "identifier": LID}).json()
	mergee = other["payload"]["contact"]
	moved = chatwoot("POST", f"{account.base}/conversations", {**link, "contact_id": mergee["id"]}).json()
	account.write(moved, "by LID", message_type="incoming")

	merge = {"base_contact_id": base["id"], "mergee_contact_id": mergee["id"]}
	merged = chatwoot("POST", f"{account.base}/actions/contact_merge", merge)
	assert merged.status_code == 200
	contact = merged.json()
	assert (contact["name"], contact["identifier"]) == ("Ana Example", JID)
	assert contact["email"] == "ana@example.com"
	assert contact["custom_attributes"] == {"a": "base", "b": "y"}
	assert [each["source_id"] for each in contact["contact_inboxes"]] == [JID, LID]
	gone = shown(chatwoot, account, mergee)
	assert (gone.status_code, gone.json()) == (404, MISSING)
	theirs = chatwoot("GET", f"{account.base}/contacts/{base['id']}/conversations").json()["payload"]
	assert {each["id"] for each in theirs} == {kept["id"], moved["id"]}
	found = chatwoot("POST", f"{account.base}/contact_inboxes/filter", link).json()
	assert found["id"] == base["id"]
	forget_webhooks()
	account.write(moved, "after", message_type="incoming")
	(event,) = receiver.wait("chatwoot", event="message_created")
	assert event["conversation"]["contact_inbox"]["contact_id"] == event["sender"]["id"] == base["id"]
	# The identifier of the one that is gone can be used again.
	again = chatwoot("PUT", f"{account.base}/contacts/{base['id']}", {"identifier": LID})
	assert again.json()["payload"]["identifier"] == LID


def test_merge_with_an_unknown_contact_is_refused(chatwoot, account):
	contact = account.contact()
	merge = {"base_contact_id": contact["id"], "mergee_contact_id": 99999}
	answer = chatwoot("POST", f"{account.base}/actions/contact_merge", merge)
	assert (answer.status_code, answer.json()) == (404, MISSING)


def test_deleted_contact_takes_its_conversations_and_link_along(chatwoot, account):
	conversation = account.conversation(message={"content": "Hi", "message_type": "incoming"})
	contact = conversation["meta"]["sender"]
	assert chatwoot("DELETE", f"{account.base}/contacts/{contact['id']}").status_code == 200
	assert shown(chatwoot, account, contact).status_code == 404
	written = account.write(conversation)
	assert (written.status_code, written.json()) == (404, MISSING)
	link = {"inbox_id": defaults.INBOX_ID, "source_id": JID}
	assert chatwoot("POST", f"{account.base}/contact_inboxes/filter", link).status_code == 404
	again = account.conversation()
	assert again["id"] != conversation["id"]
	assert again["meta"]["sender"]["id"] != contact["id"]


def test_contact_has_several_links_in_one_inbox(chatwoot, account):
	contact = account.contact()
	path = f"{account.base}/contacts/{contact['id']}/contact_inboxes"
	body = {"inbox_id": defaults.INBOX_ID, "source_id": LID}
	for _ in range(2):
		answer = chatwoot("POST", path, body).json()
		assert answer["source_id"] == LID
		assert answer["inbox"]["id"] == defaults.INBOX_ID
	links = shown(chatwoot, account, contact).json()["payload"]["contact_inboxes"]
	assert [each["source_id"] for each in links] == [JID, LID]
	other = account.contact("447700900456")
	taken = chatwoot("POST", f"{account.base}/contacts/{other['id']}/contact_inboxes", body)
	assert taken.status_code == 500
	assert chatwoot("POST", path, {"inbox_id": 99, "source_id": "x"}).status_code == 404


def test_latest_twenty_conversations_of_a_contact(chatwoot, account):
	contact = account.contact()
	body = {"inbox_id": defaults.INBOX_ID, "contact_id": contact["id"], "source_id": JID}
	ids = [chatwoot("POST", f"{account.base}/conversations", body).json()["id"] for _ in range(22)]
	account.write({"id": ids[3]})
	listed = chatwoot("GET", f"{account.base}/contacts/{contact['id']}/conversations").json()["payload"]
	assert len(listed) == 20
	assert listed[0]["id"] == ids[3]
