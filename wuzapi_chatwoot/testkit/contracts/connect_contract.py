"""The contract of a host about connecting: who may connect when, and what is posted around it. A mixin for `unittest`."""

# bench runs this with unittest alone
# ruff: noqa: PT009

from __future__ import annotations

import unittest
from collections.abc import Collection
from typing import TYPE_CHECKING

from wuzapi_chatwoot.bridge.model.addresses import Address
from wuzapi_chatwoot.bridge.model.events import SessionChanged, SessionState
from wuzapi_chatwoot.bridge.model.records import SessionStatus
from wuzapi_chatwoot.bridge.ports.gateway_setup import WebhookSettings
from wuzapi_chatwoot.testkit.twins.fake_gateway_setup import FakeGatewayAccount, FakeGatewaySetup

PAIRED = Address("447700900001", "s.whatsapp.net")
FORMER = Address("447700900002", "s.whatsapp.net")
THEIRS = WebhookSettings("http://bridge.internal/hook", frozenset({"Message"}))


if TYPE_CHECKING:
	_Case = unittest.TestCase
else:
	_Case = object


class ConnectContract(_Case):
	"""A host gives the attributes, and the methods that raise `NotImplementedError`."""

	account: FakeGatewayAccount
	"""Of the session, which has never been connected."""
	setup: FakeGatewaySetup
	webhook: WebhookSettings
	"""What the host has the session use."""
	events: Collection[str]
	"""What a session needs that was wired by hand and has lost its list."""

	def connect_by_hand(self) -> None:
		"""As a person does it. What is refused is no error here."""
		raise NotImplementedError

	def watchdog_looks(self) -> None:
		raise NotImplementedError

	def note(self, change: SessionChanged, seconds_ago: float) -> None:
		"""Told by a webhook so long ago."""
		raise NotImplementedError

	def status(self) -> SessionStatus | None:
		raise NotImplementedError

	def wire_by_hand(self) -> None:
		"""From now on people have wired the session themselves."""
		raise NotImplementedError

	# ---- who may connect

	def test_after_a_pairing_nobody_connects_until_the_gateway_is_back(self) -> None:
		self.account.connect()
		self.account.pair(PAIRED)
		self.account.drop()
		self.note(SessionChanged(SessionState.SCAN_QR), 60)
		self.note(SessionChanged(SessionState.STARTING, address=PAIRED), 27)
		self.assert_nobody_connects()

	def test_nor_while_a_code_was_shown_and_its_pairing_was_not_told(self) -> None:
		for seconds in (27, 60, 170):
			with self.subTest(seconds=seconds):
				self.note(SessionChanged(SessionState.FAILED), seconds)
				self.note(SessionChanged(SessionState.SCAN_QR), seconds)
				self.assert_nobody_connects()

	def test_codes_that_ran_out_are_followed_by_others_at_once(self) -> None:
		self.note(SessionChanged(SessionState.SCAN_QR), 60)
		self.note(SessionChanged(SessionState.FAILED, "nobody scanned the code in time"), 0)
		self.connect_by_hand()
		self.assertEqual(self.setup.count("connect"), 1)

	def test_a_pairing_that_came_to_nothing_may_be_tried_again(self) -> None:
		self.note(SessionChanged(SessionState.STARTING, address=PAIRED), 300)
		self.connect_by_hand()
		self.assertEqual(self.setup.count("connect"), 1)

	def test_so_may_codes_whose_end_was_not_told(self) -> None:
		self.note(SessionChanged(SessionState.SCAN_QR), 300)
		self.connect_by_hand()
		self.assertEqual(self.setup.count("connect"), 1)

	def assert_nobody_connects(self) -> None:
		for _ in range(2):
			self.connect_by_hand()
			self.watchdog_looks()
		self.assertEqual(self.setup.count("connect"), 0)
		self.assertLessEqual(self.account.clients, 1)

	# ---- what is posted around it

	def test_a_connect_names_the_events_and_the_settings_are_posted_before_and_after(self) -> None:
		self.account.forgets_events = True
		self.account.stored = self.account.used = self.webhook
		self.connect_by_hand()
		[call] = [call for call in self.setup.calls if call.method == "connect"]
		self.assertEqual(call.arguments["events"], self.webhook.events)
		self.assertEqual((self.account.used, self.account.stored), (self.webhook, self.webhook))
		methods = [call.method for call in self.setup.calls]
		place = methods.index("connect")
		for method in ("set_webhook", "deliver_media", "set_signing_key"):
			self.assertIn(method, methods[:place])
			self.assertIn(method, methods[place:])

	def test_a_session_wired_by_hand_keeps_its_list_of_events(self) -> None:
		self.account.forgets_events = True
		self.account.stored = self.account.used = THEIRS
		self.wire_by_hand()
		self.connect_by_hand()
		self.assertEqual((self.account.used, self.account.stored), (THEIRS, THEIRS))

	def test_one_whose_list_was_emptied_gets_what_is_needed(self) -> None:
		emptied = WebhookSettings(THEIRS.url, frozenset())
		self.account.stored = self.account.used = emptied
		self.account.connect()
		self.account.pair(PAIRED)
		self.wire_by_hand()
		self.watchdog_looks()
		healed = WebhookSettings(THEIRS.url, frozenset(self.events))
		self.assertEqual((self.account.used, self.account.stored), (healed, healed))

	def test_storage_of_files_that_only_the_gateway_can_name_is_left_alone(self) -> None:
		self.account.has_storage = self.account.delivers_media = True
		self.connect_by_hand()
		self.assertEqual(self.setup.count("deliver_media"), 0)

	def test_media_delivery_is_posted_whatever_is_stored(self) -> None:
		self.account.delivers_media, self.account.sends_media = True, False
		self.account.connect()
		self.account.pair(PAIRED)
		self.watchdog_looks()
		self.assertTrue(self.account.sends_media)

	# ---- whose number it is

	def test_what_the_pairing_told_goes_before_the_status(self) -> None:
		self.account.connect()
		self.account.pair(PAIRED)
		self.account.used_address = FORMER
		self.note(SessionChanged(SessionState.STARTING, address=PAIRED), 5)
		self.watchdog_looks()
		status = self.status()
		assert status is not None
		self.assertEqual((status.state, status.address), (SessionState.CONNECTED, PAIRED))

	def test_where_no_pairing_was_told_the_status_is_believed(self) -> None:
		self.account.connect()
		self.account.pair(PAIRED)
		self.account.used_address = PAIRED
		self.watchdog_looks()
		status = self.status()
		assert status is not None
		self.assertEqual(status.address, PAIRED)
