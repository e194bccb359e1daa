// What happened to a session's connection, newest first.

const SHOWN = 8;
const COLOURS = { connected: "green", starting: "orange", reconnecting: "orange", scan_qr: "yellow" };

/** `label_of(state)` says it in words. */
export async function show_changes(frm, label_of) {
	const session = frm.docname;
	const rows = await frappe.db.get_list("WuzAPI Session Change", {
		filters: { session },
		fields: ["at", "state", "detail"],
		order_by: "at desc, name desc",
		limit: SHOWN,
	});
	if (frm.docname !== session) return;
	const wrapper = frm.get_field("changes").$wrapper.empty();
	frm.toggle_display("changes_section", rows.length > 0);
	for (const { at, state, detail } of rows) {
		const line = $(
			`<div class="wuzapi-change small mb-1">
				<span class="indicator"></span><span class="state"></span>
				<span class="text-muted at"></span> <span class="text-muted detail"></span>
			</div>`
		);
		line.find(".indicator").addClass(COLOURS[state] || "red");
		line.find(".state").text(label_of(state));
		line.find(".at").text(frappe.datetime.str_to_user(at));
		line.find(".detail").text(detail || "");
		wrapper.append(line);
	}
	if (rows.length < SHOWN) return;
	$('<a class="small"></a>')
		.text(__("All changes"))
		.on("click", () => frappe.set_route("List", "WuzAPI Session Change", { session }))
		.appendTo(wrapper);
}
