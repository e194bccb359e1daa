"""A database from before one conversation in Chatwoot was one person's: doubles are settled when it is opened."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from pathlib import Path

from wuzapi_chatwoot.bridge.model.addresses import Address
from wuzapi_chatwoot.bridge.model.events import Status
from wuzapi_chatwoot.bridge.model.records import Direction, MessageRow
from wuzapi_chatwoot.standalone_host.storage.store import SqlStore
from wuzapi_chatwoot.storage.chatwoot_holders import Claim, settle_claims
from wuzapi_chatwoot.testkit.contracts.contract_case import at
from wuzapi_chatwoot.testkit.twins.clock import START

ANA, ZOE, EVA = (Address(f"44770090000{number}", "s.whatsapp.net") for number in (1, 2, 3))


def test_who_wrote_there_first_keeps_it() -> None:
	claims = [
		Claim(1, "a", 7, at(5)),
		Claim(2, "a", 7, at(1)),
		Claim(3, "a", 7, None),
		Claim(4, "a", 8, None),
		Claim(5, "a", 8, None),
		Claim(6, "b", 7, at(9)),
	]
	keep, lose = settle_claims(claims)
	assert sorted(claim.conversation for claim in keep) == [2, 4, 6]
	assert sorted(claim.conversation for claim in lose) == [1, 3, 5]


def test_an_older_database_is_settled_when_it_is_opened(tmp_path: Path) -> None:
	file = tmp_path / "bridge.sqlite"
	ids = as_before(file)
	store = SqlStore.open(f"sqlite:///{file}")
	ana, zoe, eva = (store.get_conversation(id) for id in ids)
	assert ana is not None
	assert zoe is not None
	assert eva is not None
	# Zoe's row is the newer one, and was the one that was found.
	assert (ana.chatwoot_conversation_id, ana.chatwoot_status) == (7, "open")
	assert (zoe.chatwoot_conversation_id, zoe.chatwoot_status, zoe.reconciled_up_to) == (None, None, None)
	assert eva.chatwoot_conversation_id == 8
	assert store.find_conversation_by_chatwoot_id("main", 7) == ana
	assert store.find_conversation_by_chatwoot_id("main", 8) == eva
	store.close()
	# Once.
	again = SqlStore.open(f"sqlite:///{file}")
	assert again.schema_changes == []
	assert again.find_conversation_by_chatwoot_id("main", 7) == ana
	again.close()


def as_before(file: Path) -> list[int]:
	store = SqlStore.open(f"sqlite:///{file}")
	ids = []
	for number, person in enumerate((ANA, ZOE, EVA)):
		contact = store.add_contact("main", "Somebody", [person])
		row = store.add_conversation("main", person, contact.id)
		ids.append(row.id)
		message = MessageRow(
			0, "main", row.id, person, "A", 0, Direction.IN, Status.DELIVERED, at(number), START
		)
		store.add_message(replace(message, chatwoot_conversation_id=8 if person == EVA else 7))
	store.close()
	with sqlite3.connect(file) as connection:
		connection.execute('DROP INDEX "wuzapi_conversation_unique_session_chatwoot"')
		connection.execute('ALTER TABLE "tabWuzAPI Conversation" DROP COLUMN chatwoot_conversation_key')
		connection.execute(
			"""UPDATE "tabWuzAPI Conversation" SET chatwoot_conversation_id = CASE chat WHEN ? THEN 8 ELSE 7 END,
			chatwoot_status = 'open', reconciled_up_to = 5""",
			(str(EVA),),
		)
	connection.close()
	return ids
