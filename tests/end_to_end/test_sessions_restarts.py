"""Gateways that restart, badly, and gateways that end in the middle of a set-up: between real processes."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
import requests
from end_to_end.administrator import Administrator, administrator
from end_to_end.session_traffic import SessionTraffic
from processes import Sandbox, free_port, until

from wuzapi_chatwoot.sandbox import defaults


@pytest.fixture
def admin(tmp_path) -> Iterator[Administrator]:
	with administrator(tmp_path, FETCH_SECONDS=1, SETTLE_SECONDS=0.5, RECONNECT_SECONDS=5) as admin:
		yield admin


def connected(admin: Administrator, customers: int = 3) -> SessionTraffic:
	admin.sets_up()
	admin.pairs()
	admin.until_state("connected")
	return SessionTraffic.of(admin, "workshop", customers)


# ---- restarts


def test_a_number_that_came_up_without_an_owner_is_connected_again(admin):
	"""WuzAPI forgets whom it has connected when the first try at its start fails: it answers no, and posts nothing."""
	traffic = connected(admin)
	admin.sandbox.control("gateway/restart", {"first_try_fails": True})
	until(lambda: admin.seen()["sockets"] == [{"state": "up", "tracked": False}], "nobody knows the client")
	assert not admin.seen()["connected"]
	# This one WhatsApp has got rid of, and nobody was told: what the trap costs.
	lost = {"user": traffic.user, "customer": traffic.customers[0], "text": "Is anybody there?"}
	admin.sandbox.control("phone/send", lost)
	assert admin.seen()["skipped"]["no client"] >= 1
	# What agents write meanwhile is kept.
	traffic.agents_write(2)
	admin.until_state("reconnecting")
	admin.until_state("connected")
	assert admin.seen()["sockets"] == [{"state": "up", "tracked": True}]
	traffic.burst(2)
	traffic.check()
	assert admin.broken() == []


def test_a_gateway_that_has_lost_its_keys_gets_them_again(admin):
	traffic = connected(admin)
	# The sandbox's own first user knows no token: its webhooks would be refused for good.
	admin.removes_user(defaults.GATEWAY_USER_ID)
	admin.sandbox.switch(gateway_encryption_key="random")
	posted = time.monotonic()
	until(lambda: time.monotonic() - posted > 1.5, "its next run is told from this one, in whole seconds")
	admin.sandbox.control("gateway/restart", {})
	until(lambda: admin.seen()["connected"], "it is back")
	assert admin.seen()["memory"]["hmac_key"] == ""
	# They come unsigned, and stay so when they are repeated: they are worked once the gateway confirms that it has begun anew.
	traffic.burst(2)
	forged = admin.bridge.url + "/webhook/wuzapi/workshop"
	body = {"type": "Connected", "event": {}, "userID": "x", "instanceName": "y"}
	for address in (forged, forged + "?token=Fictional-Wrong-Token"):
		assert requests.post(address, json=body, timeout=30).status_code == 401
	until(lambda: admin.seen()["memory"]["hmac_key"], "it signs again")
	assert admin.seen()["memory"]["hmac_key"] == admin.kept()["signing_key"]["value"]
	traffic.burst(2)
	traffic.check()


def test_a_gateway_that_is_away_under_a_stream_loses_nothing(admin):
	traffic = connected(admin)
	for _ in range(2):
		traffic.streams(0.5)
		admin.sandbox.switch(gateway_down=True)
		traffic.streams(1.0)
		admin.sandbox.switch(gateway_down=False)
	traffic.streams(0.5)
	traffic.check()
	assert admin.seen()["clients"] == 1


# ---- a set-up that is interrupted


def made(admin: Administrator) -> tuple[int, int]:
	"""How many users and how many inboxes there are for the session."""
	users = admin.sandbox.control("gateway/users")["users"]
	inboxes = admin.in_chatwoot("GET", "/inboxes")["payload"]
	return (
		sum(each["name"] == "workshop" for each in users),
		sum("/webhook/chatwoot/workshop" in (each.get("webhook_url") or "") for each in inboxes),
	)


@pytest.mark.parametrize(
	("side", "route"),
	[
		("gateway", "POST /admin/users"),
		("gateway", "POST /session/hmac/config"),
		("gateway", "GET /webhook"),
		("chatwoot", "POST /api/v1/accounts/3/inboxes"),
	],
)
def test_a_side_that_ends_in_the_middle_is_set_up_on_the_second_try(admin, side, route):
	"""Whatever it was doing: it fails there, is gone for a while, and comes back."""
	admin.sandbox.switch(**{f"{side}_fail_next": {"status": 503, "count": 1, "match": route}})
	first = admin("", admin.new)
	assert not first["complete"]
	assert [each["state"] for each in first["steps"]].count("failed") == 1
	admin.sandbox.switch(**{f"{side}_down": True})
	away = admin("", {"name": "workshop", "gateway_admin_token": admin.new["gateway_admin_token"]})
	[failed] = [each for each in away["steps"] if each["state"] == "failed"]
	assert "Nothing answers at" in failed["sentence"] or "cannot be reached" in failed["sentence"]
	admin.sandbox.switch(**{f"{side}_down": False})
	again = admin("", {"name": "workshop", "gateway_admin_token": admin.new["gateway_admin_token"]})
	assert again["complete"], again
	assert made(admin) == (1, 1)
	admin.pairs()
	admin.until_state("connected")


@pytest.mark.parametrize("side", ["gateway", "chatwoot"])
def test_what_was_made_while_the_answer_was_lost_is_found(admin, side):
	admin.sandbox.switch(**{f"{side}_store_then_timeout": {"count": 1, "mode": "drop"}})
	first = admin("", admin.new)
	again = first if first["complete"] else admin("", admin.new)
	assert again["complete"], again
	assert made(admin) == (1, 1)


def test_a_gateway_killed_in_the_middle_of_a_set_up(tmp_path):
	"""SIGKILL, and it begins with nothing: the repeat makes the user again, and no second inbox."""
	with administrator(tmp_path) as admin:
		port = str(free_port())
		gateway = Sandbox(tmp_path / "gateway", admin.bridge.url, "--gateway-port", port)
		given = {**admin.new, "gateway_url": f"http://127.0.0.1:{port}"}
		reports: list[dict[str, Any]] = []
		with gateway:
			gateway.switch(gateway_delay_ms=300)
			running = threading.Thread(target=lambda: reports.append(admin("", given)))
			running.start()
			until(lambda: names(gateway).count("workshop"), "the user is made")
			gateway.kill()
			running.join()
			[failed] = [each for each in reports[0]["steps"] if each["state"] == "failed"]
			assert failed["sentence"], reports
			gateway.log.unlink()
			gateway.start()
			again = admin("", given)
			assert again["complete"], again
			assert names(gateway).count("workshop") == 1
			inboxes = admin.in_chatwoot("GET", "/inboxes")["payload"]
			assert sum("/chatwoot/workshop" in (each.get("webhook_url") or "") for each in inboxes) == 1


def names(gateway: Sandbox) -> list[str]:
	return [each["name"] for each in gateway.control("gateway/users")["users"]]
