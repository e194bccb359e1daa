"""How sessions stand, as people are shown it. No secret is in what is told here."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from wuzapi_chatwoot.bridge.model.phone import display
from wuzapi_chatwoot.bridge.model.records import DeadEvents, Session, SessionChange, SessionStatus
from wuzapi_chatwoot.bridge.sessions.session_troubles import troubles_of
from wuzapi_chatwoot.bridge.sessions.status_messages import StateWords, words_of
from wuzapi_chatwoot.bridge.text.time_format import in_utc, in_zone
from wuzapi_chatwoot.standalone_host.registry.refused import unknown
from wuzapi_chatwoot.standalone_host.registry.session_store import StoredSession
from wuzapi_chatwoot.standalone_host.sessions.setup_progress import SETTING_UP, Progress
from wuzapi_chatwoot.standalone_host.wiring.host import Host

_STOPPED = StateWords(
	"Disconnected on purpose: nothing comes in and nothing goes out.",
	"Connect it when it shall work again.",
)
_SETTING_UP = StateWords(SETTING_UP, "Wait until that has come to its end.")
_UNFINISHED = StateWords(
	"The set-up has not come to its end.", "Run the set-up again: it goes on where it ended."
)
_NEVER = StateWords("Set up, and not connected yet.", "Connect it, and pair it with the phone.")


@dataclass(frozen=True, slots=True)
class SessionView:
	name: str
	made_here: bool
	"""By the service: it may be set up again, rotated, deleted. Else it stands in the environment."""
	state: str
	"""A `SessionState`, or `setting_up`, `unfinished`, `disconnected`, `unknown`."""
	sentence: str
	advice: str
	troubles: tuple[str, ...]
	"""What is wrong although it may be connected: red."""
	since: datetime | None
	number: str | None
	profile_name: str | None
	"""What the number is called on WhatsApp."""
	gateway_url: str
	chatwoot_url: str
	account_id: int
	inbox_id: int | None
	inbox_name: str | None
	makes: tuple[str, ...]
	"""What was made for it on both sides."""


class Views:
	def __init__(self, host: Host, progress: Callable[[str], Progress]) -> None:
		"""`progress`: how far a session's set-up is."""
		self._host = host
		self._progress = progress

	def all(self) -> list[SessionView]:
		dead = self._host.store.dead_events()
		return [self._one(name, dead.get(name)) for name in self._host.sessions.names]

	def one(self, name: str) -> SessionView:
		"""Raises `Refused`."""
		return self._one(name, self._host.store.dead_events(name).get(name))

	def _one(self, name: str, dead: DeadEvents | None) -> SessionView:
		session, kept = self._host.bridge.sessions().get(name), self._host.sessions.kept(name)
		where = session or kept
		if where is None:
			raise unknown(name)
		status = self._host.store.session_status(name)
		if session is None:
			state, words = self._of_unfinished(name)
		elif self._host.sessions.stopped(name):
			state, words = "disconnected", _STOPPED
		elif status is None:
			state, words = "unknown", _NEVER if kept is not None else words_of(None)
		else:
			state, words = status.state.value, words_of(status, in_zone(session.time_zone))
		return SessionView(
			name=name,
			made_here=kept is not None,
			state=state,
			sentence=words.sentence,
			advice=words.advice,
			troubles=tuple(self._troubles(name, session, dead)),
			since=status.since if status is not None else None,
			number=_number(status),
			profile_name=status.name or None if status is not None else None,
			gateway_url=where.gateway_url,
			chatwoot_url=where.chatwoot_url,
			account_id=where.account_id,
			inbox_id=where.inbox_id,
			inbox_name=kept.inbox_name if kept is not None else None,
			makes=tuple(_makes(kept)) if kept is not None else (),
		)

	def _troubles(self, name: str, session: Session | None, dead: DeadEvents | None) -> Iterator[str]:
		zone = in_zone(session.time_zone) if session is not None else in_utc
		for words in troubles_of(self._host.store.new_chats(name), dead, zone):
			yield f"{words.sentence} {words.advice}"

	def _of_unfinished(self, name: str) -> tuple[str, StateWords]:
		seen = self._progress(name)
		if seen.running and not seen.removing:
			return "setting_up", _SETTING_UP
		return "unfinished", _UNFINISHED

	def changes(self, name: str, limit: int) -> list[SessionChange]:
		"""What became of its connection, the latest first. Raises `Refused`."""
		if name not in self._host.sessions.names:
			raise unknown(name)
		return self._host.store.session_changes(name, limit)


def _makes(kept: StoredSession) -> Iterator[str]:
	if kept.made.gateway_user_id is not None:
		yield f"the user {kept.name} ({kept.made.gateway_user_id}) on the gateway"
	for inbox in kept.made_inboxes:
		yield f"inbox {inbox} in Chatwoot"


def _number(status: SessionStatus | None) -> str | None:
	phone = status.address.phone if status is not None and status.address is not None else None
	return display(phone) if phone else None
