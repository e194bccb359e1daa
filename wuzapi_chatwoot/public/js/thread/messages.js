// The messages that are loaded, oldest first, without gaps. Knows no page and no server.

export class Messages {
	constructor() {
		this.all = [];
		this.has_more = false;
	}

	get oldest() {
		return this.all.length ? this.all[0].name : null;
	}

	names() {
		return new Set(this.all.map((message) => message.name));
	}

	/** Undefined: it is not loaded. */
	get(name) {
		return this.all.find((message) => message.name === name);
	}

	/** The newest page came: it takes the place of the end; of all, when too much came meanwhile for them to touch. */
	take_newest({ messages, has_more }) {
		const fresh = new Set(messages.map((message) => message.name));
		const from = this.all.findIndex((message) => fresh.has(message.name));
		if (from <= 0) this.has_more = has_more;
		this.all = [...this.all.slice(0, Math.max(from, 0)), ...messages];
	}

	take_older({ messages, has_more }) {
		const known = this.names();
		this.all = [...messages.filter((message) => !known.has(message.name)), ...this.all];
		this.has_more = has_more;
	}

	/** Newer values of single messages. */
	replace(messages) {
		const fresh = new Map(messages.map((message) => [message.name, message]));
		this.all = this.all.map((message) => fresh.get(message.name) || message);
	}

	/** Name of the message after this one; null: it is the last, undefined: it is not loaded. */
	after(name) {
		const place = this.all.findIndex((message) => message.name === name);
		if (place < 0) return undefined;
		return place + 1 < this.all.length ? this.all[place + 1].name : null;
	}

	/** Whether it is among the last `count`, which the newest page brings. */
	among_last(name, count) {
		return this.all.slice(-count).some((message) => message.name === name);
	}
}
