"""What strangers and giants do to the service: over real HTTP, to the command as people run it."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import requests
from processes import Bridge, Installation, until

MB = 1024 * 1024


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
	with Installation(tmp_path_factory.mktemp("floods")) as place:
		yield place


@pytest.fixture
def bridge(place: Installation) -> Iterator[Bridge]:
	with place.new_bridge(admin_token="A" * 32, settle_seconds=0) as bridge:
		yield bridge


def peak(bridge: Bridge) -> float:
	"""The most memory that the process has had, in MB."""
	status = Path(f"/proc/{bridge.pid}/status").read_text()
	return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def picture(number: int, size: int) -> bytes:
	"""A webhook with a picture inside, as large as that."""
	chat = f"4477009{number:05}@s.whatsapp.net"
	info = {"Chat": chat, "Sender": chat, "ID": f"3AFF{number:04}", "Timestamp": "2026-03-02T09:00:00Z"}
	message = {"imageMessage": {"mimetype": "image/jpeg", "fileLength": size}}
	hook = {
		"base64": base64.b64encode(os.urandom(size // 4 * 3)).decode(),
		"event": {"Info": {**info, "IsFromMe": False, "IsGroup": False}, "Message": message},
		"type": "Message",
	}
	return json.dumps(hook).encode()


def signed(bridge: Bridge, body: bytes) -> dict[str, str]:
	key = bridge.environment["WUZAPI_HMAC_KEY"].encode()
	return {
		"x-hmac-signature": hmac.new(key, body, hashlib.sha256).hexdigest(),
		"content-type": "application/json",
	}


def test_six_large_webhooks_at_once_stay_small(place: Installation, bridge: Bridge) -> None:
	"""And so does carrying their files to Chatwoot."""
	bodies = [picture(number, 30 * MB) for number in range(6)]

	def post(body: bytes) -> int:
		url = f"{bridge.url}/webhook/wuzapi"
		return requests.post(url, data=body, headers=signed(bridge, body), timeout=60).status_code

	with ThreadPoolExecutor(6) as pool:
		assert list(pool.map(post, bodies)) == [200] * 6
	until(lambda: not bridge.get("/lanes")["lanes"], "everything is relayed")
	events = [*bridge.get("/events?state=dead")["events"], *bridge.get("/events?state=ignored")["events"]]
	assert events == []
	print("peak", peak(bridge))
	assert peak(bridge) < 200
