"""What the doctor finds: one step of the path after the other, and what to do where it is broken."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from wuzapi_chatwoot.bridge.model.records import Source
from wuzapi_chatwoot.bridge.text.time_format import Told, in_utc


class Verdict(str, Enum):
	OK = "ok"
	WARNING = "warning"
	BROKEN = "broken"
	SKIPPED = "skipped"
	"""Cannot be told while something before it is broken."""
	WAITING = "waiting"
	"""Under way: to be told later. Only of a proof."""


@dataclass(frozen=True, slots=True)
class Finding:
	step: str
	verdict: Verdict
	sentence: str = ""
	fix: str = ""


@dataclass(frozen=True, slots=True)
class Headline:
	"""What stands above the steps: never better than the worst of them."""

	verdict: Verdict
	sentence: str


def headline_of(findings: Sequence[Finding]) -> Headline:
	for verdict, sentence in _HEADLINES:
		steps = list(dict.fromkeys(each.step for each in findings if each.verdict is verdict))
		if steps:
			return Headline(verdict, sentence.format(", ".join(steps)))
	return Headline(Verdict.OK, "Everything works.")


# The worst first. What was skipped behind a broken step says nothing by itself.
_HEADLINES = (
	(Verdict.BROKEN, "Problem: {0}."),
	(Verdict.WARNING, "It works, but needs attention: {0}."),
	(Verdict.SKIPPED, "It works as far as it could be checked. Not checked: {0}."),
)


@dataclass(frozen=True, slots=True)
class Reached:
	"""What came of probes that we have posted to ourselves."""

	trouble: str | None = None
	"""Why our own address cannot be reached, as far as we can try it from here; `None`: it can."""
	changed: tuple[tuple[Source, str], ...] = ()
	"""As whose webhook a probe was signed that came, but not whole, and what it lacks."""


@dataclass(frozen=True, slots=True)
class HostFacts:
	"""What only the host can tell of a session's path."""

	gateway_callback: str
	"""Our address for the gateway's webhooks, token and all: never shown."""
	chatwoot_callback: str
	findings: tuple[Finding, ...] = ()
	"""Of the host itself: workers, scheduler, disk."""
	reached: Reached = Reached()
	callback_is_private: bool = False
	"""Its host is on a private network: Chatwoot 4.14 and newer refuses that unless told otherwise."""
	private_hosts: frozenset[str] = frozenset()
	"""Those of the gateway's and Chatwoot's hosts whose names lead to a private network."""
	last_from_gateway: datetime | None = None
	"""When the last proved webhook came."""
	last_from_chatwoot: datetime | None = None
	last_refusal: str | None = None
	"""Why a webhook was refused lately."""
	told: Told = in_utc
	"""How times are told to whoever asked."""
