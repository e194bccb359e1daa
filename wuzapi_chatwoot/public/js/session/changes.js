// What happened to a session's connection, newest first.
import { call } from "../server/call";

const SHOWN = 8;
// What became of it then: not what is to be done now.
const LOOKS = {
	starting: ["orange", () => __("Connecting")],
	scan_qr: ["yellow", () => __("Waiting for its phone")],
	connected: ["green", () => __("Connected")],
	reconnecting: ["orange", () => __("Connection lost")],
	logged_out: ["red", () => __("Logged out")],
	banned: ["red", () => __("Banned by WhatsApp")],
	failed: ["red", () => __("Not connected")],
};

/** Its words and its colour. */
export function look_of_change(state) {
	const [colour, label] = LOOKS[state] || ["gray", () => state];
	return [label(), colour];
}

export async function show_changes(frm) {
	const session = frm.docname;
	const rows = await call("wuzapi_chatwoot.api.sessions.changes", { session, limit: SHOWN });
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
		const [label, colour] = look_of_change(state);
		line.find(".indicator").addClass(colour);
		line.find(".state").text(label);
		line.find(".at").text(frappe.datetime.str_to_user(at));
		line.find(".detail").text(detail || "");
		wrapper.append(line);
	}
	if (rows.length) {
		const zone = __("Times are those of {0}.", [frappe.boot.time_zone.user]);
		$('<div class="text-muted small wuzapi-zone"></div>').text(zone).appendTo(wrapper);
	}
	if (rows.length < SHOWN) return;
	$('<a class="small"></a>')
		.text(__("All changes"))
		.on("click", () => frappe.set_route("List", "WuzAPI Session Change", { session }))
		.appendTo(wrapper);
}
