// Who wrote a message.

/** Where that is not plain from the side it is on. */
export function author_of(message, is_group) {
	if (message.origin === "customer") return is_group ? message.sender_name : "";
	const place = place_of(message.origin);
	if (message.origin === "phone" || !message.sender_name) return place;
	return place ? __("{0} · {1}", [message.sender_name, place]) : message.sender_name;
}

/** Where it must be said: in a quote, in a line. */
export function name_of_author({ origin, sender_name }) {
	return sender_name || place_of(origin) || __("Customer");
}

/** A reaction of ours without a name was given on the phone or in Chatwoot. */
export function name_of_reactor({ name, own }) {
	return name || (own ? __("Phone") : __("Customer"));
}

function place_of(origin) {
	return { phone: __("Phone"), chatwoot: __("Chatwoot"), desk: __("Desk") }[origin] || "";
}
