"""Interactive messages of Chatwoot in words: options as numbered lines, cards with text and links, the questions of a form.

In WhatsApp's own marks. Also which option a customer's number means.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from wuzapi_chatwoot.bridge.model.chatwoot_events import Offer, OfferedCard, OfferedField

_LINK = "🔗"
# `2`, `2.`, `2)`, and the digit that phones draw as a key.
_NUMBER = re.compile(r"(\d{1,3})[.)]?\ufe0f?\u20e3?")


def interactive_text(offer: Offer) -> str:
	"""Empty if there is nothing to read in it."""
	numbers = iter(range(1, len(offer.all_options) + 1))
	lines = [f"{next(numbers)}. {option.title}" for option in offer.options]
	blocks = ["\n".join(lines), *("\n".join(_card(card, numbers)) for card in offer.cards)]
	blocks.append("\n".join(_field(field) for field in offer.fields))
	return "\n\n".join(block for block in blocks if block)


def _card(card: OfferedCard, numbers: Iterator[int]) -> Iterator[str]:
	if card.title:
		yield f"*{card.title.replace('*', '')}*"
	if card.description:
		yield card.description
	for link in card.links:
		yield f"{_LINK} {link.label}: {link.url}" if link.label else f"{_LINK} {link.url}"
	for option in card.options:
		yield f"{next(numbers)}. {option.title}"


def _field(field: OfferedField) -> str:
	return f"• {field.label}: {', '.join(field.options)}" if field.options else f"• {field.label}"


def number_chosen(text: str) -> int | None:
	"""1 for `1`, `1.`, `1)`; `None` for what is not a number and nothing else."""
	found = _NUMBER.fullmatch(text.strip())
	return int(found[1]) if found else None
