// The functions of the server that the thread calls. Each checks there what this user may do.

export function get_messages(conversation, { before = null, limit = 50 } = {}) {
	return call("wuzapi_chatwoot.api.conversations.get_messages", { conversation, before, limit });
}

export function send(conversation, text, file) {
	return call("wuzapi_chatwoot.api.messages.send", { conversation, text, file });
}

export function send_again(message) {
	return call("wuzapi_chatwoot.api.messages.send_again", { message });
}

function call(method, given) {
	const args = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== null && value !== undefined));
	return frappe.xcall(method, args);
}
