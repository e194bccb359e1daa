"""`docs/message-kinds.md` says what happens: each of its rows is a recorded message that crosses the bridge here."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import get_args

import pytest
from kinds_seen import reading_of, seen_in_chatwoot, seen_on_whatsapp

from wuzapi_chatwoot.bridge.model import content as c
from wuzapi_chatwoot.bridge.model.events import WhatsAppMessage

PAGE = (Path(__file__).parents[2] / "docs" / "message-kinds.md").read_text(encoding="utf-8")


def rows_below(heading: str) -> list[list[str]]:
	"""Kind, what is seen, limits, name of the payload."""
	section = PAGE.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
	rows = [line.replace("\\|", "¦") for line in section.splitlines() if line.endswith(".json` |")]
	return [[cell.strip().replace("¦", "\\|") for cell in row.strip("|").split(" | ")] for row in rows]


INCOMING = rows_below("WhatsApp → Chatwoot")
OUTGOING = rows_below("Chatwoot → WhatsApp")


@pytest.mark.parametrize(
	("row", "seen"),
	[*((row, seen_in_chatwoot) for row in INCOMING), *((row, seen_on_whatsapp) for row in OUTGOING)],
	ids=lambda value: value[-1].strip("` |") if isinstance(value, list) else "",
)
def test_a_row_says_what_happens(row: list[str], seen: Callable[[str], str]) -> None:
	assert row[1] == seen(row[-1].strip("` |"))


def test_every_kind_that_the_bridge_knows_has_a_row() -> None:
	shown: set[object] = {c.PhoneCall}
	for row in INCOMING:
		event = reading_of(row[-1].strip("` |")).event
		if isinstance(event, WhatsAppMessage):
			shown.add(type(event.content))
			if isinstance(event.content, c.Media):
				shown.add(event.content.kind)
	assert shown >= {*get_args(c.Content), *c.MediaKind}


def test_no_recorded_message_is_missing_by_oversight() -> None:
	assert len(INCOMING) > 50
	assert len(OUTGOING) > 10
