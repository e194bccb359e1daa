"""A proof of a session's whole path by a message to oneself, as values: what is looked for, and what has been seen of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from wuzapi_chatwoot.bridge.diagnosis.findings import Finding, Verdict

WRITTEN = "bridge → Chatwoot"
TOLD = "Chatwoot → bridge"
SENT = "bridge → WhatsApp"
BACK = "WhatsApp → bridge"
ANSWERED = "WhatsApp → Chatwoot"
STEPS = (WRITTEN, TOLD, SENT, BACK, ANSWERED)
AUTOMATIC = (WRITTEN, TOLD, SENT)
"""Nobody has to do anything for these."""


@dataclass(frozen=True, slots=True)
class Written:
	"""Where the message is in Chatwoot, and what becomes of it here."""

	message_id: int
	conversation_id: int
	event_key: str
	"""Of the event that Chatwoot's webhook about it becomes."""
	lane: str
	"""In which whatever comes back from WhatsApp arrives."""


@dataclass(frozen=True, slots=True)
class SelfTest:
	"""One that has been begun. A host keeps it while people look."""

	begun_at: datetime
	written: Written | None
	"""`None`: the first step failed, for this reason."""
	trouble: str = ""
	fix: str = ""


@dataclass(frozen=True, slots=True)
class Seen:
	"""How far a proof has come. No steps: there is none to be looked at."""

	steps: tuple[Finding, ...]

	@property
	def settled(self) -> bool:
		"""Nothing more comes of the automatic steps."""
		return not any(each.verdict is Verdict.WAITING for each in self._automatic)

	@property
	def works(self) -> bool:
		"""The automatic steps are proved."""
		return self._are_proved(self._automatic)

	@property
	def over(self) -> bool:
		return not any(each.verdict is Verdict.WAITING for each in self.steps)

	@property
	def whole(self) -> bool:
		"""Every step is proved, both ways."""
		return self._are_proved(self.steps)

	@property
	def sentence(self) -> str:
		"""How it stands, in one sentence."""
		broken = next((each for each in self.steps if each.verdict is Verdict.BROKEN), None)
		if broken is not None:
			return f"Problem: {broken.step}."
		if self.whole:
			return "The whole path is proved, both ways."
		if not self.works:
			return "The message is on its way."
		if not self.over:
			return (
				"The way to WhatsApp is proved. Answer the message on the phone, in the chat with yourself."
			)
		return "The way to WhatsApp is proved; the way back is not."

	@staticmethod
	def _are_proved(steps: tuple[Finding, ...]) -> bool:
		return bool(steps) and all(each.verdict is Verdict.OK for each in steps)

	@property
	def _automatic(self) -> tuple[Finding, ...]:
		return tuple(each for each in self.steps if each.step in AUTOMATIC)
