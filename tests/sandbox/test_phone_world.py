"""What happens beside messages: calls, the group, pictures, names, and the two addresses of one person."""

import pytest
import requests

ANA, BEN, CARA = "447700900123", "447700900456", "444400004444000"
GROUP = "120363000000000001@g.us"


def send(sandbox, **body):
	return sandbox.control("phone/send", {"customer": ANA, **body})["messages"]


def info_of(body):
	return body["event"]["Info"]


def addresses(body):
	return tuple(info_of(body)[key] for key in ("Chat", "Sender", "SenderAlt"))


def test_call_rings_is_rejected_and_ends(sandbox, gateway, receiver):
	call = send(sandbox, kind="call", video=True)[0]["id"]
	(offer,) = receiver.wait("wuzapi", type="CallOffer")
	assert offer["event"]["CallID"] == call
	assert [part["Tag"] for part in offer["event"]["Data"]["Content"]] == ["audio", "video", "enc"]
	(bubble,) = sandbox.control(f"phone/chats/{ANA}")["messages"]
	assert (bubble["kind"], bubble["text"]) == ("call", "Video call")
	assert bubble["call"] == {"id": call, "video": True, "reason": "", "rejected": False}
	rejected = gateway("POST", "/call/reject", {"call_from": offer["event"]["From"], "call_id": call})
	assert rejected.json()["data"]["CallID"] == call
	send(sandbox, kind="call_end", target=call, reason="rejected")
	(ended,) = receiver.wait("wuzapi", type="CallTerminate")
	assert (ended["event"]["CallID"], ended["event"]["Reason"]) == (call, "rejected")
	(bubble,) = sandbox.control(f"phone/chats/{ANA}")["messages"]
	assert (bubble["call"]["reason"], bubble["call"]["rejected"]) == ("rejected", True)


def test_call_to_the_group_is_a_notice(sandbox, receiver):
	send(sandbox, kind="call", to_group=True)
	(notice,) = receiver.wait("wuzapi", type="CallOfferNotice")
	event = notice["event"]
	assert (event["Media"], event["Type"], event["GroupJID"]) == ("audio", "group", "")
	data = {"Attrs": {"media": "audio", "type": "group"}, "Content": None, "Tag": "offer_notice"}
	assert event["Data"] == data


@pytest.mark.parametrize("missing", ["call_from", "call_id"])
def test_call_cannot_be_rejected_without_its_names(gateway, missing):
	body = {"call_from": "222200002222000@lid", "call_id": "X"}
	answer = gateway("POST", "/call/reject", {**body, missing: ""})
	assert answer.status_code == 400
	assert missing in answer.json()["error"]


def test_group_gets_members_loses_them_and_gets_another_name(sandbox, gateway, receiver):
	def group():
		return gateway("GET", f"/group/info?groupJID={GROUP}").json()["data"]

	send(sandbox, customer=CARA, kind="group_join")
	(joined,) = receiver.wait("wuzapi", type="GroupInfo")
	assert joined["event"]["Join"] == ["444400004444000@lid"]
	cara = group()["Participants"][2]
	assert (cara["JID"], cara["PhoneNumber"]) == ("444400004444000@lid", "")
	send(sandbox, customer=CARA, to_group=True, text="Hello all")
	(hello,) = receiver.wait("wuzapi", type="Message")
	assert addresses(hello) == (GROUP, "444400004444000:4@lid", "")
	send(sandbox, customer=CARA, kind="group_leave")
	send(sandbox, customer=BEN, kind="group_subject", text="Bakery friends")
	changes = [each["event"] for each in receiver.wait("wuzapi", 3, type="GroupInfo")]
	assert ["444400004444000@lid"] in [change["Leave"] for change in changes]
	assert "Bakery friends" in [(change["Name"] or {}).get("Name") for change in changes]
	assert (group()["Name"], group()["ParticipantCount"]) == ("Bakery friends", 3)
	assert gateway("GET", "/group/list").json()["data"]["Groups"][0]["Name"] == "Bakery friends"
	chat = sandbox.control("phone/chats/group")
	assert chat["name"] == "Bakery friends"
	lines = [(each["kind"], each["text"]) for each in chat["messages"]]
	assert ("note", "Cara Sample joined") in lines
	assert ("note", "Ben Sample named the group Bakery friends") in lines


