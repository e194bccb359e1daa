"""No name of a field or DocType in a request becomes a statement of its own."""

# bench runs this with unittest alone
# ruff: noqa: PT009

from __future__ import annotations

import json
from typing import Any

import frappe

from wuzapi_chatwoot.frappe_host.permissions.request_names import refuse_what_is_no_name
from wuzapi_chatwoot.frappe_host.tests.doors_case import OURS, SECRET, DoorsCase
from wuzapi_chatwoot.frappe_host.tests.site_case import LISTED, STRANGER

_UNION = "name` is not null union select text from `tabWuzAPI Message` -- "
_EVERY = "name` is not null -- "


class TestRequestNames(DoorsCase):
	def test_no_list_gives_the_rows_of_another_table(self) -> None:
		"""As one who may list their own tasks, and nothing of ours."""
		for door, ask in self.lists_with_a_statement().items():
			for user in (STRANGER, LISTED):
				with self.subTest(door=door, user=user):
					answer = str(self.ask(user, ask))
					self.assertNotIn(SECRET, answer)
					self.assertRegex(answer, "^(refused|failed: DataError .* is not the name of a field)")

	def test_row_conditions_cannot_be_cut_off(self) -> None:
		theirs = len(frappe.get_all("WuzAPI Message")) - 1
		self.assertGreater(theirs, 0)
		for name in (
			_EVERY,
			f"{_EVERY}.name",
			"ifnull(name, 1) is not null -- .name",
			"name` is not null or `name",
		):
			for key in ("filters", "or_filters", "fields"):
				ask = {"doctype": "WuzAPI Message", "fields": '["name"]', key: json.dumps({name: "x"})}
				with self.subTest(name=name, key=key):
					self.assertRegex(
						str(self.ask(LISTED, ("frappe.client.get_list", ask))), "^failed: DataError"
					)

	def test_the_address_of_a_webhook_is_no_way_around(self) -> None:
		body = {"filters": {_EVERY: "x"}}
		frappe.local.request = frappe._dict(path="/api/method/wuzapi_chatwoot.api.webhooks.wuzapi")
		self.addCleanup(delattr, frappe.local, "request")
		self.addCleanup(setattr, frappe.local, "form_dict", frappe._dict())
		frappe.local.form_dict = frappe._dict(body)
		refuse_what_is_no_name()
		frappe.local.form_dict = frappe._dict(body, cmd="frappe.client.get_list")
		self.assertRaises(frappe.DataError, refuse_what_is_no_name)  # noqa: PT027

	def test_what_the_desk_asks_is_answered(self) -> None:
		table = "`tabWuzAPI Message`"
		for fields, order in (
			([f"{table}.`name`", f"{table}.`text`", f"{table}.modified"], f"{table}.`modified` desc"),
			(["name", "text as words"], "name asc"),
			([f"count({table}.`name`) as total"], ""),
		):
			ask = {
				"doctype": "WuzAPI Message",
				"fields": json.dumps(fields),
				"filters": json.dumps(
					[["WuzAPI Message", "text", "like", "%`Hello#;--`%"], ["session", "=", OURS]]
				),
				"order_by": order,
			}
			self.assertNotRegex(str(self.ask(LISTED, ("frappe.client.get_list", ask))), "^(refused|failed)")
		kept = {"List": {"search": "`select` x from `y` -- `z"}}
		save = (
			"frappe.model.utils.user_settings.save",
			{"doctype": "ToDo", "user_settings": json.dumps(kept)},
		)
		self.assertNotRegex(str(self.ask(STRANGER, save)), "^(refused|failed)")

	def lists_with_a_statement(self) -> dict[str, Any]:
		get_list, todo = "frappe.client.get_list", {"doctype": "ToDo", "fields": '["name"]'}
		board = {"filters_json": json.dumps({_UNION: "x"})}
		tag = "frappe.desk.doctype.tag.tag"
		statement = "ToDo` set description = `owner` -- "
		return {
			"filters": (get_list, {**todo, "filters": json.dumps({f"{_UNION}.name": "x"})}),
			"conditions": (get_list, {**todo, "filters": json.dumps([[f"{_UNION}.name", "=", "x"]])}),
			"four": (get_list, {**todo, "filters": json.dumps([["ToDo", f"{_UNION}.name", "=", "x"]])}),
			"escaped": (
				get_list,
				{**todo, "filters": json.dumps({f"{_UNION}.name": 1}).replace("`", "\\u0060")},
			),
			"parsed": (get_list, {**todo, "filters": {f"{_UNION}.name": "x"}}),
			"fields that are filters": (get_list, {"doctype": "ToDo", "fields": json.dumps({_UNION: "x"})}),
			"a comment in a field": (
				get_list,
				{"doctype": "ToDo", "fields": '["name/*!,sid\\tfrom\\ttabSessions*/"]'},
			),
			"get_value": (
				"frappe.client.get_value",
				{"doctype": "ToDo", "fieldname": "name", "filters": json.dumps({f"{_UNION}.name": "x"})},
			),
			"kept for later": ("frappe.client.insert", {"doc": json.dumps({"doctype": "ToDo", **board})}),
			"calendar": (
				"frappe.desk.calendar.get_events",
				{
					"doctype": "ToDo",
					"start": "x",
					"end": "x",
					"field_map": json.dumps(
						{"start": "name, 1) is not null -- ", "end": "name", "title": "name"}
					),
				},
			),
			"tag": (f"{tag}.add_tag", {"tag": "x", "dt": statement, "dn": "x"}),
			"tags": (f"{tag}.add_tags", {"tags": '["x"]', "dt": statement, "docs": '["x"]'}),
			"untag": (f"{tag}.remove_tag", {"tag": "x", "dt": statement, "dn": "x"}),
			"count": ("frappe.client.get_count", {"doctype": "ToDo` -- "}),
			"goals": (
				"frappe.utils.goal.get_monthly_goal_graph_data",
				{
					"title": "x",
					"doctype": "User",
					"docname": STRANGER,
					"goal_value_field": "idx",
					"goal_total_field": "idx",
					"goal_history_field": "idx",
					"goal_doctype": "ToDo",
					"goal_doctype_link": "owner",
					"goal_field": "idx",
					"date_field": "creation",
					"aggregation": "(select max(text) from `tabWuzAPI Message`) like concat",
				},
			),
		}
