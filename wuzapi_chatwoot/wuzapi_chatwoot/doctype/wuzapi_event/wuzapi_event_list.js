frappe.listview_settings["WuzAPI Event"] = {
	hide_name_column: true,
	add_fields: ["state"],
	get_indicator(doc) {
		const [label, colour] = {
			waiting: [__("Waiting"), "orange"],
			done: [__("Done"), "green"],
			ignored: [__("Ignored"), "gray"],
			dead: [__("Dead"), "red"],
		}[doc.state] || [doc.state, "gray"];
		return [label, colour, `state,=,${doc.state}`];
	},
	onload(listview) {
		listview.page.add_action_item(__("Replay"), () => replay_checked(listview));
	},
};

/** Only what came to an end without effect: anything else would be done a second time. */
async function replay_checked(listview) {
	// By text: Frappe's own look-up of checked rows finds none whose names are numbers.
	const names = new Set(listview.get_checked_items(true).map(String));
	const chosen = listview.data.filter(({ name }) => names.has(String(name)));
	const events = chosen.filter(({ state }) => ["dead", "ignored"].includes(state)).map(({ name }) => name);
	if (!events.length) {
		frappe.msgprint(__("Only dead and ignored events can be replayed."));
		return;
	}
	const { replayed } = await frappe.xcall("wuzapi_chatwoot.api.events.replay", { events });
	frappe.show_alert({
		message: __("{0} of {1} events will be worked again", [replayed.length, chosen.length]),
		indicator: replayed.length === chosen.length ? "green" : "orange",
	});
	listview.clear_checked_items();
	listview.refresh();
}
