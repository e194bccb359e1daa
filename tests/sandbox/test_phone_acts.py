"""What people do to messages that are there, as the gateway reports it and as the phones show it."""

import base64
import hashlib

import pytest

from wuzapi_chatwoot.sandbox.defaults import OWN_LID, OWN_PHONE

ANA, BEN = "447700900123", "447700900456"


def send(sandbox, **body):
	return sandbox.control("phone/send", {"customer": ANA, **body})["messages"]


def message_of(body):
	return {key: value for key, value in body["event"]["Message"].items() if key != "messageContextInfo"}


def shown(sandbox, customer=ANA):
	return sandbox.control(f"phone/chats/{customer}")["messages"]


@pytest.mark.parametrize("hashes_only", [False, True])
def test_votes_count_on_the_phone_and_can_be_taken_back(sandbox, receiver, gateway, hashes_only):
	poll = {"group": ANA, "header": "Day?", "options": ["Monday", "Tuesday"], "Id": "3EB0A50"}
	gateway("POST", "/chat/send/poll", poll)
	vote = {"kind": "poll_vote", "target": "3EB0A50", "hashes_only": hashes_only}
	send(sandbox, **vote, options=["Tuesday"])
	(came,) = receiver.wait("wuzapi", type="Message")
	hashed = base64.b64encode(hashlib.sha256(b"Tuesday").digest()).decode()
	assert came["pollVote"] == {
		"pollCreationMsgID": "3EB0A50",
		"selectedOptions": [] if hashes_only else ["Tuesday"],
		"selectedHashesB64": [hashed],
	}
	asked = {"question": "Day?", "options": ["Monday", "Tuesday"]}
	assert shown(sandbox)[0]["poll"] == {**asked, "votes": {"Ana Example": ["Tuesday"]}}
	send(sandbox, **vote, options=[])
	empty = {"pollCreationMsgID": "3EB0A50", "selectedOptions": [], "selectedHashesB64": []}
	assert empty in [each["pollVote"] for each in receiver.wait("wuzapi", 2, type="Message")]
	assert shown(sandbox)[0]["poll"] == {**asked, "votes": {}}


def test_gateway_knows_no_texts_of_a_poll_that_it_did_not_send(sandbox, receiver):
	poll = send(sandbox, kind="poll", text="Day?")[0]["id"]
	send(sandbox, from_me=True, kind="poll_vote", target=poll, options=["Monday"])
	votes = [each["pollVote"] for each in receiver.wait("wuzapi", 2) if "pollVote" in each]
	assert votes[0]["selectedOptions"] == []
	assert shown(sandbox)[0]["poll"]["votes"] == {"Example Shop": ["Monday"]}


def test_edits_keep_earlier_words_also_under_a_picture(sandbox, receiver):
	picture = send(sandbox, kind="image", caption="Brokn")[0]["id"]
	send(sandbox, kind="edit", target=picture, text="Broken")
	came = next(each for each in receiver.wait("wuzapi", 2) if each["event"]["IsEdit"])
	edited = message_of(came)["protocolMessage"]["editedMessage"]
	assert edited["imageMessage"]["caption"] == "Broken"
	(bubble,) = shown(sandbox)
	assert (bubble["caption"], bubble["edited"], bubble["earlier_texts"]) == ("Broken", True, ["Brokn"])


def test_admin_deletes_what_others_wrote(sandbox, receiver):
	target = send(sandbox, to_group=True, text="Buy pills")[0]["id"]
	body = {"to_group": True, "kind": "delete", "by_admin": True, "target": target}
	send(sandbox, customer=BEN, **body)
	came = next(each for each in receiver.wait("wuzapi", 2) if each["event"]["Info"]["Edit"] == "8")
	group = "120363000000000001@g.us"
	key = {"ID": target, "fromMe": False, "participant": "222200002222000@lid", "remoteJID": group}
	assert message_of(came) == {"protocolMessage": {"key": key, "type": 0}}
	bubble = shown(sandbox, "group")[-1]
	assert (bubble["deleted"], bubble["deleted_by"]) == (True, "Ben Sample")


