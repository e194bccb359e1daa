// The doctor's findings, and the proof by a message to oneself, whose steps are seen as they come.

import { about, busy, closes, get, post, Refused, showSteps } from "./api.js";

const dialog = document.getElementById("doctor");
const told = dialog.querySelector(".told");
const steps = dialog.querySelector(".steps");
const again = dialog.querySelector("[name=again]");
const test = dialog.querySelector("[name=test]");
const EVERY = 1000;
let current = "";
// Counts what is looked at, so that what was asked before is not shown any more.
let turn = 0;

closes(dialog, () => turn++);

export function openDoctor(name) {
	current = name;
	dialog.querySelector("h2").textContent = `Doctor: ${name}`;
	steps.replaceChildren();
	dialog.showModal();
	look();
}

function look() {
	const mine = ++turn;
	told.textContent = "Walking the whole path…";
	return busy(again, told, async () => {
		const report = await get(about(current, "doctor"));
		if (mine !== turn) return;
		showSteps(steps, report.findings.map((each) => ({ name: each.step, state: each.verdict, sentence: each.sentence, fix: each.fix })));
		told.textContent = report.sentence;
	});
}

again.addEventListener("click", look);
test.addEventListener("click", () =>
	busy(test, told, async () => {
		const mine = ++turn;
		told.textContent = "Writing the message in Chatwoot…";
		steps.replaceChildren();
		follow(await post(about(current, "test")), current, mine);
	}),
);

function follow(seen, name, mine) {
	if (mine !== turn) return;
	showSteps(steps, seen.steps);
	told.textContent = seen.sentence;
	if (!seen.over) setTimeout(() => ask(name, mine), EVERY);
}

async function ask(name, mine) {
	if (mine !== turn) return;
	try {
		follow(await get(about(name, "test")), name, mine);
	} catch (error) {
		if (!(error instanceof Refused)) throw error;
		if (mine !== turn) return;
		told.textContent = error.message;
		if (!error.status) setTimeout(() => ask(name, mine), EVERY);
	}
}
