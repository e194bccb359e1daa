// The two menus of the desk: what can be attached without having it, and what can be done to a conversation.

import { act, by } from "./elements.js";
import { menuButton } from "./menu.js";

const ATTACHED = [
	["Voice message", "voice", [{ kind: "voice" }]],
	["Three pictures", "album", [{ kind: "image" }, { kind: "image" }, { kind: "image" }]],
	["Video", "film", [{ kind: "video" }]],
	["WebP picture", "sticker", [{ kind: "webp" }]],
	["Contact card", "person", [{ kind: "contact" }]],
	["Text file", "text", [{ kind: "text" }]],
];
const OPTIONS = {
	content_type: "input_select",
	items: [
		{ title: "Place an order", value: "order" },
		{ title: "Opening hours", value: "hours" },
	],
};
const MAP = "https://maps.google.com/?q=51.5033,-0.1196";
const MARKS = "A **bold** word, an *italic* one, one ~~struck~~, and `code`.\n\n> a quote\n\n- one\n- two";

export function attachMenu(send) {
	const entry = ([name, icon, files]) => ({ name, icon, testid: `agent-menu-${files[0].kind}`, act: () => send({ files }) });
	return menuButton("More to send", "agent-menu", [
		["Files", [...ATTACHED.map(entry), { name: "From this machine", icon: "clip", testid: "agent-menu-file", act: () => by("agent-file").click() }]],
		[
			"Words",
			[
				{ name: "Map link", icon: "location", testid: "agent-menu-map", act: () => send({ text: MAP }) },
				{ name: "Options", icon: "poll", testid: "agent-menu-options", act: () => send({ text: "How can we help?", offer: OPTIONS }) },
				{ name: "Markdown", icon: "text", testid: "agent-menu-marks", act: () => send({ text: MARKS }) },
			],
		],
	]);
}

export function conversationMenu(conversation, others) {
	const does = (name, icon, path, body = {}, more = {}) => {
		const about = () => ({ conversation_id: conversation().id, ...body });
		return { name, icon, testid: `agent-menu-${path.replace("agent/", "")}`, act: () => act(path, about()), ...more };
	};
	return menuButton(
		"More for this conversation",
		"agent-more",
		() => {
			const { contact, can_reply: open } = conversation();
			const merge = (other) => ({
				name: `${other.name || `Contact ${other.id}`} into this one`,
				icon: "merge",
				testid: "agent-menu-merge",
				danger: true,
				act: () => act("agent/merge", { base_contact_id: contact.id, mergee_contact_id: other.id }),
			});
			return [
				[
					"Conversation",
					[
						does("Pending", "timer", "agent/pending"),
						does("Typing", "text", "agent/typing", { on: true }),
						does("Typing no more", "text", "agent/typing", { on: false }),
						does("Take it", "person", "agent/assign", { on: true }),
						does(open ? "Reply window of 24 h" : "No reply window", "timer", "agent/window", { hours: open ? 24 : null }),
						does("Delete conversation", "trash", "agent/delete_conversation", {}, { danger: true }),
					],
				],
				[
					"Contact",
					[
						does(contact.blocked ? "Let in again" : "Block", "block", "agent/block", { on: !contact.blocked }),
						does("Delete contact", "trash", "agent/delete_contact", {}, { danger: true }),
					],
				],
				["Merge", others().slice(0, 6).map(merge)],
			];
		},
		"dots",
	);
}
