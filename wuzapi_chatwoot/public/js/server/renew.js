// A form brought up to date without taking anything from under the reader's hand: only if something has changed, in one
// step, and not while a menu is open, a dialog stands above it or a button is held down. Frappe's own reload takes the
// document away first, and a click meanwhile meets nothing.
import { request } from "./request";

let pressed = false;
const waiting = new Set();

for (const [event, is_down] of [
	["pointerdown", true],
	["pointerup", false],
	["pointercancel", false],
]) {
	document.addEventListener(
		event,
		() => {
			pressed = is_down;
			if (!is_down) later();
		},
		true
	);
}
$(document).on("hidden.bs.modal hidden.bs.dropdown", later);

/** After what was pressed or closed has had its effect. */
function later() {
	setTimeout(() => {
		for (const frm of [...waiting]) renew(frm);
	});
}

/** Something is held down: what is under the hand must not move. */
export function is_pressed() {
	return pressed;
}

/** Ends when nothing is held down: whoever redraws then moves nothing away from under a click. */
export function released() {
	if (!pressed) return Promise.resolve();
	return new Promise((resolve) => {
		const up = () => {
			for (const event of ["pointerup", "pointercancel"]) document.removeEventListener(event, up, true);
			setTimeout(resolve);
		};
		for (const event of ["pointerup", "pointercancel"]) document.addEventListener(event, up, true);
	});
}

function in_use(frm) {
	return pressed || Boolean(document.querySelector(".modal.show") || $(frm.wrapper).find(".dropdown-menu.show").length);
}

/** Shows what the server has now; at once, or when nobody uses the form. `now`: a dialog above it is the one who asks. */
export async function renew(frm, { now = false } = {}) {
	waiting.add(frm);
	if (frm.wuzapi_renewing) {
		frm.wuzapi_again = true;
		return frm.wuzapi_renewing;
	}
	const may = () => now || !in_use(frm);
	if (!may()) return;
	frm.wuzapi_renewing = take(frm, may);
	try {
		await frm.wuzapi_renewing;
	} finally {
		frm.wuzapi_renewing = null;
	}
	if (!frm.wuzapi_again) return;
	frm.wuzapi_again = false;
	await renew(frm, { now });
}

async function take(frm, may) {
	const { doctype, docname } = frm;
	if (!docname || frm.is_new()) {
		waiting.delete(frm);
		return;
	}
	let fresh;
	try {
		fresh = await request("frappe.client.get", { doctype, name: docname });
	} catch {
		// Gone, or the line is down: the next change, or its return, asks again.
		waiting.delete(frm);
		return;
	}
	if (!may() || frm.wuzapi_again) return;
	waiting.delete(frm);
	if (frm.docname !== docname || !frm.doc || !differs(frm.doc, fresh)) return;
	if (frm.is_dirty()) {
		// Never over something that is being typed: Frappe's own words, and its button.
		frm.doc.__needs_refresh = true;
		frm.show_conflict_message();
		return;
	}
	frappe.model.sync([fresh]);
	frm.doc.__last_sync_on = new Date();
	frm.refresh();
}

function differs(shown, fresh) {
	return Object.keys(fresh).some((key) => !key.startsWith("_") && text(shown[key]) !== text(fresh[key]));
}

/** Rows of child tables bear marks of the page's own. */
function text(value) {
	return JSON.stringify(value ?? null, (key, each) => (key.startsWith("__") ? undefined : (each ?? undefined)));
}
