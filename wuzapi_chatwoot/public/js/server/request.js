// Calls to the server that always end. Frappe's own call neither answers nor fails while the browser is offline, so
// whoever waits for it waits for ever.

// In milliseconds.
const LONGEST = 30_000;

/** Nothing was sent: the browser has no network. */
export class Offline extends Error {
	constructor() {
		super(__("You are offline."));
	}
}

/** No answer, or one that says nothing: the server may have done what it was asked for. */
export class NoAnswer extends Error {
	constructor() {
		super(__("The server does not answer."));
	}
}

/** The server said no, and why: nothing was done. `field` is the argument that is wrong, if it is one. */
export class Refused extends Error {
	constructor(reason, field) {
		super(reason);
		this.field = field;
	}
}

/**
 * The `message` of a whitelisted method's answer. Throws `Offline`, `NoAnswer` or `Refused`, at the latest after
 * `longest` milliseconds. Shows nothing: whoever calls knows where the reason belongs.
 */
export async function request(method, given = {}, { longest = LONGEST } = {}) {
	if (navigator.onLine === false) throw new Offline();
	const args = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== null && value !== undefined));
	const { answer, body } = await ask(method, args, longest);
	if (answer.ok) return body.message;
	if (body.session_expired) {
		frappe.app.handle_session_expired();
		throw new NoAnswer();
	}
	// Busy, or broken: it has taken nothing back, but a repeat may succeed.
	if (answer.status >= 500 || answer.status === 429 || answer.status === 408) throw new NoAnswer();
	throw new Refused(reason_of(body), body.wrong_field);
}

async function ask(method, args, longest) {
	const stop = new AbortController();
	const timer = setTimeout(() => stop.abort(), longest);
	try {
		const answer = await fetch(`/api/method/${method}`, {
			method: "POST",
			headers: {
				Accept: "application/json",
				"Content-Type": "application/json",
				"X-Frappe-CSRF-Token": frappe.csrf_token,
			},
			body: JSON.stringify(args),
			signal: stop.signal,
		});
		return { answer, body: await answer.json() };
	} catch {
		// A page of a proxy is no answer either.
		throw new NoAnswer();
	} finally {
		clearTimeout(timer);
	}
}

/** What Frappe put into its answer for people, as plain text. */
function reason_of({ _server_messages, exception }) {
	try {
		const messages = JSON.parse(_server_messages).map((each) => plain(JSON.parse(each).message));
		if (messages.length) return messages.join(" ");
	} catch {
		// Not in the shape that Frappe uses.
	}
	return exception ? plain(exception.replace(/^[\w.]+:\s*/, "")) : __("The server refused this.");
}

/** A parsed document runs no script and loads nothing. */
function plain(html) {
	return new DOMParser().parseFromString(html, "text/html").body.textContent.trim();
}