def test_lines_of_the_phone_are_no_messages_that_could_be_read(sandbox, receiver):
	send(sandbox, customer=CARA, kind="group_join")
	assert sandbox.control("phone/read", {"customer": "group", "by_owner": True}) == {"read": []}


def test_member_of_the_group_may_come_without_his_number(sandbox, receiver):
	send(sandbox, customer=BEN, to_group=True, text="Hi", without_alt=True)
	(came,) = receiver.wait("wuzapi")
	assert addresses(came) == (GROUP, "333300003333000:4@lid", "")


def test_picture_is_served_until_it_is_removed(sandbox, gateway, receiver):
	number = send(sandbox, kind="picture")[0]["id"]
	(came,) = receiver.wait("wuzapi")
	assert (came["event"]["PictureID"], came["event"]["Remove"]) == (number, False)
	for phone in (ANA, f"{ANA}@s.whatsapp.net", "222200002222000@lid"):
		found = gateway("POST", "/user/avatar", {"Phone": phone, "Preview": True}).json()["data"]
		assert found.keys() == {"url", "id", "type", "direct_path", "hash"}
		assert (found["id"], found["type"]) == (number, "preview")
	picture = requests.get(found["url"], timeout=30)
	assert picture.content.startswith(b"\xff\xd8\xff")
	assert picture.headers["Content-Type"] == "image/jpeg"
	known = gateway("POST", "/user/info", {"Phone": [f"{ANA}@s.whatsapp.net"]}).json()["data"]["Users"]
	assert known[f"{ANA}@s.whatsapp.net"]["PictureID"] == number
	send(sandbox, kind="picture_removed")
	gone = gateway("POST", "/user/avatar", {"Phone": ANA})
	assert (gone.status_code, "does not have a profile picture" in gone.json()["error"]) == (500, True)
	assert requests.get(found["url"], timeout=30).status_code == 403


def test_group_has_a_picture_of_its_own(sandbox, gateway):
	send(sandbox, customer="group", kind="picture")
	assert gateway("POST", "/user/avatar", {"Phone": GROUP}).status_code == 200
	assert gateway("POST", "/user/avatar", {"Phone": ANA}).status_code == 500


def test_names_of_a_customer_change(sandbox, gateway, receiver):
	names = {"name": "Ana B.", "saved_name": "Ana Baker", "verified_name": "Ana Ltd"}
	send(sandbox, kind="profile", **names)
	listed = gateway("GET", "/user/contacts").json()["data"][f"{ANA}@s.whatsapp.net"]
	assert listed == {
		"Found": True,
		"FirstName": "Ana",
		"FullName": "Ana Baker",
		"PushName": "Ana B.",
		"BusinessName": "Ana Ltd",
		"RedactedPhone": "",
	}
	assert gateway("GET", "/user/contacts").json()["data"]["222200002222000@lid"] == listed
	send(sandbox, text="Hi")
	(came,) = receiver.wait("wuzapi")
	assert info_of(came)["PushName"] == "Ana B."
	assert info_of(came)["VerifiedName"]["Details"]["verifiedName"] == "Ana Ltd"
	assert sandbox.control(f"phone/chats/{ANA}")["name"] == "Ana B."


def test_number_behind_a_lid_becomes_known(sandbox, gateway, receiver):
	send(sandbox, customer=CARA, text="first")
	assert gateway("GET", "/user/lid/447700900789").status_code == 404
	send(sandbox, customer=CARA, kind="profile", number_known=True)
	send(sandbox, customer=CARA, text="second")
	came = {each["event"]["Message"]["conversation"]: addresses(each) for each in receiver.wait("wuzapi", 2)}
	lid, phone = "444400004444000@lid", "447700900789@s.whatsapp.net"
	assert came == {"first": (lid, lid, ""), "second": (lid, lid, phone)}
	assert gateway("GET", "/user/lid/447700900789").json()["data"]["lid"] == lid


