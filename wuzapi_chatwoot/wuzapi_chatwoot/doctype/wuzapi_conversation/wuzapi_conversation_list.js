/** Of a number as people write it, what is in the one that is kept; empty: it is no number. */
function digits_of(text) {
	if (!text || /[^0-9+()./\s-]/.test(text)) return "";
	const digits = text.replace("(0)", "").replace(/\D/g, "").replace(/^0+/, "");
	return digits.length >= 3 ? digits : "";
}

/** One search: a number may be entered where names are, and is found however it is written. */
function find_numbers(listview) {
	const { contact_name, phone } = listview.page.fields_dict;
	if (!contact_name || !phone) return;
	const name = contact_name.get_value.bind(contact_name);
	const number = phone.get_value.bind(phone);
	contact_name.get_value = () => (digits_of(name()) ? "" : name());
	phone.get_value = () => digits_of(number()) || number() || digits_of(name());
}

frappe.listview_settings["WuzAPI Conversation"] = {
	onload: find_numbers,
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
