"""What strangers and giants do to the service: over real HTTP, to the command as people run it."""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import requests
from standalone_world import gateway_signature
from test_process import Bridge

KEY = "Fictional-Hmac-Key"
MB = 1024 * 1024


@pytest.fixture(scope="module")
def bridge(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bridge]:
	bridge = Bridge(tmp_path_factory.mktemp("floods"), WEBHOOK_TOKEN="Fictional-Token", ADMIN_TOKEN="A" * 32)
	yield bridge
	bridge.child.kill()
	bridge.child.communicate()


def peak(bridge: Bridge) -> float:
	"""The most memory that the process has had, in MB."""
	status = Path(f"/proc/{bridge.child.pid}/status").read_text()
	return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def picture(number: int, size: int) -> bytes:
	"""A webhook with a picture inside, as large as that."""
	chat = f"4477009{number:05}@s.whatsapp.net"
	info = {"Chat": chat, "Sender": chat, "ID": f"3AFF{number:04}", "Timestamp": "2026-03-02T09:00:00Z"}
	image = {"mimetype": "image/jpeg", "fileLength": size}
	hook = {
		"base64": base64.b64encode(os.urandom(size // 4 * 3)).decode(),
		"event": {"Info": {**info, "IsFromMe": False, "IsGroup": False}, "Message": {"imageMessage": image}},
		"type": "Message",
	}
	return json.dumps(hook).encode()


def test_six_large_webhooks_at_once_stay_small(bridge: Bridge) -> None:
	bodies = [picture(number, 30 * MB) for number in range(6)]

	def post(body: bytes) -> int:
		headers = {"x-hmac-signature": gateway_signature(body, KEY), "content-type": "application/json"}
		return requests.post(
			f"{bridge.url}/webhook/wuzapi/default", data=body, headers=headers, timeout=60
		).status_code

	with ThreadPoolExecutor(6) as pool:
		assert list(pool.map(post, bodies)) == [200] * 6
	assert peak(bridge) < 200
