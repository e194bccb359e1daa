"""What an operator sees and counts on: calls per message, health, several numbers in one bridge."""

from collections import Counter

import pytest
import requests
from end_to_end.scene import Scene
from processes import Bridge, Sandbox, free_port, until


def test_calls_to_chatwoot(scene, sandbox, bridge):
	"""Three for somebody new, then one for each message."""
	until(lambda: _calm(sandbox, bridge), "other tests' messages are through")
	before = _calls(sandbox)
	scene.starts()
	until(lambda: _calm(sandbox, bridge), "nothing is under way any more")
	assert sum((_calls(sandbox) - before).values()) <= 3
	before = _calls(sandbox)
	for number in range(10):
		scene.customer_sends(f"Message {number}")
	until(lambda: len(scene.messages) == 11, "all messages are in Chatwoot")
	until(lambda: _calm(sandbox, bridge), "nothing is under way any more")
	made = _calls(sandbox) - before
	assert made == {"POST /api/v1/accounts/{account}/conversations/{id}/messages": 10}


def _calls(sandbox):
	"""By route. Not counted: status reports of messages that other tests have sent."""
	made = sandbox.control("counters")["chatwoot"]["requests"]
	return Counter({route: count for route, count in made.items() if not route.startswith("PATCH")})


def _calm(sandbox, bridge):
	counters = sandbox.control("counters")
	under_way = sum(counters[side]["webhooks"]["under_way"] for side in ("gateway", "chatwoot"))
	return not under_way and not bridge.get("/lanes")["lanes"]


def test_health_tells_when_chatwoot_is_down(sandbox, bridge):
	assert bridge.call("GET", "/health").status_code == 200
	sandbox.switch(chatwoot_down=True)
	report = until(lambda: _health(bridge, 503), "the bridge calls itself unhealthy")
	assert report["status"] == "unhealthy"
	assert report["checks"]["store"] == "ok"
	assert report["checks"]["gateway of default"] == "ok"
	assert report["checks"]["Chatwoot of default"] != "ok"
	sandbox.switch(chatwoot_down=False)
	until(lambda: _health(bridge, 200), "the bridge calls itself healthy again")


def _health(bridge, status):
	answer = bridge.call("GET", "/health")
	return answer.json() if answer.status_code == status else None


@pytest.mark.parametrize("path", ["/webhook/wuzapi", "/webhook/chatwoot"])
def test_what_is_not_signed_leaves_no_trace(sandbox, bridge, path):
	until(lambda: _calm(sandbox, bridge), "other tests' messages are through")
	answer = requests.post(bridge.url + path, json={"event": "message_created"}, timeout=10)
	assert answer.status_code == 401
	assert bridge.get("/lanes")["lanes"] == []


def test_two_numbers_in_one_bridge(tmp_path):
	"""Two gateways and two accounts of Chatwoot; the same customer writes to both."""
	port = free_port()
	url = f"http://127.0.0.1:{port}"
	with Sandbox(tmp_path / "one", url) as one, Sandbox(tmp_path / "two", url) as two:
		sessions = {"shop": one, "repairs": two}
		file = tmp_path / "sessions.toml"
		file.write_text(
			"".join(_table(name, sandbox) for name, sandbox in sessions.items()), encoding="utf-8"
		)
		for name, sandbox in sessions.items():
			_send_webhooks_to(sandbox, url, name)
		with Bridge(tmp_path, port, {"sessions_file": file, "settle_seconds": 0.1}) as bridge:
			for name, sandbox in sessions.items():
				scene = Scene(sandbox, bridge, "447700903001")
				scene.starts(f"To the {name}")
				scene.agent_sends(f"From the {name}")
				scene.on_the_phone(lambda bubble: bubble["from_me"])
			for name, sandbox in sessions.items():
				scene = Scene(sandbox, bridge, "447700903001")
				assert [message["content"] for message in scene.messages] == [
					f"To the {name}",
					f"From the {name}",
				]
				assert [bubble["text"] for bubble in scene.bubbles] == [f"To the {name}", f"From the {name}"]
			assert bridge.stop() == 0
			assert bridge.faults() == []


def _table(name, sandbox):
	settings = sandbox.control("settings")
	lines = [f"[sessions.{name}]"]
	for key in ("WUZAPI_URL", "WUZAPI_USER_TOKEN", "WUZAPI_HMAC_KEY", "CHATWOOT_URL", "CHATWOOT_API_KEY"):
		lines.append(f'{key.lower()} = "{settings[key]}"')
	lines.append(f'chatwoot_webhook_secret = "{settings["CHATWOOT_WEBHOOK_SECRET"]}"')
	lines += [f"{key.lower()} = {settings[key]}" for key in ("CHATWOOT_ACCOUNT_ID", "CHATWOOT_INBOX_ID")]
	return "\n".join([*lines, ""])


def _send_webhooks_to(sandbox, url, session):
	"""Set up both senders as an operator would, each by its own API."""
	settings = sandbox.control("settings")
	gateway = requests.post(
		f"{sandbox.gateway}/webhook",
		json={"webhookURL": f"{url}/webhook/wuzapi/{session}", "events": ["All"]},
		headers={"token": settings["WUZAPI_USER_TOKEN"]},
		timeout=10,
	)
	assert gateway.status_code == 200
	account, inbox = settings["CHATWOOT_ACCOUNT_ID"], settings["CHATWOOT_INBOX_ID"]
	chatwoot = requests.patch(
		f"{sandbox.chatwoot}/api/v1/accounts/{account}/inboxes/{inbox}",
		json={"channel": {"webhook_url": f"{url}/webhook/chatwoot/{session}"}},
		headers={"api-access-token": settings["CHATWOOT_API_KEY"]},
		timeout=10,
	)
	assert chatwoot.status_code == 200
