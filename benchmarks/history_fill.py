"""Fills a store with a past: contacts, conversations, messages and the events that brought them, by plain SQL."""

from __future__ import annotations

import hashlib
import random
import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import datetime, timezone
from itertools import islice
from pathlib import Path

from wuzapi_chatwoot.standalone_host.storage.store import SqlStore

from .webhooks import filled, lid_of, phone_of, text_template

SESSION = "default"
# All of it is younger than what retention deletes.
_DAYS = 12
_FIRST_CHATWOOT_ID = 1_000_000
# Their conversations are unknown to the (empty) Chatwoot of a run, and are opened there by the next message.
OPENED_AGAIN = 50
Values = dict[str, object]


def conversations_for(messages: int) -> int:
	"""How many conversations a store of that size has."""
	return max(OPENED_AGAIN, messages // 200)


def chat_of(person: int) -> str:
	"""The chat of a person."""
	return f"{phone_of(person)}@s.whatsapp.net"


def whatsapp_id(number: int) -> str:
	"""The id of the stored message of that number."""
	return f"3B{number:018X}"


def fill(file: Path, messages: int) -> None:
	"""Make a store with that many messages, each with its event done."""
	SqlStore.open(f"sqlite:///{file}").close()
	connection = sqlite3.connect(file, isolation_level=None)
	try:
		# Speed instead of safety: the file is new, and nobody else looks at it.
		for pragma in ("synchronous=OFF", "journal_mode=MEMORY", "cache_size=-400000"):
			connection.execute(f"PRAGMA {pragma}")
		_without_indexes(connection, messages)
		connection.execute("PRAGMA journal_mode=WAL")
	finally:
		connection.close()


def forget_chatwoot(file: Path) -> None:
	"""Let the conversations that an earlier run has opened be unknown to Chatwoot again: the next run's is empty."""
	with closing(sqlite3.connect(file)) as connection, connection:
		for doctype, column in (
			("Conversation", "chatwoot_conversation_id"),
			("Conversation", "chatwoot_contact_id"),
			("Contact", "chatwoot_contact_id"),
		):
			connection.execute(
				f'UPDATE "tabWuzAPI {doctype}" SET {column} = NULL WHERE name <= {OPENED_AGAIN}'
			)


def _without_indexes(connection: sqlite3.Connection, messages: int) -> None:
	"""Insert first and index afterwards: keys in random order would be sorted in one by one."""
	indexes = connection.execute(
		"SELECT name, sql FROM sqlite_master WHERE type='index' AND sql NOT NULL"
	).fetchall()
	for name, _ in indexes:
		connection.execute(f'DROP INDEX "{name}"')
	people = conversations_for(messages)
	connection.execute("BEGIN")
	_insert(connection, "WuzAPI Contact", _contacts(people))
	_insert(connection, "WuzAPI Contact Address", _addresses(people))
	_insert(connection, "WuzAPI Conversation", _conversations(people))
	_insert(connection, "WuzAPI Message", _messages(messages, people))
	_insert(connection, "WuzAPI Event", _events(messages, people))
	connection.execute("COMMIT")
	for _, statement in indexes:
		connection.execute(statement)


def _insert(connection: sqlite3.Connection, doctype: str, rows: Iterator[Values]) -> None:
	first = next(rows)
	columns = ", ".join(f'"{name}"' for name in first)
	marks = ", ".join("?" * len(first))
	statement = f'INSERT INTO "tab{doctype}" ({columns}) VALUES ({marks})'
	connection.execute(statement, _tuple(first))
	connection.executemany(statement, (_tuple(row) for row in rows))


def _tuple(row: Values) -> Sequence[object]:
	return tuple(row.values())


def _contacts(people: int) -> Iterator[Values]:
	for person in range(people):
		yield {
			"name": person + 1,
			"contact_name": f"Person {person}",
			"session": SESSION,
			"is_group": 0,
			"chatwoot_contact_id": None if person < OPENED_AGAIN else _FIRST_CHATWOOT_ID + person,
		}


def _addresses(people: int) -> Iterator[Values]:
	for person in range(people):
		addresses = ((chat_of(person), f"+{phone_of(person)}"), (f"{lid_of(person)}@lid", None))
		for place, (address, phone) in enumerate(addresses, start=1):
			yield {
				"parent": person + 1,
				"parenttype": "WuzAPI Contact",
				"parentfield": "addresses",
				"idx": place,
				"address": address,
				"phone": phone,
				"session": SESSION,
			}


def _conversations(people: int) -> Iterator[Values]:
	for person in range(people):
		unknown = person < OPENED_AGAIN
		yield {
			"name": person + 1,
			"chat": chat_of(person),
			"session": SESSION,
			"contact": person + 1,
			"reply_to": chat_of(person),
			"is_group": 0,
			"chatwoot_conversation_id": None if unknown else _FIRST_CHATWOOT_ID + person,
			"chatwoot_contact_id": None if unknown else _FIRST_CHATWOOT_ID + person,
			"chatwoot_status": "open",
		}


def _people(messages: int, people: int) -> Iterator[tuple[int, int, str, bool]]:
	"""Number, person, time and whether it came in: some write much, most little; both directions alike each time."""
	chance = random.Random(1)
	begin, step = time.time() - _DAYS * 86_400, _DAYS * 86_400 * 0.99 / messages
	for number in range(messages):
		person = int(people * chance.random() ** 2)
		at = datetime.fromtimestamp(begin + number * step, timezone.utc).strftime("%Y-%m-%d %H:%M:%S.%f")
		yield number, person, at, chance.random() < 0.6


def some_messages(messages: int, people: int) -> list[tuple[int, int]]:
	"""A thousand from all of them: number and person."""
	every = islice(_people(messages, people), 0, None, max(messages // 1000, 1))
	return [(number, person) for number, person, _, _ in every]


def _messages(messages: int, people: int) -> Iterator[Values]:
	for number, person, at, incoming in _people(messages, people):
		yield {
			"conversation": person + 1,
			"session": SESSION,
			"chat": chat_of(person),
			"sender_name": "Ana Example",
			"direction": "in" if incoming else "out",
			"status": "delivered" if incoming else "read",
			"sent_at": at,
			"status_at": at,
			"kind": "text",
			"text": f"Hello, is the shop open today? This is message {number}.",
			"origin": "customer" if incoming else "chatwoot",
			"whatsapp_id": whatsapp_id(number),
			"part": 0,
			"chatwoot_message_id": _FIRST_CHATWOOT_ID + number,
			"chatwoot_conversation_id": _FIRST_CHATWOOT_ID + person,
			"chatwoot_status": "sent" if incoming else "read",
		}


def _events(messages: int, people: int) -> Iterator[Values]:
	template = text_template()
	now = time.time()
	for number, person, at, incoming in _people(messages, people):
		key = hashlib.sha256(f"past {number}".encode()).hexdigest()
		yield {
			"kind": "Message" if incoming else "message_created",
			"session": SESSION,
			"source": "gateway" if incoming else "chatwoot",
			"lane": f"in|{SESSION}|{chat_of(person)}" if incoming else f"out|{SESSION}|{person}",
			"state": "done",
			"occurred_at": at,
			"received_at": at,
			"finished_at": at,
			"attempts": 0,
			"begun": 1,
			"payload": filled(template, person, number, now),
			"event_key": key,
			"event_order": 0,
			"trace_id": key[:24],
		}
