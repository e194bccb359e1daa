"""Webhooks through the site's request handling: proof, storing, and what an acknowledgement costs."""

# bench runs this with unittest alone
# ruff: noqa: PT009, S106, T201

from __future__ import annotations

import hashlib
import hmac
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch
from urllib.parse import urlencode

import frappe
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request

from wuzapi_chatwoot.bridge.inbox.webhook_probe import BODY, CHANGED, WHOLE
from wuzapi_chatwoot.bridge.model.records import Source
from wuzapi_chatwoot.frappe_host.task_state import task_state
from wuzapi_chatwoot.frappe_host.telemetry import rejected_webhooks
from wuzapi_chatwoot.frappe_host.tests.site_case import CHATWOOT_SECRET, GATEWAY_SECRET, SiteCase, add_session
from wuzapi_chatwoot.frappe_host.web.webhook_endpoint import receive
from wuzapi_chatwoot.frappe_host.wiring import bridge

_GOAL = 6


def gateway_body(id: str = "3A0000000001", text: str = "Hello") -> bytes:
	chat = "447700900121@s.whatsapp.net"
	info = {"Chat": chat, "Sender": chat, "ID": id, "IsFromMe": False, "IsGroup": False, "PushName": "Ada"}
	info |= {"Timestamp": "2026-03-02T09:00:00Z", "Type": "text"}
	event = {"Info": info, "Message": {"conversation": text}}
	return json.dumps({"type": "Message", "event": event}).encode()


