"""The gateway's webhooks have exactly the keys of the recorded ones, at every level."""

import json
from pathlib import Path
from urllib.parse import parse_qs

import pytest

from wuzapi_chatwoot.sandbox.process import wait_until

PAYLOADS = Path(__file__).resolve().parents[1] / "payloads" / "wuzapi-webhooks"
ANA, BEN, CARA = "447700900123", "447700900456", "444400004444000"


def key_tree(value):
	if isinstance(value, dict):
		return {key: key_tree(each) for key, each in value.items()}
	if isinstance(value, list):
		return [key_tree(each) for each in value[:1]]
	return None


def recorded(name):
	return json.loads((PAYLOADS / f"{name}.json").read_text())


CASES = [
	("message-text", {"customer": ANA, "text": "Hi"}),
	("message-text-reply", {"customer": ANA, "text": "Yes", "reply_to": "3EB0AAAAAAAAAAAAAAAA01"}),
	("message-image-base64", {"customer": ANA, "kind": "image", "caption": "Look"}),
	("message-audio-ptt", {"customer": ANA, "kind": "voice"}),
	("message-video", {"customer": ANA, "kind": "video", "caption": "See"}),
	("message-document", {"customer": ANA, "kind": "document"}),
	("message-document-with-caption", {"customer": ANA, "kind": "document", "caption": "Signed"}),
	("message-sticker", {"customer": ANA, "kind": "sticker"}),
	("message-location", {"customer": ANA, "kind": "location"}),
	("message-contact", {"customer": ANA, "kind": "contact"}),
	("message-lid-sender", {"customer": BEN, "text": "Hi"}),
	("message-lid-sender-no-alt", {"customer": CARA, "text": "Hi"}),
	("message-group-text", {"customer": BEN, "to_group": True, "text": "Hi"}),
	("message-from-own-phone", {"customer": ANA, "from_me": True, "text": "Hi"}),
	("message-from-own-phone-group", {"customer": "group", "from_me": True, "text": "Hi"}),
	("undecryptable-message", {"customer": ANA, "kind": "undecryptable"}),
]


@pytest.mark.parametrize(("name", "act"), CASES, ids=[name for name, _ in CASES])
def test_message_has_the_recorded_keys(sandbox, receiver, name, act):
	sandbox.control("phone/send", act)
	(body,) = receiver.wait("wuzapi")
	assert key_tree(body) == key_tree(recorded(name))
	for key in ("AddressingMode", "IsFromMe", "IsGroup", "MediaType", "Type", "Edit"):
		assert body["event"]["Info"][key] == recorded(name)["event"]["Info"][key], key


@pytest.mark.parametrize(
	("name", "kind", "text"),
	[
		("message-reaction", "reaction", "👍"),
		("message-reaction-removed", "reaction", ""),
		("message-edit", "edit", "Hello, is the shop open tomorrow?"),
		("message-revoke", "delete", ""),
	],
)
def test_act_on_a_message_has_the_recorded_keys(sandbox, receiver, name, kind, text):
	sent = sandbox.control("phone/send", {"customer": ANA, "text": "Hello"})
	target = sent["messages"][0]["id"]
	sandbox.control("phone/send", {"customer": ANA, "kind": kind, "target": target, "text": text})
	bodies = receiver.wait("wuzapi", 2)
	body = next(each for each in bodies if each["event"]["Info"]["ID"] != target)
	assert key_tree(body) == key_tree(recorded(name))
	assert body["event"]["Info"]["Edit"] == recorded(name)["event"]["Info"]["Edit"]


def test_delete_from_own_phone_has_the_recorded_keys(sandbox, receiver):
	sent = sandbox.control("phone/send", {"customer": ANA, "from_me": True, "text": "Hello"})
	target = sent["messages"][0]["id"]
	sandbox.control("phone/send", {"customer": ANA, "from_me": True, "kind": "delete", "target": target})
	bodies = receiver.wait("wuzapi", 2, type="Message")
	body = next(each for each in bodies if each["event"]["Info"]["ID"] != target)
	assert key_tree(body) == key_tree(recorded("message-revoke-from-own-phone"))


