"""What the tests about setting up and looking after sessions share: both sides as twins in memory, and no commits."""

# ruff: noqa: PT009

from __future__ import annotations

from typing import Any, cast
from unittest.mock import patch

import frappe

from ...bridge.records import Secret
from ...testkit.fake_chatwoot_setup import FakeChatwootProfile, FakeChatwootSetup
from ...testkit.fake_gateway_setup import FakeGatewayAccount, FakeGatewayAdmin, FakeGatewaySetup
from .. import session_memory
from .site_case import PeopleCase

ADMIN_TOKEN = "fictional-admin-token"  # noqa: S105
HOST = "wuzapi_chatwoot.frappe_host."
SIDES = HOST + "session_sides."
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
			(HOST + "session_setup.workers_trouble", lambda: None),
			(HOST + "session_pairing.workers_trouble", lambda: None),
			(HOST + "session_proof.workers_trouble", lambda: None),
		):
			self._patch(patch(target, stand_in))
		self._patch(patch.object(frappe.db, "commit"))
		self.forget("alpha")

	def forget(self, session: str) -> None:
		for what in REMEMBERED:
			session_memory.forget(session, what)

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
