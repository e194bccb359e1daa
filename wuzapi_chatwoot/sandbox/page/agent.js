// The right part: the agent's view of Chatwoot.

import { attachMenu, conversationMenu } from "./agent_menu.js";
import { act, avatar, base64, by, h, icon, keyed, stayAtEnd } from "./elements.js";
import { drawMessage, shortly } from "./thread.js";

const SAMPLES = [
	["picture", "image", "A sample picture"],
	["document", "document", "A sample document"],
];

let state = { conversations: [] };
let chosen = null;
let opened = null;
let shown = null;
let files = [];
let replyTo = null;
let atEnd;

const conversation = () => state.conversations.find((each) => each.id === chosen);

export function setUpAgent() {
	atEnd = stayAtEnd(by("thread"));
	const extras = by("agent-extras");
	for (const [name, kind, title] of SAMPLES)
		extras.append(
			h("button.icon", { type: "button", title, "aria-label": title, testid: `agent-${name}`, onclick: () => send({ files: [{ kind }] }) }, icon(name)),
		);
	const choose = () => by("agent-file").click();
	extras.append(h("button.icon", { type: "button", title: "Attach files", "aria-label": "Attach files", onclick: choose }, icon("clip")));
	extras.append(attachMenu(send));
	const others = () => [...new Map(state.conversations.map((each) => [each.contact.id, each.contact])).values()].filter((each) => each.id !== conversation().contact.id);
	by("about-more").append(conversationMenu(conversation, others));
	by("agent-file").addEventListener("change", take);
	by("agent-input").addEventListener("keydown", (event) => {
		if (event.key === "Escape") forgetReply();
	});
	by("agent-form").addEventListener("submit", (event) => {
		event.preventDefault();
		if (by("agent-input").value.trim() || files.length) send();
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

// Sends what is typed and chosen; or a sample, which leaves what is typed alone when it has its own words.
async function send(sample = {}) {
	if (!conversation()) return;
	if (sample.text) {
		act("agent/send", { conversation_id: chosen, text: sample.text, private: by("private").checked, ...sample.offer });
		return;
	}
	const input = by("agent-input");
	const [text, attached, answered] = [input.value, files, replyTo];
	// Emptied before the answer comes: by then the next text may have been typed.
	input.value = "";
	files = [];
	const sent = await act("agent/send", {
		conversation_id: chosen,
		text,
		private: by("private").checked,
		attachments: [...attached, ...(sample.files || [])],
		...(answered ? { in_reply_to: answered } : {}),
	});
	if (sent && replyTo === answered) forgetReply();
	if (!sent) {
		input.value ||= text;
		files = [...attached, ...files];
	}
	drawChosen();
}

export function drawAgent(fresh) {
	state = fresh;
	if (!conversation()) chosen = state.conversations[0]?.id ?? null;
	const mark = (each) => JSON.stringify([each.contact.name, each.contact.avatar, last(each)?.content, each.status, each.unread_count, each.id === chosen, last(each)?.id, last(each)?.status]);
	keyed(by("conversations"), state.conversations, (each) => each.id, drawConversation, mark);
	if (!state.conversations.length) by("conversations").replaceChildren(h("p.empty", { data: { key: "empty" } }, "No conversations yet."));
	drawThread();
}

const last = (each) => each.messages.filter((message) => message.message_type !== "activity").at(-1);

function drawConversation(each) {
	const message = last(each);
	const choose = () => {
		chosen = opened = each.id;
		forgetReply();
		drawAgent(state);
	};
	return h(
		"button.conversation",
		{ type: "button", "aria-current": String(each.id === chosen), testid: `agent-conversation-${each.id}`, onclick: choose },
		avatar(each.contact.name || "?", false, picture(each.contact)),
		h(
			"span",
			{},
			h("b", {}, each.contact.name || each.source_id),
			h("small", {}, each.status === "open" ? null : h("i", {}, `${each.status} · `), message ? shortly(message) : "no messages"),
		),
		each.unread_count ? h("i.badge", {}, String(each.unread_count)) : null,
		message?.status === "failed" ? h("i.badge.bad", { title: "not delivered" }, "!") : null,
	);
}

function drawThread() {
	const current = conversation();
	const place = by("thread");
	by("agent-form").inert = !current;
	by("about-more").hidden = !current;
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
	drawAbout(current);
	by("agent-typing").textContent = current.contact_types ? `${current.contact.name || "The customer"} is typing …` : "";
	by("window").hidden = current.can_reply !== false;
	const draw = (message) => drawMessage(message, current, { reply, goTo });
	atEnd(() => keyed(place, current.messages, (each) => each.id, draw), changed);
}

function drawAbout(current) {
	const { contact, status } = current;
	const turn = () => act(`agent/${status === "open" ? "resolve" : "reopen"}`, { conversation_id: current.id });
	const attributes = Object.entries({ ...contact.custom_attributes, ...current.custom_attributes });
	const draw = () =>
		h(
			"div.headline",
			{},
			h(
				"div.line",
				{},
				avatar(contact.name || "?", false, picture(contact)),
				h("span", {}, h("b", {}, contact.name || current.source_id), h("small", {}, h("i.status", { testid: "agent-conversation-status", data: { status } }, status), contact.blocked ? h("i.status.blocked", {}, "blocked") : null, ` #${current.id} · ${contact.phone_number || current.source_id}`)),
				h("button.resolve", { type: "button", testid: "agent-status", onclick: turn }, status === "open" ? "Resolve" : "Reopen"),
			),
			attributes.length || current.labels.length
				? h("dl.attributes", {}, ...current.labels.map((label) => h("div.label", {}, label)), ...attributes.map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", { title: valueText(value) }, valueText(value)))))
				: null,
		);
	keyed(by("about"), [current], (each) => each.id, draw, () => JSON.stringify([contact, status, current.custom_attributes, current.labels]));
}

const valueText = (value) => (typeof value === "object" ? JSON.stringify(value) : String(value));
const picture = (contact) => (contact.avatar ? `control/files/chatwoot/${encodeURIComponent(contact.avatar)}` : null);

function reply(message) {
	replyTo = message.id;
	by("agent-replying").replaceChildren(
		h("span", {}, `Reply to: ${shortly(message)}`),
		h("button.icon", { type: "button", "aria-label": "Cancel", onclick: forgetReply }, "×"),
	);
	by("agent-replying").hidden = false;
	by("agent-input").focus();
}

function forgetReply() {
	replyTo = null;
	by("agent-replying").hidden = true;
}

function goTo(id) {
	const bubble = by("thread").querySelector(`[data-message-id="${id}"]`);
	bubble?.scrollIntoView({ block: "center" });
	bubble?.classList.add("found");
	setTimeout(() => bubble?.classList.remove("found"), 1200);
}
