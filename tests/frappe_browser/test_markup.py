"""What strangers write is text wherever the desk shows it: in forms, in lists, in suggestions. It runs nowhere."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

Control = Callable[[str, dict[str, Any]], Any]
# Each marks the page if it runs; the second one is no whole tag.
MARKUP = "<img src=x onerror=\"window.ran='yes'\"><svg/onload=window.ran='yes'>"
# Columns of every list: those that are there by themselves, and those that people can add.
LISTS = {
	"WuzAPI Message": ["text", "sender_name", "error"],
	"WuzAPI Contact": ["contact_name"],
	"WuzAPI Conversation": ["chatwoot_status"],
}


def nothing_ran(page: Page) -> None:
	assert page.evaluate("window.ran") is None
	assert page.evaluate("document.querySelectorAll('img[src=x]').length") == 0


@pytest.fixture
def markup(conversation: Page, control: Control, customer: str) -> Page:
	control("phone/send", {"customer": customer, "kind": "text", "text": MARKUP})
	expect(conversation.locator(".wuzapi-bubble").last).to_contain_text("<img src=x")
	nothing_ran(conversation)
	return conversation


def test_no_form_runs_what_a_customer_wrote(markup: Page) -> None:
	name = markup.evaluate(
		"""async () => (await frappe.db.get_list("WuzAPI Message",
		{ filters: { text: ["like", "<img%"] }, order_by: "sent_at desc", limit: 1 }))[0].name"""
	)
	markup.evaluate(f"frappe.set_route('Form', 'WuzAPI Message', '{name}')")
	text = markup.locator("[data-fieldname=text] .control-value")
	expect(text).to_contain_text("<img src=x onerror=\"window.ran='yes'\">")
	nothing_ran(markup)


@pytest.mark.parametrize("view", ["List", "Report"])
def test_no_list_runs_what_a_customer_wrote(markup: Page, view: str) -> None:
	markup.evaluate("() => frappe.model.with_doctype('WuzAPI Message')")
	markup.evaluate(
		"""async view => {
		const fields = JSON.stringify([{ fieldname: "text", label: "Text" }]);
		await frappe.xcall("frappe.desk.doctype.list_view_settings.list_view_settings.save_listview_settings",
			{ doctype: "WuzAPI Message", listview_settings: { fields }, removed_listview_fields: [] });
		await frappe.set_route("List", "WuzAPI Message", view);
		}""",
		view,
	)
	if view == "Report":
		markup.wait_for_function("window.cur_list?.view_name === 'Report' && window.cur_list?.datatable")
		shown = markup.evaluate(
			"""markup => frappe.format(markup, frappe.meta.get_docfield("WuzAPI Message", "text"))""", MARKUP
		)
		assert "<img" not in shown
	else:
		expect(markup.locator(".list-row").first).to_be_visible()
	nothing_ran(markup)


def test_every_text_field_of_ours_is_shown_as_text(markup: Page) -> None:
	shown = markup.evaluate(
		"""async markup => {
		const found = [];
		for (const doctype of ["WuzAPI Message", "WuzAPI Contact", "WuzAPI Conversation", "WuzAPI Event",
			"WuzAPI Session", "WuzAPI Session Change", "WuzAPI Lane"]) {
			await new Promise(done => frappe.model.with_doctype(doctype, done));
		}
		for (const [doctype, fields] of Object.entries(frappe.meta.docfield_map)) {
			if (!doctype.startsWith("WuzAPI ")) continue;
			for (const field of Object.values(fields)) {
				if (!["Data", "Small Text", "Text", "Long Text"].includes(field.fieldtype)) continue;
				for (const given of [markup, frappe.utils.escape_html(markup)]) {
					if (/<(img|svg)/.test(frappe.format(given, field))) found.push([doctype, field.fieldname]);
				}
			}
		}
		return found;
		}""",
		MARKUP,
	)
	assert shown == []
