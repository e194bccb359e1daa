// What became of a session's connection, the latest first, and what becomes of it while somebody looks on.

import { about, closes, get, make, Refused, toneOf } from "./api.js";

const EVERY = 3000;
const dialog = document.getElementById("history");
const told = dialog.querySelector(".told");
const list = dialog.querySelector(".history");
let current = null;

closes(dialog, () => (current = null));

export function openHistory(name) {
	current = { name, shown: "" };
	dialog.querySelector("h2").textContent = `History: ${name}`;
	list.replaceChildren();
	told.textContent = "";
	dialog.showModal();
	look(current);
}

async function look(looker) {
	if (looker !== current) return;
	try {
		if (!document.hidden) show(looker, (await get(about(looker.name, "changes"))).changes);
	} catch (error) {
		if (!(error instanceof Refused)) throw error;
		if (looker === current) told.textContent = error.message;
	}
	setTimeout(() => look(looker), EVERY);
}

function show(looker, changes) {
	if (looker !== current) return;
	told.textContent = changes.length ? "" : "Its connection has not changed since a history is kept.";
	const now = JSON.stringify(changes);
	// Left as it is while nothing has changed: somebody may be about to copy a line.
	if (now === looker.shown) return;
	looker.shown = now;
	list.replaceChildren(...changes.map(line));
}

function line({ at, state, words, detail }) {
	const time = make("time", { dateTime: at }, new Date(at).toLocaleString());
	const reason = detail ? [make("p", {}, detail)] : [];
	return make("li", {}, make("p", { className: "state", data: { tone: toneOf(state) } }, make("strong", {}, words), time), ...reason);
}
