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


def flags(body):
	"""What the gateway says about the wrapping of a message."""
	return {key: value for key, value in body["event"].items() if key.startswith("Is") or key == "RetryCount"}


def recorded(name):
	return json.loads((PAYLOADS / f"{name}.json").read_text())


ANSWER = {"customer": ANA, "text": "Confirm", "reply_to": "3EB0AAAAAAAAAAAAAAAA60"}
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
	(
		"message-text-extended-link-preview",
		{"customer": ANA, "text": "Look https://example.com/page", "link_preview": True},
	),
	("message-video-gif", {"customer": ANA, "kind": "gif"}),
	("message-album-parent", {"customer": ANA, "kind": "album", "pictures": 0}),
	("message-ephemeral", {"customer": ANA, "text": "This will vanish", "ephemeral": True}),
	("message-ephemeral-setting-changed", {"customer": ANA, "kind": "ephemeral_setting"}),
	("message-poll-creation", {"customer": BEN, "to_group": True, "kind": "poll", "text": "Which day?"}),
	("message-buttons-response", {**ANSWER, "kind": "button_answer"}),
	("message-interactive-response", {**ANSWER, "kind": "interactive_answer"}),
	("message-list-response", {**ANSWER, "kind": "list_answer", "description": "09:00 to 12:00"}),
	("message-status-broadcast", {"customer": ANA, "kind": "status_broadcast", "text": "On holiday"}),
	("message-newsletter", {"customer": ANA, "kind": "newsletter"}),
	("message-group-invite", {"customer": ANA, "kind": "group_invite", "text": "Join us"}),
	("message-after-retry", {"customer": ANA, "text": "At last", "retry_count": 1}),
	("message-resent-by-phone", {"customer": ANA, "text": "A copy", "resent": True}),
	("message-empty-unknown", {"customer": ANA, "kind": "empty"}),
	("message-peer-protocol-noise", {"customer": ANA, "kind": "peer_noise"}),
	("message-image-no-media-delivered", {"customer": ANA, "kind": "image", "undelivered": True}),
]


@pytest.mark.parametrize(("name", "act"), CASES, ids=[name for name, _ in CASES])
def test_message_has_the_recorded_keys(sandbox, receiver, name, act):
	sandbox.control("phone/send", act)
	(body,) = receiver.wait("wuzapi")
	assert key_tree(body) == key_tree(recorded(name))
	for key in ("AddressingMode", "IsFromMe", "IsGroup", "MediaType", "Type", "Edit", "Category"):
		assert body["event"]["Info"][key] == recorded(name)["event"]["Info"][key], key
	assert flags(body) == flags(recorded(name))


