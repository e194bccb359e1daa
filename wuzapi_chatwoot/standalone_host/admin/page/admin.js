// Logging in, and the list of sessions: how each stands, and what can be done with it.

import { about, busy, get, make, post, Refused, toneOf } from "./api.js";
import { openDoctor } from "./doctor.js";
import { openEnding } from "./ending.js";
import { filter } from "./filter.js";
import { openHistory } from "./history.js";
import { openPairing } from "./pairing.js";
import { openWizard } from "./wizard.js";

const EVERY = 3000;
const login = document.getElementById("login");
const list = document.getElementById("sessions");
const trouble = document.getElementById("trouble");
const acts = document.getElementById("acts");
const create = document.getElementById("new");
const cards = new Map();
let shown = "";
let pressed = { name: "", text: "" };
let inside = false;

function enter() {
	inside = true;
	login.hidden = true;
	acts.hidden = false;
}

function leave() {
	inside = false;
	shown = "";
	cards.clear();
	list.replaceChildren();
	filter();
	for (const dialog of document.querySelectorAll("dialog[open]")) dialog.close();
	acts.hidden = true;
	trouble.textContent = "";
	login.hidden = false;
	login.elements.token.focus();
}

async function refresh() {
	try {
		const { sessions } = await get("sessions");
		if (!inside) enter();
		trouble.textContent = "";
		const now = JSON.stringify(sessions);
		// Left as it is while nothing has changed: somebody may be about to press a button.
		if (now !== shown) {
			shown = now;
			show(sessions);
			filter();
		}
	} catch (error) {
		if (!(error instanceof Refused)) throw error;
		if (error.status === 401) return;
		trouble.textContent = error.message;
	}
}

// A card that is made anew takes the focus with it, for those who use the keyboard.
function show(sessions) {
	const held = list.contains(document.activeElement);
	place(sessions);
	if (held && document.activeElement === document.body) focusAgain();
}

// The button that was pressed last, or what has taken its place.
function focusAgain() {
	const buttons = [...(cards.get(pressed.name)?.item.querySelectorAll("button") ?? [])];
	(buttons.find((each) => each.textContent === pressed.text) ?? buttons[0] ?? create).focus();
}

function place(sessions) {
	const items = sessions.map((session) => {
		const told = JSON.stringify(session);
		const known = cards.get(session.name);
		return known?.told === told ? known : { told, item: card(session) };
	});
	const same = cards.size === sessions.length && sessions.every(({ name }) => cards.has(name));
	if (!sessions.length) list.replaceChildren(make("li", { className: "note" }, "There is no session yet."));
	else if (!same) list.replaceChildren(...items.map(({ item }) => item));
	// Among hundreds some session changes at any time: the others' cards stay, with what is being done in them.
	else sessions.forEach(({ name }, place) => {
		const before = cards.get(name).item;
		if (before !== items[place].item) before.replaceWith(items[place].item);
	});
	cards.clear();
	sessions.forEach(({ name }, place) => cards.set(name, items[place]));
}

function card(session) {
	const { name } = session;
	const item = make("li", { data: { session: name } });
	const told = make("p", { className: "trouble", role: "alert" });
	const button = (text, act, className = "") => {
		const made = make("button", { type: "button", className }, text);
		made.setAttribute("aria-label", `${text}: ${name}`);
		made.addEventListener("focus", () => (pressed = { name, text }));
		made.addEventListener("click", () => {
			told.className = "trouble";
			told.textContent = "";
			busy(made, told, async () => act());
		});
		return made;
	};
	const running = session.state === "setting_up";
	const finished = session.state !== "unfinished" && !running;
	const up = session.state === "connected";
	// The gateway is at it by itself, or must not be at it: nothing that people are to do first.
	const waits = session.state === "reconnecting" || session.state === "banned";
	const buttons = [
		...(finished && !up ? [button("Connect and pair", () => openPairing(name, refresh), waits ? "" : "main")] : []),
		...(session.made_here ? [button(running ? "See how far it is" : "Set up again", () => openWizard(session, refresh), finished ? "" : "main")] : []),
		button("Doctor", () => openDoctor(name)),
		button("History", () => openHistory(name)),
		...(session.made_here && finished ? [button("New secrets", () => rotate(name, told))] : []),
		...(finished && session.state !== "disconnected" ? [button("Disconnect", () => openEnding(session, "disconnect", refresh))] : []),
		// The gateway ends a pairing only while it is connected.
		...(up ? [button("Log out", () => openEnding(session, "log-out", refresh))] : []),
		...(session.made_here ? [button("Delete", () => openEnding(session, "delete", refresh), "danger")] : []),
	];
	const number = [session.number, session.profile_name].filter(Boolean).map((each) => ` · ${each}`).join("");
	const inbox = session.inbox_id ? `, inbox ${session.inbox_id}` : "";
	item.append(
		make("h2", {}, name, make("small", {}, number)),
		make("p", { className: "state", data: { tone: toneOf(session.state) } }, make("span", {}, session.sentence)),
		make("p", { className: "advice" }, session.advice),
		...session.troubles.map((trouble) => make("p", { className: "state", data: { tone: "bad" } }, make("span", {}, trouble))),
		make("p", { className: "where" }, `${session.gateway_url} → ${session.chatwoot_url}, account ${session.account_id}${inbox}`),
		make("div", { className: "acts" }, ...buttons),
		told,
	);
	return item;
}

async function rotate(name, told) {
	if (!window.confirm(`Replace the signing secrets of ${name}? The old ones are believed for an hour more.`)) return;
	const answer = await post(about(name, "rotate"));
	const failed = answer.steps.filter((step) => step.state === "failed").map((step) => `${step.name}: ${step.sentence}`);
	told.className = failed.length ? "trouble" : "done";
	told.textContent = [answer.sentence, ...failed].join(" ");
}

login.addEventListener("submit", (event) => {
	event.preventDefault();
	const told = login.querySelector(".trouble");
	told.textContent = "";
	busy(login.querySelector("button"), told, async () => {
		await post("login", { token: login.elements.token.value });
		login.reset();
		enter();
		await refresh();
		create.focus();
	});
});
create.addEventListener("focus", () => (pressed = { name: "", text: "" }));
create.addEventListener("click", () => openWizard(null, refresh));
document.getElementById("log-out-of-page").addEventListener("click", async () => {
	await post("logout").catch(() => {});
	leave();
});
document.addEventListener("logged-out", leave);
// A dialog gives the focus back to what has opened it, unless that was made anew meanwhile.
for (const dialog of document.querySelectorAll("dialog")) {
	dialog.addEventListener("close", () => {
		const { activeElement } = document;
		if (inside && (activeElement === document.body || dialog.contains(activeElement))) focusAgain();
	});
}

refresh();
setInterval(() => {
	if (inside && !document.hidden) refresh();
}, EVERY);
