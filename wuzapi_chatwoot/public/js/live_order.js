// Lists keep their order when a row changes live. Frappe sorts changed rows in the browser and knows "desc" only, while a
// DocType says "DESC": on a first visit, what has just changed would sink to the end.

for (const [doctype, meta] of Object.entries(locals.DocType)) {
	if (doctype.startsWith("WuzAPI ") && meta.sort_order) meta.sort_order = meta.sort_order.toLowerCase();
}
