"""From nothing to connected, and away again: codes, phones, networks, bans, with the webhooks that tell of it."""

import base64
import struct
import zlib

import pytest
from gateway_user import PHONE, GatewayUser

from wuzapi_chatwoot.sandbox.process import SandboxProcess, wait_until

DEVICE = f"{PHONE}:12@s.whatsapp.net"
LID = "100447700901001"


@pytest.fixture
def user(sandbox, receiver):
	sandbox.switch(gateway_connect_ms=10)
	return GatewayUser(sandbox, receiver)


def pixels(data_url):
	"""The rows of a grey PNG; fails when it is none."""
	head, _, data = data_url.partition(",")
	assert head == "data:image/png;base64"
	png = base64.b64decode(data, validate=True)
	assert png[:8] == b"\x89PNG\r\n\x1a\n"
	at, chunks = 8, {}
	while at < len(png):
		length, kind = struct.unpack(">I4s", png[at : at + 8])
		content = png[at + 8 : at + 8 + length]
		assert zlib.crc32(kind + content) == struct.unpack(">I", png[at + 8 + length : at + 12 + length])[0]
		chunks[kind], at = content, at + 12 + length
	width, height, depth, colour = struct.unpack(">IIBB", chunks[b"IHDR"][:10])
	assert (depth, colour) == (8, 0)
	raw = zlib.decompress(chunks[b"IDAT"])
	assert len(raw) == height * (width + 1)
	return [raw[row * (width + 1) + 1 : (row + 1) * (width + 1)] for row in range(height)]


# ---- connecting


def test_connect_needs_a_json_body_and_a_list(user):
	assert user("POST", "/session/connect").status_code == 400
	answer = user("POST", "/session/connect", {"Subscribe": "Message"})
	assert (answer.status_code, answer.json()["error"]) == (400, "could not decode Payload")
	assert user.seen["clients"] == 0


def test_connect_replaces_the_subscription_and_drops_unknown_names(user):
	assert user.connect(Subscribe=["Message", "Telepathy", "QR"]) == {
		"webhook": user.url,
		"jid": "",
		"events": "Message,QR",
		"details": "Connected!",
	}
	assert user.data("/webhook")["subscribe"] == ["Message", "QR"]


def test_connect_twice_is_refused_and_unpaired_is_connected_too(user):
	user.shows_code()
	assert user.is_up == (True, False)
	answer = user("POST", "/session/connect", {"Immediate": True})
	assert (answer.status_code, answer.json()["error"]) == (500, "already connected")
	assert user.seen["clients"] == 1


def test_connect_that_waits_says_whether_it_worked(sandbox, user):
	sandbox.switch(gateway_connect_block_ms=60)
	user.act("gateway/client_outdated", lasting=True)
	refused = user("POST", "/session/connect", {})
	assert (refused.status_code, refused.json()["error"]) == (500, "failed to connect")
	user.act("gateway/accept")
	assert user("POST", "/session/connect", {}).status_code == 200


# ---- codes


def test_codes_rotate_and_run_out(sandbox, user):
	assert user("GET", "/session/qr").json()["error"] == "no session"
	sandbox.switch(gateway_qr_ms=100)
	user.shows_code()
	shown = user.data("/session/qr")["QRCode"]
	user.wait("QRTimeout")
	codes = [body["qrCodeBase64"] for body in user.posted("QR")]
	assert shown in codes
	assert len(set(codes)) == 6
	assert user.posted("QR")[0] == user.own("QR", "code", qrCodeBase64=codes[0])
	assert user.posted("QRTimeout") == [user.own("QRTimeout", "timeout")]
	assert (user.is_up, user.seen["clients"], user.status["qrcode"]) == ((False, False), 0, "")
	assert user("GET", "/session/qr").json()["error"] == "no session"
	user.connect()
	user.wait("QR", 7)


def test_code_is_a_picture_that_looks_like_one(user):
	rows = pixels(user.shows_code())
	assert len(rows) == len(rows[0]) == 116
	# From the white margin into the square at the top left: its frame, the gap, its middle.
	assert [rows[at][at] for at in (4, 8, 12, 16)] == [255, 0, 255, 0]


def test_time_between_codes_and_their_number_are_options(receiver_process):
	receiver_process.clear()
	with SandboxProcess("--qr-ms", "30", "--qr-codes", "2", bridge_url=receiver_process.url) as sandbox:
		user = GatewayUser(sandbox, receiver_process, "third")
		user.connect()
		user.wait("QRTimeout")
		assert sorted(user.kinds()) == ["QR", "QR", "QRTimeout"]


