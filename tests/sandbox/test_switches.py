"""Every fault that can be switched really happens, and stops happening."""

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from wuzapi_chatwoot.sandbox.process import wait_until
from wuzapi_chatwoot.sandbox.web.http_server import Gate

ANA = "447700900123"


def refused(url):
	try:
		requests.get(url, timeout=2)
	except requests.ConnectionError:
		return True
	return False


@pytest.mark.parametrize("side", ["chatwoot", "gateway"])
def test_server_that_is_down_refuses_connections_and_comes_back_on_its_port(sandbox, request, side):
	api = request.getfixturevalue(side)
	path = "/api" if side == "chatwoot" else "/health"
	assert api("GET", path).status_code == 200
	for _ in range(2):
		sandbox.switch(**{f"{side}_down": True})
		assert refused(api.url + path)
		sandbox.switch(**{f"{side}_down": False})
		assert api("GET", path).status_code == 200


def test_down_cuts_requests_that_are_under_way(sandbox, chatwoot):
	sandbox.switch(chatwoot_delay_ms=20_000)
	with ThreadPoolExecutor(1) as pool:
		waiting = pool.submit(chatwoot, "GET", "/api/v1/profile")
		wait_until(lambda: sandbox.control("counters")["chatwoot"]["max_concurrent"])
		sandbox.switch(chatwoot_down=True)
		assert isinstance(waiting.exception(15), requests.ConnectionError)


def test_what_customers_write_while_the_gateway_is_down_comes_afterwards(sandbox, receiver):
	sandbox.switch(gateway_down=True)
	sandbox.control("phone/send", {"customer": ANA, "prefix": "late ", "count": 3})
	time.sleep(0.1)
	assert receiver.requests == []
	sandbox.switch(gateway_down=False)
	bodies = receiver.wait("wuzapi", 3, type="Message")
	assert {body["event"]["Message"]["conversation"] for body in bodies} == {"late 1", "late 2", "late 3"}


def test_next_requests_fail_as_told(sandbox, chatwoot, gateway, account):
	conversation = account.conversation()
	sandbox.switch(chatwoot_fail_next={"status": 502, "count": 2, "match": "/messages"})
	assert chatwoot("GET", "/api/v1/profile").status_code == 200
	assert [account.write(conversation).status_code for _ in range(3)] == [502, 502, 200]
	sandbox.switch(chatwoot_fail_next={"status": 429, "count": 1})
	limited = chatwoot("GET", "/api/v1/profile")
	assert (limited.status_code, limited.text) == (429, "Retry later\n")
	sandbox.switch(gateway_fail_next={"status": 500, "count": 1})
	statuses = [gateway("POST", "/chat/send/text", {"Phone": ANA, "Body": "x"}).status_code for _ in range(2)]
	assert statuses == [500, 200]


@pytest.mark.parametrize("mode", ["drop", "hang"])
def test_message_is_stored_but_the_answer_is_lost(sandbox, gateway, account, mode):
	conversation = account.conversation()
	sandbox.switch(
		chatwoot_store_then_timeout={"count": 1, "mode": mode},
		gateway_store_then_timeout={"count": 1, "mode": mode},
	)
	path = f"{account.base}/conversations/{conversation['id']}/messages"
	lost = requests.ConnectionError if mode == "drop" else requests.Timeout
	session = account.chatwoot.session
	with pytest.raises(lost):
		session.post(account.chatwoot.url + path, json={"content": "once"}, timeout=0.3)
	body = {"Phone": ANA, "Body": "once", "Id": "3EB0A1"}
	with pytest.raises(lost):
		gateway.session.post(f"{gateway.url}/chat/send/text", json=body, timeout=0.3)
	assert account.write(conversation, "twice").status_code == 200
	(shown,) = sandbox.control("chatwoot/conversations")["conversations"]
	assert [message["content"] for message in shown["messages"]] == ["once", "twice"]
	assert [message["text"] for message in sandbox.control(f"phone/chats/{ANA}")["messages"]] == ["once"]


def test_webhooks_are_doubled_on_both_sides(sandbox, account, receiver):
	sandbox.switch(duplicate_webhooks=3)
	account.conversation()
	sandbox.control("phone/send", {"customer": ANA, "text": "Hi"})
	receiver.wait("chatwoot", 3, event="conversation_created")
	assert len({body["event"]["Info"]["ID"] for body in receiver.wait("wuzapi", 3)}) == 1


