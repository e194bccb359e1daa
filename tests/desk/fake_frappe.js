// As much of Frappe as the thread touches, and a server with the messages of one conversation.

const handlers = {};
const server = {
	messages: [],
	refuses: 0,
	fill(count) {
		this.messages = [];
		for (let name = 1; name <= count; name++) this.add({ text: `message ${name}` });
	},
	add(given) {
		const message = {
			name: this.messages.length + 1,
			direction: "in",
			status: "delivered",
			error: null,
			text: "",
			kind: "text",
			origin: "customer",
			sender_name: "Ana",
			sent_at: "2026-03-01 12:10:00",
			file_url: null,
			file_name: null,
			mime_type: null,
			...given,
		};
		this.messages.push(message);
		return message;
	},
	tells({ name }) {
		for (const handler of handlers.wuzapi_chatwoot_message) handler({ conversation: 1, message: name });
	},
	arrives(given) {
		this.tells(this.add(given));
	},
	changes(name, values) {
		this.tells(Object.assign(this.messages[name - 1], values));
	},
	answer: {
		"wuzapi_chatwoot.api.conversations.get_messages"({ before, limit }) {
			const until = before ? server.messages.findIndex(({ name }) => name === before) : server.messages.length;
			const from = Math.max(0, until - limit);
			return { messages: structuredClone(server.messages.slice(from, until)), has_more: from > 0 };
		},
		"wuzapi_chatwoot.api.messages.send"({ text }) {
			if (server.refuses-- > 0) throw new Error("refused");
			server.add({ text, direction: "out", status: "pending", origin: "desk" });
			return { event: 1 };
		},
		"wuzapi_chatwoot.api.messages.send_again"({ message }) {
			Object.assign(server.messages[message - 1], { status: "pending", error: null });
			return { queued: true };
		},
	},
};

window.__ = (text, values = []) => text.replace(/\{(\d)\}/g, (_, place) => values[place]);
window.moment = (given) =>
	given.format
		? given
		: {
				format: (how) => (how.startsWith("HH") ? given.slice(11, 16) : given.slice(0, 10)),
				diff: () => 100,
			};
window.frappe = {
	provide: (name) => (window[name] ||= {}),
	xcall: async (method, args) => server.answer[method](args),
	realtime: {
		on: (event, handler) => (handlers[event] ||= []).push(handler),
		emit: () => {},
	},
	datetime: {
		convert_to_user_tz: (text) => window.moment(text),
		get_user_time_fmt: () => "HH:mm:ss",
		str_to_user: (text) => text,
		system_datetime: () => "2026-06-01 00:00:00",
	},
};
document.head.append(Object.assign(document.createElement("style"), { textContent: ".hidden { display: none }" }));
