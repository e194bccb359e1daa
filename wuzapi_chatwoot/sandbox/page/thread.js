// One message as the agent sees it: Markdown, files, the message that it answers, what became of it.

import { act, clock, h, icon } from "./elements.js";
import { markdown, plainMarkdown } from "./marks.js";
import { fileView } from "./media.js";

const STATUS = { sent: "✓", delivered: "✓✓", read: "✓✓", failed: "!" };
const WORDS = { image: "Picture", audio: "Audio", video: "Video", file: "File" };

export const shortly = (message) =>
	message.content_attributes.deleted ? "Deleted message" : plainMarkdown(message.content || "") || message.attachments.map((each) => WORDS[each.file_type] || each.name).join(", ") || "…";

// `acts` are reply and goTo; `current` is the conversation.
export function drawMessage(message, current, acts) {
	if (message.message_type === "activity") return h("p.activity", {}, message.content);
	const own = message.message_type !== "incoming";
	const kind = message.private ? "private" : own ? "own" : "theirs";
	const attributes = message.content_attributes;
	const failed = message.status === "failed";
	return h(
		`div.bubble.${kind}${failed ? ".bad" : ""}`,
		{ testid: "agent-bubble", tabindex: 0, data: { messageId: String(message.id), type: message.message_type, status: message.status } },
		quote(attributes, current, acts),
		...message.attachments.map(attachment),
		content(message, attributes),
		about(message, own),
		failed ? trouble(message) : null,
		attributes.deleted ? null : tools(message, acts),
	);
}

function quote(attributes, current, acts) {
	if (!attributes.in_reply_to) return null;
	const target = current.messages.find((each) => each.id === attributes.in_reply_to);
	const who = target && (target.message_type === "incoming" ? current.contact.name : target.sender);
	return h(
		"button.quote",
		{ type: "button", title: "Go to that message", disabled: !target, testid: "agent-quote", onclick: () => acts.goTo(target.id) },
		who ? h("b", {}, who) : null,
		h("span", {}, target ? shortly(target) : "an older message"),
	);
}

function attachment(file) {
	const url = `control/files/chatwoot/${encodeURIComponent(file.signed_id)}`;
	return fileView(url, file.file_type, { name: file.name, mimetype: file.content_type, size: file.size });
}

function content(message, attributes) {
	if (attributes.deleted) return h("em.gone", {}, icon("block"), message.content);
	if (attributes.is_unsupported) return h("em.waiting", {}, "This kind of message is not supported");
	return message.content ? markdown(message.content) : null;
}

function about(message, own) {
	const author = message.sender || (message.message_type === "template" ? "Survey" : "Automation");
	const echo = message.content_attributes.external_echo;
	const said = [message.private ? "private note" : "", echo ? "from the phone" : own ? author : ""];
	return h(
		"span.meta",
		{ title: message.source_id || "" },
		message.private ? icon("lock") : echo ? icon("phone") : null,
		[...said.filter(Boolean), clock(message.created_at)].join(" · "),
		own && !message.private ? h("span.tick", { title: message.status, data: { status: message.status } }, STATUS[message.status]) : null,
	);
}

function trouble(message) {
	const retry = () => act("agent/retry", { message_id: message.id });
	return h("span.failed", {}, h("span", {}, message.external_error || "not delivered"), h("button", { type: "button", testid: "agent-retry", onclick: retry }, "Retry"));
}

function tools(message, acts) {
	const button = (name, title, testid, onclick) => h("button.icon", { type: "button", title, "aria-label": title, testid, onclick }, icon(name));
	return h(
		"span.tools",
		{},
		message.private ? null : button("reply", "Reply", "agent-reply", () => acts.reply(message)),
		button("trash", "Delete", "agent-delete", () => act("agent/delete", { message_id: message.id })),
	);
}
