// The thread of one conversation at a time: loads, shows, and brings up to date.
import { author_of } from "./authors";
import { Bubble } from "./bubble";
import { get_messages, react, send, send_again } from "./calls";
import { Composer } from "./composer";
import { arrange, element } from "./elements";
import { Live } from "./live";
import { Messages } from "./messages";
import { day_of, name_of_day } from "./times";
import { Viewport } from "./viewport";

const PAGE = 50;
// In milliseconds: what comes at once is fetched at once.
const GATHER = 80;
// How far back the thread goes by itself for a message that is quoted.
const MOST_PAGES = 20;

export class Thread {
	/** `changed()`: the conversation itself changed. */
	constructor(parent, { changed = () => {} } = {}) {
		this.list = element("div", { class: "wuzapi-list" });
		this.note = element("div", { class: "wuzapi-note" });
		this.viewport = new Viewport(element("div", { class: "wuzapi-inner" }, this.note, this.list), () => this.load_older());
		this.composer = new Composer((conversation, message) => this.send(conversation, message));
		this.element = element("div", { class: "wuzapi-thread" }, this.viewport.element, this.composer.element);
		parent.replaceChildren(this.element);
		this.waiting = new Set();
		this.live = new Live({
			message: (name) => this.changed_message(name),
			conversation: changed,
			missed: () => this.refresh(),
		});
		this.conversation = null;
		this.acts = {
			again: (message) => this.send_again(message),
			answer: (message) => this.composer.answer(message),
			// Frappe shows why it was refused.
			react: (message, emoji) => react(message.name, emoji).catch(() => {}),
			go_to: (name) => this.go_to(name),
		};
	}

	/** Show a conversation; if it is the one that is shown, look for what is new. */
	async show(conversation, { is_group = false } = {}) {
		const another = conversation !== this.conversation;
		this.is_group = is_group;
		this.live.show(conversation);
		if (!another) return this.refresh();
		this.conversation = conversation;
		this.messages = new Messages();
		this.loaded = false;
		this.loading_older = false;
		this.bubbles = new Map();
		this.days = new Map();
		this.waiting.clear();
		this.list.replaceChildren();
		this.viewport.stuck = true;
		this.composer.show(conversation);
		this.say(__("Loading"));
		await this.refresh();
	}

	async refresh() {
		const page = await this.fetch({ limit: PAGE });
		if (!page) return;
		const known = this.messages.names();
		this.messages.take_newest(page);
		const added = page.messages.some((message) => !known.has(message.name));
		this.draw();
		if (added || !this.loaded) this.viewport.added();
		this.loaded = true;
	}

	async load_older() {
		if (!this.loaded || this.loading_older || !this.messages.has_more) return;
		this.loading_older = true;
		const page = await this.fetch({ before: this.messages.oldest, limit: PAGE });
		this.loading_older = false;
		if (!page) return;
		this.messages.take_older(page);
		this.viewport.keep_place(() => this.draw());
	}

	/** A page; nothing, if it cannot be had or the reader has gone on to another conversation meanwhile. */
	async fetch(what) {
		const { conversation } = this;
		let page = null;
		try {
			page = await get_messages(conversation, what);
		} catch {
			if (conversation === this.conversation) this.offer_again();
		}
		return conversation === this.conversation ? page : null;
	}

	/** Changes come in bursts: gather them, then fetch the newest page, and older ones each for itself. */
	changed_message(name) {
		this.waiting.add(name);
		this.timer ||= setTimeout(() => {
			this.timer = null;
			const names = [...this.waiting];
			this.waiting.clear();
			this.bring_up_to_date(names);
		}, GATHER);
	}

	async bring_up_to_date(names) {
		const older = names.filter((name) => this.messages.after(name) && !this.messages.among_last(name, PAGE));
		if (older.length < names.length) await this.refresh();
		for (const name of older) {
			const page = await this.fetch({ before: this.messages.after(name), limit: 1 });
			if (page) {
				this.messages.replace(page.messages);
				this.draw();
			}
		}
	}

	async send(conversation, message) {
		await send(conversation, message);
		if (conversation !== this.conversation) return;
		this.viewport.stuck = true;
		await this.refresh();
	}

	async send_again(message) {
		await send_again(message.name);
		await this.refresh();
	}

	/** Bring the reader to a message, loading what lies between. */
	async go_to(name) {
		const { conversation } = this;
		for (let page = 0; page < MOST_PAGES && !this.messages.get(name) && this.messages.has_more; page++) {
			await this.load_older();
			if (conversation !== this.conversation) return;
		}
		this.viewport.stuck = false;
		this.bubbles.get(name)?.flash();
	}

	draw() {
		const nodes = [];
		let day = null;
		let author = null;
		for (const message of this.messages.all) {
			const its_day = day_of(message.sent_at);
			if (its_day !== day) {
				nodes.push(this.day(its_day));
				author = null;
			}
			const its_author = author_of(message, this.is_group);
			const changes = `${message.direction} ${its_author}` !== author;
			nodes.push(this.bubble(message, changes ? its_author : "", changes));
			author = `${message.direction} ${its_author}`;
			day = its_day;
		}
		arrange(this.list, nodes);
		this.say(this.messages.all.length ? "" : __("No messages yet"));
	}

	bubble(message, author, begins) {
		let bubble = this.bubbles.get(message.name);
		if (!bubble) {
			bubble = new Bubble(message, this.acts);
			this.bubbles.set(message.name, bubble);
		}
		// What is quoted may have been changed or deleted since the page came that quotes it.
		bubble.update(message, author, message.reply && (this.messages.get(message.reply.name) || message.reply));
		bubble.row.classList.toggle("wuzapi-begins", begins);
		return bubble.row;
	}

	day(day) {
		if (!this.days.has(day)) {
			this.days.set(day, element("div", { class: "wuzapi-day" }, element("span", {})));
		}
		const separator = this.days.get(day);
		// Yesterday becomes the day before while the page stays open.
		separator.firstChild.textContent = name_of_day(day);
		return separator;
	}

	say(text, ...more) {
		this.note.replaceChildren(text, ...more);
		this.note.classList.toggle("hidden", !text);
	}

	offer_again() {
		const button = element(
			"button",
			{ type: "button", class: "btn btn-xs btn-default", onclick: () => this.refresh() },
			__("Try Again")
		);
		this.say(__("The messages could not be loaded."), button);
	}
}
