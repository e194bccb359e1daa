"""Which of several conversations keeps the one in Chatwoot that all of them bear. Pure; stores write it, once.

Before a conversation in Chatwoot was one person's by rule, two could come to bear its number.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Claim:
	"""A conversation that bears the number of one in Chatwoot."""

	conversation: int
	session: str
	chatwoot_conversation_id: int
	first_incoming_at: datetime | None
	"""When its customer first wrote there; `None`: never."""


def settle_claims(claims: Iterable[Claim]) -> tuple[list[Claim], list[Claim]]:
	"""Those that keep it, one for each conversation in Chatwoot, and those that get another with their next message.

	Whoever wrote there first keeps it: the other one was led there by a mistake.
	"""
	keep: dict[tuple[str, int], Claim] = {}
	lose = []
	for claim in sorted(claims, key=_place):
		place = (claim.session, claim.chatwoot_conversation_id)
		if place in keep:
			lose.append(claim)
		else:
			keep[place] = claim
	return list(keep.values()), lose


def _place(claim: Claim) -> tuple[bool, float, int]:
	at = claim.first_incoming_at
	return (at is None, at.timestamp() if at is not None else 0.0, claim.conversation)
