"""What strangers and giants do to the service: over real HTTP, to the command as people run it."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import socket
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


def test_six_large_webhooks_at_once_stay_small(bridge: Bridge) -> None:
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
	assert peak(bridge) < 200


@pytest.mark.parametrize(
	("path", "headers", "status"),
	[
		("/webhook/wuzapi", {}, 401),
		("/webhook/chatwoot", {}, 401),
		("/webhook/wuzapi?token=wrong", {}, 401),
		("/webhook/wuzapi/nobody", {"x-hmac-signature": "0" * 64}, 404),
		("/webhook/chatwoot", {"x-chatwoot-signature": "sha256=0"}, 413),
		(
			"/webhook/wuzapi",
			{"x-hmac-signature": "0" * 64, "content-type": "multipart/form-data; boundary=x"},
			413,
		),
		("/admin/api/login", {}, 413),
	],
)
def test_a_stranger_is_answered_before_his_body_is_read(
	bridge: Bridge, path: str, headers: dict[str, str], status: int
) -> None:
	"""He says that there are 139 MB, and sends none of them, or one after the other."""
	host, port = bridge.url.removeprefix("http://").split(":")
	with socket.create_connection((host, int(port)), timeout=30) as one:
		lines = {"Host": "x", "Content-Length": str(139 * MB), **headers}
		head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
		one.sendall(f"POST {path} HTTP/1.1\r\n{head}\r\n".encode())
		if path.startswith("/admin"):
			one.sendall(b" " * MB)
		assert one.recv(100).split()[1] == str(status).encode()


def test_large_bodies_of_strangers_wait_for_the_disk_and_not_for_others(bridge: Bridge) -> None:
	"""Six forged ones at once: some are turned away, none is believed, and a real message comes through meanwhile."""

	def forge(number: int) -> int:
		headers = {"x-hmac-signature": "0" * 64, "content-type": "application/json"}
		url = f"{bridge.url}/webhook/wuzapi"
		try:
			return requests.post(url, data=b"{" * (100 * MB), headers=headers, timeout=60).status_code
		except requests.ConnectionError:
			# Turned away in the middle of it.
			return 503

	body = picture(77, 3000)
	with ThreadPoolExecutor(6) as pool:
		forged = [pool.submit(forge, number) for number in range(6)]
		real = requests.post(
			f"{bridge.url}/webhook/wuzapi", data=body, headers=signed(bridge, body), timeout=60
		)
		assert real.status_code == 200
		assert {each.result() for each in forged} <= {401, 503}
	assert peak(bridge) < 250
