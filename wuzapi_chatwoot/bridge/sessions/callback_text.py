"""An address that webhooks go to, as people may see it: without its secrets, and with what tells it from ours."""

from __future__ import annotations

from wuzapi_chatwoot.bridge.text.query_string import query_fields

_SESSION, _TOKEN = "session", "token"


def told_address(url: str, ours: str) -> str:
	"""`url` is another address than `ours`. What stands behind the `?` may prove somebody; it is never shown whole."""
	shown = without_token(url)
	if shown != without_token(ours):
		return shown
	theirs, own = (query_fields(address.partition("#")[0].partition("?")[2]) for address in (url, ours))
	name = theirs.get(_SESSION, "")
	if theirs.get(_SESSION) != own.get(_SESSION):
		return f"{shown} (session {name})" if name else f"{shown} (no session named)"
	if theirs.get(_TOKEN) != own.get(_TOKEN):
		return f"{shown} (this session, with another token)"
	return f"{shown} (this session, written in another way)"


def without_token(url: str) -> str:
	return url.partition("?")[0]
