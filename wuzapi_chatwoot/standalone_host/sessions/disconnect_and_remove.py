"""Disconnect, log out, delete: three different things. Each says what is lost before it is done."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from wuzapi_chatwoot.bridge.model.events import SessionChanged, SessionState
from wuzapi_chatwoot.bridge.model.records import Secret
from wuzapi_chatwoot.bridge.sessions.set_up_session import inbox_to_type
from wuzapi_chatwoot.bridge.sessions.setup_values import CreatedResources, Step, StepState
from wuzapi_chatwoot.standalone_host.registry.refused import Refused, busy, unknown
from wuzapi_chatwoot.standalone_host.registry.session_store import SessionStoreUnusable, StoredSession
from wuzapi_chatwoot.standalone_host.sessions.pairing import Pairings
from wuzapi_chatwoot.standalone_host.sessions.setup import SetUps
from wuzapi_chatwoot.standalone_host.sessions.setup_progress import NOT_ALL_REMOVED
from wuzapi_chatwoot.standalone_host.wiring.host import Host

_HANDS = 15.0
_OVER = (SessionState.LOGGED_OUT, SessionState.BANNED, SessionState.FAILED)

DISCONNECT_LOSES = (
	"Nothing comes in and nothing goes out until it is connected again.",
	"The pairing stays. What customers write meanwhile stays on the phone; what agents write waits here.",
	"Some releases of WuzAPI begin a new pairing at the next connect.",
)
LOG_OUT_LOSES = (
	"The pairing ends: to use the number again, its phone must scan a code again.",
	"Nothing comes in and nothing goes out until then. What agents write meanwhile waits here.",
	"Contacts, conversations and messages stay, here and in Chatwoot.",
)


@dataclass(frozen=True, slots=True)
class Ending:
	"""`done` is false where it was only asked what would be lost, or where a step failed."""

	done: bool
	sentence: str
	loses: tuple[str, ...] = ()
	steps: tuple[Step, ...] = field(default_factory=tuple)
	type_name: str = ""
	"""What must be typed to confirm it: the name of the inbox that goes."""


class Endings:
	def __init__(self, host: Host, pairings: Pairings, set_ups: SetUps) -> None:
		self._host = host
		self._pairings = pairings
		self._set_ups = set_ups

	def disconnect(self, name: str, *, confirm: bool) -> Ending:
		session = self._pairings.session(name)
		if not confirm:
			return Ending(False, f"Disconnect {name}?", DISCONNECT_LOSES)
		with self._host.watcher.hands_on(name, _HANDS) as held:
			if not held:
				raise busy()
			# First: the watcher would connect it again.
			self._rest(name, True)
			self._host.clients.setup.gateway(session.gateway_url, session.gateway_token).disconnect()
			self._note_disconnected(name)
		return Ending(True, "It is disconnected, and stays so until somebody connects it.", DISCONNECT_LOSES)

	def log_out(self, name: str, *, confirm: bool) -> Ending:
		session = self._pairings.session(name)
		if not confirm:
			return Ending(False, f"Log {name} out?", LOG_OUT_LOSES)
		with self._host.watcher.hands_on(name, _HANDS) as held:
			if not held:
				raise busy()
			gateway = self._host.clients.setup.gateway(session.gateway_url, session.gateway_token)
			status = gateway.status()
			if not (status.connected and status.logged_in):
				raise Refused(
					"The gateway can end a pairing only while it is connected. Connect it first, "
					"or end the pairing on the phone: WhatsApp, Settings, Linked devices."
				)
			gateway.log_out()
			# WuzAPI tells of a logout by the phone only.
			change = SessionChanged(SessionState.LOGGED_OUT, "asked for here")
			self._host.bridge.store.note_session_change(name, change, self._host.bridge.clock.now())
			self._rest(name, False)
		return Ending(True, "The pairing has ended.", LOG_OUT_LOSES)

	def delete(
		self,
		name: str,
		*,
		confirm: bool,
		remove_made: bool,
		gateway_admin_token: Secret | None,
		inbox_name: str = "",
	) -> Ending:
		"""`inbox_name` is what somebody typed who knows which inbox goes with all its conversations."""
		kept = self._host.sessions.kept(name)
		if kept is None and not self._host.sessions.is_fixed(name):
			raise unknown(name)
		loses: tuple[str, ...] = ()
		if kept is not None:
			loses = tuple(_delete_loses(kept, remove_made, self._set_ups.holder_of_inbox(kept)))
			holder = self._set_ups.holder_of_inbox(kept)
			typed = inbox_to_type(kept.made, kept.inbox_name, holder) if remove_made else ""
			if not confirm:
				return Ending(False, f"Delete {name}?", loses, type_name=typed)
			if typed and inbox_name.strip() != typed:
				raise Refused(
					f"Type the name of the inbox, {typed}: it is removed from Chatwoot with every conversation in it.",
					422,
				)
		steps = self._set_ups.remove(
			name, with_what_was_made=remove_made, gateway_admin_token=gateway_admin_token
		).steps
		if any(step.state is StepState.FAILED for step in steps):
			return Ending(False, NOT_ALL_REMOVED, loses, steps)
		return Ending(True, "The session is deleted.", loses, steps)

	def _note_disconnected(self, name: str) -> None:
		"""The gateway does not tell of it. What had ended for another reason stays so."""
		store = self._host.bridge.store
		known = store.session_status(name)
		if known is not None and known.state not in _OVER:
			change = SessionChanged(SessionState.FAILED, "disconnected by hand")
			store.note_session_change(name, change, self._host.bridge.clock.now())

	def _rest(self, name: str, rests: bool) -> None:
		try:
			self._host.sessions.set_stopped(name, rests)
		except SessionStoreUnusable as error:
			raise Refused(str(error)) from None


def _delete_loses(
	kept: StoredSession, remove_made: bool, holder: Callable[[int], str | None]
) -> Iterator[str]:
	yield "The bridge forgets its settings and secrets, and serves the number no more."
	if remove_made and kept.made.gateway_user_id is not None:
		user = f"{kept.name} ({kept.made.gateway_user_id})"
		yield f"The user {user}, which was made on the gateway, is removed, with its pairing and its files."
	for inbox in kept.made_inboxes if remove_made else ():
		session = holder(inbox.id)
		lot = f"stays: session {session} uses it" if session else "is removed, with every conversation in it"
		yield f"Inbox {inbox}, which was made in Chatwoot, {lot}."
	if not remove_made or kept.made == CreatedResources():
		yield "The user on the gateway and the inbox in Chatwoot stay, and go on posting to us in vain."
	earlier = ", ".join(str(inbox) for inbox in kept.made.earlier_inboxes)
	if earlier and not remove_made:
		yield f"What was made for it before stays, too: inbox {earlier}."
	yield "What the bridge remembers of contacts and messages stays in its database."
