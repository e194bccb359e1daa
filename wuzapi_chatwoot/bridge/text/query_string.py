"""The part of an address behind its `?`. The bridge imports no `urllib`: this much of it is enough, and never raises."""

from __future__ import annotations


def query_fields(query: str) -> dict[str, str]:
	"""The fields of a query; of those that come twice the first."""
	fields: dict[str, str] = {}
	for part in query.split("&"):
		key, _, value = part.partition("=")
		fields.setdefault(unquoted(key, plus=True), unquoted(value, plus=True))
	return fields


def unquoted(text: str, plus: bool = False) -> str:
	"""With `%C3%A9` as the letters that it stands for; what cannot be read stays."""
	first, *parts = text.replace("+", " ").split("%") if plus else text.split("%")
	octets = bytearray(first.encode(errors="replace"))
	for part in parts:
		try:
			octets += bytes.fromhex(part[:2]) if len(part[:2].strip()) == 2 else b"%" + part[:2].encode()
		except ValueError:
			octets += b"%" + part[:2].encode(errors="replace")
		octets += part[2:].encode(errors="replace")
	return octets.decode(errors="replace")
