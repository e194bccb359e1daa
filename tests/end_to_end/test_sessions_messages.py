"""A session that the wizard has made, or has adopted both sides of: messages go both ways, also while secrets change."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
import requests
from end_to_end.administrator import Administrator, administrator
from end_to_end.session_traffic import SessionTraffic
from processes import until

from wuzapi_chatwoot.sandbox import defaults
from wuzapi_chatwoot.sandbox.options import GATEWAY_ADMIN_TOKEN

OWN_TOKEN = "fictional-own-user-0123456789abcdef"


@pytest.fixture
def admin(tmp_path) -> Iterator[Administrator]:
	with administrator(tmp_path, FETCH_SECONDS=1, SETTLE_SECONDS=0.5) as admin:
		yield admin


def adopts(admin: Administrator) -> None:
	"""A user that is paired already, and an inbox, both made by somebody else for something else."""
	made = requests.post(
		f"{admin.sandbox.gateway}/admin/users",
		json={
			"name": "somebody's",
			"token": OWN_TOKEN,
			"webhook": "http://127.0.0.1:9/old",
			"events": "Message",
		},
		headers={"Authorization": GATEWAY_ADMIN_TOKEN},
		timeout=30,
	)
	assert made.status_code == 201, made.text
	inbox = admin.in_chatwoot(
		"POST",
		"/inboxes",
		{"name": "ResourceClaims", "channel": {"type": "api", "webhook_url": "http://127.0.0.1:9/old"}},
	)
	given = {**admin.new, "gateway_user_token": OWN_TOKEN, "inbox_id": inbox["id"]}
	del given["gateway_admin_token"]
	refused = admin("", given)
	assert not refused["complete"]
	assert any("http://127.0.0.1:9/old" in each["sentence"] for each in refused["steps"]), refused
	report = admin("", {**given, "take_over": True})
	assert report["complete"], report
	assert report["inbox_id"] == inbox["id"]
	assert admin("/workshop")["makes"] == []


def pair_adopted(admin: Administrator) -> None:
	admin("/workshop/connect", {})
	until(lambda: admin("/workshop/pairing")["qr"], "a code to scan")
	admin.sandbox.control("phone/scan", {"user": "somebody's", "phone": "447700903001"})
	until(lambda: admin("/workshop/pairing")["number"], "the number that was paired")


def test_a_made_session_carries_messages_both_ways(admin):
	admin.sets_up()
	admin.pairs()
	admin.until_state("connected")
	traffic = SessionTraffic.of(admin, "workshop", customers=3)
	assert traffic.inbox != defaults.INBOX_ID
	traffic.burst(3)
	traffic.check()
	assert sum(traffic.statuses().values()) == 9


def test_an_adopted_session_carries_messages_both_ways(admin):
	adopts(admin)
	pair_adopted(admin)
	admin.until_state("connected")
	traffic = SessionTraffic.of(admin, "workshop", customers=3)
	traffic.burst(3)
	traffic.check()


@pytest.mark.parametrize("prepare", ["made", "adopted"])
def test_secrets_are_replaced_under_a_stream(admin, prepare):
	if prepare == "made":
		admin.sets_up()
		admin.pairs()
	else:
		adopts(admin)
		pair_adopted(admin)
	admin.until_state("connected")
	traffic = SessionTraffic.of(admin, "workshop")
	done: list[dict[str, object]] = []
	for sides in ({}, {"chatwoot": False}, {"gateway": False}, {}, {}):
		rotating = threading.Thread(target=lambda sides=sides: done.append(admin("/workshop/rotate", sides)))
		traffic.streams(0.3)
		rotating.start()
		traffic.streams(0.7)
		rotating.join()
	assert [each["complete"] for each in done] == [True] * 5, done
	assert sum(map(len, traffic.sent.values())) > 50
	traffic.check()
	assert admin.broken() == []
