"""Phone numbers: E.164 and the other ways the same subscriber may be written down. Not about addresses."""

from __future__ import annotations

import re

import phonenumbers

# Digits and what people put between them, but no `+`.
_BARE = re.compile(r"[\d\s().\-/]+")
_BRAZIL, _MEXICO, _ARGENTINA = 55, 52, 54


def to_e164(text: str, region: str | None = None) -> str | None:
	"""Read a number as people type it; `+` and digits, or `None` if it cannot be one.

	`region` (ISO 3166, e.g. `BR`) is used for numbers without a country code. Digits that are no valid number there
	are read as if `+` stood before them (`34612345678`, `0034…`); since nothing says so, they must be valid then.
	"""
	number = _read(text, region)
	if number is None or not phonenumbers.is_valid_number(number):
		with_code = _read(f"+{text.strip().removeprefix('00')}") if _BARE.fullmatch(text) else None
		if with_code is not None and phonenumbers.is_valid_number(with_code):
			number = with_code
	if number is None or not phonenumbers.is_possible_number(number):
		return None
	return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _read(text: str, region: str | None = None) -> phonenumbers.PhoneNumber | None:
	try:
		return phonenumbers.parse(text, region)
	except phonenumbers.NumberParseException:
		return None


def display(e164: str) -> str:
	"""A number as people read it, `+44 7700 900123`; the text itself if it is no number."""
	try:
		number = phonenumbers.parse(e164, None)
	except phonenumbers.NumberParseException:
		return e164
	return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def variants(e164: str) -> tuple[str, ...]:
	"""Every spelling under which the subscriber may be stored, the given one first.

	Brazil added a 9 to mobile numbers, Mexico dropped a 1 and Argentina writes a 9 only from abroad; WhatsApp
	and address books disagree about all three. Other countries have one spelling.
	"""
	try:
		number = phonenumbers.parse(e164, None)
	except phonenumbers.NumberParseException:
		return (e164,)
	national = str(number.national_number)
	others = _OTHER_SPELLINGS.get(number.country_code or 0, _none)(national)
	return (e164, *(f"+{number.country_code}{other}" for other in others))


def _none(national: str) -> list[str]:
	return []


def _brazil(national: str) -> list[str]:
	area, subscriber = national[:2], national[2:]
	if len(subscriber) == 9 and subscriber[0] == "9":
		return [area + subscriber[1:]]
	# Only mobiles (first digit 6 to 9) got the ninth digit; land lines keep eight.
	if len(subscriber) == 8 and subscriber[0] in "6789":
		return [f"{area}9{subscriber}"]
	return []


def _mexico(national: str) -> list[str]:
	if len(national) == 11 and national[0] == "1":
		return [national[1:]]
	return [f"1{national}"] if len(national) == 10 else []


def _argentina(national: str) -> list[str]:
	if len(national) == 11 and national[0] == "9":
		return [national[1:]]
	return [f"9{national}"] if len(national) == 10 else []


_OTHER_SPELLINGS = {_BRAZIL: _brazil, _MEXICO: _mexico, _ARGENTINA: _argentina}
