"""What an act of an administrator cannot be done for. Turned into an answer by the routes."""

from __future__ import annotations


class Refused(Exception):
	"""`sentence` is for people; `status` is HTTP's."""

	def __init__(self, sentence: str, status: int = 409) -> None:
		super().__init__(sentence)
		self.sentence = sentence
		self.status = status


def unknown(name: str) -> Refused:
	return Refused(f"There is no session {name!r}.", 404)


def busy() -> Refused:
	return Refused("Somebody else is at work on this session; try again in a moment.")
