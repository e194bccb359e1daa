// Keeps messages that the server has not confirmed in the browser, so that closing the tab loses none.

const prefix = () => `wuzapi_chatwoot_unsent:${frappe.session.user}:`;

/** What this user has not sent yet, in the order in which it was written. */
export function stored_messages() {
	const found = [];
	for (const key of stored_keys()) {
		try {
			found.push(JSON.parse(localStorage.getItem(key)));
		} catch {
			// Not written by us, or by another version: nothing can be made of it.
		}
	}
	return found.sort((one, other) => one.written_at - other.written_at || one.order - other.order);
}

function stored_keys() {
	try {
		return Object.keys(localStorage).filter((key) => key.startsWith(prefix()));
	} catch {
		return [];
	}
}

/** False: the browser keeps nothing (full, or forbidden). The page's own memory has it all the same. */
export function store_message(message) {
	try {
		localStorage.setItem(prefix() + message.id, JSON.stringify(message));
		return true;
	} catch {
		return false;
	}
}

export function forget_message(id) {
	try {
		localStorage.removeItem(prefix() + id);
	} catch {
		// It was not there.
	}
}

/** `changed()`: another tab has stored or forgotten something. */
export function watch_other_tabs(changed) {
	window.addEventListener("storage", ({ key }) => (key === null || key.startsWith(prefix())) && changed());
}
