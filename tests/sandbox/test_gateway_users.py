"""The gateway's users: how an administrator keeps them, and that each has settings and a phone of its own."""

import pytest
import requests
from gateway_user import BASE64, PHONE, Admin, GatewayUser

from wuzapi_chatwoot.sandbox import defaults
from wuzapi_chatwoot.sandbox.options import GATEWAY_ADMIN_TOKEN
from wuzapi_chatwoot.sandbox.process import wait_until

ANA = "447700900123"
KEY = "a-fictional-key-of-32-characters-"
UNAUTHORIZED = {"code": 401, "error": "unauthorized", "success": False}
NO_PROXY = {"enabled": False, "proxy_url": "", "webhook_use_proxy": True}


def s3(**changes):
	shown = {"enabled": False, "endpoint": "", "region": "", "bucket": "", "access_key": "***"}
	shown |= {"path_style": False, "public_url": "", "media_delivery": "", "retention_days": 0}
	return {**shown, **changes}


@pytest.fixture
def admin(sandbox):
	return Admin(sandbox)


@pytest.fixture
def user(sandbox, receiver):
	return GatewayUser(sandbox, receiver)


@pytest.mark.parametrize("token", [None, "wrong", f"Bearer {GATEWAY_ADMIN_TOKEN}", defaults.GATEWAY_TOKEN])
def test_administrator_gives_the_bare_token(admin, token):
	answer = admin("GET", token=token)
	assert (answer.status_code, answer.json()) == (401, UNAUTHORIZED)


def test_user_gives_its_token_in_its_own_header_or_in_the_query(sandbox, user):
	url = f"{sandbox.gateway}/session/status"
	bearer = requests.get(url, headers={"Authorization": user.token}, timeout=30)
	assert (bearer.status_code, bearer.json()) == (401, UNAUTHORIZED)
	assert requests.get(url, params={"token": user.token}, timeout=30).json()["data"]["id"] == user.id


def test_settings_name_the_administrators_token(sandbox):
	assert sandbox.control("settings")["WUZAPI_ADMIN_TOKEN"] == GATEWAY_ADMIN_TOKEN


def test_user_is_created_and_listed(admin, receiver):
	body = {
		"name": "n",
		"token": "t1",
		"webhook": receiver.url,
		"events": "Message,ReadReceipt",
		"history": 5,
	}
	body |= {"expiration": 7, "hmacKey": KEY, "s3Config": BASE64}
	body["proxyConfig"] = {"enabled": True, "proxyURL": "socks5://127.0.0.1:9", "webhookUseProxy": False}
	answer = admin("POST", "", body)
	user_id = answer.json()["data"]["id"]
	proxy = {"enabled": True, "proxy_url": "socks5://127.0.0.1:9", "webhook_use_proxy": False}
	shown = {"id": user_id, "name": "n", "token": "t1", "webhook": receiver.url, "expiration": 7}
	shown |= {"events": "Message,ReadReceipt", "proxy_config": proxy}
	shown["s3_config"] = s3(media_delivery="base64")
	created = {"code": 201, "data": {**shown, "hmac_key": True}, "success": True}
	assert (answer.status_code, answer.json()) == (201, created)
	assert len(user_id) == 32
	more = {"jid": "", "qrcode": "", "connected": False, "loggedIn": False, "proxy_url": proxy["proxy_url"]}
	assert admin("GET", f"/{user_id}").json()["data"] == [{**shown, **more}]
	first, second = admin("GET").json()["data"]
	assert (first["id"], first["connected"], first["loggedIn"]) == (defaults.GATEWAY_USER_ID, True, True)
	assert first["jid"] == f"{defaults.OWN_PHONE}:12@s.whatsapp.net"
	assert second["id"] == user_id


def test_what_cannot_be_created_or_found_is_refused(admin, user):
	taken = admin("POST", "", {"name": "other", "token": user.token})
	assert taken.status_code == 409
	unknown = admin("POST", "", {"name": "other", "token": "t2", "events": "Message,Telepathy"})
	assert (unknown.status_code, unknown.json()["error"]) == (400, "invalid event type")
	assert "Telepathy" in unknown.json()["details"]
	assert admin("POST", "", {"name": "other", "token": "t2", "hmacKey": "short"}).status_code == 400
	assert admin("POST", "", {"name": 5, "token": "t2"}).json()["error"] == "invalid request payload"
	assert admin("GET", "/nobody").json() == {"code": 200, "data": [], "success": True}
	for method, path in (("PUT", "/nobody"), ("DELETE", "/nobody"), ("DELETE", "/nobody/full")):
		answer = admin(method, path, {})
		assert (answer.status_code, "details" in answer.json()) == (404, method == "DELETE")
	assert len(admin("GET").json()["data"]) == 2


