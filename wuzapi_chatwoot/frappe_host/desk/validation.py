"""What people may send from the desk besides text and files: checked before anything is stored, refused with a sentence.

Asks no database: whether the message that is answered is a fit one is the outbox's to say.
"""

from __future__ import annotations

import re

import frappe

from wuzapi_chatwoot.bridge.model.content import Location
from wuzapi_chatwoot.frappe_host.i18n.refusal import refuse

# In the shape of `fresh_id`.
_MESSAGE_ID = re.compile(r"3EB0[0-9A-F]{18}")

_LONGEST_EMOJI = 16
# U+2139, the information sign, is the one emoji that Unicode counts among the letters.
_LETTERS_THAT_ARE_EMOJI = frozenset("\u2139")
# Below this, characters are of no use as an emoji alone: letters, digits, punctuation and controls.
_FIRST_OF_EMOJI = "\u00a9"


def place_of(latitude: float | None, longitude: float | None, name: str) -> Location | None:
	"""In degrees; `None` without both."""
	if latitude is None and longitude is None:
		return None
	if latitude is None or longitude is None:
		refuse(frappe._("A place needs both its latitude and its longitude"))
	# What is no number at all (`nan`) lies in no range.
	if not -90 <= latitude <= 90:
		refuse(frappe._("A latitude lies between -90 and 90 degrees"))
	if not -180 <= longitude <= 180:
		refuse(frappe._("A longitude lies between -180 and 180 degrees"))
	if latitude == 0 or longitude == 0:
		refuse(frappe._("WhatsApp cannot take a latitude or longitude of exactly 0: use 0.000001"))
	return Location(latitude, longitude, name=" ".join(name.split()) or None)


def id_of(text: str | None) -> str | None:
	"""The WhatsApp id that a caller has chosen for its message; `None`: the bridge chooses."""
	if text is not None and not _MESSAGE_ID.fullmatch(text):
		refuse(frappe._("A message's id is 3EB0 and 18 hexadecimal digits, in upper case"))
	return text


def reaction_of(text: str) -> str:
	"""One emoji; empty takes a reaction back."""
	emoji = text.strip()
	if emoji and not _is_emoji(emoji):
		refuse(frappe._("A reaction is one emoji"))
	return emoji


def _is_emoji(text: str) -> bool:
	if len(text) > _LONGEST_EMOJI or any(each.isspace() for each in text):
		return False
	if any(each.isalpha() and each not in _LETTERS_THAT_ARE_EMOJI for each in text):
		return False
	return any(each >= _FIRST_OF_EMOJI for each in text)
