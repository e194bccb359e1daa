// Asks before what somebody has typed into a dialog is thrown away, however the dialog is closed.

import { closes } from "./api.js";

const question = document.getElementById("discard");
let discard = () => {};

closes(question);
question.querySelector("[name=discard]").addEventListener("click", () => {
	question.close();
	discard();
});

const valueOf = (field) => (field.type === "checkbox" ? field.checked : field.value);

// For a dialog with a form. `typed` tells whether there is something to be lost, `taken` that there is not: the form is
// as it shall be, or what was typed is kept elsewhere; it gives back how to take that back. `leave` closes the dialog,
// and does `then`, unless somebody who is asked would rather go on.
export function closesUnlessTyped(dialog) {
	const form = dialog.querySelector("form");
	let before = new Map();
	let touched = new Set();
	const typed = () => [...touched].some((name) => valueOf(form.elements[name]) !== before.get(name));
	function taken() {
		const was = { before, touched };
		before = new Map([...form.elements].filter(({ name }) => name).map(({ name }) => [name, valueOf(form.elements[name])]));
		touched = new Set();
		return () => ([before, touched] = [was.before, new Set([...was.touched, ...touched])]);
	}
	function leave(then = () => {}) {
		discard = () => {
			dialog.close();
			then();
		};
		if (typed()) question.showModal();
		else discard();
	}
	// A browser sets no such event off for what a script writes into a field.
	form.addEventListener("input", ({ target }) => touched.add(target.name));
	// The key first: a browser lets a page hold up the closing that follows from it once only.
	dialog.addEventListener("keydown", (event) => event.key === "Escape" && !event.isComposing && hold(event));
	dialog.addEventListener("cancel", (event) => event.target === dialog && hold(event));
	function hold(event) {
		event.preventDefault();
		leave();
	}
	dialog.querySelector("[name=close]").addEventListener("click", () => leave());
	return { taken, leave };
}
