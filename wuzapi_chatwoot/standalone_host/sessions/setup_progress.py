"""How far the set-up of each session is, or its undoing, for whoever looks on. In memory; a restart forgets it.

Whoever began one gets its report; this is for the time until then, and for others.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from wuzapi_chatwoot.bridge.sessions.setup_values import Step, StepState, Tell

SETTING_UP = "It is being set up at the moment."
_REMOVING = "What was made for it is being removed at the moment."
NOT_ALL_REMOVED = (
	"Not everything could be removed, so the session is still here. Try again, or leave what was made."
)
_CUT_OFF = "this did not come to an end: look into the bridge's log, and run it again"


@dataclass(frozen=True, slots=True)
class Progress:
	"""Of the run that is under way, or else of the last one."""

	running: bool = False
	steps: tuple[Step, ...] = ()
	removing: bool = False

	@property
	def complete(self) -> bool:
		"""Whether the session is set up now."""
		return bool(self.steps) and not self.running and not self.removing and _failed(self.steps) is None

	@property
	def sentence(self) -> str:
		if self.running:
			return _REMOVING if self.removing else SETTING_UP
		if not self.steps:
			return ""
		if self.removing:
			return "What was made for it is removed." if _failed(self.steps) is None else NOT_ALL_REMOVED
		return outcome(self.steps)


def outcome(steps: tuple[Step, ...]) -> str:
	"""Of a set-up that has come to its end."""
	failed = _failed(steps)
	if failed is None:
		return "Both sides are ready. Connect the session next, and pair it with the phone."
	return f"It stopped at the step {failed.name!r}. Mend that, and run it again: it goes on from there."


def _failed(steps: tuple[Step, ...]) -> Step | None:
	return next((step for step in steps if step.state is StepState.FAILED), None)


class SetUpProgress:
	"""Of a session one is under way at a time: its runner sees to that before `under_way`."""

	def __init__(self) -> None:
		self._known: dict[str, Progress] = {}

	def of(self, session: str) -> Progress:
		return self._known.get(session, Progress())

	@contextmanager
	def under_way(self, session: str, *, removing: bool = False) -> Iterator[Tell]:
		"""Around a run, which tells by what it is given how far it is, and in the end how it came out."""

		def tell(steps: tuple[Step, ...]) -> None:
			self._known[session] = Progress(True, steps, removing)

		tell(())
		try:
			yield tell
		finally:
			steps = tuple(map(_ended, self.of(session).steps))
			self._known[session] = Progress(False, steps, removing)


def _ended(step: Step) -> Step:
	"""Nothing runs any more, whatever fault has ended it."""
	if step.state is not StepState.RUNNING:
		return step
	return replace(step, state=StepState.FAILED, sentence=_CUT_OFF)
