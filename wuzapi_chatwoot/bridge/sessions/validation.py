"""What is right in a session's settings that people write as text, wherever a host keeps them. Says nothing to people:
each host has sentences of its own.
"""

from __future__ import annotations

import re

from wuzapi_chatwoot.bridge.model.addresses import Address

LONGEST_REOPEN_DAYS = 36500
"""A century; what is added to a time must stay a time."""

_GROUP_SERVER = "g.us"
# Old groups are called after who made them and when: 447700900123-1400000000.
_GROUP_ID = re.compile(r"[0-9]{1,30}(-[0-9]{1,30})?")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")
_PATTERN = re.compile(r"[0-9A-Za-z@.\-_+*?]+")
_PLACEHOLDER = re.compile(r"\{(?:text|name)\}")


def same_place(one: str, other: str) -> bool:
	"""Does what is sent to one address reach the same program as at the other, as safely? Whatever their paths are.

	A token that was entered for an address is not sent to another one.
	"""
	places = [_PLACE.match(url.strip().lower()) for url in (one, other)]
	return None not in places and len({place[0] for place in places if place is not None}) == 1


# Scheme, host and port.
_PLACE = re.compile(r"[a-z]+://[^/?#]+")


def entries(text: str) -> tuple[str, ...]:
	"""What stands in a list, separated by commas or line breaks; without blank entries and repeats."""
	return tuple(dict.fromkeys(entry for part in re.split(r"[,\n]", text) if (entry := part.strip())))


def group_addresses(text: str) -> tuple[Address, ...]:
	"""Of a list of groups, `@g.us` being optional. What is no group becomes an address that no group has."""
	users = (
		entry[: -len(_GROUP_SERVER) - 1] if entry.lower().endswith(f"@{_GROUP_SERVER}") else entry
		for entry in entries(text)
	)
	return tuple(dict.fromkeys(Address(user, _GROUP_SERVER) for user in users))


def are_groups(text: str) -> bool:
	return all(_GROUP_ID.fullmatch(address.user) for address in group_addresses(text))


def are_patterns(text: str) -> bool:
	"""Each entry is (a part of) an address or a phone number, with `*` and `?` for what may differ."""
	return all(_PATTERN.fullmatch(entry) for entry in entries(text))


def are_emails(text: str) -> bool:
	"""Each entry looks like an e-mail address; whether there is such a mailbox nobody asks."""
	return all(_EMAIL.fullmatch(entry) for entry in entries(text))


def is_signature_template(text: str) -> bool:
	"""`{text}` must be in it, `{name}` may be; no other brace."""
	return "{text}" in text and not re.search(r"[{}]", _PLACEHOLDER.sub("", text))


def is_reopen_days(days: float) -> bool:
	return 0 < days <= LONGEST_REOPEN_DAYS