@pytest.mark.parametrize(
	("name", "kind", "text"),
	[
		("message-reaction", "reaction", "👍"),
		("message-reaction-removed", "reaction", ""),
		("message-pin-in-chat", "pin", ""),
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


@pytest.mark.parametrize(
	("name", "sealing"),
	[
		("message-edit-secret-encrypted-decoded", "open"),
		("message-edit-secret-encrypted-undecoded", "sealed"),
	],
)
def test_encrypted_edit_has_the_recorded_keys(sandbox, receiver, name, sealing):
	target = sandbox.control("phone/send", {"customer": ANA, "text": "Hello"})["messages"][0]["id"]
	body = {"customer": ANA, "kind": "edit", "target": target, "text": "Bye", "sealing": sealing}
	sandbox.control("phone/send", body)
	came = next(each for each in receiver.wait("wuzapi", 2) if each["event"]["Info"]["ID"] != target)
	assert key_tree(came) == key_tree(recorded(name))
	assert came["event"]["IsEdit"] is recorded(name)["event"]["IsEdit"] is False


def test_business_from_an_ad_has_the_recorded_keys(sandbox, receiver):
	profile = {"customer": ANA, "kind": "profile", "verified_name": "Ana Example Ltd"}
	sandbox.control("phone/send", profile)
	sandbox.control("phone/send", {"customer": ANA, "text": "I saw your ad", "ad": True})
	(body,) = receiver.wait("wuzapi")
	wanted = recorded("message-from-business-click-to-ad")
	assert key_tree(body) == key_tree(wanted)
	assert (
		body["event"]["Message"]["extendedTextMessage"] == wanted["event"]["Message"]["extendedTextMessage"]
	)
	assert (
		body["event"]["Info"]["VerifiedName"]["Details"] == wanted["event"]["Info"]["VerifiedName"]["Details"]
	)


def test_reaction_in_the_group_has_the_recorded_keys(sandbox, receiver):
	sent = sandbox.control("phone/send", {"customer": ANA, "to_group": True, "text": "Hello"})["messages"][0]
	react = {"customer": BEN, "to_group": True, "kind": "reaction", "text": "❤️", "target": sent["id"]}
	sandbox.control("phone/send", react)
	body = next(each for each in receiver.wait("wuzapi", 2) if each["event"]["Info"]["ID"] != sent["id"])
	wanted = recorded("message-reaction-group")
	assert key_tree(body) == key_tree(wanted)
	key = body["event"]["Message"]["reactionMessage"]["key"]
	assert key | {"ID": ""} == wanted["event"]["Message"]["reactionMessage"]["key"] | {"ID": ""}


def test_vote_has_the_recorded_keys_and_hashes(sandbox, receiver, gateway):
	poll = {"group": "120363000000000001@g.us", "header": "Day?", "options": ["Monday", "Tuesday"]}
	poll["Id"] = "3EB0AAAAAAAAAAAAAAAA50"
	gateway("POST", "/chat/send/poll", poll)
	vote = {"customer": BEN, "to_group": True, "kind": "poll_vote", "target": poll["Id"]}
	sandbox.control("phone/send", {**vote, "options": ["Monday"]})
	(body,) = receiver.wait("wuzapi", type="Message")
	wanted = recorded("message-poll-vote")
	assert key_tree(body) == key_tree(wanted)
	assert body["pollVote"] == wanted["pollVote"]
	key = body["event"]["Message"]["pollUpdateMessage"]["pollCreationMessageKey"]
	assert key == wanted["event"]["Message"]["pollUpdateMessage"]["pollCreationMessageKey"]


EVENTS = [
	("call-offer", {"customer": ANA, "kind": "call"}),
	("group-info-participants", {"customer": "444400004444000", "kind": "group_join"}),
	("group-info-name", {"customer": BEN, "kind": "group_subject", "text": "Renamed group"}),
	("joined-group", {"customer": BEN, "kind": "joined_group"}),
	("picture", {"customer": ANA, "kind": "picture"}),
]


@pytest.mark.parametrize(("name", "act"), EVENTS, ids=[name for name, _ in EVENTS])
def test_event_has_the_recorded_keys(sandbox, receiver, name, act):
	sandbox.control("phone/send", act)
	(body,) = receiver.wait("wuzapi")
	assert key_tree(body) == key_tree(recorded(name))
	assert body["type"] == recorded(name)["type"]


def test_end_of_a_call_has_the_recorded_values(sandbox, receiver):
	call = sandbox.control("phone/send", {"customer": ANA, "kind": "call", "id": "FICTIONALCALL01"})
	end = {"customer": ANA, "kind": "call_end", "target": call["messages"][0]["id"]}
	sandbox.control("phone/send", end)
	(body,) = receiver.wait("wuzapi", type="CallTerminate")
	same = {"Timestamp": "", "CallID": "FICTIONALCALL01"}
	assert body["event"] | same == recorded("call-terminate")["event"] | same


def test_removed_picture_of_the_group_has_the_recorded_values(sandbox, receiver):
	sandbox.control("phone/send", {"customer": "group", "kind": "picture_removed"})
	(body,) = receiver.wait("wuzapi")
	assert body["event"] | {"Timestamp": ""} == recorded("picture-removed")["event"] | {"Timestamp": ""}


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
