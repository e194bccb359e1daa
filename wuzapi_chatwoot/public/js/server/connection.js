// The line for live updates. Frappe's socket gives up after three tries, some seven seconds, for as long as the tab is
// open. This revives it, and says when the line is down and when it is back.

// In milliseconds.
const EVERY = 30_000;
// A line that is back this soon was not missed.
const GRACE = 3_000;

class Connection {
	constructor() {
		this.watchers = new Set();
		this.down_since = null;
		this.told_down = false;
		this.socket = frappe.realtime.socket;
		this.socket?.on("connect", () => this.came_back());
		this.socket?.on("disconnect", () => this.lost());
		document.addEventListener("visibilitychange", () => !document.hidden && this.look());
		window.addEventListener("online", () => this.look());
		setInterval(() => this.look(), EVERY);
		if (!this.up) this.lost();
	}

	/** A site without realtime has no socket: there nothing is live, ever. */
	get up() {
		return Boolean(this.socket?.connected);
	}

	/**
	 * `down()`: there are no live updates at the moment. `back()`: there are again; whatever was missed must be fetched,
	 * and rooms entered again. `look()`: nothing is live, so have a look. Returns the function that ends it.
	 */
	watch({ down = () => {}, back = () => {}, look = () => {} }) {
		const watcher = { down, back, look };
		this.watchers.add(watcher);
		if (this.told_down) down();
		return () => this.watchers.delete(watcher);
	}

	/** Harmless while a try is under way. */
	look() {
		if (this.up) return;
		this.socket?.connect();
		for (const watcher of this.watchers) watcher.look();
	}

	lost() {
		const since = Date.now();
		this.down_since = since;
		setTimeout(() => {
			if (this.down_since !== since) return;
			this.told_down = true;
			for (const watcher of this.watchers) watcher.down();
		}, GRACE);
	}

	came_back() {
		this.down_since = null;
		this.told_down = false;
		for (const watcher of this.watchers) watcher.back();
	}
}

/** One for the page, whichever bundle asks first. */
export function connection() {
	frappe.provide("wuzapi_chatwoot");
	wuzapi_chatwoot.connection ||= new Connection();
	return wuzapi_chatwoot.connection;
}
