frappe.listview_settings["WuzAPI Conversation"] = {
	hide_name_column: true,
	add_fields: ["contact"],
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
		// Frappe sets the first column as text. People know each other by name and number, not by address.
		chat(value, field, doc) {
			const [user, server] = (value || "").split("@");
			const number = server === "s.whatsapp.net" ? `+${user}` : "";
			return [doc.contact_contact_name, number].filter(Boolean).join(" · ") || value;
		},
	},
};
