"""What the gateway answers while its line to WhatsApp is lost or leads nowhere, and how a pairing becomes one of those."""

import pytest
import requests
from gateway_user import GatewayUser
from sandbox.test_gateway_sends import IMAGE, VOICE, data_url

from wuzapi_chatwoot.sandbox import defaults
from wuzapi_chatwoot.sandbox.process import wait_until

ANA = "447700900123"
OFFLINE, UNPAIRED = "websocket not connected", "the store doesn't contain a device JID"
TO = {"Phone": ANA}
CALLS = {
	"/chat/send/text": {**TO, "Body": "x"},
	"/chat/send/location": {**TO, "Latitude": 1.5, "Longitude": 2.5},
	"/chat/send/image": {**TO, "Image": IMAGE},
	"/chat/send/audio": {**TO, "Audio": VOICE},
	"/chat/send/document": {**TO, "Document": data_url("document"), "FileName": "a.pdf"},
	"/chat/send/sticker": {**TO, "Sticker": data_url("sticker")},
	"/chat/send/poll": {"Group": ANA, "Header": "?", "Options": ["a", "b"]},
	"/chat/send/edit": {**TO, "Body": "x", "Id": "3EB0"},
	"/chat/react": {**TO, "Body": "👍", "Id": "3EB0"},
	"/chat/delete": {**TO, "Id": "3EB0"},
	"/chat/markread": {"ChatPhone": ANA, "Id": ["3A"]},
	"/chat/presence": {**TO, "State": "composing"},
	"/user/check": {"Phone": [ANA]},
	"/user/avatar": TO,
	"/user/presence": {"type": "available"},
	"/user/presence/subscribe": TO,
	"/chat/downloadimage": {"Url": "https://mmg.whatsapp.net/x"},
}


@pytest.fixture
def user(sandbox, receiver):
	return GatewayUser(sandbox, receiver)


def answers(user):
	"""The text of each failure; the status of whatever is none."""
	found = {}
	for path, body in CALLS.items():
		answer = user("POST", path, body)
		found[path] = answer.json()["error"] if answer.status_code == 500 else answer.status_code
	return found


SAME = {
	"/chat/presence": "failure sending chat presence to Whatsapp servers",
	"/user/presence": "failure sending presence to Whatsapp servers",
	"/user/presence/subscribe": "failure subscribing to presence",
}


def test_while_the_socket_is_lost(user):
	user.pair()
	user.act("gateway/drop", seconds=None)
	upload = f"ailed to upload file: failed to refresh media connections: {OFFLINE}"
	assert answers(user) == {
		"/chat/send/text": f"error sending message: {OFFLINE}",
		"/chat/send/location": f"error sending message: {OFFLINE}",
		"/chat/send/image": f"f{upload}",
		"/chat/send/audio": f"f{upload}",
		"/chat/send/document": f"f{upload}",
		"/chat/send/sticker": f"F{upload}",
		"/chat/send/poll": f"failed to send poll: {OFFLINE}",
		"/chat/send/edit": f"error sending edit message: {OFFLINE}",
		"/chat/react": f"error sending message: {OFFLINE}",
		"/chat/delete": f"error sending message: {OFFLINE}",
		"/chat/markread": "failure marking messages as read",
		"/user/check": f"failed to check if users are on WhatsApp: failed to send usync query: {OFFLINE}",
		"/user/avatar": f"failed to get avatar: {OFFLINE}",
		"/chat/downloadimage": f"failed to download image failed to refresh media connections: {OFFLINE}",
		**SAME,
	}
	assert user("GET", "/user/contacts").status_code == 200
	without_words(user)
	# What is wrong with a request is told first.
	assert user("POST", "/chat/send/text", TO).status_code == 400


def without_words(user):
	for method, path, body in (
		("GET", f"/group/info?groupJID={defaults.GROUP_JID}", None),
		("GET", "/group/list", None),
		("POST", "/user/info", {"Phone": [ANA]}),
	):
		answer = user(method, path, body)
		assert (answer.status_code, answer.json()) == (500, {"code": 500, "success": True})


