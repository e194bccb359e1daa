// News of what is under way with a session: by realtime, and by asking again where realtime is away.

const ASK_EVERY = 2500;

/**
 * Asks at once, at each piece of news and from time to time, until `take` says that it has seen enough or `stop` is
 * called. One question at a time.
 */
export class News {
	constructor(event, session, ask, take) {
		Object.assign(this, { event, session, ask, take });
		this.told = (data) => data.session === session && this.look();
		frappe.realtime.on(event, this.told);
		this.timer = setInterval(() => this.look(), ASK_EVERY);
		this.look();
	}

	async look() {
		if (this.looking || this.over) {
			this.again = true;
			return;
		}
		this.looking = true;
		this.again = false;
		try {
			const answer = await this.ask();
			if (!this.over && this.take(answer)) this.stop();
		} catch {
			// Frappe has said why, and would say it again at each turn.
			this.stop();
		}
		this.looking = false;
		if (this.again && !this.over) this.look();
	}

	stop() {
		this.over = true;
		clearInterval(this.timer);
		frappe.realtime.off(this.event, this.told);
	}
}
