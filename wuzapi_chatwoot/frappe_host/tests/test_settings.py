"""A session's row becomes the bridge's value, and what is wrong in it is told in one sentence."""

# bench runs this with unittest alone
# ruff: noqa: PT009, PT027

from __future__ import annotations

from dataclasses import fields
from typing import Any
from unittest.mock import patch

import frappe
from frappe.utils.data import get_system_timezone

from wuzapi_chatwoot.bridge.model.addresses import Address
from wuzapi_chatwoot.bridge.model.errors import StoreUnavailable
from wuzapi_chatwoot.bridge.model.records import ConversationPolicy, Deletions, Secret, Session, Signature
from wuzapi_chatwoot.frappe_host.settings import every_session, forget_sessions, session_of
from wuzapi_chatwoot.frappe_host.tests.site_case import CHATWOOT_SECRET, GATEWAY_SECRET, SiteCase, add_session
from wuzapi_chatwoot.frappe_host.tests.test_webhooks import counted_statements

_NEEDED = {
	"name": "alpha",
	"gateway_url": "http://gateway-141.invalid",
	"gateway_token": Secret("token-141"),
	"chatwoot_url": "http://chatwoot.invalid",
	"chatwoot_token": Secret("access-token"),
	"account_id": 1,
	"inbox_id": 141,
	"gateway_secrets": (Secret(GATEWAY_SECRET),),
	"chatwoot_secrets": (Secret(CHATWOOT_SECRET),),
}
_CHANGED: dict[str, Any] = {
	"require_signatures": 1,
	"conversation_policy": "age",
	"reopen_within_days": 1.5,
	"start_pending": 1,
	"settle_seconds": 1.5,
	"reconnect_seconds": 45,
	"default_region": "br",
	"time_zone": " America/Sao_Paulo ",
	"groups": 0,
	"only_groups": "120363000000000001@g.us\n447700900123-1400000000, 120363000000000001",
	"group_changes": 1,
	"ignored": "447700900*\n\n*@newsletter",
	"status_broadcasts": 1,
	"newsletters": 1,
	"deletions": "remove",
	"revoke_deleted": 0,
	"signature": "template",
	"signature_template": "{text}\n– {name}",
	"voice_notes": 0,
	"typing": 1,
	"mark_read_on_reply": 1,
	"mark_read_on_view": 1,
	"control_agents": "ana@example.com\nben@example.com",
	"largest_file": 16 * 1024 * 1024,
}
_AS_VALUE = Session(
	**_NEEDED,
	require_signatures=True,
	conversation_policy=ConversationPolicy.AGE,
	reopen_within_days=1.5,
	start_pending=True,
	settle_seconds=1.5,
	reconnect_seconds=45.0,
	default_region="BR",
	time_zone="America/Sao_Paulo",
	groups=False,
	only_groups=(Address("120363000000000001", "g.us"), Address("447700900123-1400000000", "g.us")),
	group_changes=True,
	ignored=("447700900*", "*@newsletter"),
	status_broadcasts=True,
	newsletters=True,
	deletions=Deletions.REMOVE,
	revoke_deleted=False,
	signature=Signature.TEMPLATE,
	signature_template="{text}\n– {name}",
	voice_notes=False,
	typing=True,
	mark_read_on_reply=True,
	mark_read_on_view=True,
	control_agents=("ana@example.com", "ben@example.com"),
	largest_file=16 * 1024 * 1024,
)
_GROUPS = "Only These Groups must be addresses such as 120363000000000001@g.us, one a line"
_IGNORED = "The ignored must be phone numbers or addresses, one a line, such as 447700900*"
_DAYS = "Reopen within Days must be a number above 0, 36500 at most"
_ZONE = "The time zone must be the name of one, such as Europe/Berlin"
_TEMPLATE = "The signature's template must have {text} in it, {name} if wanted, and no other braces"


