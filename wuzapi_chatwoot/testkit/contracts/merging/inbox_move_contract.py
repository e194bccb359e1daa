"""The contract of `SessionStore`, as far as a session that gets another inbox goes."""

# bench runs this with unittest alone
# ruff: noqa: PT009

from __future__ import annotations

import threading
from dataclasses import replace

from wuzapi_chatwoot.bridge.model.events import Status
from wuzapi_chatwoot.bridge.model.records import ReconcileMarks
from wuzapi_chatwoot.bridge.ports.store import Store
from wuzapi_chatwoot.testkit.contracts.contract_case import SESSION, ContractCase, at
from wuzapi_chatwoot.testkit.twins.clock import START

# How long somebody who must wait is given to show that he does not, in seconds.
_A_MOMENT = 0.3


class InboxMoveContract(ContractCase):
	def test_a_session_with_another_inbox_keeps_what_was_said(self) -> None:
		contact, conversation = self.a_contact(), self.a_conversation()
		other = self.a_conversation(session="other")
		self.store.update_contact(contact.id, {"chatwoot_contact_id": 5, "avatar_id": "1"})
		for each in (conversation, other):
			self.store.update_conversation(
				each.id,
				{
					"chatwoot_contact_id": 5,
					"chatwoot_conversation_id": 6,
					"chatwoot_status": "open",
					"reconciled_up_to": 7,
					"last_incoming_id": "A",
				},
			)
		message = self.store.add_message(self.new_message("A", conversation=conversation.id))
		self.store.note_in_chatwoot(message.id, 8, 6, Status.SENT)
		self.store.reconcile_marks(SESSION, START)

		self.assertIsNone(self.store.inbox_since(SESSION))
		self.store.forget_chatwoot(SESSION, at(60))
		self.assertEqual(self.store.inbox_since(SESSION), at(60))
		self.assertIsNone(self.store.inbox_since("other"))

		self.assertEqual(
			self.store.get_contact(contact.id), replace(contact, chatwoot_contact_id=None, avatar_id=None)
		)
		self.assertEqual(
			self.store.get_conversation(conversation.id), replace(conversation, last_incoming_id="A")
		)
		self.assertEqual(self.store.get_message(message.id), message)
		self.assertEqual(self.store.find_messages_by_chatwoot_id(SESSION, 8), [])
		self.assertEqual(self.store.reconcile_marks(SESSION, at(99)), ReconcileMarks(at(60), at(60)))
		untouched = self.store.get_conversation(other.id)
		self.assertEqual(untouched.chatwoot_conversation_id if untouched else None, 6)

	def test_which_inbox_it_has_is_known_by_server_account_and_number(self) -> None:
		session = self.a_session(7)
		self.assertTrue(self.store.keeps_inbox(replace(session, name="unheard of")))
		self.give_inbox(self.store, session)
		self.assertTrue(self.store.keeps_inbox(session))
		self.assertTrue(self.store.keeps_inbox(replace(session, gateway_url="http://other.example")))
		for moved in (
			self.a_session(8),
			self.a_session(8, account_id=2),
			self.a_session(8, account_id=2, url="http://new.example"),
		):
			self.assertFalse(self.store.keeps_inbox(moved))
			self.give_inbox(self.store, moved)
			self.assertTrue(self.store.keeps_inbox(moved))
			self.assertFalse(self.store.keeps_inbox(session))

	def test_who_gives_it_another_inbox_waits_for_what_is_being_written(self) -> None:
		here, there = self.a_session(7), self.a_session(8)
		self.give_inbox(self.store, here)
		conversation = self.a_conversation()
		asked, moved = threading.Event(), threading.Event()

		def write(store: Store) -> bool:
			with store.atomic():
				kept = store.keeps_inbox(here)
				asked.set()
				overtaken = moved.wait(_A_MOMENT)
				store.update_conversation(conversation.id, {"chatwoot_conversation_id": 5})
			return kept and not overtaken

		def move(store: Store) -> bool:
			asked.wait(30)
			self.give_inbox(store, there)
			moved.set()
			return True

		self.assertEqual(self.together([write, move]), [True, True])
		self.commit()
		row = self.store.get_conversation(conversation.id)
		self.assertIsNone(row.chatwoot_conversation_id if row else 5)
		self.assertFalse(self.store.keeps_inbox(here))
