"""One user of the sandbox's gateway beside the first one, as its administrator and its bridge see it."""

from __future__ import annotations

import hashlib
import hmac
import json

import requests

from wuzapi_chatwoot.sandbox.options import GATEWAY_ADMIN_TOKEN
from wuzapi_chatwoot.sandbox.process import wait_until

EVENTS = "All"
BASE64 = {"enabled": False, "mediaDelivery": "base64"}
PHONE = "447700901001"


def kind_of(body):
	"""The gateway's word for it, except for what it tells under the name of something else."""
	return "own name" if body["type"] == "Connected" and "Action" in body["event"] else body["type"]


class Admin:
	"""The administrator's calls."""

	def __init__(self, sandbox):
		self._url = f"{sandbox.gateway}/admin/users"

	def __call__(self, method, path="", body=None, token=GATEWAY_ADMIN_TOKEN):
		headers = {"Authorization": token} if token is not None else {}
		return requests.request(method, self._url + path, json=body, headers=headers, timeout=30)


class GatewayUser:
	"""A user whose webhooks go to the receiver, under its own name."""

	def __init__(self, sandbox, receiver, name="second", **fields):
		self.sandbox, self.receiver, self.name = sandbox, receiver, name
		self.admin = Admin(sandbox)
		self.token = f"fictional-token-of-{name}"
		self.url = f"{receiver.url}/webhook/{name}"
		body = {"name": name, "token": self.token, "webhook": self.url, "events": EVENTS}
		answer = self.admin("POST", "", {**body, "s3Config": BASE64, **fields})
		assert answer.status_code == 201, answer.text
		self.id = answer.json()["data"]["id"]

	def __call__(self, method, path, body=None):
		headers = {"token": self.token}
		return requests.request(method, self.sandbox.gateway + path, json=body, headers=headers, timeout=30)

	def act(self, path, **body):
		"""Do something of the control API to this user."""
		return self.sandbox.control(path, {"user": self.id, **body})

	def data(self, path):
		answer = self("GET", path)
		assert answer.status_code == 200, answer.text
		return answer.json()["data"]

	@property
	def status(self):
		return self.data("/session/status")

	@property
	def is_up(self):
		status = self.status
		return status["connected"], status["loggedIn"]

	@property
	def seen(self):
		"""What only the sandbox knows of this user."""
		users = self.sandbox.control("gateway/users")["users"]
		return next(each for each in users if each["id"] == self.id)

	# ---- steps that most tests begin with

	def connect(self, **body):
		answer = self("POST", "/session/connect", {"Immediate": True, **body})
		assert answer.status_code == 200, answer.text
		return answer.json()["data"]

	def shows_code(self):
		self.connect()
		return wait_until(lambda: self.seen["qr"])

	def pair(self, phone=PHONE, **body):
		self.shows_code()
		device = self.act("phone/scan", phone=phone, **body)
		wait_until(lambda: self.seen["logged_in"])
		return device

	# ---- what came

	def posted(self, kind=None):
		bodies = self.receiver.bodies(self.name)
		return [body for body in bodies if kind in (None, kind_of(body))]

	def kinds(self):
		return [kind_of(body) for body in self.posted()]

	def wait(self, kind, count=1):
		wait_until(lambda: len(self.posted(kind)) >= count)
		return self.posted(kind)

	def own(self, kind, event, **more):
		"""The whole body of a webhook of this user."""
		return {"type": kind, "event": event, "instanceName": self.name, "userID": self.id, **more}

	def signed(self, key, kind):
		"""For each webhook of a kind: whether it is signed with the key; None when it is not signed at all."""
		found = []
		for path, headers, body, _ in list(self.receiver.requests):
			if path == f"/webhook/{self.name}" and kind_of(json.loads(body)) == kind:
				signature = headers.get("x-hmac-signature")
				wanted = hmac.new(key.encode(), body, hashlib.sha256).hexdigest()
				found.append(None if signature is None else signature == wanted)
		return found

	def is_written_to(self, text, **more):
		"""Let somebody write to this user's number."""
		return self.act("phone/send", customer="447700900123", text=text, **more)

	def texts(self):
		found = [body["event"]["Message"].get("conversation") for body in self.posted("Message")]
		return sorted(found)
