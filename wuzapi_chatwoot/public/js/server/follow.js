// A form that is brought up to date when its document changes, also after the line was down.
import { connection } from "./connection";
import { not_live } from "./not_live";
import { renew } from "./renew";

/** `changed()`: the document may have changed. Called while the form can be seen; otherwise `wuzapi_stale` is set. */
export function follow(frm, changed = () => renew(frm)) {
	const take = () => {
		// A form in the background would take over the page's title.
		frm.wuzapi_stale = !$(frm.wrapper).is(":visible");
		if (!frm.wuzapi_stale) changed();
	};
	frappe.realtime.on("wuzapi_chatwoot_changed", ({ doctype, name }) => {
		if (doctype === frm.doctype && String(name) === String(frm.docname)) take();
	});
	// A line of its own: Frappe clears its messages at each refresh, and ours with them.
	const line = not_live(frm.page);
	connection().watch({
		down: () => line.removeClass("hidden"),
		back: () => {
			line.addClass("hidden");
			join(frm);
			take();
		},
		look: take,
	});
}

/** Frappe does not go back into the room of a document when the line comes back, and forgets calls within a second. */
function join(frm) {
	if (frm.docname && !frm.is_new()) frappe.realtime.emit("doc_subscribe", frm.doctype, String(frm.docname));
}
