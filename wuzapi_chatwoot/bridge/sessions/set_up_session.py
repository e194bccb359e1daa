"""Make both sides ready for a session: the gateway's user with its webhook, Chatwoot's inbox with its callback.

Every step looks first and changes only what is not as it should be, so the whole may be repeated at any time. Whether
somebody else uses what is there is looked at before anything is changed at all. Keeps nothing: the caller does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial

from wuzapi_chatwoot.bridge.model.errors import BridgeError, NotFound, Permanent
from wuzapi_chatwoot.bridge.ports.chatwoot_setup import ChatwootSetup, Inbox
from wuzapi_chatwoot.bridge.ports.gateway_setup import GatewayAdmin, GatewaySetup
from wuzapi_chatwoot.bridge.sessions.callback_text import told_address
from wuzapi_chatwoot.bridge.sessions.setup_values import (
	CreatedResources,
	MadeInbox,
	SetUp,
	SetupRequest,
	Step,
	StepState,
	Tell,
	Undone,
	tell_nobody,
)

# What a step found or did: its state, and a sentence.
_Found = tuple[StepState, str]
# Steps that change nothing that is there.
_LOOKS = ("Chatwoot account", "gateway user")


class SetUpSession:
	"""One run. `admin` is `None` when only the user's own token is known."""

	def __init__(
		self,
		wishes: SetupRequest,
		gateway: GatewaySetup,
		admin: GatewayAdmin | None,
		chatwoot: ChatwootSetup,
		made: CreatedResources | None = None,
		tell: Tell = tell_nobody,
	) -> None:
		"""`made`: what earlier runs made."""
		self._wishes = wishes
		self._gateway = gateway
		self._admin = admin
		self._chatwoot = chatwoot
		self._made = made or CreatedResources()
		self._tell = tell
		self._inbox: Inbox | None = None
		self._refusals: dict[str, str] = {}
		"""By step: why what is there must not be changed. Known before the first change."""

	def run(self) -> SetUp:
		return SetUp(
			steps=self._steps(),
			made=self._made,
			inbox_id=self._inbox.id if self._inbox is not None else self._wishes.inbox_id,
			chatwoot_secret=self._inbox.secret if self._inbox is not None else None,
		)

	def _steps(self) -> tuple[Step, ...]:
		steps: tuple[Step, ...] = ()
		broken = False
		for name, work in self._plan():
			step = Step(name, StepState.LEFT)
			if self._refusals and name not in _LOOKS:
				broken = True
				if name in self._refusals:
					step = Step(name, StepState.FAILED, self._refusals[name])
			elif not broken:
				self._tell((*steps, Step(name, StepState.RUNNING)))
				step = _worked(name, work)
				broken = step.state is StepState.FAILED
			steps = (*steps, step)
		return steps

	def _plan(self) -> tuple[tuple[str, Callable[[], _Found]], ...]:
		return (
			("Chatwoot account", self._account),
			("gateway user", self._user),
			("gateway signing key", self._signing_key),
			("gateway media delivery", self._media),
			("gateway webhook", self._webhook),
			("Chatwoot inbox", self._find_inbox),
			("Chatwoot callback", self._callback),
			("Chatwoot signing secret", self._secret),
			("Chatwoot reply window", self._reply_window),
		)

	# ---- the gateway

	def _user(self) -> _Found:
		if self._admin is None:
			status = self._gateway.status()
			self._look_at_webhook()
			return StepState.FOUND, f"the gateway knows the token, as user {status.name or status.id}"
		token = self._wishes.gateway_token
		for user in self._admin.users():
			if user.token.value == token.value:
				self._look_at_webhook()
				return StepState.FOUND, f"user {user.name} is there"
		if self._refusals:
			return StepState.LEFT, ""
		user = self._admin.create_user(
			self._wishes.name, token, self._wishes.webhook, self._wishes.signing_key
		)
		self._made = replace(self._made, gateway_user_id=user.id)
		return StepState.DONE, f"user {user.name} was made"

	def _signing_key(self) -> _Found:
		# Whether the key in use is ours cannot be asked, and one given at creation is not used: post it every time.
		self._gateway.set_signing_key(self._wishes.signing_key)
		return StepState.DONE, "the gateway signs its webhooks"

	def _media(self) -> _Found:
		status = self._gateway.status()
		if status.delivers_media and status.has_storage:
			return StepState.FOUND, "files come with the webhooks"
		# What is stored need not be what the running process uses: post it every time.
		self._gateway.deliver_media()
		return StepState.DONE, "files come with the webhooks from now on"

	def _webhook(self) -> _Found:
		wish, stored = self._wishes.webhook, self._gateway.stored_webhook()
		if self._gateway.status().webhook == wish and stored == wish:
			return StepState.FOUND, "it posts to us"
		self._gateway.set_webhook(wish)
		return StepState.DONE, "it posts to us from now on"

	def _look_at_webhook(self) -> None:
		"""Of a user that is there: its key, its files and its webhook may be somebody else's."""
		ours = self._wishes.webhook.url
		for url in (self._gateway.stored_webhook().url, self._gateway.status().webhook.url):
			if url not in ("", ours) and not self._wishes.take_over:
				self._refusals["gateway webhook"] = (
					f"this user posts to {told_address(url, ours)} today: confirm that it shall post here instead"
				)

	# ---- Chatwoot

	def _account(self) -> _Found:
		user = self._chatwoot.user()
		if not user.administrator:
			raise Permanent(
				f"{user.name} is no administrator of this account: take an administrator's access token"
			)
		self._look_at_inbox()
		return StepState.FOUND, f"signed in as {user.name}"

	def _look_at_inbox(self) -> None:
		"""Of an inbox that was chosen."""
		wanted, ours = self._wishes.inbox_id, self._wishes.callback
		if wanted is None or wanted == self._made.inbox_id:
			return
		try:
			inbox = self._chatwoot.inbox(wanted)
			self._check_kind(inbox)
		except BridgeError as error:
			self._refusals["Chatwoot inbox"] = str(error)
			return
		if inbox.callback not in ("", ours) and not self._wishes.take_over:
			self._refusals["Chatwoot callback"] = self._posts_elsewhere(inbox)

	def _check_kind(self, inbox: Inbox) -> None:
		if not inbox.is_api:
			raise Permanent(f"inbox {inbox.name} (number {inbox.id}) is no API inbox: choose one that is")

	def _posts_elsewhere(self, inbox: Inbox) -> str:
		where = told_address(inbox.callback, self._wishes.callback)
		return f"inbox {inbox.name} posts to {where} today: confirm that it shall post here instead"

	def _find_inbox(self) -> _Found:
		wanted = self._wishes.inbox_id or self._made.inbox_id
		if wanted is not None:
			try:
				inbox = self._chatwoot.inbox(wanted)
			except NotFound:
				if wanted != self._made.inbox_id:
					raise
				# Somebody deleted what we had made.
				self._made = replace(self._made, inbox_id=None)
			else:
				return self._adopt(inbox)
		# An earlier try may have made one and not heard of it. By its callback, which is ours alone; never by name.
		for inbox in self._chatwoot.inboxes():
			if inbox.callback == self._wishes.callback and not self._is_left(inbox):
				return self._adopt(inbox)
		self._inbox = self._chatwoot.create_inbox(self._wishes.inbox_name, self._wishes.callback)
		self._made = replace(self._made, inbox_id=self._inbox.id)
		return StepState.DONE, f"inbox {self._inbox.name} (number {self._inbox.id}) was made"

	def _is_left(self, inbox: Inbox) -> bool:
		"""It posts to us, and shall not be had all the same."""
		left = self._wishes.left_inbox_id
		return left is not None and inbox.id in (left, *(each.id for each in self._made.earlier_inboxes))

	def _adopt(self, inbox: Inbox) -> _Found:
		self._check_kind(inbox)
		self._inbox, self._made = inbox, self._made.back_in(inbox.id)
		return StepState.FOUND, f"inbox {inbox.name} (number {inbox.id}) is there"

	def _callback(self) -> _Found:
		inbox = self._known_inbox()
		if inbox.callback == self._wishes.callback:
			return StepState.FOUND, "it posts to us"
		if inbox.callback and not self._wishes.take_over:
			raise Permanent(self._posts_elsewhere(inbox))
		self._inbox = self._chatwoot.set_callback(inbox.id, self._wishes.callback)
		return StepState.DONE, "it posts to us from now on"

	def _secret(self) -> _Found:
		inbox = self._known_inbox()
		if inbox.secret is None:
			# The token in the callback's address is the only proof then.
			return (
				StepState.FOUND,
				"this Chatwoot (older than 4.13) does not sign; the token in the address must do",
			)
		return StepState.FOUND, "Chatwoot signs its webhooks"

	def _reply_window(self) -> _Found:
		inbox = self._known_inbox()
		if inbox.reply_window_hours is None:
			return StepState.FOUND, "agents can answer at any time"
		self._inbox = self._chatwoot.clear_reply_window(inbox.id)
		return StepState.DONE, f"the reply window of {inbox.reply_window_hours} hours was taken away"

	def _known_inbox(self) -> Inbox:
		if self._inbox is None:
			raise Permanent("there is no inbox")
		return self._inbox


