// The functions of the server that the thread calls. Each checks there what this user may do.

export function get_messages(conversation, { before = null, limit = 50 } = {}) {
	return call("wuzapi_chatwoot.api.conversations.get_messages", { conversation, before, limit });
}

/** `message`: any of `text`, `file` (the name of a File), `reply_to` (a message's number), `latitude`, `longitude`, `place`. */
export function send(conversation, message) {
	return call("wuzapi_chatwoot.api.messages.send", { conversation, ...message });
}

export function send_again(message) {
	return call("wuzapi_chatwoot.api.messages.send_again", { message });
}

/** An empty `emoji` takes back what was given before. */
export function react(message, emoji) {
	return call("wuzapi_chatwoot.api.messages.react", { message, emoji });
}

/** `{latitude, longitude, place}`; nothing in it if the link names no place. */
export function read_map_link(link) {
	return call("wuzapi_chatwoot.api.messages.read_map_link", { link });
}

/** Keep something that was made here as a private File; its document. */
export async function upload(blob, file_name) {
	const form = new FormData();
	form.append("file", blob, file_name);
	form.append("is_private", "1");
	form.append("folder", "Home/Attachments");
	const answer = await fetch("/api/method/upload_file", {
		method: "POST",
		headers: { Accept: "application/json", "X-Frappe-CSRF-Token": frappe.csrf_token },
		body: form,
	});
	if (!answer.ok) throw new Error(`upload_file: ${answer.status}`);
	return (await answer.json()).message;
}

function call(method, given) {
	const args = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== null && value !== undefined));
	return frappe.xcall(method, args);
}