def test_change_leaves_alone_what_is_empty(admin, user):
	changed = admin("PUT", f"/{user.id}", {"name": "renamed", "webhook": "", "events": "", "expiration": 0})
	assert changed.json() == {"code": 200, "message": "user updated successfully", "success": True}
	assert admin("PUT", f"/{user.id}", {}).json()["error"] == "no fields to update"
	(shown,) = admin("GET", f"/{user.id}").json()["data"]
	assert (shown["name"], shown["webhook"], shown["events"]) == ("renamed", user.url, "All")
	assert admin("PUT", f"/{user.id}", {"token": defaults.GATEWAY_TOKEN}).status_code == 409


def test_change_by_the_administrator_reaches_the_running_process(admin, user):
	user.pair()
	admin("PUT", f"/{user.id}", {"webhook": f"{user.url}/elsewhere", "events": "Message"})
	assert (user.status["webhook"], user.status["events"]) == (f"{user.url}/elsewhere", "Message")


def test_full_deletion_logs_out_and_ends_the_token(admin, user):
	user.pair()
	answer = admin("DELETE", f"/{user.id}/full").json()
	data = {"id": user.id, "name": user.name, "jid": f"{PHONE}:12@s.whatsapp.net"}
	details = "user instance removed completely"
	assert answer == {"code": 200, "data": data, "details": details, "success": True}
	assert user("GET", "/session/status").status_code == 401
	assert len(admin("GET").json()["data"]) == 1


def test_health_counts_users(sandbox, user):
	def counted():
		health = requests.get(f"{sandbox.gateway}/health", timeout=30).json()
		return [health[f"{name}_users"] for name in ("total", "connected", "logged_in")]

	assert counted() == [2, 1, 1]
	user.shows_code()
	assert counted() == [2, 2, 1]
	user.act("phone/scan", phone=PHONE)
	wait_until(lambda: counted() == [2, 2, 2])


def test_every_user_has_a_phone_and_webhooks_of_its_own(sandbox, gateway, receiver, user):
	user.pair()
	user.is_written_to("to the second", id="3A00000000000000000001")
	# The same id, as in a group that both numbers are in.
	sandbox.control("phone/send", {"customer": ANA, "text": "to the first", "id": "3A00000000000000000001"})
	(second,) = user.wait("Message")
	(first,) = receiver.wait("wuzapi", type="Message")
	assert (second["userID"], second["instanceName"]) == (user.id, "second")
	assert (first["userID"], first["instanceName"]) == (defaults.GATEWAY_USER_ID, "front-desk")
	assert (user.texts(), first["event"]["Message"]["conversation"]) == (["to the second"], "to the first")
	assert user("POST", "/chat/send/text", {"Phone": ANA, "Body": "answer"}).status_code == 200
	ours = sandbox.control(f"phone/chats/{ANA}?user={user.id}")["messages"]
	assert [message["text"] for message in ours] == ["to the second", "answer"]
	assert [message["text"] for message in sandbox.control(f"phone/chats/{ANA}")["messages"]] == [
		"to the first"
	]


def test_what_the_owner_writes_comes_from_the_owners_own_number(user):
	user.pair(phone="447700901002", name="Branch", lid="555500005555000")
	user.is_written_to("from the shop", from_me=True)
	(body,) = user.wait("Message")
	about = body["event"]["Info"]
	assert (about["Sender"], about["PushName"]) == ("447700901002@s.whatsapp.net", "Branch")


def test_nothing_can_be_sent_without_a_paired_connection(user):
	def refused():
		answer = user("POST", "/chat/send/text", {"Phone": ANA, "Body": "x"})
		return answer.status_code, answer.json()["error"]

	assert refused() == (500, "no session")
	user.shows_code()
	assert refused() == (500, "error sending message: the store doesn't contain a device JID")
	user.act("phone/scan", phone=PHONE)
	wait_until(lambda: user.seen["logged_in"])
	user.act("gateway/drop", seconds=None)
	assert refused() == (500, "error sending message: websocket not connected")


def test_webhook_is_changed_and_deleted(user):
	answer = user(
		"PUT", "/webhook", {"webhook": user.url, "events": ["Message", "Telepathy"], "active": True}
	)
	assert answer.json()["data"] == {"webhook": user.url, "events": ["Message"], "active": True}
	assert user.data("/webhook") == {"webhook": user.url, "subscribe": ["Message"]}
	user("PUT", "/webhook", {"webhook": user.url, "events": ["QR"], "active": False})
	assert user.data("/webhook") == {"webhook": "", "subscribe": ["QR"]}
	user("POST", "/webhook", {"webhookurl": user.url, "events": ["QR"]})
	assert user("DELETE", "/webhook").json()["data"] == {"Details": "Webhook and events deleted successfully"}
	assert user.data("/webhook") == {"webhook": "", "subscribe": [""]}
	assert (user.status["webhook"], user.status["events"]) == ("", "")