def undo_set_up(
	made: CreatedResources,
	admin: GatewayAdmin | None,
	chatwoot: ChatwootSetup,
	tell: Tell = tell_nobody,
	holder: Callable[[int], str | None] = lambda inbox: None,
) -> Undone:
	"""Remove what was made for a session, and nothing else. The conversations in the inboxes go with them.

	First every access that is needed is tried; then the user goes, and the inboxes last. The first failure ends it: what
	cannot be had back is not removed for a session that stays. `holder`: the other session that has an inbox; it stays then.
	"""
	removals = tuple(_removals(made, admin, chatwoot, holder))
	steps: tuple[Step, ...] = ()
	left = made
	for removal in removals:
		step = _worked(removal.name, removal.may)
		if step.state is StepState.FAILED:
			tell((step,))
			return Undone((step,), left)
	for removal in removals:
		tell((*steps, Step(removal.name, StepState.RUNNING)))
		step = _worked(removal.name, removal.work)
		steps = (*steps, step)
		if step.state is StepState.FAILED:
			break
		if step.state is StepState.DONE:
			left = removal.without(left)
	return Undone(steps, left)


def inbox_to_type(
	made: CreatedResources, name: str, holder: Callable[[int], str | None] = lambda inbox: None
) -> str:
	"""The name that people must type before inboxes are removed: of the one that was made last. Empty: there is none."""
	inboxes = reversed(made.leaving_inbox(name).earlier_inboxes)
	return next((inbox.name for inbox in inboxes if holder(inbox.id) is None), "")


