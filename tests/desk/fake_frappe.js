// As much of Frappe as the thread touches, and a server with the messages of one conversation.

const handlers = {};
const server = {
	messages: [],
	sent: [],
	reactions: [],
	alerts: [],
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
			options: [],
			edited: [],
			deleted: null,
			reactions: [],
			reply: null,
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
		"wuzapi_chatwoot.api.messages.send"(given) {
			if (server.refuses-- > 0) throw new Error("refused");
			server.sent.push(given);
			const { text = "", reply_to } = given;
			const reply = server.messages.find(({ name }) => name === reply_to) || null;
			server.add({ text, reply, direction: "out", status: "pending", origin: "desk" });
			return { event: 1 };
		},
		"wuzapi_chatwoot.api.messages.react"(given) {
			server.reactions.push(given);
			return { queued: true };
		},
		"wuzapi_chatwoot.api.messages.read_map_link"({ link }) {
			return link.includes("51.5") ? { latitude: 51.5, longitude: -0.25, place: "Example Wheel" } : {};
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

/** Plain fields in the page instead of a dialog. */
class Dialog {
	constructor({ fields, primary_action }) {
		this.fields = new Map();
		this.element = document.createElement("form");
		this.element.className = "modal";
		for (const { fieldname, fieldtype, label, change, click } of fields) {
			const field = document.createElement(fieldtype === "Button" ? "button" : "input");
			Object.assign(field, { name: fieldname, type: fieldtype === "Button" ? "button" : "text", textContent: label });
			if (change) field.addEventListener("change", change);
			if (click) field.addEventListener("click", click);
			this.fields.set(fieldname, field);
			this.element.append(field);
		}
		this.button = Object.assign(document.createElement("button"), { className: "primary" });
		this.element.append(this.button);
		this.element.addEventListener("submit", (event) => {
			event.preventDefault();
			primary_action(Object.fromEntries([...this.fields].map(([name, field]) => [name, field.value])));
		});
	}
	show() {
		document.body.append(this.element);
	}
	hide() {
		this.element.remove();
	}
	get_value(name) {
		return this.fields.get(name).value;
	}
	set_value(name, value) {
		this.fields.get(name).value = value;
	}
	disable_primary_action() {
		this.button.disabled = true;
	}
	enable_primary_action() {
		this.button.disabled = false;
	}
}

window.frappe = {
	ui: {
		Dialog,
		FileUploader: class {
			constructor({ on_success }) {
				on_success({ name: "FILE-1", file_name: "offer.pdf" });
			}
		},
	},
	show_alert: ({ message }) => server.alerts.push(message),
	csrf_token: "token",
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