def test_shuffled_webhooks_lose_their_order_but_not_their_times(sandbox, receiver):
	sandbox.switch(shuffle_window_ms=150)
	sandbox.control("phone/send", {"customer": ANA, "prefix": "m", "count": 30})
	bodies = receiver.wait("wuzapi", 30)
	arrived = [int(body["event"]["Message"]["conversation"][1:]) for body in bodies]
	assert arrived != sorted(arrived)
	by_time = sorted(bodies, key=lambda body: body["event"]["Info"]["Timestamp"])
	assert len({body["event"]["Info"]["Timestamp"] for body in bodies}) == 30
	assert [int(body["event"]["Message"]["conversation"][1:]) for body in by_time] == list(range(1, 31))


def test_unsigned_webhooks(sandbox, account, receiver):
	sandbox.switch(sign_webhooks=False)
	account.conversation()
	sandbox.control("phone/send", {"customer": ANA, "text": "Hi"})
	receiver.wait("wuzapi")
	receiver.wait("chatwoot")
	for _, headers, _, _ in receiver.requests:
		assert not {"x-hmac-signature", "X-Chatwoot-Signature", "X-Chatwoot-Timestamp"} & set(headers)


def test_missed_callbacks(sandbox, account, receiver):
	sandbox.switch(notify_bridge=False)
	conversation = account.conversation()
	sandbox.control("agent/send", {"conversation_id": conversation["id"], "text": "Hi"})
	sandbox.control("phone/send", {"customer": ANA, "text": "Hi"})
	receiver.wait("wuzapi")
	assert receiver.bodies("chatwoot") == []
	(shown,) = sandbox.control("chatwoot/conversations")["conversations"]
	assert shown["messages"][0]["status"] == "sent"


def test_receipts_can_be_left_out_or_go_on_to_read(sandbox, gateway, receiver):
	sandbox.switch(auto_deliver=False)
	gateway("POST", "/chat/send/text", {"Phone": ANA, "Body": "x", "Id": "3EB0A1"})
	sandbox.switch(auto_deliver=True, auto_read=True)
	gateway("POST", "/chat/send/text", {"Phone": ANA, "Body": "y", "Id": "3EB0A2"})
	(read,) = receiver.wait("wuzapi", state="Read")
	assert read["event"]["MessageIDs"] == ["3EB0A2"]
	statuses = [message["status"] for message in sandbox.control(f"phone/chats/{ANA}")["messages"]]
	assert statuses == ["sent", "read"]


def test_only_so_many_requests_are_served_at_once_and_all_are_in_the_end(sandbox, chatwoot):
	sandbox.switch(chatwoot_max_concurrency=2, chatwoot_delay_ms=20)
	with ThreadPoolExecutor(6) as pool:
		statuses = list(pool.map(lambda _: _profile(chatwoot), range(6)))
	assert statuses == [200] * 6


def test_the_gate_lets_the_next_one_in_when_one_leaves():
	async def crowd():
		gate, limit = Gate(), 2
		visitors = [asyncio.create_task(gate.enter(limit)) for _ in range(4)]
		inside = []
		for _ in range(3):
			# Whoever can go in has gone in when the loop comes round twice.
			await asyncio.sleep(0)
			await asyncio.sleep(0)
			inside.append([each.done() for each in visitors])
			gate.leave(limit)
		return inside

	assert asyncio.run(crowd()) == [
		[True, True, False, False],
		[True, True, True, False],
		[True, True, True, True],
	]


def _profile(chatwoot):
	return requests.get(
		f"{chatwoot.url}/api/v1/profile", headers=dict(chatwoot.session.headers), timeout=30
	).status_code


@pytest.mark.parametrize(
	"switches",
	[
		{"no_such_switch": True},
		{"chatwoot_down": 1},
		{"chatwoot_delay_ms": -1},
		{"webhook_format": "xml"},
		{"chatwoot_fail_next": {"status": 200}},
		{"gateway_fail_for": {"status": 200, "names": []}},
		{"chatwoot_fail_for": {"status": 500, "names": "1"}},
		{"gateway_fail_for": {"status": 0, "names": [], "mode": "maybe"}},
		{"chatwoot_store_then_timeout": {"mode": "maybe"}},
	],
)
def test_impossible_switches_are_refused_and_change_nothing(sandbox, switches):
	before = sandbox.control("switches")
	with pytest.raises(ValueError, match="400"):
		sandbox.control("switches", {"auto_read": True, **switches})
	assert sandbox.control("switches") == before
