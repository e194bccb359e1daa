// The functions of the server that the thread calls. Each checks there what this user may do.
import { call } from "../server/call";
import { request } from "../server/request";

/** `only`: the numbers of the messages wanted. Throws what `request` throws; shows nothing. */
export function get_messages(conversation, { before = null, limit = 50, only = null } = {}) {
	return request("wuzapi_chatwoot.api.conversations.get_messages", { conversation, before, limit, only });
}

/**
 * `message`: any of `text`, `file` (the name of a File), `reply_to` (a message's number), `latitude`, `longitude`,
 * `place`. `id`: which message it is; sent twice, it is the same. `{message}`, its number. Shows nothing.
 */
export function send(conversation, id, message) {
	const { text, file, reply_to, latitude, longitude, place } = message;
	const what = { conversation, id, text, file, reply_to, latitude, longitude, place };
	return request("wuzapi_chatwoot.api.messages.send", what);
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

/** Keep something that was made here as a private File; its document. Throws when it could not be stored. */
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
