// The left part: one phone, held by a customer or by the shop's owner.

import { act, avatar, by, clock, fileView, h, icon, keyed, stayAtEnd } from "./elements.js";

const TICKS = { sent: "✓", delivered: "✓✓", read: "✓✓" };
const EXTRAS = [
	["picture", "image", "Picture"],
	["voice", "voice", "Voice note"],
	["document", "document", "Document"],
	["sticker", "sticker", "Sticker"],
	["location", "location", "Place"],
];

let state = { chats: [] };
let chosen = "447700900123";
let replyTo = null;
let editing = null;
let shownChat = null;
let atEnd;

const asShop = () => by("as-shop").checked;
const chat = () => state.chats.find((each) => each.customer === chosen) || state.chats[0];

export function setUpPhone() {
	atEnd = stayAtEnd(by("chat"));
	for (const [name, kind, title] of EXTRAS) {
		const send = () => write({ kind });
		by("phone-extras").append(
			h("button.icon", { type: "button", title, "aria-label": title, testid: `phone-${name}`, onclick: send }, icon(name)),
		);
	}
	by("phone-form").addEventListener("submit", (event) => {
		event.preventDefault();
		const input = by("phone-input");
		if (!input.value.trim()) return;
		write(editing ? { kind: "edit", target: editing } : { kind: "text" });
	});
	by("chat").addEventListener("click", open);
	by("phone-input").addEventListener("focus", open);
	for (const radio of document.querySelectorAll("input[name=held]"))
		radio.addEventListener("change", () => {
			shownChat = null;
			drawPhone(state);
		});
	by("phone-input").addEventListener("keydown", (event) => {
		if (event.key === "Escape") forgetTarget();
	});
}

function who() {
	const group = chat().is_group;
	return { customer: group ? "group" : chosen, from_me: asShop() };
}

async function write(body) {
	const input = by("phone-input");
	const text = input.value;
	// Emptied before the answer comes: by then the next text may have been typed.
	input.value = "";
	const sent = await act("phone/send", { ...who(), text, ...(replyTo && !editing ? { reply_to: replyTo } : {}), ...body });
	if (sent) forgetTarget();
	else input.value ||= text;
}

// Opening a chat is reading it.
function open() {
	const current = chat();
	const waits = current?.messages.some((message) => message.from_me !== asShop() && message.status !== "read");
	if (waits) act("phone/read", { customer: current.customer, by_owner: asShop() });
}

function forgetTarget() {
	replyTo = editing = null;
	by("replying").hidden = true;
}

function target(message, edit) {
	replyTo = edit ? null : message.id;
	editing = edit ? message.id : null;
	const words = `${edit ? "Editing" : `Reply to ${message.by}`}: ${message.text || message.kind}`;
	by("replying").replaceChildren(
		h("span", {}, words),
		h("button.icon", { type: "button", "aria-label": "Cancel", onclick: forgetTarget }, "×"),
	);
	by("replying").hidden = false;
	const input = by("phone-input");
	if (edit) input.value = message.text;
	input.focus();
}

export function drawPhone(fresh) {
	state = fresh;
	if (!state.chats.length) return;
	const people = [...state.chats].sort((a, b) => a.is_group - b.is_group || a.name.localeCompare(b.name));
	keyed(by("people"), people, (each) => each.customer, drawPerson, (each) =>
		JSON.stringify([each.name, unread(each), each.customer === chosen, asShop()]),
	);
	const current = chat();
	const place = by("chat");
	const changed = shownChat !== current.customer;
	if (changed) place.replaceChildren();
	shownChat = current.customer;
	atEnd(
		() => {
			const draw = (message) => drawBubble(message, current);
			keyed(place, current.messages, (each) => each.id, draw);
			if (!current.messages.length)
				place.replaceChildren(h("p.empty", { data: { key: "empty" } }, `Write to the shop as ${current.name}.`));
		},
		changed,
	);
	const other = asShop() ? current.typing !== "Example Shop" : current.typing === "Example Shop";
	by("typing").textContent = current.typing && other ? `${current.typing} is typing …` : "";
	by("phone-input").placeholder = asShop() ? `As the shop, to ${current.name}` : `As ${current.name}, to the shop`;
}

function unread(each) {
	return each.messages.filter((message) => message.from_me !== asShop() && message.status !== "read").length;
}

function drawPerson(each) {
	const count = unread(each);
	const first = each.is_group ? "Group" : each.name.split(" ")[0];
	const choose = () => {
		chosen = each.customer;
		forgetTarget();
		drawPhone(state);
		open();
	};
	return h(
		"button.person",
		{
			type: "button",
			role: "tab",
			title: `${each.name} · ${each.jid}`,
			"aria-selected": String(each.customer === chosen),
			testid: `phone-chat-${each.customer}`,
			onclick: choose,
		},
		avatar(each.name, each.is_group),
		count ? h("i.badge", {}, String(count)) : null,
		h("span", {}, first),
	);
}

function drawBubble(message, current) {
	const own = message.from_me === asShop();
	const url = `control/files/phone/${encodeURIComponent(message.id)}`;
	const parts = [];
	if (current.is_group && !own) parts.push(h("b.by", {}, message.by));
	const quoted = message.reply_to && current.messages.find((each) => each.id === message.reply_to);
	if (message.reply_to) parts.push(h("span.quote", {}, quoted ? quoted.text || quoted.kind : "an older message"));
	if (message.deleted) parts.push(h("em", {}, "This message was deleted"));
	else {
		if (message.file) parts.push(fileView(url, message.kind, message.file));
		if (!message.file && message.kind !== "text") parts.push(h("span.kind", {}, message.kind));
		if (message.text) parts.push(h("span.text", {}, message.text));
	}
	const reactions = Object.values(message.reactions);
	if (reactions.length) parts.push(h("span.reactions", {}, reactions.join(" ")));
	const from = message.via === "api" ? "through the bridge" : message.from_me ? "typed on the shop’s phone" : "";
	parts.push(
		h(
			"span.meta",
			{ title: from },
			message.edited ? "edited · " : "",
			from && !own ? `${from} · ` : "",
			clock(message.timestamp),
			h("span.tick", { testid: "tick", title: message.status, data: { status: message.status } }, TICKS[message.status]),
		),
	);
	return h(
		`div.bubble.${own ? "own" : "theirs"}`,
		{ testid: "phone-bubble", data: { messageId: message.id, from: message.from_me ? "shop" : "customer" } },
		...parts,
		message.deleted ? null : tools(message, own),
	);
}

function tools(message, own) {
	const button = (name, title, onclick) => h("button.icon", { type: "button", title, "aria-label": title, onclick }, name.length > 2 ? icon(name) : name);
	return h(
		"span.tools",
		{},
		button("👍", "React", () => act("phone/send", { ...who(), kind: "reaction", target: message.id, text: "👍" })),
		button("reply", "Reply", () => target(message, false)),
		own && message.kind === "text" ? button("edit", "Edit", () => target(message, true)) : null,
		own ? button("trash", "Delete for everyone", () => act("phone/send", { ...who(), kind: "delete", target: message.id })) : null,
	);
}
