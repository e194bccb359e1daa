// What a message on a phone consists of, kind by kind. Every key but the oldest few may be missing.

import { clock, h, icon } from "./elements.js";
import { phoneMarks, plainPhone } from "./marks.js";
import { fileView } from "./media.js";

const NAMES = {
	image: "Photo",
	voice: "Voice message",
	audio: "Audio",
	video: "Video",
	gif: "GIF",
	video_note: "Video note",
	document: "Document",
	sticker: "Sticker",
	location: "Location",
	live_location: "Live location",
	contact: "Contact",
	contacts: "Contacts",
	poll: "Poll",
	album: "Album",
	view_once: "View once photo",
	order: "Order",
	product: "Product",
	group_invite: "Group invite",
	call: "Call",
	template: "Template",
	buttons: "Buttons",
	list: "List",
	carousel: "Carousel",
	event: "Event",
	payment_request: "Payment request",
	poll_result: "Poll results",
	sticker_pack: "Sticker pack",
	number_shared: "Phone number shared",
	number_asked: "Phone number asked for",
};
const WAITING = {
	undecryptable: "Waiting for this message. This may take a while.",
	unknown: "A kind of message that this phone shows and the bridge does not know",
	empty: "A message without content",
	sender_key: "A key of the group, without content",
};

export const shortly = (message) => (message.deleted ? "Deleted message" : plainPhone(message.text || message.caption || "") || NAMES[message.kind] || message.kind);

// Calls, people joining: a line of their own, no bubble.
export const isNote = (message) => message.kind === "call" || message.kind === "notice";

export function drawNote(message) {
	const call = message.call;
	const words = call ? callWords(call, message) : message.text || message.kind;
	return h(
		`p.activity.line${call ? (call.reason && call.reason !== "accepted" ? ".call.missed" : ".call") : ""}`,
		{ testid: "phone-note", data: { messageId: message.id, kind: message.kind } },
		call ? icon(call.video ? "camera" : "call") : null,
		h("span", {}, words),
		h("small", {}, clock(message.timestamp)),
	);
}

function callWords(call, message) {
	const what = call.video ? "video call" : "voice call";
	if (call.rejected || call.reason === "rejected" || call.reason === "busy") return `Declined ${what}`;
	if (!call.reason) return message.text || `${message.by} is calling · ${what}`;
	return call.reason === "accepted" || call.reason === "accepted_elsewhere" ? `Answered ${what}` : `Missed ${what}`;
}

// All parts of a bubble but its frame; `acts` are what can be done from inside it.
export function parts(message, chat, url, acts) {
	const out = [];
	if (message.forwarded) out.push(h("small.mark", {}, icon("forward"), "Forwarded"));
	if (message.ad) out.push(card("tag", `From an ad${message.ad.title ? ` · ${message.ad.title}` : ""}`, message.ad.body, message.ad.url));
	const quoted = quote(message, chat, acts);
	if (quoted) out.push(quoted);
	if (message.deleted) return [...out, h("em.gone", {}, icon("block"), deletedWords(message))];
	out.push(...body(message, url, acts));
	const words = message.text || message.caption || "";
	if (words && !spoken(message)) out.push(phoneMarks(words, acts.nameOf));
	if (message.link_preview) out.push(card("link", message.link_preview.title, message.link_preview.description, message.link_preview.url));
	return out;
}

const deletedWords = (message) => (message.deleted_by ? `Deleted by ${message.deleted_by}, an admin` : "This message was deleted");

// Kinds whose own words are already inside their card.
const spoken = (message) => ["location", "contact", "contacts", "poll", "unknown"].includes(message.kind) && !message.location?.live;

function quote(message, chat, acts) {
	if (!message.reply_to && !message.quoted) return null;
	const target = chat.messages.find((each) => each.id === (message.reply_to || message.quoted.id));
	const words = target ? shortly(target) : plainPhone(message.quoted?.text || "an older message");
	const by = target?.by || acts.nameOf((message.quoted?.author || "").split("@")[0]);
	return h(
		"button.quote",
		{ type: "button", title: "Go to that message", disabled: !target, onclick: () => acts.goTo(target.id) },
		by ? h("b", {}, by) : null,
		h("span", {}, words),
	);
}

