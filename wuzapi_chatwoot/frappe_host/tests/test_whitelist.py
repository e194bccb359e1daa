"""Every function of Frappe that a browser may call, with arguments that name rows of another session: nothing of theirs is
given, written, mailed or queued. The list is made from Frappe itself: what a release brings is tried as well, or fails here.
"""

# bench runs this with unittest alone
# ruff: noqa: PT009

from __future__ import annotations

import json
import re
from typing import Any

import frappe

from wuzapi_chatwoot.frappe_host.permissions.references import check_reference
from wuzapi_chatwoot.frappe_host.permissions.row_rules import REFERRING, REFERRING_PARENTS, REFERRING_ROWS
from wuzapi_chatwoot.frappe_host.tests.doors_case import OURS, SECRET, THEIRS
from wuzapi_chatwoot.frappe_host.tests.site_case import LISTED, STRANGER
from wuzapi_chatwoot.frappe_host.tests.whitelist_case import (
	WhitelistCase,
	about_ours,
	arguments,
	may_name_a_row,
	names_a_doctype,
	whitelist,
	without_a_value,
)

# What would change the machine, call other services, or end the login of the test. None of it takes a DocType.
_NOT_RUN = re.compile(
	r"^frappe\.(integrations|translate|recorder|twofactor|push_notification|sessions|utils\.(backups|scheduler|change_log))\.|"
	r"setup_wizard|backup|google|scheduler|\.logout|web_logout|impersonate|login|rq_job|add_indexes"
)
_HOOK = "wuzapi_chatwoot.frappe_host.permissions.references.check_reference"
_TRIED_ON = ("WuzAPI Conversation", "WuzAPI Session", "WuzAPI Contact Address")
_NO_ROW_IN_IT = {
	"frappe.utils.print_format.download_multi_pdf_async": "a file of the caller's own with no page, for a row they may not print",
}
_EXCUSED_DYNAMIC = {
	"Audit Trail": "System Managers; not stored",
	"Activity Log": "written by Frappe about what a user did",
	"DocShare": "refused for our DocTypes (validate_share)",
	"Document Share Key": "made for a mail by those who may send it",
	"Integration Request": "System Managers",
	"Permission Inspector": "System Managers; not stored",
	"Submission Queue": "written by Frappe for documents that are submitted",
	"User Permission": "System Managers",
	"View Log": "written by Frappe for those who read a form",
	"Webhook": "System Managers",
	"Workflow Action": "written by Frappe for workflows",
	"Workspace Link": "names pages",
	"Workspace Shortcut": "names pages",
}