def test_pinned_message_is_pinned_until_it_is_taken_down(sandbox, receiver):
	target = send(sandbox, text="Opening hours")[0]["id"]
	send(sandbox, from_me=True, kind="pin", target=target)
	assert shown(sandbox)[0]["pinned"] is True
	send(sandbox, kind="unpin", target=target)
	assert shown(sandbox)[0]["pinned"] is False
	came = receiver.wait("wuzapi", 3)
	pins = [message_of(each)["pinInChatMessage"] for each in came if each["event"]["Info"]["Edit"] == "2"]
	assert {(pin["type"], pin["key"]["fromMe"]) for pin in pins} == {(1, False), (2, True)}


def test_real_message_takes_the_place_of_the_undecryptable_one(sandbox, receiver):
	send(sandbox, kind="undecryptable", id="3A01")
	send(sandbox, text="At last", id="3A01", retry_count=1)
	types = {each["type"]: each["event"] for each in receiver.wait("wuzapi", 2)}
	assert types["UndecryptableMessage"]["Info"]["ID"] == types["Message"]["Info"]["ID"] == "3A01"
	assert types["Message"]["RetryCount"] == 1
	assert [message["text"] for message in shown(sandbox)] == ["At last"]


def test_copy_resent_by_the_phone_adds_nothing_to_it(sandbox, receiver):
	first = send(sandbox, text="Hello")[0]["id"]
	send(sandbox, id=first, resent=True)
	came = receiver.wait("wuzapi", 2)
	copy = next(each["event"] for each in came if each["event"]["UnavailableRequestID"])
	assert (copy["Info"]["ID"], copy["Message"]) == (first, {"conversation": "Hello"})
	assert copy["SourceWebMsg"]["key"]["ID"] == first
	assert len(shown(sandbox)) == 1


@pytest.mark.parametrize(
	("body", "status"),
	[
		({"kind": "poll_vote", "target": "3A01", "options": ["Monday"]}, 400),
		({"kind": "delete", "target": "3A01", "by_admin": True}, 400),
		({"kind": "edit", "target": "3A01", "text": "x", "from_me": True}, 400),
		({"kind": "call", "from_me": True}, 400),
		({"kind": "call_end", "target": "nothing"}, 404),
		({"kind": "location", "latitude": "north"}, 400),
		({"kind": "contacts", "contacts": []}, 400),
		({"kind": "profile", "customer": "5511900000001", "by_lid": True}, 400),
		({"text": "x", "mentions": ["nobody"]}, 400),
	],
)
def test_kinds_that_make_no_sense_are_refused(sandbox, body, status):
	send(sandbox, text="Hello", id="3A01")
	with pytest.raises(ValueError, match=f"phone/send: {status} "):
		send(sandbox, **body)


def test_a_chat_with_oneself(sandbox, receiver, gateway):
	"""What is typed there is the owner's; nobody confirms what is sent there."""
	own = {"Phone": OWN_PHONE, "Body": "To myself", "Id": "3EB0B01"}
	gateway("POST", "/chat/send/text", own)
	send(sandbox, customer=OWN_PHONE, text="And back")
	(came,) = receiver.wait("wuzapi", type="Message")
	info = came["event"]["Info"]
	assert (info["Chat"], info["IsFromMe"]) == (f"{OWN_PHONE}@s.whatsapp.net", True)
	assert (info["Sender"], info["RecipientAlt"]) == (f"{OWN_PHONE}@s.whatsapp.net", f"{OWN_LID}@lid")
	assert [(each["text"], each["status"]) for each in shown(sandbox, OWN_PHONE)] == [
		("To myself", "sent"),
		("And back", "sent"),
	]
	gateway("POST", "/chat/send/text", {"Phone": ANA, "Body": "To Ana", "Id": "3EB0B02"})
	(told,) = receiver.wait("wuzapi", type="ReadReceipt")
	assert told["event"]["Chat"] == f"{ANA}@s.whatsapp.net"
