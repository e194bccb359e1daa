"""The standalone host's sessions stand in files, so the store remembers which inbox each had the last time."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from wuzapi_chatwoot.bridge.model.addresses import Address
from wuzapi_chatwoot.bridge.model.records import ReconcileMarks, Secret, Session
from wuzapi_chatwoot.standalone_host.storage.store import SqlStore
from wuzapi_chatwoot.testkit.twins.clock import START

CHAT = Address("447700900001", "s.whatsapp.net")
SESSION = Session(
	name="main",
	gateway_url="http://gateway.example",
	gateway_token=Secret("t"),
	chatwoot_url="http://chatwoot.example",
	chatwoot_token=Secret("c"),
	account_id=1,
	inbox_id=7,
)


def test_only_a_change_of_the_inbox_begins_anew(tmp_path: Path) -> None:
	store = SqlStore.open(f"sqlite:///{tmp_path / 'bridge.sqlite'}")
	conversation = store.add_conversation("main", CHAT, store.add_contact("main", "Ana", [CHAT]).id)
	store.update_conversation(conversation.id, {"chatwoot_conversation_id": 5})

	def present() -> int | None:
		row = store.get_conversation(conversation.id)
		return row.chatwoot_conversation_id if row else None

	assert not store.settle_in_inbox(SESSION, START)
	assert not store.settle_in_inbox(SESSION, START)
	assert not store.settle_in_inbox(replace(SESSION, gateway_url="http://other.example"), START)
	assert present() == 5
	for moved in (
		replace(SESSION, inbox_id=8),
		replace(SESSION, inbox_id=8, account_id=2),
		replace(SESSION, inbox_id=8, account_id=2, chatwoot_url="http://new.example"),
	):
		store.update_conversation(conversation.id, {"chatwoot_conversation_id": 5})
		assert store.settle_in_inbox(moved, START)
		assert not store.settle_in_inbox(moved, START)
		assert present() is None
	assert store.reconcile_marks("main", START) == ReconcileMarks(START, START)
	store.close()
