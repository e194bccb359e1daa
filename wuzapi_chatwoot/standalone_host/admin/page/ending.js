// Disconnect, log out, delete: what is lost is shown before anything is done.

import { about, busy, closes, make, post, showSteps } from "./api.js";
import { showStepsUntil } from "./progress.js";

const NAMES = { disconnect: "Disconnect", "log-out": "Log out", delete: "Delete" };
const dialog = document.getElementById("ending");
const form = dialog.querySelector("form");
const made = document.getElementById("remove-made");
const typed = document.getElementById("type-name");
const told = dialog.querySelector(".told");
const fields = form.elements;
let changed = () => {};
let current = null;

closes(dialog, () => changed());

export function openEnding(session, act, onChange) {
	changed = onChange;
	current = { session, act };
	form.reset();
	made.hidden = act !== "delete" || session.makes.length === 0;
	made.querySelector("span").textContent = session.makes.join(", ");
	fields.run.textContent = NAMES[act];
	fields.run.hidden = false;
	dialog.querySelector("h2").textContent = `${NAMES[act]}: ${session.name}`;
	dialog.querySelector(".loses").replaceChildren();
	showSteps(dialog.querySelector(".steps"), []);
	told.textContent = "";
	askForToken();
	askForName("");
	dialog.showModal();
	ask();
}

// The administrator's token is for removing the user alone.
function askForToken() {
	const needed = fields.remove_made.checked && current.session.makes.some((each) => each.startsWith("the user"));
	fields.gateway_admin_token.parentElement.hidden = !needed;
	fields.gateway_admin_token.required = needed;
}

// An inbox goes with all its conversations: whoever deletes it has read its name.
function askForName(name) {
	typed.hidden = !name;
	typed.querySelector("strong").textContent = name || "";
	fields.inbox_name.required = Boolean(name);
	if (!name) fields.inbox_name.value = "";
}

function body(confirm) {
	if (current.act !== "delete") return { confirm };
	return {
		confirm,
		remove_made: fields.remove_made.checked,
		gateway_admin_token: fields.gateway_admin_token.value,
		inbox_name: fields.inbox_name.value,
	};
}

function ask() {
	return busy(fields.run, told, async () => {
		const answer = await post(about(current.session.name, current.act), body(false));
		dialog.querySelector(".loses").replaceChildren(...answer.loses.map((line) => make("li", {}, line)));
		askForName(answer.type_name);
	});
}

fields.remove_made.addEventListener("change", () => {
	askForToken();
	ask();
});
form.addEventListener("submit", (event) => {
	event.preventDefault();
	told.textContent = "Working…";
	busy(fields.run, told, async () => {
		const [mine, steps, name] = [current, dialog.querySelector(".steps"), current.session.name];
		const report = post(about(name, current.act), body(true));
		const answer = await (current.act === "delete" ? showStepsUntil(report, name, steps, () => mine === current) : report);
		if (mine !== current) return;
		showSteps(steps, answer.steps);
		told.textContent = answer.sentence;
		fields.run.hidden = answer.done;
		if (answer.done) fields.close.focus();
		changed();
	});
});
