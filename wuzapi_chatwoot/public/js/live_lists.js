// Loaded with the fields of our DocTypes: their lists follow what changes.

(() => {
	const ours = Object.keys(frappe.meta.docfield_map).filter((doctype) => doctype.startsWith("WuzAPI "));
	// Before a list is made: it keeps the settings that it finds.
	for (const doctype of ours) frappe.listview_settings[doctype] ||= {};
	frappe.require("wuzapi_live.bundle.js", () => ours.forEach((doctype) => wuzapi_chatwoot.follow_lists(doctype)));
})();
