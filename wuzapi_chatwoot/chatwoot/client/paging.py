"""Chatwoot's lists, page after page, each page fetched when it is wanted. Understands no single entry but its id."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from wuzapi_chatwoot.chatwoot.client import compose
from wuzapi_chatwoot.chatwoot.client.answers import ids_of
from wuzapi_chatwoot.chatwoot.client.calls import Calls
from wuzapi_chatwoot.chatwoot.parse import fields

_MOST_CONTACT_PAGES = 3
_CONTACTS_A_PAGE = 15


def contacts(calls: Calls, identifier: str, phones: Sequence[str]) -> Iterator[object]:
	"""Contacts that Chatwoot thinks match; its comparison is looser than ours."""
	search = compose.contact_search(identifier, phones)
	if search is None:
		return
	for page in range(1, _MOST_CONTACT_PAGES + 1):
		answer = fields.mapping(calls.post("contacts/filter", search, creates=False, query={"page": page}))
		found = fields.sequence(answer.get("payload"))
		yield from found
		# `meta.count` is the count of all matches.
		total = fields.whole(fields.mapping(answer.get("meta")).get("count")) or 0
		if len(found) < _CONTACTS_A_PAGE or page * _CONTACTS_A_PAGE >= total:
			return


def conversations(calls: Calls, inbox_id: int) -> Iterator[Sequence[Any]]:
	"""Pages of all conversations of an inbox, latest activity first."""
	seen: set[int] = set()
	page = 1
	while True:
		found = conversations_page(calls, {"inbox_id": inbox_id, "page": page})
		ids = set(ids_of(found))
		if ids <= seen:
			return
		yield found
		seen |= ids
		page += 1


def conversations_page(calls: Calls, query: dict[str, str | int]) -> Sequence[Any]:
	answer = calls.get("conversations", {**query, "status": "all", "sort_by": "last_activity_at_desc"})
	return fields.sequence(fields.mapping(fields.mapping(answer).get("data")).get("payload"))


def messages_upwards(calls: Calls, conversation_id: int, after: int) -> Iterator[Sequence[Any]]:
	"""Pages of the messages above an id, oldest first."""
	while True:
		page = _messages(calls, conversation_id, {"after": after})
		highest = max(ids_of(page), default=after)
		if highest <= after:
			return
		yield page
		after = highest


def messages_since(calls: Calls, conversation_id: int, since: datetime) -> Iterator[Sequence[Any]]:
	"""Pages of the messages created since then, the latest page first. A page's own order is oldest first."""
	# Chatwoot's times are whole seconds here.
	since = since.replace(microsecond=0)
	for page in _messages_downwards(calls, conversation_id):
		times = [fields.moment(fields.mapping(message).get("created_at")) for message in page]
		yield [message for message, at in zip(page, times, strict=True) if at is None or at >= since]
		if any(at is not None and at < since for at in times):
			return


def _messages_downwards(calls: Calls, conversation_id: int) -> Iterator[Sequence[Any]]:
	page = _messages(calls, conversation_id, None)
	lowest = min(ids_of(page), default=None)
	while lowest is not None:
		yield page
		before = lowest
		page = _messages(calls, conversation_id, {"before": before})
		lowest = min((id for id in ids_of(page) if id < before), default=None)


def _messages(calls: Calls, conversation_id: int, query: dict[str, str | int] | None) -> Sequence[Any]:
	answer = calls.get(f"conversations/{conversation_id}/messages", query)
	return fields.sequence(fields.mapping(answer).get("payload"))
