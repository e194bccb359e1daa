frappe.listview_settings["WuzAPI Conversation"] = {
	hide_name_column: true,
	add_fields: ["contact", "phone", "chat"],
	get_indicator(doc) {
		const [label, colour] = {
			open: [__("Open"), "blue"],
			pending: [__("Pending"), "orange"],
			snoozed: [__("Snoozed"), "purple"],
			resolved: [__("Resolved"), "green"],
		}[doc.chatwoot_status] || [__("Not in Chatwoot yet"), "gray"];
		return [label, colour, `chatwoot_status,=,${doc.chatwoot_status || ""}`];
	},
	formatters: {
		// Frappe sets the first column as text. Who told no name is known by the number, and that stands beside it.
		contact_name(value, field, doc) {
			return value || doc.phone || doc.chat;
		},
	},
};
