// News of what is under way with a session: by realtime, and by asking again where realtime is away.

import { show_reason } from "../server/call";
import { Refused } from "../server/request";

const ASK_EVERY = 2500;

/**
 * Asks at once, at each piece of news and from time to time, until `take`, which may be asynchronous, says that it has seen
 * enough or `stop` is called. One question at a time.
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
			if (!this.over && (await this.take(answer))) this.stop();
			this.told_trouble = false;
		} catch (error) {
			// What is refused is refused at each turn; that the line is down passes, and is said once.
			if (error instanceof Refused) this.stop();
			if (!this.told_trouble) show_reason(error);
			this.told_trouble = true;
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
