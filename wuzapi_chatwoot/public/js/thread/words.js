// The text of a message with its web addresses as links.
import { element } from "./elements";
import { safe_url } from "./media";

const ADDRESS = /https?:\/\/[^\s<>"]+[^\s<>".,;:!?)\]']/g;

export function words(text) {
	const pieces = [];
	let end = 0;
	for (const { 0: address, index } of text.matchAll(ADDRESS)) {
		const href = safe_url(address);
		if (!href) continue;
		pieces.push(
			text.slice(end, index),
			element("a", { href, target: "_blank", rel: "noopener noreferrer" }, address)
		);
		end = index + address.length;
	}
	return [...pieces, text.slice(end)];
}
