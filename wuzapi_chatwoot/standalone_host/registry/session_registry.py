"""Which sessions there are at this moment: the environment's, which only a restart changes, and those made by the service."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime

from wuzapi_chatwoot.bridge.model.records import Session
from wuzapi_chatwoot.bridge.ports.host import Clock
from wuzapi_chatwoot.standalone_host.config.uniqueness_check import duplicate_of
from wuzapi_chatwoot.standalone_host.registry.session_store import Kept, SessionStoreFile, StoredSession


class NameTaken(Exception):
	"""The text is a sentence for people."""


class SessionRegistry:
	"""Thread-safe. `sessions` costs nothing: what it gives is replaced as a whole, never changed."""

	def __init__(
		self, fixed: Mapping[str, Session], defaults: Session, file: SessionStoreFile, clock: Clock
	) -> None:
		"""`defaults`: what the environment says of every session. Raises `SessionStoreUnusable`."""
		self._fixed = dict(fixed)
		self._defaults = defaults
		self._file = file
		self._clock = clock
		self._lock = threading.Lock()
		self._kept = file.read()
		self._listeners: list[Callable[[], None]] = []
		self._sessions: Mapping[str, Session] = {}
		self._good_until: datetime | None = None
		self._join()

	def on_change(self, listener: Callable[[], None]) -> None:
		"""Called, on the thread that made the change, after each."""
		self._listeners.append(listener)

	def sessions(self) -> Mapping[str, Session]:
		"""Those that can work, by name."""
		if self._good_until is not None and self._clock.now() >= self._good_until:
			with self._lock:
				self._join()
		return self._sessions

	@property
	def names(self) -> list[str]:
		"""Of all, also of those whose set-up has not come far enough to work."""
		return sorted({*self._fixed, *self._kept.sessions})

	@property
	def hidden(self) -> list[str]:
		"""Sessions of ours that one from the environment has taken the name of."""
		return sorted(set(self._fixed) & set(self._kept.sessions))

	def is_fixed(self, name: str) -> bool:
		return name in self._fixed

	def kept(self, name: str) -> StoredSession | None:
		"""What is kept of a session that the service has made."""
		return None if name in self._fixed else self._kept.sessions.get(name)

	def stopped(self, name: str) -> bool:
		"""Have people disconnected it on purpose?"""
		return name in self._kept.stopped

	def check(self, session: StoredSession) -> None:
		"""Raises `NameTaken` if it cannot be kept beside the others."""
		if session.name in self._fixed:
			raise NameTaken(
				f"Session {session.name!r} is set in the environment or SESSIONS_FILE; choose another name."
			)
		candidate = session.as_session(self._defaults, self._clock.now())
		others = {name: each for name, each in self._sessions.items() if name != session.name}
		twin = duplicate_of(candidate, others) if candidate is not None else None
		if twin is not None:
			raise NameTaken(f"Session {twin[0]!r} has the same {twin[1]}; each session needs its own.")

	def put(self, session: StoredSession) -> None:
		"""Keep it, new or changed. Raises `NameTaken` and `SessionStoreUnusable`, and keeps nothing then."""
		with self._lock:
			self.check(session)
			self._write(replace(self._kept, sessions={**self._kept.sessions, session.name: session}))
		self._tell()

	def remove(self, name: str) -> None:
		"""Nothing happens if it is not kept. Raises `SessionStoreUnusable`."""
		with self._lock:
			left = {each: kept for each, kept in self._kept.sessions.items() if each != name}
			if name in self._fixed or len(left) == len(self._kept.sessions):
				return
			self._write(Kept(left, self._kept.stopped - {name}))
		self._tell()

	def set_stopped(self, name: str, stopped: bool) -> None:
		"""Raises `SessionStoreUnusable`."""
		with self._lock:
			if self.stopped(name) is stopped:
				return
			changed = self._kept.stopped | {name} if stopped else self._kept.stopped - {name}
			self._write(replace(self._kept, stopped=changed))
		self._tell()

	def _write(self, kept: Kept) -> None:
		self._file.write(kept)
		self._kept = kept
		self._join()

	def _join(self) -> None:
		now = self._clock.now()
		joined = dict(self._fixed)
		changes = []
		for name, kept in self._kept.sessions.items():
			if name in self._fixed:
				continue
			session = kept.as_session(self._defaults, now)
			if session is not None:
				# The same object as long as nothing has changed: clients are kept by it.
				before = self._sessions.get(name)
				joined[name] = before if before == session and before is not None else session
			changes.append(kept.next_change(now))
		self._sessions = joined
		self._good_until = min((time for time in changes if time is not None), default=None)

	def _tell(self) -> None:
		for listener in self._listeners:
			listener()
