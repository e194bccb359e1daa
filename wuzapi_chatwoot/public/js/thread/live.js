// Hears of changes in the conversation that is open. The server sends ids only, to those who may read it.

const DOCTYPE = "WuzAPI Conversation";

export class Live {
	/** `message(name)`: this message is new or changed. `missed()`: the line was down, anything may have changed. */
	constructor({ message, conversation, missed }) {
		this.open = null;
		frappe.realtime.on("wuzapi_chatwoot_message", (data) => {
			if (data.conversation === this.open) message(data.message);
		});
		frappe.realtime.on("wuzapi_chatwoot_changed", (data) => {
			if (data.doctype === DOCTYPE && Number(data.name) === this.open) conversation();
		});
		// Frappe does not go back into the room of a document when the line comes back.
		frappe.realtime.socket?.on("connect", () => {
			if (this.open === null) return;
			this.join();
			missed();
		});
		// A sleeping computer notices late, or never, that the line was down.
		document.addEventListener("visibilitychange", () => {
			if (!document.hidden && this.open !== null) missed();
		});
	}

	show(conversation) {
		if (this.open === conversation) return;
		this.open = conversation;
		this.join();
	}

	/** Past Frappe's own `doc_subscribe`, which forgets those that come within a second of each other. */
	join() {
		frappe.realtime.emit("doc_subscribe", DOCTYPE, String(this.open));
	}
}
