// Calls of the admin API, and small things that all parts of the page use.

export class Refused extends Error {
	constructor(sentence, status) {
		super(sentence);
		this.status = status;
	}
}

async function call(path, options) {
	let answer;
	try {
		answer = await fetch(`/admin/api/${path}`, { credentials: "same-origin", cache: "no-store", ...options });
	} catch {
		throw new Refused("The bridge does not answer.", 0);
	}
	const told = await answer.json().catch(() => ({}));
	if (answer.ok) return told;
	if (answer.status === 401 && path !== "login") document.dispatchEvent(new Event("logged-out"));
	throw new Refused(typeof told.detail === "string" ? told.detail : `Refused (${answer.status}).`, answer.status);
}

export const get = (path) => call(path, {});

export const post = (path, body = {}) =>
	call(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });

export const about = (name, act = "") => `sessions/${encodeURIComponent(name)}${act ? `/${act}` : ""}`;

const TONES = { connected: "good", logged_out: "bad", banned: "bad", failed: "bad", unfinished: "bad" };

// How the state of a session looks.
export const toneOf = (state) => TONES[state] ?? "wait";

// An element with text or other elements inside. Text is never read as HTML.
export function make(tag, fields = {}, ...inside) {
	const element = document.createElement(tag);
	for (const [field, value] of Object.entries(fields)) {
		if (field === "data") Object.assign(element.dataset, value);
		else element[field] = value;
	}
	element.append(...inside);
	return element;
}

// Lines that say the same stay, so that only news is read out.
export function showSteps(list, steps) {
	steps.forEach((step, place) => {
		const sentence = step.sentence ? `: ${step.sentence}` : "";
		const line = make("li", { data: { state: step.state } }, make("strong", {}, step.name), sentence, ...(step.fix ? [make("span", { className: "fix" }, step.fix)] : []));
		const there = list.children[place];
		if (!there) list.append(line);
		else if (!there.isEqualNode(line)) there.replaceWith(line);
	});
	while (list.children.length > steps.length) list.lastElementChild.remove();
}

// Runs something with a button switched off meanwhile; a refusal is told in `told`.
export async function busy(button, told, work) {
	const focused = document.activeElement === button;
	button.disabled = true;
	try {
		await work();
	} catch (error) {
		if (!(error instanceof Refused)) throw error;
		told.textContent = error.message;
	} finally {
		button.disabled = false;
		// A browser takes the focus from what is switched off.
		if (focused && document.activeElement === document.body && !button.hidden) button.focus();
	}
}

export function closes(dialog, onClose = () => {}) {
	dialog.querySelector("[name=close]").addEventListener("click", () => dialog.close());
	dialog.addEventListener("close", onClose);
}
