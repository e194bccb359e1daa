"""Which number of ours a session has, when gateway and pairing tell two different ones."""

from __future__ import annotations

from collections.abc import Collection

from wuzapi_chatwoot.bridge.model.addresses import Address, canonical
from wuzapi_chatwoot.bridge.model.phone import display


def two_numbers(told: Collection[Address], status: Address | None) -> tuple[str, str] | None:
	"""As people read them: what the gateway's status says, and what the pairing told; `None` where they agree.

	Until its next start a gateway may name the number that was paired before. What the pairing told may be old, too, if
	the webhook about a later one was lost.
	"""
	first = canonical(*told)
	if status is None or status in told or first is None or not (status.phone and first.phone):
		return None
	return display(status.phone), display(first.phone)