class TestWebhooks(SiteCase):
	def setUp(self) -> None:
		super().setUp()
		add_session("alpha", 121)
		frappe.set_user("Guest")

	def test_a_signed_webhook_is_stored_once(self) -> None:
		body = gateway_body()
		self.assertEqual(self._gateway(body), (200, "stored"))
		self.assertEqual(self._gateway(body), (200, "known already"))
		[event] = frappe.get_all("WuzAPI Event", filters={"session": "alpha"}, fields=["*"])
		self.assertEqual((event.state, event.kind, event.owner), ("waiting", "Message", "Administrator"))
		[lane] = frappe.get_all("WuzAPI Lane", filters={"session": "alpha"}, pluck="lane")
		self.assertEqual(lane, "in|alpha|447700900121@s.whatsapp.net")

	def test_who_looks_at_the_address_is_answered(self) -> None:
		for session in ("alpha", "nobody"):
			builder = EnvironBuilder(method="GET", query_string=f"session={session}")
			frappe.local.request = Request(builder.get_environ())
			frappe.local.response = frappe._dict()
			self.assertEqual(receive(Source.GATEWAY), "Webhooks are received here by POST.")
			self.assertEqual(set(frappe.local.response), {"success", "timestamp"})
			self.assertIs(frappe.local.response.success, True)

	def test_what_is_not_proved_is_refused_and_recorded(self) -> None:
		frappe.cache().delete_value("wuzapi_chatwoot_refusal:alpha")
		body = gateway_body()
		self.assertEqual(self._gateway(body, signature=""), (401, "not signed"))
		self.assertEqual(self._gateway(body, signature="0" * 64), (401, "wrong signature"))
		self.assertEqual(frappe.db.count("WuzAPI Event", {"session": "alpha"}), 0)
		row = frappe.db.get_value(
			"WuzAPI Session", "alpha", ["refused_webhooks", "last_refusal", "last_refusal_at"], as_dict=True
		)
		# The second came too soon after the first: a flood of requests is no flood of writes.
		self.assertEqual((row.refused_webhooks, row.last_refusal), (1, "not signed"))
		self.assertIsNotNone(row.last_refusal_at)
		frappe.cache().delete_value("wuzapi_chatwoot_refusal:alpha")
		self._gateway(body, signature="0" * 64)
		self.assertEqual(frappe.db.get_value("WuzAPI Session", "alpha", "refused_webhooks"), 2)

	def test_a_flood_of_forged_requests_writes_once(self) -> None:
		frappe.cache().delete_value("wuzapi_chatwoot_refusal:alpha")
		with counted_statements() as statements:
			for number in range(50):
				self._gateway(gateway_body(f"F{number}"), signature="0" * 64)
		self.assertEqual(len([each for each in statements if each.startswith("UPDATE")]), 1)
		self.assertGreater(rejected_webhooks._AT_MOST_EVERY, 0)

	def test_an_unknown_session_is_not_found(self) -> None:
		self.assertEqual(self._gateway(gateway_body(), query="session=nobody")[0], 404)

	def test_chatwoots_signature_and_its_time(self) -> None:
		body = json.dumps({"event": "conversation_typing_on"}).encode()
		self.assertEqual(self._chatwoot(body)[0], 200)
		self.assertEqual(self._chatwoot(body, age=600)[0], 401)
		self.assertEqual(self._chatwoot(body, secret="another")[0], 401)

	def test_the_doctors_probe_is_proved_and_leaves_no_trace(self) -> None:
		"""Whole, without its signature, and with a wrong one."""
		frappe.cache().delete_value("wuzapi_chatwoot_refusal:alpha")
		task_state.forget("alpha", "unsigned")
		query = "session=alpha&probe=1"
		self._gateway(BODY, query=query)
		with counted_statements() as statements:
			self.assertEqual(self._gateway(BODY, query=query), (400, WHOLE))
			self.assertEqual(self._gateway(BODY, query=query, signature=""), (401, "not signed"))
			self.assertEqual(self._chatwoot(BODY, query=query), (400, WHOLE))
			self.assertEqual(self._chatwoot(BODY, age=600, query=query), (401, "wrong signature"))
			self.assertEqual(self._gateway(gateway_body(), query=query), (400, CHANGED))
		self.assertEqual(statements, [])
		self.assertFalse(task_state.recall("alpha", "unsigned"))

	def test_a_form_is_read_raw(self) -> None:
		"""Frappe's own reading of the form would have cleaned the text of its tags."""
		hook = gateway_body(text="a <b>x</b> & <script>").decode()
		body = urlencode({"jsonData": hook, "token": "x"}).encode()
		status, _ = self._gateway(body, content_type="application/x-www-form-urlencoded")
		self.assertEqual(status, 200)
		payload = frappe.db.get_value("WuzAPI Event", {"session": "alpha"}, "payload")
		self.assertIn("a <b>x</b> & <script>", payload)

	def test_a_session_that_is_switched_off_still_stores(self) -> None:
		session = frappe.get_doc("WuzAPI Session", "alpha")
		session.enabled = 0
		session.save(ignore_permissions=True)
		self.assertEqual(self._gateway(gateway_body()), (200, "stored"))

	def test_the_token_in_the_address_is_a_proof_where_it_is_set(self) -> None:
		session = frappe.get_doc("WuzAPI Session", "alpha")
		session.webhook_token = "url-token"  # noqa: S105
		session.save(ignore_permissions=True)
		body = gateway_body()
		self.assertEqual(self._gateway(body, signature="", query="session=alpha&token=wrong")[0], 401)
		self.assertEqual(self._gateway(body, signature="", query="session=alpha&token=url-token")[0], 200)

	def test_once_signed_the_token_alone_is_no_proof(self) -> None:
		session = frappe.get_doc("WuzAPI Session", "alpha")
		session.webhook_token = "url-token"  # noqa: S105
		session.save(ignore_permissions=True)
		bridge._signers.clear()
		query = "session=alpha&token=url-token"
		self.assertEqual(self._gateway(gateway_body("FIRST"), signature="", query=query), (200, "stored"))
		self._gateway(gateway_body("SIGNED"))
		self.assertIsNotNone(frappe.db.get_value("WuzAPI Session", "alpha", "gateway_signed_at"))
		status, reason = self._gateway(gateway_body("UNSIGNED"), signature="", query=query)
		self.assertEqual(status, 202)
		self.assertIn("kept until the gateway confirms it", reason)
		kinds = frappe.get_all("WuzAPI Event", filters={"session": "alpha"}, pluck="kind", order_by="name")
		self.assertEqual(kinds, ["Message", "Message", "unproved event"])
		# Its key is posted again at the next look, which is soon.
		self.assertTrue(task_state.recall("alpha", "unsigned"))
		body = json.dumps({"event": "conversation_typing_on"}).encode()
		self._chatwoot(body)
		self.assertIsNotNone(frappe.db.get_value("WuzAPI Session", "alpha", "chatwoot_signed_at"))
		self.assertEqual(self._post(Source.CHATWOOT, body, {}, query, "application/json")[0], 401)

	def test_a_session_may_demand_signatures_from_the_start(self) -> None:
		session = frappe.get_doc("WuzAPI Session", "alpha")
		session.webhook_token, session.require_signatures = "url-token", 1
		session.save(ignore_permissions=True)
		query = "session=alpha&token=url-token"
		self.assertEqual(self._gateway(gateway_body(), signature="", query=query)[0], 202)

	def test_an_acknowledgement_costs_few_statements(self) -> None:
		"""BEGIN and COMMIT are Frappe's and are not counted; savepoints are ours and are."""
		self._gateway(gateway_body("WARM"))
		with counted_statements() as statements:
			self.assertEqual(self._gateway(gateway_body("NEW")), (200, "stored"))
		print(f"\nstatements of an acknowledgement: {len(statements)}")
		self.assertLessEqual(len(statements), _GOAL, statements)
		with counted_statements() as statements:
			self.assertEqual(self._gateway(gateway_body("NEW")), (200, "known already"))
		print(f"statements of a repeated one: {len(statements)}")
		self.assertLessEqual(len(statements), _GOAL, statements)

	def test_a_store_that_cannot_write_is_a_500(self) -> None:
		self._gateway(gateway_body("WARM"))
		with patch("frappe.db.sql", side_effect=OSErrorOfDatabase(2013, "Lost connection")):
			status, reason = self._gateway(gateway_body("LOST"))
		self.assertEqual(status, 500)
		self.assertIn("not stored", reason)

	# ----

	def _gateway(
		self,
		body: bytes,
		signature: str | None = None,
		query: str = "session=alpha",
		content_type: str = "application/json",
	) -> tuple[int, str]:
		if signature is None:
			signature = hmac.new(GATEWAY_SECRET.encode(), body, hashlib.sha256).hexdigest()
		return self._post(Source.GATEWAY, body, {"x-hmac-signature": signature}, query, content_type)

	def _chatwoot(
		self, body: bytes, secret: str = CHATWOOT_SECRET, age: int = 0, query: str = "session=alpha"
	) -> tuple[int, str]:
		at = str(int(time.time()) - age)
		digest = hmac.new(secret.encode(), at.encode() + b"." + body, hashlib.sha256).hexdigest()
		headers = {"X-Chatwoot-Signature": f"sha256={digest}", "X-Chatwoot-Timestamp": at}
		return self._post(Source.CHATWOOT, body, headers, query, "application/json")

	def _post(
		self, source: Source, body: bytes, headers: dict[str, str], query: str, content_type: str
	) -> tuple[int, str]:
		builder = EnvironBuilder(
			method="POST", query_string=query, data=body, headers=headers, content_type=content_type
		)
		frappe.local.request = Request(builder.get_environ())
		frappe.local.response = frappe._dict()
		try:
			answer = receive(source)
			return int(frappe.local.response.http_status_code), str(answer["status"])
		finally:
			frappe.local.request = None


class OSErrorOfDatabase(Exception):
	"""As the driver says it: number and words."""


@contextmanager
def counted_statements() -> Iterator[list[str]]:
	statements: list[str] = []
	run = frappe.db.sql

	def counting(query: Any, *args: Any, **kwargs: Any) -> Any:
		words = str(query).strip()
		if not words.lower().startswith(("commit", "start transaction", "begin")):
			statements.append(words)
		return run(query, *args, **kwargs)

	with patch.object(frappe.db, "sql", counting):
		yield statements
