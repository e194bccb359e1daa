// The right part: the agent's view of Chatwoot.

import { act, avatar, base64, by, clock, fileView, h, icon, keyed, stayAtEnd } from "./elements.js";

const SAMPLES = [
	["picture", "image", "A sample picture"],
	["document", "document", "A sample document"],
];
const STATUS = { sent: "✓", delivered: "✓✓", read: "✓✓", failed: "!" };

let state = { conversations: [] };
let chosen = null;
let opened = null;
let shown = null;
let files = [];
let atEnd;

const conversation = () => state.conversations.find((each) => each.id === chosen);

export function setUpAgent() {
	atEnd = stayAtEnd(by("thread"));
	const extras = by("agent-extras");
	for (const [name, kind, title] of SAMPLES)
		extras.append(
			h("button.icon", { type: "button", title, "aria-label": title, testid: `agent-${name}`, onclick: () => send([{ kind }]) }, icon(name)),
		);
	const choose = () => by("agent-file").click();
	extras.append(h("button.icon", { type: "button", title: "Attach files", "aria-label": "Attach files", onclick: choose }, icon("clip")));
	by("agent-file").addEventListener("change", take);
	by("agent-form").addEventListener("submit", (event) => {
		event.preventDefault();
		if (by("agent-input").value.trim() || files.length) send([]);
	});
	by("private").addEventListener("change", () => by("agent-form").classList.toggle("noting", by("private").checked));
}

async function take(event) {
	for (const file of event.target.files)
		files.push({ name: file.name, mimetype: file.type || "application/octet-stream", data: base64(await file.arrayBuffer()) });
	event.target.value = "";
	drawChosen();
}

function drawChosen() {
	by("chosen").hidden = !files.length;
	by("chosen").replaceChildren(
		...files.map((file) =>
			h(
				"button.chip",
				{
					type: "button",
					title: "Leave it out",
					onclick: () => {
						files = files.filter((each) => each !== file);
						drawChosen();
					},
				},
				file.name,
				" ×",
			),
		),
	);
}

async function send(samples) {
	if (!conversation()) return;
	const input = by("agent-input");
	const [text, attached] = [input.value, files];
	// Emptied before the answer comes: by then the next text may have been typed.
	input.value = "";
	files = [];
	const sent = await act("agent/send", {
		conversation_id: chosen,
		text,
		private: by("private").checked,
		attachments: [...attached, ...samples],
	});
	if (!sent) {
		input.value ||= text;
		files = [...attached, ...files];
	}
	drawChosen();
}

export function drawAgent(fresh) {
	state = fresh;
	if (!conversation()) chosen = state.conversations[0]?.id ?? null;
	const mark = (each) => JSON.stringify([each.contact.name, each.status, each.unread_count, each.id === chosen, last(each)?.id, last(each)?.status]);
	keyed(by("conversations"), state.conversations, (each) => each.id, drawConversation, mark);
	if (!state.conversations.length) by("conversations").replaceChildren(h("p.empty", { data: { key: "empty" } }, "No conversations yet."));
	drawThread();
}

const last = (each) => each.messages.filter((message) => message.message_type !== "activity").at(-1);

function drawConversation(each) {
	const message = last(each);
	const choose = () => {
		chosen = opened = each.id;
		drawAgent(state);
	};
	return h(
		"button.conversation",
		{ type: "button", "aria-current": String(each.id === chosen), testid: `agent-conversation-${each.id}`, onclick: choose },
		avatar(each.contact.name || "?"),
		h(
			"span",
			{},
			h("b", {}, each.contact.name || each.source_id),
			h("small", {}, each.status === "open" ? null : h("i", {}, `${each.status} · `), message ? message.content || message.attachments[0]?.name || "" : "no messages"),
		),
		each.unread_count ? h("i.badge", {}, String(each.unread_count)) : null,
		message?.status === "failed" ? h("i.badge.bad", { title: "not delivered" }, "!") : null,
	);
}

function drawThread() {
	const current = conversation();
	const place = by("thread");
	by("agent-form").inert = !current;
	if (!current) {
		shown = null;
		by("about").replaceChildren();
		place.replaceChildren(h("p.empty", {}, "What customers write appears here, once the bridge has brought it over."));
		return;
	}
	const changed = shown !== current.id;
	if (changed) place.replaceChildren();
	shown = current.id;
	// A conversation that somebody has opened and looks at has nothing unread.
	if (current.unread_count && opened === current.id && !document.hidden) act("agent/look", { conversation_id: current.id });
	const resolved = current.status === "resolved";
	const turn = () => act(`agent/${resolved ? "reopen" : "resolve"}`, { conversation_id: current.id });
	keyed(by("about"), [current], (each) => each.id, () =>
		h(
			"div.line",
			{},
			h("span", {}, h("b", {}, current.contact.name || current.source_id), h("small", {}, current.contact.phone_number || current.source_id)),
			h("span.number", {}, `#${current.id}`),
			h("button.resolve", { type: "button", testid: "agent-status", onclick: turn }, resolved ? "Reopen" : "Resolve"),
		), (each) => JSON.stringify([each.contact, each.status]));
	atEnd(() => keyed(place, current.messages, (each) => each.id, drawMessage), changed);
}

function drawMessage(message) {
	if (message.message_type === "activity") return h("p.activity", {}, message.content);
	const own = message.message_type !== "incoming";
	const kind = message.private ? "private" : own ? "own" : "theirs";
	const failed = message.status === "failed";
	const parts = [];
	for (const file of message.attachments) {
		const url = `control/files/chatwoot/${encodeURIComponent(file.signed_id)}`;
		parts.push(fileView(url, file.file_type, { name: file.name, mimetype: file.content_type, size: file.size }));
	}
	if (message.content) parts.push(h(message.content_attributes.deleted ? "em" : "span.text", {}, message.content));
	const echo = message.content_attributes.external_echo ? "from the phone · " : "";
	const author = own ? `${message.sender || (message.message_type === "template" ? "Survey" : "Automation")} · ` : "";
	parts.push(
		h(
			"span.meta",
			{ title: message.source_id || "" },
			message.private ? "private note · " : "",
			author,
			echo,
			clock(message.created_at),
			own && !message.private ? h("span.tick", { title: message.status, data: { status: message.status } }, STATUS[message.status]) : null,
		),
	);
	if (failed) {
		const retry = () => act("agent/retry", { message_id: message.id });
		parts.push(
			h("span.failed", {}, h("span", {}, message.external_error || "not delivered"), h("button", { type: "button", testid: "agent-retry", onclick: retry }, "Retry")),
		);
	}
	return h(
		`div.bubble.${kind}${failed ? ".bad" : ""}`,
		{ testid: "agent-bubble", data: { messageId: String(message.id), type: message.message_type, status: message.status } },
		...parts,
	);
}
