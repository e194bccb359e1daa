"""Whoever sets sessions up through the admin API of the standalone host, between real processes; and what they see."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests
from processes import Bridge, Sandbox, free_port, until

from wuzapi_chatwoot.sandbox.options import GATEWAY_ADMIN_TOKEN

PHONE = "447700903001"
ADMIN = {"Authorization": "Bearer Fictional-Admin-Token"}
SETTINGS = {"ADMIN_TOKEN": "Fictional-Admin-Token", "SETTLE_SECONDS": 0.1, "WATCH_SECONDS": 5}

Json = dict[str, Any]


class Administrator:
	def __init__(self, sandbox: Sandbox, bridge: Bridge) -> None:
		self.sandbox, self.bridge = sandbox, bridge
		settings = sandbox.control("settings")
		self.new = {
			"name": "workshop",
			"gateway_url": sandbox.gateway,
			"gateway_admin_token": GATEWAY_ADMIN_TOKEN,
			"chatwoot_url": sandbox.chatwoot,
			"chatwoot_token": settings["CHATWOOT_API_KEY"],
			"account_id": int(settings["CHATWOOT_ACCOUNT_ID"]),
		}

	def __call__(self, path: str = "", body: Json | None = None) -> Json:
		answer = self.ask(path, body)
		assert answer.status_code == 200, answer.text
		return answer.json()

	def ask(self, path: str = "", body: Json | None = None) -> requests.Response:
		"""Whatever the answer is."""
		method = "GET" if body is None else "POST"
		url = f"{self.bridge.url}/admin/api/sessions{path}"
		return requests.request(method, url, json=body, headers=ADMIN, timeout=60)

	def sets_up(self, **changes: object) -> Json:
		report = self("", {**self.new, **changes})
		assert report["complete"], report
		return report

	def seen(self, name: str = "workshop") -> Json:
		"""What the sandbox alone knows of the user on the gateway."""
		return next(each for each in self.sandbox.control("gateway/users")["users"] if each["name"] == name)

	def kept(self, name: str = "workshop") -> Json:
		"""What the service keeps, secrets included."""
		return json.loads((self.bridge.data / "sessions.json").read_bytes())["sessions"][name]

	def at_gateway(self, method: str, path: str, body: Json | None = None) -> Json:
		"""With the session's own token, as somebody does it behind our back."""
		headers = {"token": self.kept()["gateway_token"]["value"]}
		answer = requests.request(method, self.sandbox.gateway + path, json=body, headers=headers, timeout=30)
		assert answer.status_code == 200, answer.text
		return answer.json().get("data", {})

	def removes_user(self, id: str) -> None:
		"""From the gateway, as its administrator."""
		headers = {"Authorization": GATEWAY_ADMIN_TOKEN}
		url = f"{self.sandbox.gateway}/admin/users/{id}/full"
		answer = requests.delete(url, headers=headers, timeout=30)
		assert answer.status_code == 200, answer.text

	def in_chatwoot(self, method: str, path: str, body: Json | None = None) -> Any:
		"""With the administrator's token, as somebody does it there."""
		url = f"{self.sandbox.chatwoot}/api/v1/accounts/{self.new['account_id']}{path}"
		headers = {"api_access_token": self.new["chatwoot_token"]}
		answer = requests.request(method, url, json=body, headers=headers, timeout=30)
		assert answer.status_code < 300, answer.text
		return answer.json() if answer.content else None

	def until_state(self, state: str, name: str = "workshop") -> Json:
		return until(
			lambda: shown if (shown := self(f"/{name}"))["state"] == state else None, f"state {state}"
		)

	def pairs(self, name: str = "workshop", phone: str = PHONE) -> None:
		self(f"/{name}/connect", {})
		until(lambda: self(f"/{name}/pairing")["qr"], "a code to scan")
		self.sandbox.control("phone/scan", {"user": self.seen(name)["id"], "phone": phone})
		until(lambda: self(f"/{name}/pairing")["number"], "the number that was paired")

	def broken(self, name: str = "workshop") -> list[Json]:
		"""What the doctor finds."""
		findings = self(f"/{name}/doctor")["findings"]
		return [each for each in findings if each["verdict"] == "broken"]


@contextmanager
def administrator(folder: Path, **settings: object) -> Iterator[Administrator]:
	"""With a sandbox and a bridge that has no session yet."""
	port = free_port()
	with (
		Sandbox(folder, f"http://127.0.0.1:{port}", "--seed", "5") as sandbox,
		Bridge(folder, port, {**SETTINGS, **settings}) as bridge,
	):
		yield Administrator(sandbox, bridge)
		assert bridge.faults() == []
