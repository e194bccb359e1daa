"""The wizard behind the admin page and the command: make a session on both sides, go on where a try ended, take it back.

Chooses and keeps the secrets; what is done on both sides is `SetUpSession`'s.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

from wuzapi_chatwoot.bridge.model.events import SessionChanged, SessionState
from wuzapi_chatwoot.bridge.model.lanes import valid_session_name
from wuzapi_chatwoot.bridge.model.records import Secret
from wuzapi_chatwoot.bridge.ports.gateway_setup import GatewayAdmin
from wuzapi_chatwoot.bridge.sessions.list_options import holder_of_inbox, holder_of_user, token_of_user
from wuzapi_chatwoot.bridge.sessions.options import ResourceClaims
from wuzapi_chatwoot.bridge.sessions.set_up_session import SetUpSession, undo_set_up
from wuzapi_chatwoot.bridge.sessions.setup_values import SetUp, SetupRequest, StepState, Tell, Undone
from wuzapi_chatwoot.standalone_host.registry.refused import Refused, busy, unknown
from wuzapi_chatwoot.standalone_host.registry.session_registry import NameTaken
from wuzapi_chatwoot.standalone_host.registry.session_store import SessionStoreUnusable, StoredSession
from wuzapi_chatwoot.standalone_host.registry.setup_clients import chatwoot_callback, gateway_webhook
from wuzapi_chatwoot.standalone_host.sessions.resource_claims import resource_claims_of
from wuzapi_chatwoot.standalone_host.sessions.session_draft import SessionDraft, also_made, back, merged
from wuzapi_chatwoot.standalone_host.sessions.setup_progress import Progress, SetUpProgress
from wuzapi_chatwoot.standalone_host.wiring.host import Host

# How long a wizard waits for a look of the watcher to end, in seconds.
_HANDS = 15.0


class SetUps:
	def __init__(self, host: Host) -> None:
		self._host = host
		self._drafts: dict[str, StoredSession] = {}
		"""Changes to sessions that work, while a set-up with them has not come to its end."""
		self._progress = SetUpProgress()

	def progress(self, name: str) -> Progress:
		"""Of a set-up or its undoing, whoever has begun it. Nothing, where there was none."""
		return self._progress.of(name)

	def run(self, wanted: SessionDraft) -> SetUp:
		"""Raises `Refused`; what fails at the gateway or in Chatwoot is in the steps instead."""
		if not valid_session_name(wanted.name):
			raise Refused(
				"A name has letters, digits, '-', '_', '.' and blanks only, 60 at most, and more than dots.",
				422,
			)
		if self._host.sessions.is_fixed(wanted.name):
			raise Refused(
				f"Session {wanted.name!r} is set in the environment or SESSIONS_FILE; change it there, or choose another name."
			)
		with self._alone_with(wanted.name) as tell:
			return self._run(wanted, tell)

	@contextmanager
	def _alone_with(self, name: str, *, removing: bool = False) -> Iterator[Tell]:
		if self.progress(name).running:
			# No use in waiting: it may take minutes.
			raise busy()
		with self._host.watcher.hands_on(name, _HANDS) as held:
			if not held:
				raise busy()
			try:
				with self._progress.under_way(name, removing=removing) as tell:
					yield tell
			except (NameTaken, SessionStoreUnusable) as error:
				raise Refused(str(error)) from None

	def _run(self, wanted: SessionDraft, tell: Tell) -> SetUp:
		registry = self._host.sessions
		before = registry.kept(wanted.name)
		ours = resource_claims_of(self._host, wanted.name)
		wanted = self._with_chosen_user(wanted, ours)
		draft = merged(wanted, back(wanted, self.known(wanted.name), before))
		holder = holder_of_user(draft.gateway_url, draft.gateway_token, ours)
		if holder is not None:
			raise Refused(f"Session {holder!r} has this user of the gateway; each session needs its own.")
		works = before is not None and before.complete
		inbox_id = None if wanted.new_inbox else wanted.inbox_id or draft.inbox_id
		registry.check(replace(draft, inbox_id=inbox_id))
		if works:
			self._drafts[wanted.name] = draft
		else:
			# The secrets are kept before anybody hears of them: a repeat finds by them what was made.
			registry.put(replace(draft, inbox_id=None))
		report = SetUpSession(
			replace(
				self._wishes(draft, inbox_id, wanted.take_over),
				left_inbox_id=before.inbox_id if before is not None and wanted.new_inbox else None,
			),
			self._host.clients.setup.gateway(draft.gateway_url, draft.gateway_token),
			self._admin(draft.gateway_url, wanted.gateway_admin_token),
			self._host.clients.setup.chatwoot(draft.chatwoot_url, draft.chatwoot_token, draft.account_id),
			draft.made,
			tell,
		).run()
		draft = replace(draft, made=report.made)
		if report.complete:
			draft = replace(
				draft, inbox_id=report.inbox_id, chatwoot_secret=report.chatwoot_secret, complete=True
			)
			registry.put(draft)
			self._drafts.pop(wanted.name, None)
			self._host.watcher.look_soon(wanted.name)
		elif before is not None and works:
			self._drafts[wanted.name] = draft
			registry.put(replace(before, made=also_made(before, draft)))
		else:
			# Without its inbox: one that is not proved to be ours is not to be relayed.
			registry.put(replace(draft, inbox_id=None))
		tell(report.steps)
		return report

	def known(self, name: str) -> StoredSession | None:
		"""What is kept of a session, with changes whose set-up has not come to its end."""
		return self._drafts.get(name) or self._host.sessions.kept(name)

	def _with_chosen_user(self, wanted: SessionDraft, ours: ResourceClaims) -> SessionDraft:
		"""Only its token is kept. Raises `Refused`, and what the gateway does not let us find."""
		if wanted.gateway_user_id is None:
			return wanted
		known = self.known(wanted.name)
		url = wanted.gateway_url or (known.gateway_url if known is not None else None)
		admin = self._admin(url, wanted.gateway_admin_token) if url is not None else None
		if url is None or admin is None or wanted.gateway_user_token is not None:
			raise Refused(
				"A user is chosen by the gateway's address and its administrator's token, without its own.",
				422,
			)
		return replace(wanted, gateway_user_token=token_of_user(admin, wanted.gateway_user_id, url, ours))

	def _wishes(self, draft: StoredSession, inbox_id: int | None, take_over: bool) -> SetupRequest:
		url = self._host.settings.public_url
		return SetupRequest(
			name=draft.name,
			gateway_token=draft.gateway_token,
			signing_key=draft.signing_key,
			webhook=gateway_webhook(url, draft.name, draft.webhook_token),
			callback=chatwoot_callback(url, draft.name, draft.webhook_token),
			inbox_name=draft.inbox_name,
			inbox_id=inbox_id,
			take_over=take_over,
		)

	def _admin(self, url: str, token: Secret | None) -> GatewayAdmin | None:
		return self._host.clients.setup.admin(url, token) if token else None

	# ---- taking back

	def remove(self, name: str, *, with_what_was_made: bool, gateway_admin_token: Secret | None) -> Undone:
		"""Forget a session of ours, if what was made for it could be removed, or was to be left. Raises `Refused`."""
		kept = self._host.sessions.kept(name)
		if kept is None:
			if self._host.sessions.is_fixed(name):
				raise Refused(
					f"Session {name!r} is set in the environment or SESSIONS_FILE; take it out there, and restart."
				)
			raise unknown(name)
		with self._alone_with(name, removing=True) as tell:
			undone = Undone((), kept.made)
			if with_what_was_made:
				undone = undo_set_up(
					kept.made,
					self._admin(kept.gateway_url, gateway_admin_token),
					self._host.clients.setup.chatwoot(
						kept.chatwoot_url, kept.chatwoot_token, kept.account_id
					),
					tell,
					self.holder_of_inbox(kept),
				)
			if any(step.state is StepState.FAILED for step in undone.steps):
				self._host.sessions.put(replace(kept, made=undone.left))
			else:
				self._drafts.pop(name, None)
				self._host.sessions.remove(name)
			if undone.left.gateway_user_id != kept.made.gateway_user_id:
				# Nobody tells of it. Who takes the name again has another user, to be paired anew.
				change = SessionChanged(SessionState.LOGGED_OUT, "its user was removed from the gateway")
				self._host.store.note_session_change(name, change, self._host.bridge.clock.now())
			tell(undone.steps)
			return undone

	def holder_of_inbox(self, kept: StoredSession) -> Callable[[int], str | None]:
		"""Which other session has an inbox of the account."""
		ours = resource_claims_of(self._host, kept.name)
		return lambda inbox: holder_of_inbox(inbox, kept.chatwoot_url, kept.account_id, ours)
