// The doctor's findings, and a message to oneself.

import { about, busy, closes, get, post, showSteps } from "./api.js";

const dialog = document.getElementById("doctor");
const told = dialog.querySelector(".told");
const steps = dialog.querySelector(".steps");
const again = dialog.querySelector("[name=again]");
const test = dialog.querySelector("[name=test]");
let current = "";

closes(dialog);

export function openDoctor(name) {
	current = name;
	dialog.querySelector("h2").textContent = `Doctor: ${name}`;
	steps.replaceChildren();
	dialog.showModal();
	look();
}

function look() {
	told.textContent = "Walking the whole path…";
	return busy(again, told, async () => {
		const name = current;
		const report = await get(about(name, "doctor"));
		if (name !== current) return;
		showSteps(steps, report.findings.map((each) => ({ name: each.step, state: each.verdict, sentence: each.sentence, fix: each.fix })));
		told.textContent = report.healthy ? "Nothing is broken." : "Something is broken; the fix stands below it.";
	});
}

again.addEventListener("click", look);
test.addEventListener("click", () =>
	busy(test, told, async () => {
		told.textContent = "Sending…";
		told.textContent = (await post(about(current, "test"))).sentence;
	}),
);