def test_receipts_have_the_recorded_keys(sandbox, receiver, gateway):
	for number in (1, 2):
		gateway("POST", "/chat/send/text", {"Phone": ANA, "Body": "Hi", "Id": f"3EB0{number}"})
	(delivered,) = receiver.wait("wuzapi", type="ReadReceipt", state="Delivered")
	assert key_tree(delivered) == key_tree(recorded("readreceipt-delivered"))
	# Both came in the same moment: one receipt, newest first.
	assert delivered["event"]["MessageIDs"] == ["3EB02", "3EB01"]
	sandbox.control("phone/read", {"customer": ANA})
	(read,) = receiver.wait("wuzapi", type="ReadReceipt", state="Read")
	assert key_tree(read) == key_tree(recorded("readreceipt-read"))
	assert read["event"] | {"Timestamp": ""} == recorded("readreceipt-read")["event"] | {
		"Timestamp": "",
		"MessageIDs": ["3EB02", "3EB01"],
	}


def test_reading_on_the_shops_phone_has_the_recorded_shape(sandbox, receiver):
	sent = sandbox.control("phone/send", {"customer": ANA, "text": "Hello"})["messages"][0]
	sandbox.control("phone/read", {"customer": ANA, "by_owner": True})
	(body,) = receiver.wait("wuzapi", type="ReadReceipt")
	wanted = recorded("readreceipt-read-by-own-phone")["event"]
	assert body["event"] | {"Timestamp": ""} == wanted | {"Timestamp": "", "MessageIDs": [sent["id"]]}


def test_typing_has_the_recorded_keys(sandbox, receiver):
	sandbox.control("phone/typing", {"customer": BEN, "state": "composing"})
	(body,) = receiver.wait("wuzapi", type="ChatPresence")
	assert key_tree(body) == key_tree(recorded("chatpresence-composing"))


def test_form_mode_keeps_the_order_of_gos_structs(sandbox, receiver):
	sandbox.switch(webhook_format="form")
	sandbox.control("phone/send", {"customer": ANA, "text": "a + b"})
	_, headers, body, _ = wait_until(lambda: receiver.requests)[0]
	assert headers["Content-Type"] == "application/x-www-form-urlencoded"
	fields = {key: values[0] for key, values in parse_qs(body.decode()).items()}
	vectors = json.loads((PAYLOADS / "hmac" / "vectors.json").read_text())
	form = next(vector["body"] for vector in vectors if vector["mode"] == "form")
	wanted = {key: values[0] for key, values in parse_qs(form).items()}
	assert list(fields) == list(wanted) == ["instanceName", "jsonData", "userID"]
	assert _keys_in_order(fields["jsonData"]) == _keys_in_order(wanted["jsonData"])
	assert json.loads(fields["jsonData"])["event"]["Message"]["conversation"] == "a + b"


def _keys_in_order(text):
	order = []

	def pairs(items):
		order.append([key for key, _ in items])
		return dict(items)

	json.loads(text, object_pairs_hook=pairs)
	return order


def test_media_can_be_left_out_and_fetched_later(sandbox, receiver, gateway):
	sandbox.switch(media_delivery="none")
	sent = sandbox.control("phone/send", {"customer": ANA, "kind": "image"})["messages"][0]
	(body,) = receiver.wait("wuzapi")
	assert "base64" not in body
	without_caption = key_tree(recorded("message-image-no-media-delivered"))
	assert set(body) == set(without_caption)
	answer = gateway("POST", "/chat/downloadimage", body["event"]["Message"]["imageMessage"])
	data = answer.json()["data"]
	assert data["Mimetype"] == "image/jpeg"
	assert data["Data"].startswith("data:image/jpeg;base64,/9j/")
	unknown = gateway("POST", "/chat/downloadimage", {"Url": "https://mmg.whatsapp.net/v/none"})
	assert unknown.status_code == 500
	assert "404" in unknown.json()["error"]
	assert sent["id"] in body["event"]["Message"]["imageMessage"]["directPath"]


def test_group_message_without_content_comes_under_the_same_id(sandbox, receiver):
	body = {"customer": BEN, "to_group": True, "id": "3A0001"}
	sandbox.control("phone/send", {**body, "kind": "sender_key"})
	(bare,) = receiver.wait("wuzapi")
	assert key_tree(bare) == key_tree(recorded("message-group-sender-key-only"))
	sandbox.control("phone/send", {**body, "text": "Good morning"})
	assert len({each["event"]["Info"]["ID"] for each in receiver.wait("wuzapi", 2)}) == 1
	assert [each["text"] for each in sandbox.control("phone/chats/group")["messages"]] == ["Good morning"]


def test_any_recorded_event_can_be_posted(sandbox, receiver):
	payload = recorded("loggedout-device-removed")
	sandbox.control("gateway/webhook", {"payload": {key: payload[key] for key in ("type", "event")}})
	assert receiver.wait("wuzapi") == [payload]
