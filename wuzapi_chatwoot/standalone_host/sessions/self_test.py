"""Proofs of sessions' paths by a message to oneself: begun, looked at, and kept in memory while people look."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from wuzapi_chatwoot.bridge.self_test.check_self_test import check_self_test
from wuzapi_chatwoot.bridge.self_test.start_self_test import start_self_test
from wuzapi_chatwoot.bridge.self_test.steps import Seen, SelfTest
from wuzapi_chatwoot.standalone_host.registry.refused import Refused, busy
from wuzapi_chatwoot.standalone_host.sessions.pairing import Pairings
from wuzapi_chatwoot.standalone_host.wiring.host import Host

_KEPT_FOR = timedelta(hours=1)


class SelfTests:
	"""The last one of each session; a restart forgets it."""

	def __init__(self, host: Host, pairings: Pairings) -> None:
		self._host = host
		self._pairings = pairings
		self._kept: dict[str, SelfTest] = {}
		self._beginning: set[str] = set()
		self._lock = threading.Lock()

	def begin(self, name: str) -> Seen:
		"""Raises `Refused` and `BridgeError` when nothing was written anywhere."""
		session = self._pairings.session(name)
		if self._host.sessions.stopped(name):
			raise Refused("Somebody has disconnected this session on purpose: connect it first.")
		with self._only_one(name):
			self._kept[name] = start_self_test(self._host.bridge, session)
		return self.look(name)

	def look(self, name: str) -> Seen:
		"""Raises `Refused`."""
		session, proof = self._pairings.session(name), self._kept.get(name)
		if proof is None or self._host.bridge.clock.now() - proof.begun_at > _KEPT_FOR:
			raise Refused("No test of this session is under way: begin one.", 404)
		refusal = self._host.arrivals.last_refusal(name, proof.begun_at)
		return check_self_test(self._host.bridge, session, proof, refusal)

	@contextmanager
	def _only_one(self, name: str) -> Iterator[None]:
		"""A second press of the button writes no second message."""
		with self._lock:
			if name in self._beginning:
				raise busy()
			self._beginning.add(name)
		try:
			yield
		finally:
			self._beginning.discard(name)
