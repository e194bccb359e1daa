// Messages on their way to the server: one queue a conversation, so that none waits for another customer's. A message
// stays until the server has confirmed its id; the id is made here, so a repeat is the same message and never doubles.
import { NoAnswer, Refused } from "../server/request";
import { forget_message, store_message, stored_messages, watch_other_tabs } from "./unsent_store";

// In milliseconds, after the first, second, … try without an answer.
const PAUSES = [2_000, 5_000, 15_000, 30_000];
// What is older waits for its author, who may have said it otherwise meanwhile.
const LONGEST_ALONE = 10 * 60_000;

export class Outbox {
	/** `deliver(item)` resolves when the server has stored it. `changed(conversation)`: its items are others now. */
	constructor(deliver, changed) {
		this.deliver = deliver;
		this.changed = changed;
		this.items = [];
		this.busy = new Set();
		this.timers = new Map();
		// Ids of what the browser would not keep: lost with the page, so leaving it asks first.
		this.unkept = new Set();
	}

	/** Take up what an earlier page left, and listen. */
	start() {
		this.take_stored();
		watch_other_tabs(() => this.take_stored());
		window.addEventListener("online", () => this.run_all());
		window.addEventListener("beforeunload", (event) => {
			if (this.items.some(({ id }) => this.unkept.has(id))) event.preventDefault();
		});
	}

	/** In the order in which they were written. */
	of(conversation) {
		return this.items.filter((item) => item.conversation === conversation);
	}

	/** `message`: what `send` takes, and what is shown of it meanwhile (`file_name`, `answered`). */
	add(conversation, message) {
		const now = Date.now();
		const order = this.items.reduce((last, item) => Math.max(last, item.order), 0) + 1;
		const item = { id: fresh_id(), conversation, message, written_at: now, order, since: now, tries: 0, state: "waiting" };
		this.items.push(item);
		this.keep(item);
		this.changed(conversation);
		this.run(conversation);
		return item;
	}

	/** Its author wants it sent now. */
	retry(id) {
		const item = this.items.find((each) => each.id === id);
		if (!item) return;
		Object.assign(item, { state: "waiting", reason: "", since: Date.now() });
		this.keep(item);
		this.changed(item.conversation);
		this.run(item.conversation);
	}

	/** The server has it, or its author wants it no more. */
	remove(id) {
		const item = this.items.find((each) => each.id === id);
		if (!item) return;
		this.items = this.items.filter((each) => each !== item);
		this.unkept.delete(id);
		forget_message(id);
		this.changed(item.conversation);
	}

	async run(conversation) {
		if (this.busy.has(conversation)) return;
		clearTimeout(this.timers.get(conversation));
		this.busy.add(conversation);
		try {
			let item;
			// What was refused, or is too old, waits for its author; what was written after it goes on.
			while ((item = this.of(conversation).find(({ state }) => state === "waiting" || state === "sending"))) {
				if (!(await this.tried(item))) break;
			}
		} finally {
			this.busy.delete(conversation);
		}
	}

	/** One try; whether the next message may go. */
	async tried(item) {
		if (Date.now() - item.since > LONGEST_ALONE) {
			this.note(item, { state: "held" });
			return true;
		}
		this.note(item, { state: "sending" });
		try {
			await this.deliver(item);
		} catch (error) {
			if (error instanceof Refused) {
				this.note(item, { state: "refused", reason: error.message });
				return true;
			}
			const pause = PAUSES[Math.min(item.tries, PAUSES.length - 1)];
			const perhaps_sent = item.perhaps_sent || error instanceof NoAnswer;
			this.note(item, { state: "waiting", reason: error.message, tries: item.tries + 1, perhaps_sent });
			clearTimeout(this.timers.get(item.conversation));
			this.timers.set(item.conversation, setTimeout(() => this.run(item.conversation), pause));
			return false;
		}
		this.remove(item.id);
		return true;
	}

	run_all() {
		for (const conversation of new Set(this.items.map((item) => item.conversation))) this.run(conversation);
	}

	note(item, values) {
		// It was discarded, or another tab has sent it.
		if (!this.items.includes(item)) return;
		Object.assign(item, values);
		this.keep(item);
		this.changed(item.conversation);
	}

	keep(item) {
		if (store_message(item)) this.unkept.delete(item.id);
		else this.unkept.add(item.id);
	}

	/** What the browser has kept, from before this page or from another tab. */
	take_stored() {
		const stored = stored_messages();
		const ids = new Set(stored.map(({ id }) => id));
		const known = new Set(this.items.map(({ id }) => id));
		const gone = this.items.filter(({ id }) => !ids.has(id) && !this.unkept.has(id));
		this.items = this.items.filter((item) => !gone.includes(item));
		const fresh = stored.filter(({ id }) => !known.has(id));
		this.items.push(...fresh);
		for (const conversation of new Set([...gone, ...fresh].map((item) => item.conversation))) {
			this.changed(conversation);
			this.run(conversation);
		}
	}
}

/** In the shape of WhatsApp's own: the message bears it there. */
function fresh_id() {
	const bytes = crypto.getRandomValues(new Uint8Array(9));
	return `3EB0${[...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("").toUpperCase()}`;
}
