// What people wrote is text, wherever Frappe shows a field of ours: forms, lists, reports, grids. Frappe itself takes text
// fields for HTML, since it cleans what is stored through its documents. Our rows hold what was written, sign by sign.

(() => {
	const TEXTS = ["Data", "Small Text", "Text", "Long Text"];
	const SIGNS = { "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;", "`": "&#96;" };

	/** Some of Frappe's controls have escaped it already: that is not done twice. */
	const escaped = (text) =>
		String(text)
			.replace(/&(?!(?:#\d+|#x[\da-f]+|[a-z]+\d*);)/gi, "&amp;")
			.replace(/[<>"'`]/g, (sign) => SIGNS[sign]);

	const plain = (value) =>
		value === null || value === undefined ? "" : escaped(value).replace(/\r?\n/g, "<br>");

	for (const [doctype, fields] of Object.entries(frappe.meta.docfield_map)) {
		if (!doctype.startsWith("WuzAPI ")) continue;
		for (const field of Object.values(fields)) {
			if (TEXTS.includes(field.fieldtype) && !field.formatter) field.formatter = plain;
		}
	}
})();
