"""A number set up through the site's own API: messages both ways, secrets changed under a stream, tries that fail and are repeated."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable
from typing import Any

import pytest
import requests
from end_to_end.session_traffic import SessionTraffic
from processes import until

from wuzapi_chatwoot.sandbox.options import GATEWAY_ADMIN_TOKEN

HABITS = {"gateway_webhook_tries": 14, "gateway_webhook_first_delay_ms": 50, "shuffle_window_ms": 1}
WRONG = "Fictional-Wrong-Token-0123456789abcdef"
NAME = "workshop"
Call = Callable[..., Any]


@pytest.fixture
def site(stack):
	stack.begin(2, settle_seconds=2)
	stack.sandbox.switch(**HABITS)
	yield stack
	stack.stop_workers()
	assert stack.faults() == []


@pytest.fixture
def call(site) -> Call:
	"""One of the functions of `api.sessions`, as a manager."""
	key = site.ask("key_of_administrator")

	def call(function: str, **given: Any) -> Any:
		answer = requests.post(
			f"{site.url}/api/method/wuzapi_chatwoot.api.sessions.{function}",
			json=given,
			headers={"Authorization": f"token {key}"},
			timeout=60,
		)
		assert answer.status_code == 200, answer.text
		assert WRONG not in answer.text
		assert GATEWAY_ADMIN_TOKEN not in answer.text
		return answer.json()["message"]

	return call


def set_up_new(stack, call, **changes: Any) -> list[dict[str, str]]:
	settings = stack.sandbox.control("settings")
	given = {
		"session": NAME,
		"gateway_url": stack.sandbox.gateway,
		"admin_token": GATEWAY_ADMIN_TOKEN,
		"chatwoot_url": stack.sandbox.chatwoot,
		"chatwoot_token": settings["CHATWOOT_API_KEY"],
		"account_id": settings["CHATWOOT_ACCOUNT_ID"],
	}
	assert call("set_up_new", **{**given, **changes})["session"] == NAME
	return steps(call)


def set_up(call) -> list[dict[str, str]]:
	call("set_up", session=NAME, admin_token=GATEWAY_ADMIN_TOKEN)
	return steps(call)


def steps(call) -> list[dict[str, str]]:
	"""Once it has come to its end."""

	def ended() -> list[dict[str, str]] | None:
		told = call("set_up_progress", session=NAME)
		assert told["trouble"] is None, told
		return None if told["running"] else told["steps"]

	return until(ended, "the set-up has come to its end")


def failed(done: list[dict[str, str]]) -> list[dict[str, str]]:
	return [each for each in done if each["state"] == "failed"]


def user(stack) -> dict[str, Any]:
	[found] = [each for each in stack.sandbox.control("gateway/users")["users"] if each["name"] == NAME]
	return found


def inbox(stack) -> int:
	[found] = stack.ask("values", doctype="WuzAPI Session", filters={"name": NAME}, fields=["inbox_id"])
	return found["inbox_id"]


def in_chatwoot(stack, method: str, path: str) -> Any:
	settings = stack.sandbox.control("settings")
	url = f"{stack.sandbox.chatwoot}/api/v1/accounts/{settings['CHATWOOT_ACCOUNT_ID']}{path}"
	headers = {"api_access_token": settings["CHATWOOT_API_KEY"]}
	answer = requests.request(method, url, headers=headers, timeout=30)
	assert answer.status_code < 300, answer.text
	return answer.json() if answer.content else None


def of_ours(stack) -> list[int]:
	"""The inboxes that post to the session."""
	shown = in_chatwoot(stack, "GET", "/inboxes")["payload"]
	return [each["id"] for each in shown if f"session={NAME}" in (each.get("webhook_url") or "")]


def pair(stack, call) -> None:
	call("connect", session=NAME)
	until(lambda: call("pairing", session=NAME)["qr"], "a code to scan")
	stack.sandbox.control("phone/scan", {"user": NAME, "phone": "447700903001"})
	until(lambda: call("pairing", session=NAME)["state"] == "connected", "connected")


def test_secrets_are_replaced_under_a_stream(site, call):
	assert failed(set_up_new(site, call)) == []
	pair(site, call)
	traffic = SessionTraffic(site.sandbox, site, [], user=user(site)["id"], inbox=inbox(site))
	traffic.newcomers(3)
	traffic.customers_write(1)
	traffic.all_there()
	traffic.burst(2)
	chance = random.Random()
	for side in ("gateway", "chatwoot", "gateway", "chatwoot"):
		done: list[Any] = []

		def rotates(side: str = side, done: list[Any] = done) -> None:
			call("rotate", session=NAME, side=side)
			done.extend(steps(call))

		rotating = threading.Thread(target=rotates)
		rotating.start()
		traffic.flow(chance, 1.0)
		rotating.join()
		assert done
		assert failed(done) == []
	traffic.flow(chance, 1.0)
	traffic.check(120)


def test_a_gateway_that_is_away_in_the_middle(site, call):
	site.sandbox.switch(gateway_fail_next={"status": 503, "count": 1, "match": "POST /session/hmac/config"})
	assert len(failed(set_up_new(site, call))) == 1
	site.sandbox.switch(gateway_down=True)
	[away] = failed(set_up(call))
	assert away["sentence"]
	site.sandbox.switch(gateway_down=False)
	assert failed(set_up(call)) == []
	assert user(site)["name"] == NAME
	assert of_ours(site) == [inbox(site)]


def test_a_wrong_token_is_said_and_a_repeat_completes(site, call):
	[refused] = failed(set_up_new(site, call, admin_token=WRONG))
	assert "token" in refused["sentence"], refused
	assert failed(set_up(call)) == []
	assert of_ours(site) == [inbox(site)]


def test_an_inbox_deleted_behind_our_back(site, call):
	assert failed(set_up_new(site, call)) == []
	pair(site, call)
	before = inbox(site)
	in_chatwoot(site, "DELETE", f"/inboxes/{before}")
	broken = [each for each in call("examine", session=NAME)["findings"] if each["verdict"] == "broken"]
	assert broken
	assert all(each["fix"] for each in broken), broken
	assert failed(set_up(call)) == []
	assert inbox(site) != before
	assert of_ours(site) == [inbox(site)]
