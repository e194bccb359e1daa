// As much of Frappe as the thread touches, and a server with the messages of one conversation.

const handlers = {};
const server = {
	messages: [],
	sent: [],
	reactions: [],
	alerts: [],
	refuses: 0,
	fetches: [],
	told: [],
	revived: 0,
	/** Of the next calls of `send`: "lost" (done, but no answer), "silent" (never any answer), "broken" (502). */
	troubles: [],
	fill(count) {
		this.messages = [];
		for (let name = 1; name <= count; name++) this.add({ text: `message ${name}` });
	},
	add(given) {
		const message = {
			name: this.messages.length + 1,
			whatsapp_id: `ID-${this.messages.length + 1}`,
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
		"wuzapi_chatwoot.api.conversations.get_messages"({ before, limit, only }) {
			server.fetches.push(only || limit);
			if (only) return { messages: structuredClone(server.messages.filter(({ name }) => only.includes(name))), has_more: false };
			const until = before ? server.messages.findIndex(({ name }) => name === before) : server.messages.length;
			const from = Math.max(0, until - limit);
			return { messages: structuredClone(server.messages.slice(from, until)), has_more: from > 0 };
		},
		"wuzapi_chatwoot.api.messages.send"(given) {
			if (server.refuses-- > 0) throw new Error("<b>Not</b> allowed");
			const { id, conversation, text = "", reply_to } = given;
			server.sent.push(given);
			const known = server.messages.find(({ whatsapp_id }) => whatsapp_id === id);
			if (known) return { message: known.name, event: 1 };
			if (conversation !== 1) return { message: 1000 + server.sent.length, event: 1 };
			const reply = server.messages.find(({ name }) => name === reply_to) || null;
			const { name } = server.add({ whatsapp_id: id, text, reply, direction: "out", status: "pending", origin: "desk" });
			return { message: name, event: 1 };
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

/** The server's answers as they come over the line. */
const outside = window.fetch;
window.fetch = async (address, options) => {
	const method = String(address).replace("/api/method/", "");
	if (!server.answer[method]) return outside(address, options);
	const trouble = method.endsWith(".send") && server.troubles.shift();
	if (trouble === "broken") return new Response("<html>Bad Gateway</html>", { status: 502 });
	if (trouble === "silent") {
		return new Promise((_, reject) => options.signal.addEventListener("abort", () => reject(new Error("aborted"))));
	}
	let body, status = 200;
	try {
		body = { message: server.answer[method](JSON.parse(options.body)) };
	} catch ({ message }) {
		status = 417;
		body = { exc_type: "ValidationError", _server_messages: JSON.stringify([JSON.stringify({ message })]) };
	}
	if (trouble === "lost") throw new TypeError("Failed to fetch");
	return new Response(JSON.stringify(body), { status });
};

window.frappe = {
	session: { user: "agent@example.com" },
	msgprint: ({ message }) => server.alerts.push(message),
	confirm: (message, yes) => {
		server.alerts.push(message);
		yes();
	},
	utils: { escape_html: (text) => text.replaceAll("<", "&lt;") },
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
	realtime: {
		on: (event, handler) => (handlers[event] ||= []).push(handler),
		emit: (...told) => server.told.push(told),
		socket: {
			connected: true,
			handlers: {},
			on(event, handler) {
				(this.handlers[event] ||= []).push(handler);
			},
			/** The line breaks, or is back; `connect` as socket.io has it. */
			becomes(connected) {
				this.connected = connected;
				for (const handler of this.handlers[connected ? "connect" : "disconnect"] || []) handler();
			},
			connect() {
				server.revived++;
			},
		},
	},
	datetime: {
		convert_to_user_tz: (text) => window.moment(text),
		get_user_time_fmt: () => "HH:mm:ss",
		str_to_user: (text) => text,
		system_datetime: () => "2026-06-01 00:00:00",
	},
};
document.head.append(Object.assign(document.createElement("style"), { textContent: ".hidden { display: none }" }));
