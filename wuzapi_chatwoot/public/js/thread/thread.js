// The thread of one conversation at a time: loads, shows, and brings up to date.
import { Refused } from "../server/request";
import { get_messages, react, send, send_again } from "./calls";
import { Composer } from "./composer";
import { element } from "./elements";
import { List } from "./list";
import { Live } from "./live";
import { Messages } from "./messages";
import { Outbox } from "./outbox";
import { Viewport } from "./viewport";

const PAGE = 50;
// In milliseconds: what comes at once is fetched at once.
const GATHER = 80;
// How far back the thread goes by itself for a message that is quoted.
const MOST_PAGES = 20;

export class Thread {
	/** `changed()`: the conversation itself changed. */
	constructor(parent, { changed = () => {} } = {}) {
		this.conversation = null;
		this.messages = new Messages();
		this.waiting = new Set();
		this.note = element("div", { class: "wuzapi-note" });
		this.line = element("div", { class: "wuzapi-line-down hidden", role: "status" }, __("No live updates at the moment"));
		this.list = new List(
			{
				again: (message) => this.send_again(message),
				answer: (message) => this.composer.answer(message),
				// Why it was refused is shown.
				react: (message, emoji) => react(message.name, emoji).catch(() => {}),
				go_to: (name) => this.go_to(name),
			},
			{
				retry: ({ id }) => this.outbox.retry(id),
				edit: (item) => this.edit_unsent(item),
				discard: (item) => this.discard(item),
			}
		);
		this.viewport = new Viewport(element("div", { class: "wuzapi-inner" }, this.note, this.list.element), () =>
			this.load_older()
		);
		this.outbox = new Outbox(
			(item) => this.deliver(item),
			(conversation) => this.unsent_changed(conversation)
		);
		this.composer = new Composer((conversation, message) => {
			this.viewport.stuck = true;
			this.outbox.add(conversation, message);
		});
		this.element = element("div", { class: "wuzapi-thread" }, this.line, this.viewport.element, this.composer.element);
		parent.replaceChildren(this.element);
		this.live = new Live({
			message: (name) => this.changed_message(name),
			conversation: changed,
			missed: () => this.refresh(),
			line: (up) => this.line.classList.toggle("hidden", up),
		});
		this.outbox.start();
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
		this.waiting.clear();
		this.list.clear();
		this.viewport.stuck = true;
		this.composer.show(conversation);
		this.draw();
		this.say(__("Loading"));
		await this.refresh();
	}

	async refresh() {
		const page = await this.fetch({ limit: PAGE });
		if (!page) return;
		const known = this.messages.by_name;
		this.messages.take_newest(page);
		this.took(page.messages.some((message) => !known.has(message.name)));
	}

	/** `added`: there is something new at the end. */
	took(added) {
		const first = !this.loaded;
		this.loaded = true;
		this.confirm_sent();
		this.draw();
		if (added || first) this.viewport.added();
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
		} catch (error) {
			if (conversation === this.conversation) this.offer_again(error);
		}
		return conversation === this.conversation ? page : null;
	}

	/** Changes come in bursts: gather them, then fetch those messages and no others. */
	changed_message(name) {
		this.waiting.add(name);
		this.timer ||= setTimeout(() => {
			this.timer = null;
			const names = [...this.waiting];
			this.waiting.clear();
			this.fetch_only(names);
		}, GATHER);
	}

	async fetch_only(names) {
		// Too many to name: the newest page tells them all.
		if (!this.loaded || names.length > PAGE) return this.refresh();
		const page = await this.fetch({ only: names });
		if (page) this.took(this.messages.merge(page.messages));
	}

	/** Stored by the server when this returns. */
	async deliver({ conversation, id, message }) {
		const { message: name } = await send(conversation, id, message);
		if (conversation !== this.conversation || this.messages.get(name)) return;
		this.waiting.delete(name);
		// It takes the place of what is shown as unsent.
		await this.fetch_only([name]);
	}

	/** What stands in the thread has been sent, whether or not its answer came through. */
	confirm_sent() {
		const sent = new Set(this.messages.all.map((message) => message.whatsapp_id));
		for (const { id } of this.outbox.of(this.conversation)) if (sent.has(id)) this.outbox.remove(id);
	}

	unsent_changed(conversation) {
		if (conversation !== this.conversation) return;
		this.draw();
		if (this.viewport.stuck) this.viewport.to_end();
	}

	/** Back into the composer, in front of what is being typed there. */
	edit_unsent({ id, conversation, message }) {
		this.outbox.remove(id);
		this.composer.take_back(conversation, message);
	}

	discard({ id, perhaps_sent }) {
		const discard = () => this.outbox.remove(id);
		if (!perhaps_sent) discard();
		else frappe.confirm(__("It may have been sent already: the server has not said. Discard it here?"), discard);
	}

	async send_again(message) {
		await send_again(message.name);
		await this.fetch_only([message.name]);
	}

	/** Bring the reader to a message, loading what lies between. */
	async go_to(name) {
		const { conversation } = this;
		for (let page = 0; page < MOST_PAGES && !this.messages.get(name) && this.messages.has_more; page++) {
			const { oldest } = this.messages;
			await this.load_older();
			if (conversation !== this.conversation || oldest === this.messages.oldest) return;
		}
		this.viewport.stuck = false;
		this.list.bubble_of(name)?.flash();
	}

	draw() {
		const items = this.outbox.of(this.conversation);
		this.list.draw(this.messages, items, this.is_group);
		if (this.loaded) this.say(this.messages.all.length || items.length ? "" : __("No messages yet"));
	}

	say(text, ...more) {
		this.note.replaceChildren(text, ...more);
		this.note.classList.toggle("hidden", !text);
	}

	offer_again(error) {
		const button = element(
			"button",
			{ type: "button", class: "btn btn-xs btn-default", onclick: () => this.refresh() },
			__("Try Again")
		);
		const reason = error instanceof Refused ? error.message : __("The messages could not be loaded.");
		this.say(reason, button);
	}
}
