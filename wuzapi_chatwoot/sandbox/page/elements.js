// Builds elements. Text only ever becomes text: there is no innerHTML anywhere on this page.

const SVG = "http://www.w3.org/2000/svg";

const PATHS = {
	send: "M4 12 20 4l-5 16-3.5-6.5L4 12Zm7.5 1.5L20 4",
	picture: "M4 5h16v14H4zM4 16l5-5 4 4 3-3 4 4M15 9.2a.8.8 0 1 0 .1 0",
	voice: "M12 3a3 3 0 0 1 3 3v5a3 3 0 0 1-6 0V6a3 3 0 0 1 3-3ZM6 11a6 6 0 0 0 12 0M12 17v4M9 21h6",
	document: "M7 3h7l4 4v14H7zM14 3v4h4M10 12h5M10 16h5",
	sticker: "M12 3a9 9 0 1 0 9 9M12 3v4a5 5 0 0 0 5 5h4L12 3ZM9 13a4 4 0 0 0 5 2.5",
	location: "M12 21s7-6.1 7-11a7 7 0 0 0-14 0c0 4.9 7 11 7 11ZM12 12.3a2.3 2.3 0 1 0-.1 0",
	clip: "M20 11.5 12 19.4a5 5 0 0 1-7-7l8.4-8.3a3.3 3.3 0 0 1 4.7 4.7l-8.3 8.2a1.7 1.7 0 0 1-2.4-2.4l7.4-7.3",
	reply: "M10 6 4 12l6 6M4 12h9a7 7 0 0 1 7 7",
	edit: "M4 20h4L19 9l-4-4L4 16v4ZM13 7l4 4",
	trash: "M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13",
	phone: "M8 3h8a1 1 0 0 1 1 1v16a1 1 0 0 1-1 1H8a1 1 0 0 1-1-1V4a1 1 0 0 1 1-1ZM11 18h2",
	bridge: "M3 17c4-9 14-9 18 0M3 17h18M8 12.6V17M12 10.6V17M16 12.6V17",
	desk: "M4 5h16v11H9l-5 4zM8 9h8M8 12h5",
	plus: "M12 5v14M5 12h14",
	dots: "M6 12h.01M12 12h.01M18 12h.01",
	play: "M8 5.5v13l11-6.5-11-6.5Z",
	pause: "M8 5v14M16 5v14",
	film: "M4 6h16v12H4zM8 6v12M16 6v12M4 10h4M4 14h4M16 10h4M16 14h4",
	round: "M12 4a8 8 0 1 0 .1 0M10 9v6l5-3-5-3Z",
	music: "M9 18V6l10-2v12M9 18a2.5 2.5 0 1 1-2.5-2.5H9ZM19 16a2.5 2.5 0 1 1-2.5-2.5H19Z",
	album: "M8 4h12v12H8zM4 8v12h12M8 13l4-4 4 4 2-2 2 2",
	once: "M12 4a8 8 0 1 1-8 8M8 5l-2 1M4.5 8.5 4 10M11 9.5l1.5-1V16",
	person: "M12 4a4 4 0 1 0 .1 0M5 20a7 7 0 0 1 14 0",
	people: "M9 5a3.4 3.4 0 1 0 .1 0M3 19a6 6 0 0 1 12 0M16 6a3 3 0 0 1 0 6M17 14a6 6 0 0 1 4 5",
	poll: "M5 20V11M12 20V4M19 20v-6",
	live: "M12 10.5a1.5 1.5 0 1 0 .1 0M8.5 15.5a5 5 0 0 1 0-7M15.5 8.5a5 5 0 0 1 0 7M5.5 18.5a9 9 0 0 1 0-13M18.5 5.5a9 9 0 0 1 0 13",
	forward: "M14 6l6 6-6 6M20 12h-9a7 7 0 0 0-7 7",
	link: "M10 14a4 4 0 0 0 6 .4l3-3a4 4 0 0 0-5.7-5.7l-1.2 1.2M14 10a4 4 0 0 0-6-.4l-3 3a4 4 0 0 0 5.7 5.7l1.2-1.2",
	at: "M16 8v5a3 3 0 0 0 5 .5A9 9 0 1 0 17 20M12 8.5a3.5 3.5 0 1 0 .1 0",
	timer: "M12 6a7.5 7.5 0 1 0 .1 0M12 10v4l2.5 1.5M9.5 3h5",
	tag: "M4 4h8l8 8-8 8-8-8V4ZM8 8h.01",
	cart: "M4 5h2l2.4 10h9L20 8H7M10 19.5h.01M17 19.5h.01",
	call: "M6 4h3l2 5-2.5 1.5a11 11 0 0 0 5 5L15 13l5 2v3a2 2 0 0 1-2 2A14 14 0 0 1 4 6a2 2 0 0 1 2-2Z",
	camera: "M4 7h11v10H4zM15 11l5-3v8l-5-3",
	lock: "M6 11h12v9H6zM9 11V8a3 3 0 0 1 6 0v3",
	pin: "M9 4h6l-1 6 3 3H7l3-3-1-6ZM12 13v7",
	check: "M5 12.5 10 17l9-10",
	question: "M9 9a3 3 0 1 1 4 2.8c-.8.4-1 1-1 2.2M12 17.5h.01M12 3.5a8.5 8.5 0 1 0 .1 0",
	text: "M5 6h14M12 6v13M9 19h6",
	block: "M12 4a8 8 0 1 0 .1 0M6.5 6.5l11 11",
	merge: "M6 4v4a6 6 0 0 0 6 6v6M18 4v4a6 6 0 0 1-6 6",
	answer: "M4 5h16v10H9l-5 4V5ZM8.5 10l2.5 2.5 5-4.5",
	in: "M5 12h13M13 6l6 6-6 6",
	out: "M19 12H6M11 6l-6 6 6 6",
};

