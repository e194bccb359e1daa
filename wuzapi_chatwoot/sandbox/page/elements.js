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

export function avatar(name, group = false) {
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

export function fileView(url, kind, file) {
	if (kind === "image" || kind === "sticker")
		return h(`img.${kind}`, { src: url, alt: file.name, loading: "lazy", width: kind === "image" ? 320 : 96, height: kind === "image" ? 240 : 96 });
	if (kind === "voice" || kind === "audio") return h("audio", { src: url, controls: true, preload: "metadata" });
	const label = h("span", {}, h("b", {}, file.name), h("small", {}, `${file.mimetype} · ${size(file.size)}`));
	return h("a.file", { href: url, download: file.name }, icon("document"), label);
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
