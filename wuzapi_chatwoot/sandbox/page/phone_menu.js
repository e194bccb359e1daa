// The "+" of the phone: everything that can be sent beside plain words, and what can be done to the last message.

import { act, base64, by, h } from "./elements.js";
import { isNote, shortly } from "./kinds.js";
import { menuButton } from "./menu.js";

const SAMPLE = "A *bold* word, an _italic_ one, one ~struck~, and `code`.\n> a quote\n- one\n- two";
const QUESTION = { text: "Which cake shall it be?", options: ["Carrot", "Lemon", "Both"] };
const NEWCOMER = "447700900790";

// [name, icon, body]; what a body leaves out, the sandbox fills in.
const FILES = [
	["Picture with words", "picture", { kind: "image", text: "Look at this" }],
	["Album", "album", { kind: "album" }],
	["View once", "once", { kind: "view_once" }],
	["Video", "film", { kind: "video" }],
	["GIF", "film", { kind: "gif" }],
	["Video note", "round", { kind: "video_note" }],
	["Audio file", "music", { kind: "audio" }],
	["Animated sticker", "sticker", { kind: "sticker", animated: true }],
	["Document with words", "document", { kind: "document", text: "The quote that you asked for" }],
];
const CARDS = [
	["Live location", "live", { kind: "live_location" }],
	["Contact", "person", { kind: "contact" }],
	["Contacts", "people", { kind: "contacts" }],
	["Poll", "poll", { kind: "poll", ...QUESTION }],
	["Order", "cart", { kind: "order" }],
	["Product", "tag", { kind: "product" }],
	["Group invite", "people", { kind: "group_invite" }],
	["Event", "timer", { kind: "event", text: "Summer party" }],
	["Payment request", "cart", { kind: "payment_request", text: "For the cake" }],
	["Sticker pack", "sticker", { kind: "sticker_pack", text: "Happy mugs" }],
];
const OF_BUSINESSES = [
	["Template", "tag", { kind: "template", text: "Your parcel 42 is on its way" }],
	["Buttons", "answer", { kind: "buttons", text: "Shall we send it today?" }],
	["List", "poll", { kind: "list", text: "When may we come?" }],
	["Carousel", "album", { kind: "carousel", text: "New in our shop" }],
];
const TEXTS = [
	["Marks", "text", { kind: "text", text: SAMPLE }],
	["Forwarded", "forward", { kind: "text", text: "Please pass this on", forwarded: true }],
	["Link with preview", "link", { kind: "text", text: "https://example.com/cakes", link_preview: true }],
	["Mention", "at", { kind: "text", text: "@12025550100 can you help?", mentions: ["12025550100"] }],
	["Disappearing", "timer", { kind: "text", text: "Gone in a week", ephemeral: true }],
	["From an ad", "tag", { kind: "text", text: "I saw your ad", ad: true }],
	["Chosen button", "answer", { kind: "button_answer", text: "Yes, please" }],
	["Chosen row", "answer", { kind: "list_answer", text: "Carrot cake" }],
];
const ODD = [
	["Not decrypted yet", "lock", { kind: "undecryptable" }],
	["Unknown kind", "question", { kind: "unknown", text: "Something new" }],
];

export function phoneMenu({ write, chat, asShop, target }) {
	const who = () => ({ customer: chat().is_group ? "group" : chat().customer, from_me: asShop() });
	const file = h("input", { type: "file", hidden: true, multiple: true, testid: "phone-file", "aria-label": "Files to send" });
	file.addEventListener("change", async () => {
		for (const each of file.files) await write({ ...kindOf(each), name: each.name, data: base64(await each.arrayBuffer()) });
		file.value = "";
	});
	by("phone-form").append(file);
	const entry = ([name, icon, body]) => ({ name, icon, testid: `phone-menu-${body.kind}`, act: () => act("phone/send", { ...who(), ...body }) });
	const last = (wanted) => chat().messages.filter((each) => !isNote(each) && !each.deleted && wanted(each)).at(-1);
	const own = (each) => each.from_me === asShop();

	const onLast = () => {
		const [any, mine, question] = [last(() => true), last(own), last((each) => each.poll)];
		const edited = last((each) => own(each) && each.kind === "text");
		const ringing = chat().messages.filter((each) => each.call && !each.call.reason).at(-1);
		const does = (name, icon, message, body, id = body.kind) => ({ name, icon, testid: `phone-menu-${id}`, disabled: !message, act: () => act("phone/send", { ...who(), target: message.id, ...body }) });
		return [
			{ ...does("Love it", "", any, { kind: "reaction", text: "❤️" }), emoji: "❤️" },
			{ name: "Reply", icon: "reply", testid: "phone-menu-reply", disabled: !any, act: () => target(any, false) },
			{ name: "Edit", icon: "edit", testid: "phone-menu-edit", disabled: !edited, act: () => target(edited, true) },
			does(mine ? `Delete “${shortly(mine).slice(0, 16)}”` : "Delete", "trash", mine, { kind: "delete" }),
			does("Pin", "pin", any, { kind: "pin" }),
			does("Vote", "check", question, { kind: "poll_vote", options: question ? [question.poll.options[0]] : [] }),
			ringing && !asShop() ? does("Hang up", "call", ringing, { kind: "call_end" }) : null,
		].filter(Boolean);
	};
	const types = (name, icon, state, media = "") => ({ name, icon, testid: `phone-menu-${media ? "recording" : state}`, act: () => act("phone/typing", { customer: chat().customer, state, media }) });
	const typing = () => [types("Typing", "dots", "composing"), types("Recording", "voice", "composing", "audio"), types("Neither", "block", "paused")];
	const calls = [
		["Voice call", "call", { kind: "call" }],
		["Video call", "camera", { kind: "call", video: true }],
		["New profile picture", "picture", { kind: "picture" }],
		["No profile picture", "person", { kind: "picture_removed" }],
	];
	const inGroup = [
		["Dan joins", "people", { kind: "group_join", customer: NEWCOMER }],
		["Dan leaves", "people", { kind: "group_leave", customer: NEWCOMER }],
		["New subject", "edit", { kind: "group_subject", text: "Cakes for Sunday" }],
		["New picture", "picture", { kind: "picture" }],
	];
	return menuButton("More to send", "phone-menu", () => [
		["Files", [...FILES.map(entry), { name: "From this machine", icon: "clip", testid: "phone-menu-file", act: () => file.click() }]],
		["Cards", CARDS.map(entry)],
		["Of businesses", OF_BUSINESSES.map(entry)],
		["Words", TEXTS.map(entry)],
		["The last message", onLast()],
		["Typing", asShop() || chat().is_group ? [] : typing()],
		[chat().is_group ? "The group" : "Calls and profile", asShop() ? [] : (chat().is_group ? inGroup : calls).map(entry)],
		["Trouble", ODD.map(entry)],
	]);
}

function kindOf(file) {
	const mimetype = file.type || "application/octet-stream";
	const family = mimetype.split("/")[0];
	const kind = mimetype === "image/webp" ? "sticker" : { image: "image", video: "video", audio: "audio" }[family] || "document";
	return { kind, mimetype };
}
