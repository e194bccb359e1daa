// In the words of the session's form, once they are there.
frappe.listview_settings["WuzAPI Session Change"] = {
	hide_name_column: true,
	add_fields: ["state"],
	get_indicator({ state }) {
		const [label, colour] = window.wuzapi_chatwoot?.session?.look_of_change(state) || [state, "gray"];
		return [label, colour, `state,=,${state}`];
	},
	async onload(listview) {
		await frappe.require("wuzapi_session.bundle.js");
		listview.refresh();
	},
};