class TestWhitelist(WhitelistCase):
	def test_there_is_a_value_for_every_argument(self) -> None:
		self.assertGreater(len(whitelist()), 300)
		for name, function in whitelist().items():
			if names_a_doctype(function):
				with self.subTest(function=name):
					self.assertFalse(_NOT_RUN.search(name), "takes a DocType: try it")
					self.assertEqual(
						without_a_value(function), [], "give `_REST` in whitelist_case.py a value"
					)

	def test_nothing_of_another_session_is_given_or_written(self) -> None:
		for doctype in _TRIED_ON:
			row = str(self.rows[THEIRS][doctype][0])
			doc = frappe.get_doc(doctype, row)
			sent = {key: str(doc.get(key)) for key in ("doctype", "name", "modified")}
			for name, function in whitelist().items():
				if _NOT_RUN.search(name) or (doctype != _TRIED_ON[0] and not names_a_doctype(function)):
					continue
				for user in (LISTED, STRANGER, *(["Guest"] if function in frappe.guest_methods else [])):
					for given in arguments(function, doctype, row, user, sent):
						answer = str(self.call(user, name, given))
						written = [] if name in _NO_ROW_IN_IT else about_ours(self.writes)
						with self.subTest(function=name, doctype=doctype, user=user):
							self.assertEqual(written, [])
							self.assertNotIn("900182", answer)
							self.assertNotIn(SECRET, answer.replace(json.dumps(given), ""))

	def test_the_agent_changes_nothing_of_their_own_session_but_what_hangs_onto_it(self) -> None:
		doctype = "WuzAPI Conversation"
		row = str(self.rows[OURS][doctype][0])
		sent = {"doctype": doctype, "name": row, "modified": str(frappe.get_doc(doctype, row).modified)}
		for name, function in whitelist().items():
			if _NOT_RUN.search(name) or not may_name_a_row(function):
				continue
			for given in arguments(function, doctype, row, LISTED, sent):
				self.call(LISTED, name, given)
				for each in self.writes:
					if re.match(r"\s*(insert|update|delete|alter)[^`]*`tabWuzAPI", each, re.IGNORECASE):
						with self.subTest(function=name):
							self.assertRegex(
								each, r"(?i)set\s+`?_(liked_by|assign|comments|user_tags|seen)`?\s*="
							)

	def test_what_can_name_a_row_is_known(self) -> None:
		known = {*REFERRING, *REFERRING_ROWS, *_EXCUSED_DYNAMIC}
		for field in frappe.get_all(
			"DocField",
			filters={"fieldtype": "Dynamic Link", "parent": ["not like", "WuzAPI %"]},
			fields=["parent", "fieldname", "options"],
		):
			if frappe.db.get_value("DocType", field.parent, "module") in _modules_of_frappe():
				self.assertIn(field.parent, known)
		for doctype, fields in {**REFERRING, **REFERRING_ROWS}.items():
			meta = frappe.get_meta(doctype)
			self.assertTrue(all(meta.get_field(field) for field in fields), doctype)
		for parent in REFERRING_PARENTS:
			tables = {field.options for field in frappe.get_meta(parent).get_table_fields()}
			self.assertTrue(tables.intersection(REFERRING_ROWS), parent)

	def test_only_readers_save_what_names_a_row(self) -> None:
		for session, user, refused in ((THEIRS, LISTED, True), (OURS, STRANGER, True), (OURS, LISTED, False)):
			row = str(self.rows[session]["WuzAPI Conversation"][0])
			for doc in self.documents_about("WuzAPI Conversation", row):
				self.assertIn(_HOOK, str(frappe.get_doc_hooks()[doc.doctype]["validate"]))
				with self.subTest(doctype=doc.doctype, session=session, user=user), self.as_user(user):
					if refused:
						self.assertRaises(frappe.PermissionError, check_reference, doc)  # noqa: PT027
					else:
						check_reference(doc)

	def test_a_task_is_ended_by_whoever_is_not_listed_any_more(self) -> None:
		row = str(self.rows[OURS]["WuzAPI Conversation"][0])
		todo = frappe.get_doc(
			{
				"doctype": "ToDo",
				"description": "x",
				"allocated_to": LISTED,
				"reference_type": "WuzAPI Conversation",
				"reference_name": row,
			}
		).insert()
		frappe.db.delete("WuzAPI Session User", {"user": LISTED})
		todo = frappe.get_doc("ToDo", todo.name)
		with self.as_user(LISTED):
			todo.status = "Closed"
			todo.save()

	def documents_about(self, doctype: str, row: str) -> list[Any]:
		docs = [
			frappe.get_doc({"doctype": each, fields[0]: doctype, fields[1]: row})
			for each, fields in REFERRING.items()
		]
		for parent in REFERRING_PARENTS:
			[table] = [
				field
				for field in frappe.get_meta(parent).get_table_fields()
				if field.options in REFERRING_ROWS
			]
			fields = REFERRING_ROWS[table.options]
			docs.append(
				frappe.get_doc({"doctype": parent, table.fieldname: [{fields[0]: doctype, fields[1]: row}]})
			)
		return docs


def _modules_of_frappe() -> list[str]:
	return frappe.get_all("Module Def", filters={"app_name": "frappe"}, pluck="name")
