"""What the bench tests share: the base class of Frappe 15 or 16, and a small world of sessions, people and messages.

What a test writes is rolled back. No test calls anybody.
"""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

import frappe

from wuzapi_chatwoot.bridge.model.addresses import Address
from wuzapi_chatwoot.bridge.model.events import Status
from wuzapi_chatwoot.bridge.model.records import Direction, MessageRow, NewEvent, Source
from wuzapi_chatwoot.frappe_host.settings import forget_sessions
from wuzapi_chatwoot.frappe_host.store import FrappeStore

try:
	from frappe.tests import IntegrationTestCase as _BaseCase
except ImportError:
	from frappe.tests.utils import FrappeTestCase as _BaseCase

AT = datetime(2026, 3, 2, 9, 0, tzinfo=timezone.utc)
LISTED, UNLISTED = "listed@wuzapi.example.com", "unlisted@wuzapi.example.com"
MANAGER, STRANGER = "manager@wuzapi.example.com", "stranger@wuzapi.example.com"
ROLES = {
	LISTED: ["WuzAPI User"],
	UNLISTED: ["WuzAPI User"],
	MANAGER: ["WuzAPI Manager"],
	STRANGER: ["Desk User"],
}
GATEWAY_SECRET = "fictional-hmac-key"  # noqa: S105
CHATWOOT_SECRET = "fictional-inbox-secret"  # noqa: S105


class SiteCase(_BaseCase):
	def setUp(self) -> None:
		super().setUp()
		frappe.db.rollback()
		frappe.set_user("Administrator")
		self.addCleanup(self._undo)

	def _undo(self) -> None:
		self.in_zone(None)
		frappe.set_user("Administrator")
		frappe.db.rollback()
		forget_sessions()
		frappe.db.rollback()

	def as_user(self, user: str) -> Any:
		return self.set_user(user)

	def in_zone(self, zone: str | None) -> None:
		"""The site's time zone, until the end of the test; `None`: as it is set."""
		for kept in ("wuzapi_chatwoot_zone", "system_settings"):
			if hasattr(frappe.local, kept):
				delattr(frappe.local, kept)
		if zone is not None:
			frappe.local.system_settings = frappe._dict(time_zone=zone)


class PeopleCase(SiteCase):
	"""With a user of each kind. Users are dear to make: they are committed, and taken away after the class."""

	@classmethod
	def setUpClass(cls) -> None:
		super().setUpClass()
		remove_users()
		for user, roles in ROLES.items():
			doc = frappe.get_doc(
				{
					"doctype": "User",
					"email": user,
					"first_name": user.partition("@")[0],
					"send_welcome_email": 0,
				}
			)
			doc.flags.no_welcome_mail = True
			doc.insert(ignore_permissions=True)
			doc.add_roles(*[role for role in roles if frappe.db.exists("Role", role)])
		frappe.db.commit()  # nosemgrep - each test ends with a rollback

	@classmethod
	def tearDownClass(cls) -> None:
		remove_users()
		super().tearDownClass()


def command_context() -> Any:
	"""What Frappe hands to a command: a dictionary on 15, an object on 16."""
	try:
		from frappe.utils.bench_helper import CliCtxObj
	except ImportError:
		return {"profile": False, "sites": [frappe.local.site]}
	return CliCtxObj(sites=[frappe.local.site], force=False, profile=False, verbose=False)


def remove_users() -> None:
	frappe.db.rollback()
	frappe.set_user("Administrator")
	for user in ROLES:
		if frappe.db.exists("User", user):
			frappe.delete_doc("User", user, force=True, ignore_permissions=True)
	frappe.db.commit()  # nosemgrep - they were committed


def add_session(name: str, number: int, users: tuple[str, ...] = (), **values: Any) -> Any:
	return frappe.get_doc(
		{
			"doctype": "WuzAPI Session",
			"session_name": name,
			"gateway_url": f"http://gateway-{number}.invalid",
			"gateway_token": f"token-{number}",
			"gateway_secret": GATEWAY_SECRET,
			"chatwoot_url": "http://chatwoot.invalid",
			"chatwoot_token": "access-token",
			"chatwoot_secret": CHATWOOT_SECRET,
			"account_id": 1,
			"inbox_id": number,
			"users": [{"user": user} for user in users],
			**values,
		}
	).insert()


def add_message(session: str, phone: str, id: str, sent_at: datetime = AT, **values: Any) -> MessageRow:
	"""With its contact and conversation, which are there once for each phone."""
	store, address = FrappeStore(), Address.of_phone(phone)
	contact = store.add_contact(session, f"Customer {phone[-3:]}", [address])
	conversation = store.add_conversation(session, address, contact.id)
	given = {
		"direction": Direction.IN,
		"status": Status.DELIVERED,
		"origin": "customer",
		"text": f"Text of {id}",
		"part": 0,
		**values,
	}
	return store.add_message(
		MessageRow(
			id=0,
			session=session,
			conversation=conversation.id,
			chat=address,
			whatsapp_id=id,
			sent_at=sent_at,
			status_at=sent_at,
			**given,
		)
	)


def add_event(session: str, key: str, state: str = "waiting") -> int:
	FrappeStore().add_event(
		NewEvent(
			key=key,
			session=session,
			source=Source.GATEWAY,
			kind="Message",
			lane=f"in|{session}|447700900001@s.whatsapp.net",
			payload="{}",
			occurred_at=AT,
			order=0,
			trace_id=f"trace-{key}",
		),
		due_at=AT,
		received_at=AT,
	)
	id = frappe.db.get_value("WuzAPI Event", {"event_key": key})
	frappe.db.set_value("WuzAPI Event", id, "state", state, update_modified=False)
	return int(id)
