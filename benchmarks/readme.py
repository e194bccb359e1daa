"""Puts figures into README.md, each section between its own markers, so that one can be measured again alone."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from .report import Section

README = Path(__file__).with_name("README.md")


def write(sections: Sequence[Section]) -> None:
	"""Replace what stands between the markers of these sections."""
	text = README.read_text(encoding="utf-8")
	for section in sections:
		begin, end = f"<!-- {section.name} begins -->", f"<!-- {section.name} ends -->"
		before, found, rest = text.partition(begin)
		_, found_end, after = rest.partition(end)
		if not found or not found_end:
			raise ValueError(f"README.md lacks the markers of {section.name}")
		text = f"{before}{begin}\n\n{section.markdown()}\n\n{end}{after}"
	README.write_text(text, encoding="utf-8")
