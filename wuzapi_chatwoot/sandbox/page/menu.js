// A small menu that opens over its button: groups of entries, usable by mouse, by touch and by keyboard.

import { h, icon } from "./elements.js";

let close = () => {};

document.addEventListener("click", (event) => {
	if (!event.target.closest?.(".menu, [aria-haspopup=menu]")) close();
});
document.addEventListener("keydown", (event) => {
	if (event.key === "Escape") close(true);
});

// `groups` is a list of [title, [{ name, icon, act, testid }]], or a function that returns one.
export function menuButton(title, testid, groups, picture = "plus") {
	const button = h(
		"button.icon.opener",
		{ type: "button", title, "aria-label": title, "aria-haspopup": "menu", "aria-expanded": "false", testid },
		icon(picture),
	);
	button.addEventListener("click", () => {
		const wasOpen = button.getAttribute("aria-expanded") === "true";
		close();
		if (!wasOpen) open(button, title, typeof groups === "function" ? groups() : groups);
	});
	return button;
}

function open(button, title, groups) {
	const panel = h("div.menu", { role: "menu", "aria-label": title }, ...groups.filter(([, entries]) => entries.length).map(drawGroup));
	button.setAttribute("aria-expanded", "true");
	close = (back = false) => {
		panel.remove();
		button.setAttribute("aria-expanded", "false");
		close = () => {};
		if (back) button.focus();
	};
	panel.addEventListener("keydown", (event) => move(event, panel));
	// Above the composer or below the headline: the panel belongs to whatever is marked as its place.
	button.closest("[data-menu-place]").append(panel);
	panel.querySelector("button")?.focus({ preventScroll: true });
}

function drawGroup([title, entries]) {
	const draw = (entry) =>
		h(
			`button.entry${entry.danger ? ".danger" : ""}`,
			{
				type: "button",
				role: "menuitem",
				testid: entry.testid,
				disabled: entry.disabled,
				onclick: () => {
					close();
					entry.act();
				},
			},
			entry.emoji ? h("span.emoji", {}, entry.emoji) : icon(entry.icon),
			h("span", {}, entry.name),
		);
	return h("div.group", { role: "group", "aria-label": title }, h("small", {}, title), h("div.entries", {}, ...entries.map(draw)));
}

function move(event, panel) {
	const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
	if (!step) return;
	event.preventDefault();
	const all = [...panel.querySelectorAll("button:not(:disabled)")];
	const at = all.indexOf(document.activeElement);
	all[(at + step + all.length) % all.length]?.focus();
}
