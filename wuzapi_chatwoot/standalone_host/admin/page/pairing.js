// Pairing with the phone: the code of the moment, replaced when it changes, and how far it has come in words.

import { about, busy, closes, get, post, Refused } from "./api.js";

const EVERY = 1000;
// Number and name are told a moment after the pairing; so often each is asked for.
const TRIES = { number: 15, name: 5 };
const dialog = document.getElementById("pairing");
const picture = dialog.querySelector("img");
const place = picture.parentElement;
const typed = dialog.querySelector(".typed");
const told = dialog.querySelector(".told");
const form = dialog.querySelector("form");
const wrong = form.querySelector(".trouble");
const again = dialog.querySelector("[name=again]");
let changed = () => {};
let current = null;

closes(dialog, () => {
	current = null;
	changed();
});

export function openPairing(name, onChange) {
	changed = onChange;
	current = { name, code: null, scanned: false, tries: 0 };
	dialog.querySelector("h2").textContent = `Pair ${name} with its phone`;
	form.reset();
	form.hidden = false;
	typed.hidden = again.hidden = true;
	wrong.textContent = "";
	show(null);
	told.textContent = "Asking the gateway to connect…";
	dialog.showModal();
	connect(current);
}

function show(source) {
	picture.hidden = !source;
	if (source) picture.src = source;
	else picture.removeAttribute("src");
	picture.alt = source ? "Code to scan with the phone" : "";
}

async function connect(pairing) {
	again.hidden = true;
	place.hidden = false;
	pairing.trouble = "";
	try {
		await post(about(pairing.name, "connect"));
	} catch (error) {
		if (!(error instanceof Refused)) throw error;
		pairing.trouble = error.message;
	}
	watch(pairing);
}

async function watch(pairing) {
	if (pairing !== current) return;
	let goOn = true;
	try {
		const known = pairing.code ? `?known=${pairing.code}` : "";
		const now = await get(about(pairing.name, `pairing${known}`));
		if (pairing !== current) return;
		goOn = follow(pairing, now);
	} catch (error) {
		if (!(error instanceof Refused)) throw error;
		told.textContent = error.message;
	}
	if (goOn && pairing === current) setTimeout(() => watch(pairing), EVERY);
}

// False: nothing more is to be asked.
function follow(pairing, now) {
	// Where no code comes, there is no place left free for one.
	place.hidden = !["starting", "scan"].includes(now.phase);
	if (now.phase === "connected") {
		show(null);
		// What has the focus is about to go.
		if (form.contains(document.activeElement)) dialog.querySelector("[name=close]").focus();
		typed.hidden = form.hidden = again.hidden = true;
		told.textContent = now.sentence;
		const missing = ["number", "name"].find((each) => !now[each]);
		pairing.tries += 1;
		return Boolean(missing) && pairing.tries < TRIES[missing];
	}
	if (now.phase === "scan") {
		pairing.scanned = true;
		if (now.qr && typed.hidden) show(now.qr);
		pairing.code = now.qr_id;
		if (typed.hidden) told.textContent = now.sentence;
		return true;
	}
	show(null);
	pairing.code = null;
	if (now.phase === "off" && pairing.scanned) {
		// WhatsApp gives only so many codes at a time.
		pairing.scanned = false;
		typed.hidden = true;
		told.textContent = "The codes have run out; asking for others…";
		connect(pairing);
		return false;
	}
	again.hidden = now.phase === "starting";
	// While a ban lasts, it is nothing that people are asked to press.
	again.classList.toggle("main", now.phase !== "banned");
	told.textContent = pairing.trouble || now.sentence;
	return true;
}

again.addEventListener("click", () => {
	const pairing = { ...current };
	current = pairing;
	connect(pairing);
});
form.addEventListener("submit", (event) => {
	event.preventDefault();
	wrong.textContent = "";
	busy(form.querySelector("button"), wrong, async () => {
		const answer = await post(about(current.name, "pair-phone"), { phone: form.elements.phone.value });
		show(null);
		typed.textContent = answer.code;
		typed.hidden = false;
		told.textContent = answer.sentence;
	});
});
