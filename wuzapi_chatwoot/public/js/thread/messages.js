// The messages that are loaded, in the order in which they were sent, without gaps. Knows no page and no server.

// They are shown on the message that they are about.
const CHANGES = new Set(["reaction", "edit", "revoke"]);

export class Messages {
	constructor() {
		this.all = [];
		this.has_more = false;
		this.by_name = new Map();
	}

	get oldest() {
		return this.all.length ? this.all[0].name : null;
	}

	/** Undefined: it is not loaded. */
	get(name) {
		return this.by_name.get(name);
	}

	/** A change of a message that is there is no message of its own, unless it failed. */
	get shown() {
		return this.all.filter(({ kind, reply, status }) => !(CHANGES.has(kind) && reply && status !== "failed"));
	}

	/** The newest page came: it takes the place of the end; of all, when too much came meanwhile for them to touch. */
	take_newest({ messages, has_more }) {
		const fresh = new Set(messages.map((message) => message.name));
		const from = this.all.findIndex((message) => fresh.has(message.name));
		if (from <= 0) this.has_more = has_more;
		this.take([...this.all.slice(0, Math.max(from, 0)), ...messages]);
	}

	take_older({ messages, has_more }) {
		this.take([...messages.filter((message) => !this.by_name.has(message.name)), ...this.all]);
		this.has_more = has_more;
	}

	/** New messages, or newer values. What is older than all that is loaded comes with its page. True: there are new ones. */
	merge(messages) {
		const known = this.all.length;
		const all = new Map(this.by_name);
		for (const message of messages) {
			const before_all = this.has_more && known && order(message, this.all[0]) < 0;
			if (all.has(message.name) || !before_all) all.set(message.name, message);
		}
		this.take([...all.values()].sort(order));
		return this.all.length > known;
	}

	/** What is the same as before stays the same object: nobody need look at it again. */
	take(messages) {
		this.all = messages.map((message) => {
			const known = this.by_name.get(message.name);
			return known && known !== message && same(known, message) ? known : message;
		});
		this.by_name = new Map(this.all.map((message) => [message.name, message]));
	}
}

function order(one, other) {
	if (one.sent_at !== other.sent_at) return one.sent_at < other.sent_at ? -1 : 1;
	return one.name - other.name;
}

function same(one, other) {
	return JSON.stringify(one) === JSON.stringify(other);
}