def test_while_nobody_is_paired(user):
	user.shows_code()
	found = answers(user)
	capital = ("image", "audio", "document", "sticker")
	for path in ("text", "location", *capital):
		begin = "Error" if path in capital else "error"
		assert found.pop(f"/chat/send/{path}") == f"{begin} sending message: {UNPAIRED}"
	assert found.pop("/chat/markread") == 200
	assert found.pop("/chat/send/poll") == f"failed to send poll: {UNPAIRED}"
	assert found.pop("/chat/send/edit") == f"error sending edit message: {UNPAIRED}"
	assert {found.pop("/chat/react"), found.pop("/chat/delete")} == {f"error sending message: {UNPAIRED}"}
	assert {path: found[path] for path in SAME} == SAME
	without_words(user)
	with pytest.raises(requests.ConnectionError):
		user("GET", "/user/contacts")
	assert user.is_up == (True, False)
	assert user("POST", "/session/logout", {}).json()["error"] == "could not logout as it was not logged in"


def test_a_code_to_type_takes_a_line(user):
	user.pair()
	ask = {"Phone": ANA}
	assert user("POST", "/session/pairphone", ask).json()["error"] == "already paired"
	user.act("gateway/drop", seconds=None)
	answer = user("POST", "/session/pairphone", ask)
	assert (answer.status_code, answer.json()["error"]) == (400, OFFLINE)


def test_a_video_of_three_letters_breaks_the_connection(user):
	user.pair()
	with pytest.raises(requests.ConnectionError):
		user("POST", "/chat/send/video", {**TO, "Video": "abc"})


def test_a_connect_right_after_a_pairing_loses_the_device(sandbox, user):
	user.shows_code()
	sandbox.switch(gateway_connect_ms=400)
	user.act("phone/scan", phone=ANA)
	user.wait("PairSuccess")
	assert user.is_up == (False, False)
	user.connect()
	wait_until(lambda: user.status["connected"])
	assert (user.is_up, user.status["jid"]) == ((True, False), "")
	assert user("POST", "/chat/send/text", CALLS["/chat/send/text"]).json()["error"].endswith(UNPAIRED)


def test_a_release_before_june_2026_forgets_the_events_at_a_connect(sandbox, user):
	sandbox.switch(gateway_before_june_2026=True)
	assert user.connect()["events"] == ""
	assert (user.data("/webhook")["subscribe"], user.status["events"]) == ([""], "")
	wait_until(lambda: user.status["connected"])
	user("POST", "/session/disconnect", {})
	assert user.connect(Subscribe=["Message", "QR"])["events"] == "Message,QR"
	assert user.data("/webhook")["subscribe"] == ["Message", "QR"]


def test_it_does_not_know_what_came_with_june(sandbox, user):
	for old in (True, False):
		sandbox.switch(gateway_before_june_2026=old)
		for method, path in (("GET", "/user/privacy"), ("POST", "/user/privacy"), ("GET", "/user/blocklist")):
			answer = user(method, path, {})
			assert (answer.status_code, "code" in answer.text) == ((404, False) if old else (500, True))
	user.shows_code()
	refused = user("POST", "/user/privacy", {})
	assert (refused.status_code, refused.json()["error"]) == (400, 'invalid privacy setting name ""')


def test_it_does_not_read_media_delivery_from_its_database(sandbox, user):
	sandbox.switch(gateway_before_june_2026=True)
	user.pair()
	user("POST", "/webhook", {"webhookurl": user.url, "events": ["Message"]})
	user.act("phone/send", customer="447700900123", kind="image")
	user("POST", "/session/s3/config", {"enabled": False, "media_delivery": "base64"})
	user.act("phone/send", customer="447700900123", kind="image")
	first, second = sorted(user.wait("Message", 2), key=lambda body: "base64" in body)
	assert ("base64" in first, "base64" in second) == (False, True)
	assert user.status["s3_config"]["media_delivery"] == "base64"


def test_it_loses_a_picture_that_it_cannot_download(sandbox, user):
	sandbox.switch(gateway_before_june_2026=True)
	user.pair()
	user("POST", "/webhook", {"webhookurl": user.url, "events": ["Message"]})
	user.act("phone/send", customer="447700900123", kind="image", undelivered=True)
	user.is_written_to("after it")
	assert [body["event"]["Message"].get("conversation") for body in user.wait("Message")] == ["after it"]


def test_history_without_a_session(user):
	for wanted, error in ((5, "no session"), (-1, "no session")):
		answer = user("POST", "/session/history", {"history": wanted})
		assert (answer.status_code, answer.json()["error"]) == (400, error)
