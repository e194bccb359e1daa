"""The standalone host passes the contract about connecting; and what its pairing says meanwhile."""

from __future__ import annotations

import tempfile
import unittest
from datetime import timedelta
from pathlib import Path
from unittest.mock import patch

from standalone.admin_world import PICTURE, Administrator
from standalone.workshop_world import admin, notes, world
from standalone_world import world_in

from wuzapi_chatwoot.bridge.model.events import SessionChanged, SessionState
from wuzapi_chatwoot.bridge.model.records import SessionStatus
from wuzapi_chatwoot.gateways.wuzapi.event_names import EVENTS
from wuzapi_chatwoot.standalone_host.registry.session_registry import SessionRegistry
from wuzapi_chatwoot.testkit.contracts.connect_contract import PAIRED, ConnectContract

__all__ = ["admin", "world"]


class TestConnects(ConnectContract, unittest.TestCase):
	events = EVENTS

	def setUp(self) -> None:
		folder = tempfile.TemporaryDirectory()
		self.addCleanup(folder.cleanup)
		made = world_in(Path(folder.name) / "data", sessions={})
		self.world = made.__enter__()
		self.addCleanup(made.__exit__, None, None, None)
		self.admin = Administrator(self.world)
		self.admin.sets_up()
		self.account = self.admin.user
		self.webhook = self.account.stored
		self.setup = self.world.users.setup(self.account.token)
		self.setup.calls.clear()

	def connect_by_hand(self) -> None:
		self.admin.post("/workshop/connect")

	def watchdog_looks(self) -> None:
		watcher = self.world.host.watcher
		watcher._look_at(self.world.bridge.sessions()["workshop"], watcher._of("workshop"))

	def note(self, change: SessionChanged, seconds_ago: float) -> None:
		at = self.world.clock.now() - timedelta(seconds=seconds_ago)
		self.world.store.note_session_change("workshop", change, at)

	def status(self) -> SessionStatus | None:
		return self.world.store.session_status("workshop")

	def wire_by_hand(self) -> None:
		fixed = patch.object(SessionRegistry, "is_fixed", lambda registry, name: True)
		fixed.start()
		self.addCleanup(fixed.stop)


def phase(admin: Administrator) -> str:
	return admin.asks("/workshop/pairing")["phase"]


def test_while_a_phone_that_took_the_code_is_waited_for_nothing_asks_to_connect(world, admin):
	"""The page and the terminal connect again as soon as they read `off`."""
	admin.does("/workshop/connect")
	admin.user.show_qr(PICTURE)
	assert phase(admin) == "scan"
	world.clock.advance(27)
	admin.user.pair(PAIRED)
	admin.user.drop()
	# No webhook has told of the code, nor of the pairing.
	for _ in range(30):
		assert phase(admin) == "starting"
		world.clock.advance(1)
	admin.user.come_back()
	assert phase(admin) == "connected"
	assert world.users.setup(admin.user.token).count("connect") == 1


def test_if_the_gateway_does_not_come_back_one_may_connect_again(world, admin):
	admin.does("/workshop/connect")
	admin.user.show_qr(PICTURE)
	notes(world, SessionState.SCAN_QR)
	notes(world, SessionState.STARTING, address=PAIRED)
	admin.user.pair(PAIRED)
	admin.user.drop()
	assert phase(admin) == "starting"
	world.clock.advance(75)
	assert phase(admin) == "off"
