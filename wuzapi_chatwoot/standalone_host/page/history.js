// What became of a session's connection, the latest first.

import { about, busy, closes, get, make, toneOf } from "./api.js";

const dialog = document.getElementById("history");
const told = dialog.querySelector(".told");
const list = dialog.querySelector(".history");
const again = dialog.querySelector("[name=again]");
let current = "";

closes(dialog);

export function openHistory(name) {
	current = name;
	dialog.querySelector("h2").textContent = `History: ${name}`;
	list.replaceChildren();
	dialog.showModal();
	look();
}

function look() {
	told.textContent = "";
	return busy(again, told, async () => {
		const name = current;
		const { changes } = await get(about(name, "changes"));
		if (name !== current) return;
		list.replaceChildren(...changes.map(line));
		told.textContent = changes.length ? "" : "Its connection has not changed since a history is kept.";
	});
}

function line({ at, state, words, detail }) {
	const time = make("time", { dateTime: at }, new Date(at).toLocaleString());
	const reason = detail ? [make("p", {}, detail)] : [];
	return make("li", {}, make("p", { className: "state", data: { tone: toneOf(state) } }, make("strong", {}, words), time), ...reason);
}

again.addEventListener("click", look);
