// The wizard: what a session needs, the steps that were done, and going on after one that failed.

import { busy, post, showSteps } from "./api.js";
import { chosenUser, resetChoices } from "./choices.js";
import { closesUnlessTyped } from "./discard.js";
import { openPairing } from "./pairing.js";
import { lookOn, showStepsUntil } from "./progress.js";

const dialog = document.getElementById("wizard");
const form = dialog.querySelector("form");
const steps = dialog.querySelector(".steps");
const told = dialog.querySelector(".told");
const fields = form.elements;
let changed = () => {};
let known = null;
// The wizard that is open; what belongs to an earlier one is not shown in it.
let turn = 0;

const { taken, leave } = closesUnlessTyped(dialog);
dialog.addEventListener("close", () => {
	// No token is left in it.
	form.reset();
	changed();
});

export function openWizard(session, onChange) {
	[known, changed, turn] = [session, onChange, turn + 1];
	form.reset();
	dialog.querySelector("h2").textContent = session ? `Set up ${session.name} again` : "New session";
	fields.name.value = session?.name ?? "";
	fields.name.readOnly = Boolean(session);
	fields.gateway_url.value = session?.gateway_url ?? "";
	fields.chatwoot_url.value = session?.chatwoot_url ?? "";
	fields.account_id.value = session?.account_id ?? "";
	for (const name of ["gateway_token", "chatwoot_token"]) fields[name].placeholder = session ? "kept; leave it empty, or write a new one" : "";
	fields.user.value = "make";
	fields.inbox.value = session?.inbox_id ? "keep" : "make";
	document.getElementById("keep-inbox").hidden = !session?.inbox_id;
	document.getElementById("take-over").hidden = true;
	for (const name of ["gateway_url", "chatwoot_url"]) fields[name].required = !session;
	for (const name of ["gateway_token", "chatwoot_token"]) fields[name].required = !session;
	steps.replaceChildren();
	told.textContent = "";
	fields.run.textContent = session ? "Set up again" : "Set up";
	fields.pair.hidden = true;
	resetChoices(Boolean(session));
	taken();
	dialog.showModal();
	if (session) look(session.name);
}

// It may be under way, begun in another window or from a terminal.
function look(name) {
	const mine = turn;
	const tell = (seen) => {
		told.textContent = seen.sentence;
		fields.pair.hidden = !seen.complete;
	};
	return busy(fields.run, told, () => lookOn(name, steps, tell, () => mine === turn && dialog.open));
}

function wanted() {
	const number = (field) => (field.value ? Number(field.value) : null);
	const token = fields.gateway_token.value || null;
	return {
		name: fields.name.value,
		gateway_url: fields.gateway_url.value,
		gateway_admin_token: fields.user.value === "adopt" ? null : token,
		gateway_user_token: fields.user.value === "adopt" ? token : null,
		gateway_user_id: chosenUser(),
		chatwoot_url: fields.chatwoot_url.value,
		chatwoot_token: fields.chatwoot_token.value,
		account_id: number(fields.account_id),
		inbox_id: fields.inbox.value === "adopt" ? number(fields.inbox_id) : null,
		// An inbox that an earlier try has made is found again.
		new_inbox: Boolean(known?.inbox_id) && fields.inbox.value === "make",
		take_over: fields.take_over.checked,
	};
}

form.addEventListener("submit", (event) => {
	event.preventDefault();
	told.textContent = "Working on both sides…";
	const mine = turn;
	// It goes on, whoever looks on; what was refused was not taken.
	const refused = taken();
	busy(fields.run, told, async () => {
		const work = post("sessions", wanted());
		work.catch(() => mine === turn && refused());
		const report = await showStepsUntil(work, fields.name.value, steps, () => mine === turn);
		if (mine !== turn) return;
		showSteps(steps, report.steps);
		told.textContent = report.sentence;
		fields.pair.hidden = !report.complete;
		const asks = report.steps.some((step) => step.state === "failed" && step.sentence.includes("confirm that"));
		document.getElementById("take-over").hidden = !asks && !fields.take_over.checked;
		fields.run.textContent = report.complete ? "Set up again" : "Go on";
		fields.name.readOnly = true;
		for (const name of ["gateway_token", "chatwoot_token"]) fields[name].required = false;
		changed();
		told.scrollIntoView({ block: "nearest" });
	});
});
fields.pair.addEventListener("click", () => {
	const name = fields.name.value;
	leave(() => openPairing(name, changed));
});
