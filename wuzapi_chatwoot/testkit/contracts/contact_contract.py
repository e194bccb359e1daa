"""The contract of `ConversationStore`: contacts and their addresses. Merging is in `merge_contract`."""

# bench runs this with unittest alone
# ruff: noqa: PT009

from __future__ import annotations

from dataclasses import replace

from wuzapi_chatwoot.bridge.model.addresses import Address
from wuzapi_chatwoot.bridge.model.records import ContactRow, NameSource
from wuzapi_chatwoot.bridge.ports.store import Store
from wuzapi_chatwoot.testkit.contracts.contract_case import CHAT, LID, SESSION, ContractCase

OTHER = Address("447700900002", "s.whatsapp.net")


class ContactContract(ContractCase):
	def test_a_contact_is_found_by_any_of_its_addresses(self) -> None:
		contact = self.store.add_contact(SESSION, "Ada 🌍 Lovelace", [CHAT, LID])
		self.assertEqual(contact, ContactRow(contact.id, SESSION, "Ada 🌍 Lovelace", (CHAT, LID)))
		for addresses in ([CHAT], [LID], [OTHER, LID]):
			self.assertEqual(self.store.find_contact(SESSION, addresses), contact)
		self.assertIsNone(self.store.find_contact(SESSION, [OTHER]))
		self.assertIsNone(self.store.find_contact(SESSION, []))

	def test_a_contact_is_found_by_its_number(self) -> None:
		contact = self.store.add_contact(SESSION, "Ada", [LID, CHAT])
		self.assertEqual(self.store.get_contact(contact.id), contact)
		without = self.store.add_contact(SESSION, "Nobody", [])
		self.assertEqual(self.store.get_contact(without.id), ContactRow(without.id, SESSION, "Nobody", ()))
		self.assertIsNone(self.store.get_contact(4711))

	def test_contacts_are_per_session(self) -> None:
		mine = self.store.add_contact(SESSION, "Ada", [CHAT])
		self.assertIsNone(self.store.find_contact("other", [CHAT]))
		theirs = self.store.add_contact("other", "Ada", [CHAT])
		self.assertNotEqual(mine.id, theirs.id)
		self.assertEqual(self.store.find_contact("other", [CHAT]), theirs)

	def test_of_several_hits_the_earliest_address_decides(self) -> None:
		ada = self.store.add_contact(SESSION, "Ada", [CHAT])
		bob = self.store.add_contact(SESSION, "Bob", [OTHER, LID])
		self.assertEqual(self.store.find_contact(SESSION, [CHAT, OTHER]), ada)
		self.assertEqual(self.store.find_contact(SESSION, [LID, CHAT]), bob)

	def test_adding_a_known_contact_finds_it(self) -> None:
		ada = self.store.add_contact(SESSION, "Ada", [CHAT])
		self.assertEqual(self.store.add_contact(SESSION, "Somebody", [LID, CHAT]), ada)
		self.assertIsNone(self.store.find_contact(SESSION, [LID]))

	def test_an_address_given_twice_is_held_once(self) -> None:
		contact = self.store.add_contact(SESSION, "Ada", [CHAT, CHAT])
		self.assertEqual(contact.addresses, (CHAT,))
		self.assertEqual(self.store.find_contact(SESSION, [CHAT]), contact)

	def test_addresses_can_be_added(self) -> None:
		contact = self.store.add_contact(SESSION, "Ada", [CHAT])
		self.store.add_addresses(contact.id, [LID, CHAT])
		self.store.add_addresses(contact.id, [OTHER])
		full = replace(contact, addresses=(CHAT, LID, OTHER))
		self.assertEqual(self.store.find_contact(SESSION, [OTHER]), full)

	def test_an_address_of_another_stays_there(self) -> None:
		ada = self.store.add_contact(SESSION, "Ada", [CHAT])
		bob = self.store.add_contact(SESSION, "Bob", [OTHER])
		self.store.add_addresses(ada.id, [OTHER, LID])
		self.assertEqual(self.store.find_contact(SESSION, [OTHER]), bob)
		self.assertEqual(self.store.find_contact(SESSION, [CHAT]), replace(ada, addresses=(CHAT, LID)))

	def test_addresses_for_an_unknown_contact_go_nowhere(self) -> None:
		self.store.add_addresses(4711, [CHAT])
		self.assertIsNone(self.store.find_contact(SESSION, [CHAT]))

	def test_addresses_keep_their_form(self) -> None:
		odd = [Address("447700900003-1600000000", "g.us"), Address("Some.One", "newsletter")]
		contact = self.store.add_contact(SESSION, "Odd", odd)
		self.assertEqual(self.store.find_contact(SESSION, odd[1:]), contact)

	def test_the_chatwoot_contact_is_kept_and_can_be_taken_back(self) -> None:
		contact = self.store.add_contact(SESSION, "Ada", [CHAT])
		self.store.set_chatwoot_contact(contact.id, 3_000_000_000)
		self.assertEqual(
			self.store.find_contact(SESSION, [CHAT]), replace(contact, chatwoot_contact_id=3_000_000_000)
		)
		self.store.set_chatwoot_contact(contact.id, None)
		self.assertEqual(self.store.find_contact(SESSION, [CHAT]), contact)

	def test_many_who_add_the_same_contact_at_once_get_one(self) -> None:
		def add(store: Store) -> int:
			return store.add_contact(SESSION, "Ada", [CHAT, LID]).id

		self.assertEqual(len(set(self.together([add] * 4))), 1)

	def test_a_contact_keeps_where_its_name_is_from(self) -> None:
		for number, source in enumerate(NameSource):
			address = Address(f"{number}", "lid")
			contact = self.store.add_contact(SESSION, "Ada", [address], name_source=source)
			with self.subTest(source=source):
				self.assertEqual(
					contact, ContactRow(contact.id, SESSION, "Ada", (address,), name_source=source)
				)
				self.assertEqual(self.store.get_contact(contact.id), contact)
		plain = self.store.add_contact(SESSION, "Ada", [CHAT])
		self.assertIs(plain.name_source, NameSource.ADDRESS)

	def test_a_known_contact_keeps_its_name_and_where_it_is_from(self) -> None:
		contact = self.store.add_contact(SESSION, "Ada", [CHAT], name_source=NameSource.SAVED)
		again = self.store.add_contact(SESSION, "A.", [CHAT], name_source=NameSource.PUSH)
		self.assertEqual(again, contact)

	# ---- several at once

	def test_every_contact_that_has_one_of_the_addresses_is_found(self) -> None:
		ada = self.store.add_contact(SESSION, "Ada", [CHAT])
		bob = self.store.add_contact(SESSION, "Bob", [LID, OTHER])
		self.store.add_contact("other", "Ada", [CHAT, LID])
		find = self.store.find_contacts
		self.assertEqual(find(SESSION, [CHAT]), [ada])
		self.assertEqual(find(SESSION, [CHAT, LID]), [ada, bob])
		self.assertEqual(find(SESSION, [LID, CHAT]), [bob, ada])
		self.assertEqual(find(SESSION, [Address("1", "lid")]), [])
		self.assertEqual(find(SESSION, []), [])

	def test_a_contact_with_several_of_the_addresses_is_found_once(self) -> None:
		bob = self.store.add_contact(SESSION, "Bob", [LID, OTHER])
		ada = self.store.add_contact(SESSION, "Ada", [CHAT])
		find = self.store.find_contacts
		self.assertEqual(find(SESSION, [OTHER, CHAT, LID, OTHER]), [bob, ada])
		self.assertEqual(find(SESSION, [CHAT, LID, OTHER, CHAT]), [ada, bob])

	# ---- changes

	def test_only_named_fields_of_a_contact_are_written(self) -> None:
		contact = self.store.add_contact(SESSION, "Ada", [CHAT, LID])
		bystander = self.store.add_contact(SESSION, "Bob", [OTHER])
		self.store.update_contact(
			contact.id,
			{
				"name": "Ada 👩🏽‍🚀 'Lovelace' %s",
				"name_source": NameSource.VERIFIED,
				"avatar_id": "1700000000",
				"chatwoot_contact_id": 3_000_000_000,
			},
		)
		full = replace(
			contact,
			name="Ada 👩🏽‍🚀 'Lovelace' %s",
			name_source=NameSource.VERIFIED,
			avatar_id="1700000000",
			chatwoot_contact_id=3_000_000_000,
		)
		self.assertEqual(self.store.get_contact(contact.id), full)
		self.store.update_contact(contact.id, {})
		self.assertEqual(self.store.find_contact(SESSION, [LID]), full)
		self.store.update_contact(contact.id, {"chatwoot_contact_id": None})
		self.store.update_contact(contact.id, {"name_source": NameSource.SAVED})
		changed = replace(full, chatwoot_contact_id=None, name_source=NameSource.SAVED)
		self.assertEqual(self.store.get_contact(contact.id), changed)
		self.assertEqual(self.store.get_contact(bystander.id), bystander)

	def test_no_picture_is_told_from_a_picture_never_looked_for(self) -> None:
		contact = self.a_contact()
		self.assertIsNone(contact.avatar_id)
		for picture in ("", "1700000000", None):
			self.store.update_contact(contact.id, {"avatar_id": picture})
			self.assertEqual(self.store.get_contact(contact.id), replace(contact, avatar_id=picture))

	def test_changes_to_an_unknown_contact_go_nowhere(self) -> None:
		self.store.update_contact(4711, {"name": "Nobody"})
		self.assertIsNone(self.store.get_contact(4711))
