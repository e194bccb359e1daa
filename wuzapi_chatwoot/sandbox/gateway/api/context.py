"""Reads `ContextInfo` and what is quoted out of a send request, with the checks of the original."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from wuzapi_chatwoot.sandbox.gateway.api.requests import refuse

# Content with one of Go's union wrappers in it cannot be decoded again.
UNIONS = ("Response", "InteractiveResponseMessage")


@dataclass(frozen=True, slots=True)
class Context:
	"""What a message refers to; all empty when it refers to nothing."""

	stanza: str = ""
	participant: str = ""
	mentions: tuple[str, ...] = ()
	forwarded: bool = False


def context_of(given: dict[str, Any]) -> Context:
	"""Check and return the ContextInfo; 400 when only one half of a reply is there."""
	lowered = {key.lower(): value for key, value in given.items()}
	stanza, participant = lowered.get("stanzaid"), lowered.get("participant")
	mentions, forwarded = lowered.get("mentionedjid"), lowered.get("isforwarded")
	for value in (stanza, participant):
		if value is not None and not isinstance(value, str):
			raise refuse(400, "could not decode Payload")
	if mentions is not None and not _are_texts(mentions):
		raise refuse(400, "could not decode Payload")
	if forwarded is not None and not isinstance(forwarded, bool):
		raise refuse(400, "could not decode Payload")
	if stanza is not None and participant is None:
		raise refuse(400, "missing Participant in ContextInfo")
	if participant is not None and stanza is None:
		raise refuse(400, "missing StanzaID in ContextInfo")
	return Context(stanza or "", participant or "", tuple(mentions or ()), bool(forwarded))


def _are_texts(value: Any) -> bool:
	return isinstance(value, list) and all(isinstance(each, str) for each in value)


def quoted_text(content: dict[str, Any]) -> str:
	"""Return the words of a QuotedMessage; empty for a picture without any."""
	for value in content.values():
		if isinstance(value, str):
			return value
		if isinstance(value, dict):
			if any(union in value for union in UNIONS):
				raise refuse(400, "could not decode Payload")
			for name in ("text", "caption", "name"):
				if isinstance(value.get(name), str):
					return str(value[name])
	return ""
