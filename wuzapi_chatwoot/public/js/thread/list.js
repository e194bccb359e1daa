// The messages of one conversation as elements: days, bubbles, and at the end what has not been sent yet. Draws again
// only what is another than before.
import { author_of } from "./authors";
import { Bubble } from "./bubble";
import { arrange, element } from "./elements";
import { day_of, name_of_day } from "./times";
import { Unsent } from "./unsent";

export class List {
	/** `acts` as a bubble wants them, `unsent_acts` as an unsent message does. */
	constructor(acts, unsent_acts) {
		this.element = element("div", { class: "wuzapi-list" });
		this.acts = acts;
		this.unsent_acts = unsent_acts;
		this.clear();
	}

	clear() {
		this.bubbles = new Map();
		this.unsent = new Map();
		this.days = new Map();
		this.day_by_message = new WeakMap();
		this.element.replaceChildren();
	}

	bubble_of(name) {
		return this.bubbles.get(name);
	}

	/** `messages`: what is loaded. `items`: what has not been sent yet. */
	draw(messages, items, is_group) {
		const nodes = [];
		let day = null;
		let author = null;
		for (const message of messages.shown) {
			const its_day = this.day_of(message);
			if (its_day !== day) {
				nodes.push(this.day(its_day));
				author = null;
			}
			const its_author = author_of(message, is_group);
			const key = `${message.direction} ${its_author}`;
			nodes.push(this.bubble(message, key !== author ? its_author : "", key !== author, messages));
			author = key;
			day = its_day;
		}
		arrange(this.element, [...nodes, ...items.map((item) => this.unsent_row(item))]);
		const kept = new Set(items.map(({ id }) => id));
		for (const id of this.unsent.keys()) if (!kept.has(id)) this.unsent.delete(id);
	}

	/** Times are costly to reckon, and a message keeps its own. */
	day_of(message) {
		if (!this.day_by_message.has(message)) this.day_by_message.set(message, day_of(message.sent_at));
		return this.day_by_message.get(message);
	}

	bubble(message, author, begins, messages) {
		let bubble = this.bubbles.get(message.name);
		if (!bubble) {
			bubble = new Bubble(message, this.acts);
			this.bubbles.set(message.name, bubble);
		}
		// What is quoted may have been changed or deleted since the page came that quotes it.
		const answered = message.reply && (messages.get(message.reply.name) || message.reply);
		const values = [message, author, answered, begins];
		if (!bubble.drawn?.every((value, place) => value === values[place])) {
			bubble.drawn = values;
			bubble.update(message, author, answered);
			bubble.row.classList.toggle("wuzapi-begins", begins);
		}
		return bubble.row;
	}

	day(day) {
		if (!this.days.has(day)) {
			this.days.set(day, element("div", { class: "wuzapi-day" }, element("span", {})));
		}
		const separator = this.days.get(day);
		// Yesterday becomes the day before while the page stays open.
		const name = name_of_day(day);
		if (separator.firstChild.textContent !== name) separator.firstChild.textContent = name;
		return separator;
	}

	unsent_row(item) {
		if (!this.unsent.has(item.id)) this.unsent.set(item.id, new Unsent(item, this.unsent_acts));
		const unsent = this.unsent.get(item.id);
		unsent.update(item);
		return unsent.row;
	}
}
