// Hears of changes in the conversation that is open. The server sends ids only, to those who may read it.
import { connection } from "../server/connection";

const DOCTYPE = "WuzAPI Conversation";

export class Live {
	/**
	 * `message(name)`: this message is new or changed. `missed()`: the line was down, anything may have changed.
	 * `line(up)`: whether there are live updates.
	 */
	constructor({ message, conversation, missed, line }) {
		this.open = null;
		frappe.realtime.on("wuzapi_chatwoot_message", (data) => {
			if (data.conversation === this.open) message(data.message);
		});
		frappe.realtime.on("wuzapi_chatwoot_changed", (data) => {
			if (data.doctype === DOCTYPE && Number(data.name) === this.open) conversation();
		});
		const catch_up = () => this.open !== null && missed();
		connection().watch({
			down: () => line(false),
			back: () => {
				line(true);
				if (this.open !== null) this.join();
				catch_up();
			},
			look: catch_up,
		});
		// A sleeping computer notices late, or never, that the line was down.
		document.addEventListener("visibilitychange", () => !document.hidden && catch_up());
	}

	show(conversation) {
		if (this.open === conversation) return;
		this.open = conversation;
		this.join();
	}

	/**
	 * Frappe does not go back into the room of a document when the line comes back. Past Frappe's own `doc_subscribe`,
	 * which forgets those that come within a second of each other.
	 */
	join() {
		frappe.realtime.emit("doc_subscribe", DOCTYPE, String(this.open));
	}
}
