"""What Chatwoot refuses to store: too long, too many, too large. How often somebody may write is not decided here."""

from __future__ import annotations

from wuzapi_chatwoot.sandbox.chatwoot.records import Json
from wuzapi_chatwoot.sandbox.chatwoot.store import Invalid
from wuzapi_chatwoot.sandbox.files import File

MOST_ATTACHMENTS = 15
MOST_CHARACTERS = 150_000
LONGEST_ATTRIBUTE = 1500
LARGEST_ATTRIBUTE = 9_999_999_999


class Rejected(Exception):
	"""A message cannot be created; the text goes into the answer, and some answers name the field."""

	def __init__(self, text: str, field: str = "base") -> None:
		super().__init__(text)
		self.field = field


def check_message(content: str | None, files: list[File]) -> None:
	"""Raise Rejected for a text that is too long, or for too many files."""
	if content and len(content) > MOST_CHARACTERS:
		raise Rejected(
			f"Validation failed: Content is too long (maximum is {MOST_CHARACTERS} characters)", "content"
		)
	if len(files) > MOST_ATTACHMENTS:
		raise Rejected("Validation failed: Attachments exceeded maximum allowed", "attachments")


def check_attributes(field: str, attributes: Json) -> None:
	"""Raise Invalid for attributes of a conversation that Chatwoot's database would not take."""
	problems: list[tuple[str, str]] = []
	label = field.replace("_", " ").capitalize()
	for key, value in attributes.items():
		if isinstance(value, str) and len(value) > LONGEST_ATTRIBUTE:
			problems.append((field, f"{label} {key} length should be < {LONGEST_ATTRIBUTE}"))
		if isinstance(value, int) and value > LARGEST_ATTRIBUTE:
			problems.append((field, f"{label} {key} value should be < {LARGEST_ATTRIBUTE}"))
	if problems:
		raise Invalid(problems)