def test_key_is_kept_and_taken_away(user):
	assert user("GET", "/session/hmac/config").json() == {"hmac_key": ""}
	user("POST", "/session/hmac/config", {"hmac_key": KEY})
	assert user("GET", "/session/hmac/config").json() == {"hmac_key": "***"}
	assert user.status["hmac_configured"] is True
	assert user("DELETE", "/session/hmac/config").json().keys() == {"Details"}
	assert user.status["hmac_configured"] is False


def test_media_delivery_is_set_in_the_other_spelling(user):
	body = {"enabled": True, "endpoint": "https://s3.example.com", "bucket": "files", "secret_key": "secret"}
	body |= {"media_delivery": "both", "public_url": "https://files.example.com"}
	answer = user("POST", "/session/s3/config", body)
	assert answer.json()["data"] == {"Details": "S3 configuration saved successfully", "Enabled": True}
	del body["secret_key"]
	assert user.data("/session/s3/config") == s3(**body)
	assert user("POST", "/session/s3/test").json()["data"]["Bucket"] == "files"
	user.pair()
	user.is_written_to("", kind="image")
	(with_file,) = user.wait("Message")
	name = with_file["fileName"]
	assert with_file["s3"]["url"] == f"https://files.example.com/users/fictional/inbox/{name}"
	assert with_file["s3"].keys() == {"url", "key", "bucket", "size", "mimeType", "fileName"}
	assert with_file["base64"]
	assert user("POST", "/session/s3/config", {"media_delivery": "post"}).status_code == 400
	user("POST", "/session/s3/config", {})
	assert user.data("/session/s3/config") == s3(media_delivery="base64")
	user("DELETE", "/session/s3/config")
	assert user("POST", "/session/s3/test").status_code == 400


def test_proxy_is_set_only_while_nobody_uses_it(user):
	def set_to(url):
		return user("POST", "/session/proxy", {"proxy_url": url, "enable": True, "webhook_use_proxy": False})

	assert set_to("https://127.0.0.1:9").status_code == 400
	assert set_to("socks5://127.0.0.1:9").status_code == 200
	assert user.status["proxy_config"] == {
		"enabled": True,
		"proxy_url": "socks5://127.0.0.1:9",
		"webhook_use_proxy": False,
	}
	user.shows_code()
	assert set_to("socks5://127.0.0.1:9").status_code == 400


def test_status_has_these_values(user):
	assert user.status == {
		"id": user.id,
		"name": "second",
		"connected": False,
		"loggedIn": False,
		"token": user.token,
		"jid": "",
		"webhook": user.url,
		"events": "All",
		"proxy_url": "",
		"qrcode": "",
		"history": "0",
		"proxy_config": NO_PROXY,
		"s3_config": s3(media_delivery="base64"),
		"hmac_configured": False,
	}


def test_history_is_kept_when_asked_for_and_shows_everybodys_chats(user):
	assert user("POST", "/session/history", {"history": 2}).json()["error"] == "no session"
	user.pair()
	assert user("POST", "/session/history", {"history": 2}).status_code == 200
	assert user.status["history"] == "2"
	user.is_written_to("", prefix="m", count=3)
	newest, older = user.data(f"/chat/history?chat_jid={ANA}@s.whatsapp.net")
	assert (newest["text_content"], older["text_content"]) == ("m3", "m2")
	assert newest.keys() == {
		*("id", "user_id", "chat_jid", "sender_jid", "message_id", "timestamp", "message_type"),
		*("text_content", "media_link", "quoted_message_id", "data_json"),
	}
	assert user.data("/chat/history?chat_jid=index") == {user.id: [f"{ANA}@s.whatsapp.net"]}


def test_phone_sends_older_messages_when_asked(user):
	user.pair()
	sent = user.is_written_to("", prefix="m", count=4)["messages"]
	query = f"count=2&chat_jid={ANA}@s.whatsapp.net&oldest_msg_id={sent[3]['id']}"
	answer = user.data(f"/session/history?{query}")
	assert (answer["details"], answer["count"]) == ("History sync request Sent", 2)
	(body,) = user.wait("HistorySync")
	(conversation,) = body["event"]["Data"]["conversations"]
	texts = [each["message"]["message"]["conversation"] for each in conversation["messages"]]
	assert (conversation["ID"], texts) == (f"{ANA}@s.whatsapp.net", ["m3", "m2"])


def test_reset_leaves_the_first_user_alone_again(sandbox, admin, user):
	user.pair()
	sandbox.control("reset", {})
	assert [each["name"] for each in admin("GET").json()["data"]] == [defaults.GATEWAY_INSTANCE]
	assert user("GET", "/session/status").status_code == 401