def test_nothing_tells_the_number_behind_a_lid(gateway):
	(user,) = gateway("POST", "/user/check", {"Phone": [CARA]}).json()["data"]["Users"]
	about = gateway("POST", "/user/info", {"Phone": [f"{CARA}@lid"]}).json()["data"]["Users"]
	listed = gateway("GET", "/user/contacts").json()["data"]
	assert "447700900789" not in f"{user} {about} {listed}"


def test_customer_moves_from_number_to_lid_and_the_chat_goes_along(sandbox, gateway, receiver):
	send(sandbox, text="by number", without_alt=True)
	moved = send(sandbox, kind="profile", by_lid=True)[0]
	assert moved["chat"] == "222200002222000@lid"
	send(sandbox, text="by lid", without_alt=True)
	send(sandbox, text="with both", device=23)
	came = {each["event"]["Message"]["conversation"]: addresses(each) for each in receiver.wait("wuzapi", 3)}
	lid, phone = "222200002222000@lid", f"{ANA}@s.whatsapp.net"
	assert came["by number"] == (phone, phone, "")
	assert came["by lid"] == (lid, lid, "")
	assert came["with both"] == (lid, "222200002222000:23@lid", f"{ANA}:23@s.whatsapp.net")
	gateway("POST", "/chat/send/text", {"Phone": phone, "Body": "Hello"})
	chat = sandbox.control(f"phone/chats/{ANA}")
	assert chat["jid"] == lid
	assert [message["text"] for message in chat["messages"]] == ["by number", "by lid", "with both", "Hello"]
	(receipt,) = receiver.wait("wuzapi", type="ReadReceipt")
	assert receipt["event"]["Chat"] == lid


@pytest.mark.parametrize(
	("written", "real"),
	[
		("551100000001", "5511900000001"),
		("+5511900000001", "5511900000001"),
		("447700900123", "447700900123"),
		("4915100000001", "4915100000001"),
	],
)
def test_number_is_found_under_its_older_form(gateway, written, real):
	(user,) = gateway("POST", "/user/check", {"Phone": [written]}).json()["data"]["Users"]
	assert (user["Query"], user["JID"]) == (written, f"{real}@s.whatsapp.net")


@pytest.mark.parametrize(
	("real", "written"), [("5215500000001", "525500000001"), ("5491100000001", "541100000001")]
)
def test_number_of_mexico_or_argentina_is_found_under_both_forms(sandbox, gateway, real, written):
	send(sandbox, customer=real, text="Hola")
	for form in (real, written):
		(user,) = gateway("POST", "/user/check", {"Phone": [form]}).json()["data"]["Users"]
		assert user["JID"] == f"{real}@s.whatsapp.net"


def test_status_and_channel_have_chats_of_their_own(sandbox, receiver):
	send(sandbox, kind="status_broadcast", text="On holiday")
	send(sandbox, kind="newsletter", text="New cake")
	came = {info_of(each)["Chat"] for each in receiver.wait("wuzapi", 2)}
	assert came == {"status@broadcast", "120363999000000001@newsletter"}
	send(sandbox, kind="status_broadcast", from_me=True, text="We are open")
	assert [info_of(each)["IsGroup"] for each in receiver.wait("wuzapi", 3) if info_of(each)["IsFromMe"]] == [
		True
	]
	assert sandbox.control("phone/chats/status")["messages"][0]["by"] == "Ana Example"
	assert sandbox.control("phone/chats/newsletter")["messages"][0]["text"] == "New cake"
	assert sandbox.control(f"phone/chats/{ANA}")["messages"] == []


def test_reset_brings_everybody_back_as_they_were(sandbox, gateway):
	send(sandbox, kind="profile", name="Somebody else", by_lid=True)
	send(sandbox, customer=CARA, kind="group_join")
	send(sandbox, kind="picture")
	sandbox.control("reset", {})
	chat = sandbox.control(f"phone/chats/{ANA}")
	assert (chat["name"], chat["jid"]) == ("Ana Example", f"{ANA}@s.whatsapp.net")
	assert gateway("GET", f"/group/info?groupJID={GROUP}").json()["data"]["ParticipantCount"] == 3
	assert gateway("POST", "/user/avatar", {"Phone": ANA}).status_code == 500
