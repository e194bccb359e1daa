// The left part: one phone, held by a customer or by the shop's owner.

import { act, avatar, by, clock, h, icon, keyed, stayAtEnd } from "./elements.js";
import { drawNote, isNote, parts, reactions, shortly } from "./kinds.js";
import { phoneMenu } from "./phone_menu.js";

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

const SHOP = "Example Shop";
const asShop = () => by("as-shop").checked;
const ownName = () => (asShop() ? SHOP : chat().name);
const chat = () => state.chats.find((each) => each.customer === chosen) || state.chats[0];

export function setUpPhone() {
	atEnd = stayAtEnd(by("chat"));
	for (const [name, kind, title] of EXTRAS) {
		const send = () => write({ kind });
		by("phone-extras").append(
			h("button.icon", { type: "button", title, "aria-label": title, testid: `phone-${name}`, onclick: send }, icon(name)),
		);
	}
	by("phone-extras").append(phoneMenu({ write, chat, asShop, target }));
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
	const words = `${edit ? "Editing" : `Reply to ${message.by}`}: ${shortly(message)}`;
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
	// Nothing can be sent before it is known to whom.
	by("phone-form").inert = !state.chats.length;
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
			const draw = (message) => drawMessage(message, current);
			keyed(place, current.messages, (each) => each.id, draw);
			if (!current.messages.length)
				place.replaceChildren(h("p.empty", { data: { key: "empty" } }, `Write to the shop as ${current.name}.`));
		},
		changed,
	);
	const other = asShop() ? current.typing !== SHOP : current.typing === SHOP;
	const doing = current.typing_media === "audio" ? "is recording" : "is typing";
	by("typing").textContent = current.typing && other ? `${current.typing} ${doing} …` : "";
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

function drawMessage(message, current) {
	return isNote(message) ? drawNote(message) : drawBubble(message, current);
}

const acts = {
	nameOf: (digits) => state.names?.[digits] ?? null,
	goTo: (id) => {
		const bubble = by("chat").querySelector(`[data-message-id="${CSS.escape(id)}"]`);
		bubble?.scrollIntoView({ block: "center" });
		bubble?.classList.add("found");
		setTimeout(() => bubble?.classList.remove("found"), 1200);
	},
	vote: (message, option) => act("phone/send", { ...who(), kind: "poll_vote", target: message.id, options: [option] }),
};

function drawBubble(message, current) {
	const own = message.from_me === asShop();
	const url = `control/files/phone/${encodeURIComponent(message.id)}`;
	const from = message.via === "api" ? "through the bridge" : message.from_me ? "typed on the shop’s phone" : "";
	const earlier = message.earlier_texts?.length ? `Before: ${message.earlier_texts.join(" · ")}` : "Its text was changed";
	return h(
		`div.bubble.${own ? "own" : "theirs"}${message.kind === "sticker" && !message.deleted ? ".bare" : ""}`,
		{ testid: "phone-bubble", tabindex: 0, data: { messageId: message.id, kind: message.kind, from: message.from_me ? "shop" : "customer" } },
		current.is_group && !own ? h("b.by", {}, message.by) : null,
		...parts(message, current, url, acts),
		h(
			"span.meta",
			{ title: from },
			message.pinned ? h("span.sign", { title: "Pinned" }, icon("pin")) : null,
			message.ephemeral ? h("span.sign", { title: "Disappears after a week" }, icon("timer")) : null,
			message.edited && !message.deleted ? h("i.edited", { title: earlier }, "edited") : null,
			from && !own ? `${from} · ` : "",
			clock(message.timestamp),
			h("span.tick", { testid: "tick", title: message.status, data: { status: message.status } }, TICKS[message.status]),
		),
		reactions(message),
		message.deleted ? null : tools(message, own),
	);
}

function tools(message, own) {
	const button = (name, title, onclick) => h("button.icon", { type: "button", title, "aria-label": title, onclick }, name.length > 2 ? icon(name) : name);
	const send = (body) => act("phone/send", { ...who(), target: message.id, ...body });
	return h(
		"span.tools",
		{},
		button("👍", "React", () => send({ kind: "reaction", text: message.reactions[ownName()] === "👍" ? "" : "👍" })),
		button("reply", "Reply", () => target(message, false)),
		own && ["text", "image", "video", "document"].includes(message.kind) ? button("edit", "Edit", () => target(message, true)) : null,
		own ? button("trash", "Delete for everyone", () => send({ kind: "delete" })) : null,
	);
}