def test_scanned_code_pairs(sandbox, user):
	user.shows_code()
	device = user.act("phone/scan", phone=f"+{PHONE}")
	assert device == {"jid": DEVICE, "lid": f"{LID}@lid"}
	user.wait("Connected")
	user.wait("own name")
	# Each webhook is posted for itself, as by the gateway: they come in any order.
	assert sorted(user.kinds()) == ["Connected", "PairSuccess", "QR", "own name"]
	about = {"BusinessName": "", "ID": DEVICE, "LID": f"{LID}:12@lid", "Platform": "android"}
	assert user.posted("PairSuccess") == [user.own("PairSuccess", about)]
	assert user.posted("Connected") == [user.own("Connected", {})]
	assert user.is_up == (True, True)
	assert user("GET", "/session/qr").json()["error"] == "already logged in"
	assert user("POST", "/session/pairphone", {"Phone": PHONE}).json()["error"] == "already paired"
	(listed,) = user.admin("GET", f"/{user.id}").json()["data"]
	assert (listed["jid"], listed["loggedIn"], listed["qrcode"]) == (DEVICE, True, "")


def test_typed_code_pairs_the_number_it_was_made_for(sandbox, user):
	assert user("POST", "/session/pairphone", {"Phone": PHONE}).json()["error"] == "no session"
	user.shows_code()
	assert user("POST", "/session/pairphone", {}).status_code == 400
	code = user("POST", "/session/pairphone", {"Phone": f"+{PHONE}"}).json()["data"]["LinkingCode"]
	assert (len(code), code[4]) == (9, "-")
	for body in ({"code": "AAAA-AAAA"}, {"code": code, "phone": "447700901009"}):
		with pytest.raises(ValueError, match="40"):
			sandbox.control("phone/type_code", body)
	assert sandbox.control("phone/type_code", {"code": code})["jid"] == DEVICE
	user.wait("Connected")
	assert user.is_up == (True, True)


def test_code_is_scanned_once_and_only_while_it_is_there(user):
	with pytest.raises(ValueError, match="no QR code"):
		user.act("phone/scan", phone=PHONE)
	user.pair()
	with pytest.raises(ValueError, match="no QR code"):
		user.act("phone/scan", phone=PHONE)


def test_pairing_that_fails_leaves_nobody_connected(user):
	user.shows_code()
	user.act("phone/scan", phone=PHONE, fails=True)
	(body,) = user.wait("PairError")
	assert body["event"].pop("Error") == {}
	assert body["event"].keys() == {"BusinessName", "ID", "LID", "Platform"}
	assert user.is_up == (False, False)


def test_number_that_was_used_before_gets_another_device_and_keeps_its_chats(sandbox, receiver, user):
	user.pair()
	user.is_written_to("before")
	other = GatewayUser(sandbox, receiver, "third")
	assert other.pair()["jid"] == f"{PHONE}:13@s.whatsapp.net"
	user.is_written_to("after")
	other.wait("Message")
	wait_until(lambda: user.texts() == ["after", "before"])
	assert other.texts() == ["after"]


# ---- ending a session


def test_disconnect_keeps_the_pairing_and_tells_nobody(user):
	assert user("POST", "/session/disconnect", {}).status_code == 500
	user.pair()
	assert user("POST", "/session/disconnect", {}).json()["data"] == {"Details": "Disconnected"}
	assert (user.is_up, user.seen["clients"]) == ((False, False), 0)
	assert "Disconnected" not in user.kinds()
	assert user.data("/webhook")["subscribe"] == ["All"]


def test_disconnect_can_clear_the_events(user):
	user.pair()
	user("POST", "/session/disconnect?clear=true", {})
	# An empty list is told as one empty name.
	assert (user.data("/webhook")["subscribe"], user.status["events"]) == ([""], "")


def test_logout_by_the_api_unpairs_without_a_webhook(user):
	assert user("POST", "/session/logout", {}).status_code == 500
	user.shows_code()
	assert user("POST", "/session/logout", {}).status_code == 500
	user.act("phone/scan", phone=PHONE)
	wait_until(lambda: user.is_up == (True, True))
	assert user("POST", "/session/logout", {}).json()["data"] == {"Details": "Logged out"}
	user.shows_code()
	user.wait("QR", 2)
	assert "LoggedOut" not in user.kinds()


def test_phone_throws_the_gateway_out(user):
	user.pair()
	user.act("phone/unlink")
	assert user.wait("LoggedOut") == [user.own("LoggedOut", {"OnConnect": False, "Reason": 401})]
	assert (user.is_up, user.seen["database"]["connected"]) == ((False, False), False)
	user.shows_code()


def test_phone_throws_the_gateway_out_while_it_is_away(user):
	user.pair()
	user.act("gateway/drop", seconds=0.1)
	user.act("phone/unlink")
	assert user.wait("LoggedOut") == [user.own("LoggedOut", {"OnConnect": True, "Reason": 401})]
	assert "Disconnected" in user.kinds()