export function icon(name) {
	const svg = document.createElementNS(SVG, "svg");
	svg.setAttribute("viewBox", "0 0 24 24");
	svg.setAttribute("aria-hidden", "true");
	const path = document.createElementNS(SVG, "path");
	path.setAttribute("d", PATHS[name]);
	svg.append(path);
	return svg;
}

// h("p.quiet", { title: "…", onclick: … }, "text", element, null)
export function h(what, properties = {}, ...children) {
	const [tag, ...classes] = what.split(".");
	const element = document.createElement(tag || "div");
	if (classes.length) element.classList.add(...classes);
	for (const [name, value] of Object.entries(properties)) {
		if (value === undefined || value === null || value === false) continue;
		if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
		else if (name === "testid") element.dataset.testid = value;
		else if (name === "data") Object.assign(element.dataset, value);
		else element.setAttribute(name, value === true ? "" : value);
	}
	element.append(...children.filter((child) => child !== null && child !== undefined && child !== ""));
	return element;
}

export const by = (id) => document.getElementById(id);

// Shows a list, and touches only what has changed: sound goes on playing, selected text stays selected.
export function keyed(container, items, keyOf, draw, signatureOf = JSON.stringify) {
	const old = new Map([...container.children].map((child) => [child.dataset.key, child]));
	let after = null;
	for (const item of items) {
		const key = String(keyOf(item));
		const signature = signatureOf(item);
		let element = old.get(key);
		if (!element || element.signature !== signature) {
			const fresh = draw(item);
			fresh.dataset.key = key;
			fresh.signature = signature;
			if (element) element.replaceWith(fresh);
			element = fresh;
		}
		old.delete(key);
		const place = after ? after.nextSibling : container.firstChild;
		if (place !== element) container.insertBefore(element, place);
		after = element;
	}
	for (const element of old.values()) element.remove();
}

// Keeps a list at its end unless somebody has scrolled up; pictures that load later count as well.
export function stayAtEnd(container) {
	const goToEnd = () => container.pinned && (container.scrollTop = container.scrollHeight);
	container.pinned = true;
	container.addEventListener("scroll", () => {
		container.pinned = container.scrollHeight - container.scrollTop - container.clientHeight < 60;
	});
	for (const event of ["load", "loadedmetadata"]) container.addEventListener(event, goToEnd, true);
	new ResizeObserver(goToEnd).observe(container);
	return (change, force = false) => {
		if (force) container.pinned = true;
		change();
		goToEnd();
	};
}

export function avatar(name, group = false, picture = null) {
	if (picture) return h("img.avatar", { src: picture, alt: "", width: 36, height: 36 });
	const words = name.split(/\s+/).filter(Boolean);
	const letters = group ? "⁂" : words.map((word) => word[0]).slice(0, 2).join("").toUpperCase() || "?";
	const sum = [...name].reduce((total, character) => total + character.codePointAt(0), 0);
	return h(`span.avatar.hue${sum % 8}`, { "aria-hidden": "true" }, letters);
}

export const clock = (seconds) =>
	new Date(seconds * 1000).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });

export function size(bytes) {
	return bytes < 1024 ? `${bytes} B` : bytes < 1048576 ? `${(bytes / 1024).toFixed(1)} kB` : `${(bytes / 1048576).toFixed(1)} MB`;
}

export async function act(path, body) {
	const answer = await fetch(`control/${path}`, {
		method: "POST",
		headers: { "Content-Type": "application/json" },
		body: JSON.stringify(body),
	}).catch(() => null);
	if (answer?.ok) return answer.json();
	const why = answer ? (await answer.json().catch(() => ({}))).error : "the sandbox does not answer";
	toast(why || `refused (${answer.status})`);
	return null;
}

let fading;

export function toast(text) {
	const place = by("toast");
	place.textContent = text;
	place.hidden = false;
	clearTimeout(fading);
	fading = setTimeout(() => (place.hidden = true), 5000);
}

export function base64(buffer) {
	let text = "";
	for (const byte of new Uint8Array(buffer)) text += String.fromCharCode(byte);
	return btoa(text);
}