function body(message, url, acts) {
	const { kind, file } = message;
	if (message.view_once) return [h("span.view-once", {}, icon("once"), h("span", {}, message.kind === "voice" ? "Voice message" : "Photo", h("small", {}, "Opens once")))];
	if (file) return [fileView(url, kind, file, message)];
	switch (kind) {
		case "text":
			return [];
		case "location":
		case "live_location":
			return [place(message)];
		case "contact":
		case "contacts":
			return people(message);
		case "poll":
			return [poll(message, acts)];
		case "album":
			return [card("album", "Album", counted(message.album))];
		case "order":
			return [card("cart", message.order?.title || "Order", message.order && `${message.order.items} items · ${money(message.order.total, message.order.currency)}`)];
		case "product":
			return [card("tag", message.product?.title || "Product", message.product && `${message.product.description} · ${money(message.product.price, message.product.currency)}`)];
		case "group_invite":
			return [card("people", message.invite?.group || message.invite?.name || "Group", "Invitation to a group")];
	}
	if (message.answer) return [h("span.mark", {}, icon("answer"), "Chosen", message.answer.description ? ` · ${message.answer.description}` : "")];
	return [h("em.waiting", {}, WAITING[kind] || NAMES[kind] || kind)];
}

const counted = (album) => (album ? [album.pictures && `${album.pictures} pictures`, album.videos && `${album.videos} videos`].filter(Boolean).join(", ") : "");
const money = (thousandths, currency) => `${currency || ""} ${((thousandths || 0) / 1000).toFixed(2)}`.trim();

function card(picture, title, words, url = "") {
	const inside = [icon(picture), h("span", {}, h("b", {}, title || ""), words ? h("small", {}, words) : null, url ? h("small.url", {}, url) : null)];
	if (!/^https?:\/\//.test(url)) return h("div.card-in", {}, ...inside);
	return h("a.card-in", { href: url, target: "_blank", rel: "noopener noreferrer" }, ...inside);
}

function place(message) {
	const spot = message.location || {};
	const at = `${spot.latitude},${spot.longitude}`;
	const known = spot.latitude !== undefined;
	const live = spot.live || message.kind === "live_location";
	return h(
		"div.place",
		{},
		h(`span.map${live ? ".live" : ""}`, { "aria-hidden": "true" }, icon("location")),
		h(
			"span",
			{},
			h("b", {}, live ? "Live location" : spot.name || message.text || "Location"),
			spot.address ? h("small", {}, spot.address) : null,
			known ? h("a", { href: `https://maps.google.com/?q=${at}`, target: "_blank", rel: "noopener noreferrer" }, at) : null,
		),
	);
}

const unescaped = (text) => text.replace(/\\n/gi, " ").replace(/\\([,;\\])/g, "$1");

export function numbersOf(vcard) {
	const lines = vcard.replace(/\r?\n[ \t]/g, "").split(/\r?\n/);
	return lines.filter((line) => /^(item\d+\.)?(TEL|EMAIL)[;:]/i.test(line)).map((line) => unescaped(line.slice(line.indexOf(":") + 1)));
}

function people(message) {
	const cards = message.contacts?.length ? message.contacts : [{ name: message.text || "Contact", vcard: "" }];
	return cards.map((each) =>
		h("div.card-in.contact", {}, icon("person"), h("span", {}, h("b", {}, each.name), ...numbersOf(each.vcard || "").map((number) => h("small", {}, number)))),
	);
}

function poll(message, acts) {
	const { question, options = [], votes = {} } = message.poll || { question: message.text };
	const most = Math.max(1, Object.keys(votes).length);
	const option = (words) => {
		const who = Object.keys(votes).filter((name) => votes[name].includes(words));
		const meter = h("meter", { min: 0, max: most, value: who.length, "aria-hidden": "true" });
		return h(
			"button.option",
			{ type: "button", title: who.join(", ") || "No votes yet", "aria-label": `Vote for ${words}, ${who.length} votes`, onclick: () => acts.vote(message, words) },
			h("span", {}, words),
			h("small", {}, String(who.length)),
			meter,
		);
	};
	return h("div.poll", {}, h("b", {}, question || "Poll"), h("small", {}, "Poll · click to vote"), ...options.map(option));
}

export function reactions(message) {
	const all = Object.entries(message.reactions || {});
	if (!all.length) return null;
	const count = new Map();
	for (const [, emoji] of all) count.set(emoji, (count.get(emoji) || 0) + 1);
	const words = [...count].map(([emoji, number]) => (number > 1 ? `${emoji} ${number}` : emoji)).join(" ");
	return h("span.reactions", { testid: "reactions", title: all.map(([name, emoji]) => `${name} ${emoji}`).join(", ") }, words);
}
