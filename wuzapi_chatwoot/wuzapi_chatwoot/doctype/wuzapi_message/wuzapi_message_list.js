frappe.listview_settings["WuzAPI Message"] = {
	hide_name_column: true,
	add_fields: ["status"],
	get_indicator(doc) {
		const [label, colour] = {
			pending: [__("Pending"), "orange"],
			sent: [__("Sent"), "gray"],
			delivered: [__("Delivered"), "green"],
			read: [__("Read"), "blue"],
			played: [__("Played"), "blue"],
			failed: [__("Failed"), "red"],
		}[doc.status] || [doc.status, "gray"];
		return [label, colour, `status,=,${doc.status}`];
	},
	formatters: {
		direction(value) {
			return value === "in" ? __("From WhatsApp") : __("To WhatsApp");
		},
	},
};