@dataclass(frozen=True, slots=True)
class _Removal:
	name: str
	may: Callable[[], _Found]
	"""Tries the access that it takes, and changes nothing."""
	work: Callable[[], _Found]
	without: Callable[[CreatedResources], CreatedResources]
	"""What is left after it."""


def _removals(
	made: CreatedResources,
	admin: GatewayAdmin | None,
	chatwoot: ChatwootSetup,
	holder: Callable[[int], str | None],
) -> Iterator[_Removal]:
	user, inbox = made.gateway_user_id, made.inbox_id
	if user is not None:
		yield _Removal(
			"gateway user",
			partial(_may_delete_user, admin, user),
			partial(_delete_user, admin, user),
			lambda left: replace(left, gateway_user_id=None),
		)
	if inbox is not None:
		yield _Removal(
			"Chatwoot inbox",
			partial(_may_delete_inbox, chatwoot, inbox, holder),
			partial(_delete_inbox, chatwoot, inbox, holder),
			lambda left: replace(left, inbox_id=None),
		)
	for each in made.earlier_inboxes:
		yield _Removal(
			f"Chatwoot inbox {each}",
			partial(_may_delete_inbox, chatwoot, each.id, holder),
			partial(_delete_inbox, chatwoot, each.id, holder),
			partial(_without_earlier, each),
		)


def _may_delete_user(admin: GatewayAdmin | None, id: str) -> _Found:
	_needed(admin).user(id)
	return StepState.FOUND, ""


def _may_delete_inbox(chatwoot: ChatwootSetup, id: int, holder: Callable[[int], str | None]) -> _Found:
	if holder(id) is None:
		user = chatwoot.user()
		if not user.administrator:
			raise Permanent(
				f"{user.name} is no administrator of this account: take an administrator's access token"
			)
	return StepState.FOUND, ""


def _needed(admin: GatewayAdmin | None) -> GatewayAdmin:
	if admin is None:
		raise Permanent("removing a user takes the gateway administrator's token")
	return admin


def _without_earlier(inbox: MadeInbox, left: CreatedResources) -> CreatedResources:
	return replace(left, earlier_inboxes=tuple(each for each in left.earlier_inboxes if each != inbox))


def _delete_user(admin: GatewayAdmin | None, id: str) -> _Found:
	_needed(admin).delete_user(id)
	return StepState.DONE, "removed"


def _delete_inbox(chatwoot: ChatwootSetup, id: int, holder: Callable[[int], str | None]) -> _Found:
	session = holder(id)
	if session is not None:
		return StepState.FOUND, f"it stays: session {session} uses it"
	chatwoot.delete_inbox(id)
	return StepState.DONE, "removed"


def _worked(name: str, work: Callable[[], _Found]) -> Step:
	try:
		state, sentence = work()
	except BridgeError as error:
		return Step(name, StepState.FAILED, str(error))
	return Step(name, state, sentence)
