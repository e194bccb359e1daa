async function set_up_a_number() {
	await frappe.require("wuzapi_session.bundle.js");
	wuzapi_chatwoot.session.new_session();
}

frappe.listview_settings["WuzAPI Session"] = {
	add_fields: ["state", "state_since", "enabled", "held", "setup_unfinished"],
	has_indicator_for_disabled: true,
	hide_name_column: true,
	get_indicator(doc) {
		if (doc.setup_unfinished) return [__("Setup Incomplete"), "orange", "setup_unfinished,=,1"];
		if (!doc.enabled) return [__("Off"), "gray", "enabled,=,0"];
		if (doc.held) return [__("Disconnected"), "gray", "held,=,1"];
		if (!doc.state_since) return [__("Unknown"), "gray", "state_since,is,not set"];
		const [label, colour] = {
			starting: [__("Starting"), "orange"],
			scan_qr: [__("Scan the Code"), "yellow"],
			connected: [__("Connected"), "green"],
			reconnecting: [__("Reconnecting"), "orange"],
			logged_out: [__("Logged Out"), "red"],
			banned: [__("Banned"), "red"],
			failed: [__("Failed"), "red"],
		}[doc.state] || [__("Unknown"), "gray"];
		return [label, colour, `state,=,${doc.state}`];
	},
	// Of the list that is empty, too.
	primary_action: set_up_a_number,
	onload(listview) {
		if (!frappe.model.can_create("WuzAPI Session")) return;
		// Frappe sets its own once more, "Add", when rows are no longer checked.
		listview.set_primary_action = () => listview.page.set_primary_action(__("Set Up a Number"), set_up_a_number, "add");
		listview.set_primary_action();
		listview.page.add_menu_item(__("Add without the wizard"), () => listview.make_new_doc());
	},
	formatters: {
		address(value) {
			// 447700900000:12@s.whatsapp.net: the number is what people know.
			const number = (value || "").split(/[:@]/)[0];
			return number ? frappe.utils.escape_html(`+${number}`) : "";
		},
	},
};