class TestSettings(SiteCase):
	def test_every_choice_reaches_the_bridge(self) -> None:
		add_session("alpha", 141, **_CHANGED)
		self.assertEqual(session_of(frappe.get_doc("WuzAPI Session", "alpha")), _AS_VALUE)
		self.assertEqual(every_session()["alpha"], _AS_VALUE)

	def test_many_sessions_are_read_at_the_price_of_one(self) -> None:
		"""Every job begins by that."""
		for number in range(3):
			add_session(f"many-{number}", 150 + number, **_CHANGED)
		with counted_statements() as statements:
			found = every_session()
		self.assertEqual(found["many-2"].gateway_token, Secret("token-152"))
		self.assertLessEqual(len(statements), 2, statements)

	def test_two_sessions_share_no_number(self) -> None:
		for number in range(3):
			add_session(f"many-{number}", 150 + number, gateway_url="http://one.invalid")
		with self.assertRaises(frappe.ValidationError) as raised:
			add_session("alpha", 153, gateway_url="http://one.invalid", gateway_token="token-151")  # noqa: S106
		self.assertEqual(str(raised.exception), "The session many-1 has this gateway's token already")
		frappe.get_doc("WuzAPI Session", "many-1").save()

	def test_a_kept_token_is_not_sent_to_another_address(self) -> None:
		add_session("alpha", 141)
		for side in ("gateway", "chatwoot"):
			for url in (
				"http://evil.invalid",
				"https://chatwoot.invalid:8443",
				"http://gateway-141.invalid:81",
			):
				doc = frappe.get_doc("WuzAPI Session", "alpha")
				doc.set(f"{side}_url", url)
				with self.assertRaisesRegex(frappe.ValidationError, "is not sent there"):
					doc.save()
		doc = frappe.get_doc("WuzAPI Session", "alpha")
		doc.update({"chatwoot_url": "http://chatwoot.invalid/below", "gateway_url": "http://new.invalid"})
		doc.gateway_token = "token-141"  # noqa: S105 - somebody who knows it
		doc.save()
		self.assertEqual(every_session()["alpha"].gateway_url, "http://new.invalid")

	def test_the_choices_above_differ_from_what_nobody_has_set(self) -> None:
		same = {each.name for each in fields(Session) if getattr(_AS_VALUE, each.name) == each.default}
		self.assertEqual(same, {"webhook_tokens", "gateway_instance"})

	def test_what_nobody_has_set_is_as_the_bridge_has_it(self) -> None:
		add_session("alpha", 141)
		expected = Session(**_NEEDED, time_zone=get_system_timezone())
		self.assertEqual(session_of(frappe.get_doc("WuzAPI Session", "alpha")), expected)

	def test_a_row_from_before_the_settings_is_as_the_bridge_has_it(self) -> None:
		add_session("alpha", 141)
		texts = ("only_groups", "ignored", "time_zone", "signature_template", "deletions", "signature")
		frappe.db.set_value("WuzAPI Session", "alpha", dict.fromkeys(texts))
		expected = Session(**_NEEDED, time_zone=get_system_timezone())
		self.assertEqual(session_of(frappe.get_doc("WuzAPI Session", "alpha")), expected)

	def test_each_wrong_choice_is_told_in_one_sentence(self) -> None:
		add_session("alpha", 141, conversation_policy="age", signature="template")
		for field, value, sentence in (
			("reopen_within_days", 0, _DAYS),
			("reopen_within_days", "0.0", _DAYS),
			("reopen_within_days", 40000, _DAYS),
			("time_zone", "Europe/Nowhere", _ZONE),
			("only_groups", "120363000000000001\nfamily", _GROUPS),
			("only_groups", "447700900123@s.whatsapp.net", _GROUPS),
			("ignored", "+44 7700 900123", _IGNORED),
			("signature_template", "{name}", _TEMPLATE),
			("signature_template", "{text} {agent}", _TEMPLATE),
			("signature_template", None, _TEMPLATE),
		):
			with self.subTest(field=field, value=value):
				doc = frappe.get_doc("WuzAPI Session", "alpha")
				doc.set(field, value)
				with self.assertRaises(frappe.ValidationError) as raised:
					doc.save()
				self.assertEqual(str(raised.exception), sentence)
		frappe.get_doc("WuzAPI Session", "alpha").save()

	def test_what_is_hidden_holds_up_no_saving(self) -> None:
		doc = add_session("alpha", 141, reopen_within_days=0, signature_template="")
		session = session_of(frappe.get_doc("WuzAPI Session", doc.name))
		self.assertIs(session.conversation_policy, ConversationPolicy.REOPEN)
		self.assertIs(session.signature, Signature.OFF)

	def test_a_change_is_seen_at_once(self) -> None:
		doc = add_session("alpha", 141)
		self.assertEqual(every_session()["alpha"].ignored, ())
		doc.ignored = "447700900*"
		doc.save()
		self.assertEqual(every_session()["alpha"].ignored, ("447700900*",))

	def test_before_an_update_is_migrated_the_store_is_not_ready(self) -> None:
		"""So whatever needs the sessions waits, and no message is blamed."""
		add_session("alpha", 141)
		forget_sessions()
		for statement in ("SELECT not_yet FROM `tabWuzAPI Session`", "SELECT 1 FROM `tabWuzAPI Not Yet`"):
			with (
				patch("frappe.get_all", lambda *_, statement=statement, **__: frappe.db.sql(statement)),
				self.assertRaises(StoreUnavailable),
			):
				every_session()
		self.assertIn("alpha", every_session())
