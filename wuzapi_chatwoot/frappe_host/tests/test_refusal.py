"""What the other side says reaches people as text."""

# bench runs this with unittest alone
# ruff: noqa: PT009, PT027

from __future__ import annotations

from unittest.mock import patch

import frappe

from wuzapi_chatwoot.api import sessions
from wuzapi_chatwoot.bridge.model.errors import Retriable
from wuzapi_chatwoot.bridge.sessions.options import Entry, Trouble
from wuzapi_chatwoot.frappe_host.i18n.refusal import refuse
from wuzapi_chatwoot.frappe_host.tests.site_case import SiteCase, add_session

_MARKUP = '<img src=x onerror=alert(1)> isn\'t & "well"'
_TEXT = '&lt;img src=x onerror=alert(1)&gt; isn\'t & "well"'


class TestRefusal(SiteCase):
	def test_markup_is_text_and_everything_else_stays(self) -> None:
		with self.assertRaises(frappe.ValidationError) as raised:
			refuse(_MARKUP)
		self.assertEqual(str(raised.exception), _TEXT)
		self.assertNotIn("<img", str(frappe.local.message_log))
		frappe.clear_messages()

	def test_what_a_gateway_answers_is_text_where_a_set_up_is_refused(self) -> None:
		trouble = Trouble(Entry.ADDRESS, _MARKUP)
		for target, effect in (
			("_gateway_trouble", {"return_value": trouble}),
			("token_of_user", {"side_effect": Retriable(_MARKUP)}),
		):
			with (
				self.subTest(target),
				patch(f"wuzapi_chatwoot.frappe_host.sessions.options.{target}", **effect),
			):
				with self.assertRaises(frappe.ValidationError) as raised:
					sessions.set_up_new(
						"new-one",
						"http://gateway.invalid",
						"http://chatwoot.invalid",
						"token",
						1,
						admin_token="admin-token",  # noqa: S106
						gateway_user_id="1",
					)
				self.assertIn("&lt;img", str(raised.exception))
				self.assertNotIn("<img", str(raised.exception))
			frappe.clear_messages()

	def test_a_gateway_that_does_not_exist_yet_cannot_be_chosen(self) -> None:
		"""It would be driven as a WuzAPI."""
		with self.assertRaises(frappe.ValidationError):
			add_session("hub", 197, gateway="inbox_hub")
		frappe.clear_messages()
		self.assertEqual(add_session("right", 198, gateway="wuzapi").gateway, "wuzapi")
