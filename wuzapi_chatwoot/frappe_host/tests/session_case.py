"""What the tests about setting up and looking after sessions share: both sides as twins in memory, and no commits."""

# ruff: noqa: PT009

from __future__ import annotations

from typing import Any, cast
from unittest.mock import patch

import frappe

from wuzapi_chatwoot.bridge.model.records import Secret
from wuzapi_chatwoot.frappe_host.task_state import task_state
from wuzapi_chatwoot.frappe_host.tests.site_case import PeopleCase
from wuzapi_chatwoot.testkit.twins.fake_chatwoot_setup import FakeChatwootProfile, FakeChatwootSetup
from wuzapi_chatwoot.testkit.twins.fake_gateway_setup import (
	FakeGatewayAccount,
	FakeGatewayAdmin,
	FakeGatewaySetup,
)

ADMIN_TOKEN = "fictional-admin-token"  # noqa: S105
HOST = "wuzapi_chatwoot.frappe_host."
SIDES = HOST + "gateways.setup_clients."
REMEMBERED = (
	"set_up",
	"pairing",
	"proof",
	"connecting",
	"connect_asked",
	"watching",
	"watched",
	"unsigned",
	"turn",
)


class SessionCase(PeopleCase):
	"""Every module takes its sides from `session_sides`, as a module: here they are the twins."""

	def setUp(self) -> None:
		super().setUp()
		self.gateway, self.chatwoot = FakeGatewayAdmin(), FakeChatwootSetup()
		self.profile = FakeChatwootProfile()
		self.jobs: list[tuple[str, dict[str, Any]]] = []
		for target, stand_in in (
			(SIDES + "gateway_setup_of", self._setup),
			(SIDES + "gateway_admin_of", lambda session, token: self.gateway if token else None),
			(SIDES + "gateway_admin_at", lambda url, token: self.gateway),
			(SIDES + "chatwoot_setup_of", lambda session: self.chatwoot),
			(SIDES + "chatwoot_setup_at", lambda url, token, account: self.chatwoot),
			(SIDES + "chatwoot_profile_of", lambda url, token: self.profile),
			("frappe.enqueue", self._enqueue),
			(HOST + "sessions.setup.workers_trouble", lambda: None),
			(HOST + "sessions.pairing.workers_trouble", lambda: None),
			(HOST + "sessions.self_test.workers_trouble", lambda: None),
		):
			self._patch(patch(target, stand_in))
		self._patch(patch.object(frappe.db, "commit"))
		self.forget("alpha")

	def forget(self, session: str) -> None:
		for what in REMEMBERED:
			task_state.forget(session, what)

	def _patch(self, patcher: Any) -> None:
		patcher.start()
		self.addCleanup(patcher.stop)

	def _setup(self, session: Any) -> FakeGatewaySetup:
		return self.gateway.setup(session.gateway_token)

	def _enqueue(self, method: str, **arguments: Any) -> None:
		for name in ("queue", "timeout", "job_id", "deduplicate", "enqueue_after_commit"):
			arguments.pop(name, None)
		self.jobs.append((method.rpartition(".")[2], arguments))

	def secret(self, session: str, field: str) -> str:
		doc = frappe.get_doc("WuzAPI Session", session)
		return doc.get_password(field, raise_exception=False) or ""

	def account(self, session: str) -> FakeGatewayAccount:
		account = self.gateway.account_of(Secret(self.secret(session, "gateway_token")))
		self.assertIsNotNone(account)
		return cast(FakeGatewayAccount, account)
