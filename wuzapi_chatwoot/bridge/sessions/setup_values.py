"""What setting up a session is asked to do, and what came of it, as values. Decides nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import Enum

from wuzapi_chatwoot.bridge.model.session import Secret
from wuzapi_chatwoot.bridge.ports.gateway_setup import WebhookSettings


@dataclass(frozen=True, slots=True)
class SetupRequest:
	"""What a session should have on both sides. The secrets are chosen before, and kept: a repeat finds by them."""

	name: str
	gateway_token: Secret
	"""Of the session's user on the gateway: an existing one's, or a fresh one if a user is to be made."""
	signing_key: Secret
	webhook: WebhookSettings
	callback: str
	"""Our address for Chatwoot's webhooks."""
	inbox_name: str
	inbox_id: int | None = None
	"""An existing inbox. `None`: make one."""
	left_inbox_id: int | None = None
	"""The one it has had until now and shall not keep, though that one still posts to us."""
	take_over: bool = False
	"""The inbox may post somewhere else today: it shall post to us."""


class StepState(str, Enum):
	RUNNING = "running"
	"""Being worked at the moment. Told meanwhile, and in no report."""
	DONE = "done"
	"""Made or changed just now."""
	FOUND = "found"
	"""Right already."""
	FAILED = "failed"
	LEFT = "left"
	"""Not tried, because one before it failed."""


@dataclass(frozen=True, slots=True)
class Step:
	"""`sentence` is for people: what was found or done, or what is wrong and what to do."""

	name: str
	state: StepState
	sentence: str = ""


Tell = Callable[[tuple[Step, ...]], None]
"""Told how far it is before each step is worked: all that came before, and at the end the one that is running now."""


def tell_nobody(steps: tuple[Step, ...]) -> None:
	pass


@dataclass(frozen=True, slots=True)
class MadeInbox:
	id: int
	name: str
	"""As it was named when it was made."""

	def __str__(self) -> str:
		return f"{self.id} ({self.name})"


@dataclass(frozen=True, slots=True)
class CreatedResources:
	"""What exists because of us, and may be removed with the session."""

	gateway_user_id: str | None = None
	inbox_id: int | None = None
	earlier_inboxes: tuple[MadeInbox, ...] = ()
	"""Made before in the same account, and left for another one."""

	def leaving_inbox(self, name: str) -> CreatedResources:
		"""Another one takes the place of the inbox that was made under that name, which stays ours to remove."""
		if self.inbox_id is None:
			return self
		earlier = (*self.earlier_inboxes, MadeInbox(self.inbox_id, name))
		return replace(self, inbox_id=None, earlier_inboxes=earlier)

	def back_in(self, inbox_id: int) -> CreatedResources:
		"""If it is an earlier one, it is had again."""
		earlier = tuple(each for each in self.earlier_inboxes if each.id != inbox_id)
		return (
			self
			if earlier == self.earlier_inboxes
			else replace(self, inbox_id=inbox_id, earlier_inboxes=earlier)
		)


@dataclass(frozen=True, slots=True)
class Undone:
	steps: tuple[Step, ...]
	left: CreatedResources
	"""What is still there: it could not be removed, or another session uses it."""


@dataclass(frozen=True, slots=True)
class SetUp:
	"""How far it got. To be kept even if a step failed: the next try goes on from there."""

	steps: tuple[Step, ...]
	made: CreatedResources
	inbox_id: int | None = None
	chatwoot_secret: Secret | None = None

	@property
	def complete(self) -> bool:
		return all(step.state in (StepState.DONE, StepState.FOUND) for step in self.steps)
