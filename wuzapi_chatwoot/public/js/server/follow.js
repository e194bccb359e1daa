// A form that is brought up to date when its document changes, also after the line was down.
import { connection } from "./connection";
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
	connection().watch({
		down: () => frm.set_intro(__("No live updates at the moment. Reload to see changes."), "orange"),
		back: () => {
			frm.set_intro("");
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
