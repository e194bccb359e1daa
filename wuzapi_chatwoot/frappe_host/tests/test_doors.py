"""Every way that Frappe offers to read rows, tried on every DocType of this app by every kind of user.

Whatever way it is, nothing of the other session may be in the answer. A DocType that is added later is in here by
itself.
"""

# bench runs this with unittest alone
# ruff: noqa: PT009

from __future__ import annotations

import frappe

from wuzapi_chatwoot.frappe_host.permissions.row_rules import RULES
from wuzapi_chatwoot.frappe_host.tests.doors_case import OURS, OUTSIDERS, SECRET, THEIRS, DoorsCase
from wuzapi_chatwoot.frappe_host.tests.site_case import LISTED, MANAGER


class TestDoors(DoorsCase):
	def test_no_doctype_is_left_out(self) -> None:
		ours = frappe.get_all(
			"DocType", filters={"module": "WuzAPI Chatwoot", "issingle": 0}, pluck="name", order_by="name asc"
		)
		self.assertEqual(ours, sorted(RULES))
		for doctype in ours:
			meta = frappe.get_meta(doctype)
			self.assertEqual(bool(meta.istable), RULES[doctype].is_child, doctype)
			self.assertEqual(meta.autoname == "autoincrement", RULES[doctype].is_numbered, doctype)
			self.assertFalse(meta.show_title_field_in_link, doctype)
			for session in (OURS, THEIRS):
				self.assertTrue(self.rows[session][doctype] or doctype == "WuzAPI Lane", doctype)

	def test_no_list_shows_rows_of_another_session(self) -> None:
		for user in OUTSIDERS:
			for doctype in RULES:
				for door, ask in self.lists(doctype).items():
					with self.subTest(doctype=doctype, door=door, user=user):
						self.assert_nothing_of_theirs(doctype, self.ask(user, ask))

	def test_managers_see_both_through_the_same_doors(self) -> None:
		for doctype in RULES:
			ask = self.lists(doctype)["get_list"]
			found = str(self.ask(MANAGER, ask))
			for session in (OURS, THEIRS):
				for row in self.rows[session][doctype]:
					self.assertIn(str(row), found, doctype)

	def test_the_doors_are_open_for_those_who_may_pass(self) -> None:
		"""What is refused to others would prove nothing if it were asked wrongly."""
		for doctype in RULES:
			if doctype == "WuzAPI Lane":
				continue
			for door, ask in {
				**self.lists(doctype),
				**self.singles(doctype, self.rows[THEIRS][doctype][0]),
			}.items():
				# What Frappe's own tools refuse or fail at, whoever asks.
				if door in ("wrong parent", "no parent") or (
					door in ("linked", "tagged") and RULES[doctype].is_child
				):
					continue
				with self.subTest(doctype=doctype, door=door):
					self.assertNotRegex(str(self.ask("Administrator", ask)), "^(refused|failed)")

	def test_the_agent_sees_rows_of_their_own_session(self) -> None:
		for doctype in RULES:
			if doctype == "WuzAPI Lane":
				continue
			answer = self.ask(LISTED, self.lists(doctype)["get_list"])
			self.assertEqual(
				{str(row["name"]) for row in answer}, {str(row) for row in self.rows[OURS][doctype]}, doctype
			)

	def test_no_document_of_another_session_is_given(self) -> None:
		for user in OUTSIDERS:
			for doctype in RULES:
				for row in self.rows[THEIRS][doctype]:
					for door, ask in self.singles(doctype, row).items():
						with self.subTest(doctype=doctype, door=door, user=user):
							answer = self.ask(user, ask)
							self.assertNotIn(SECRET, str(answer))
							self.assertNotIn("900182", str(answer))

	def test_texts_cannot_be_guessed_by_counting(self) -> None:
		for user in OUTSIDERS:
			for door, ask in self.guesses("WuzAPI Message", "text").items():
				with self.subTest(door=door, user=user):
					right, wrong = self.ask(user, ask(f"{SECRET[:4]}%")), self.ask(user, ask("Nothing%"))
					self.assertEqual(right, wrong)
		self.assertEqual(
			self.ask(MANAGER, self.guesses("WuzAPI Message", "text")["get_count"](f"{SECRET[:4]}%")), 1
		)

	def test_fields_that_are_hidden_are_neither_given_nor_compared(self) -> None:
		"""Of their own session an agent learns neither addresses nor settings nor the payload of an event."""
		hidden = {
			"WuzAPI Session": ("gateway_url", "chatwoot_url", "inbox_id", "gateway_secret", "control_agents"),
			"WuzAPI Event": ("payload", "event_key"),
		}
		for doctype, fields in hidden.items():
			for ask in (
				self.lists(doctype)["get_list"],
				self.singles(doctype, self.rows[OURS][doctype][0])["get"],
			):
				answer = self.ask(LISTED, ask)
				self.assertNotIsInstance(answer, frappe.PermissionError)
				[row] = answer if isinstance(answer, list) else [answer]
				self.assertFalse([field for field in fields if row.get(field)], doctype)
			for field in fields:
				for door, ask in self.guesses(doctype, field).items():
					with self.subTest(doctype=doctype, field=field, door=door):
						right, wrong = self.ask(LISTED, ask("%")), self.ask(LISTED, ask("Nothing%"))
						self.assertEqual(right, wrong)
				order = {
					"doctype": doctype,
					"fields": '["name"]',
					"order_by": f"`tab{doctype}`.`{field}` asc",
				}
				self.assertEqual(self.ask(LISTED, ("frappe.client.get_list", order)), "refused")
		with self.as_user(MANAGER):
			self.assertEqual(
				frappe.get_list("WuzAPI Session", filters={"name": OURS}, pluck="gateway_url"),
				["http://gateway-181.invalid"],
			)

	def test_a_manager_saves_what_agents_do_not_see(self) -> None:
		with self.as_user(MANAGER):
			doc = frappe.get_doc("WuzAPI Session", OURS)
			doc.update(
				{"gateway_url": "http://gateway-183.invalid", "gateway_token": "fictional", "groups": 0}
			)
			doc.save()
		kept = frappe.db.get_value("WuzAPI Session", OURS, ["gateway_url", "groups"])
		self.assertEqual(kept, ("http://gateway-183.invalid", 0))

	def test_what_strangers_wrote_is_printed_and_suggested_as_text(self) -> None:
		"""Frappe takes both for HTML. Forms and lists: tests/frappe_browser/test_markup.py."""
		markup = "Eve <img src=x onerror=alert(1)>"
		for table in ("Contact", "Message"):
			column = "contact_name" if table == "Contact" else "sender_name"
			frappe.db.sql(f"UPDATE `tabWuzAPI {table}` SET {column} = %s", (markup,))  # noqa: S608
		message = str(self.rows[OURS]["WuzAPI Message"][0])
		printed = self.ask(
			LISTED, ("frappe.www.printview.get_html_and_style", {"doc": "WuzAPI Message", "name": message})
		)
		self.assertIn("&lt;img src=x", str(printed))
		self.assertNotIn("<img src=x", str(printed))
		for door in ("search_link", "search_widget"):
			ask = {"doctype": "WuzAPI Contact", "txt": "img", "searchfield": "name"}
			found = str(self.ask(LISTED, (f"frappe.desk.search.{door}", ask)))
			self.assertIn("&lt;img src", found)
			self.assertNotIn("<img src=x", found)
