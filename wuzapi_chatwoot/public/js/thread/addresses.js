// Finds web addresses in a text, as the bridge does on their way to Chatwoot, and makes links of them.
import { element } from "./elements";

const STARTS = ["https://", "http://", "www."];
const STOPS = new Set('<>"`\\[]{}|^');
const TAIL = new Set(".,:;!?'(*_~");
const LETTER_OR_DIGIT = /[\p{L}\p{N}]/u;

/** Where the web address that starts at `start` ends; null when none does. */
export function address_end(text, start) {
	if (!"hHwW".includes(text[start]) || (start && LETTER_OR_DIGIT.test(text[start - 1]))) return null;
	const head = text.slice(start, start + 8).toLowerCase();
	const scheme = STARTS.find((each) => head.startsWith(each));
	if (!scheme) return null;
	const first = start + scheme.length;
	let end = first;
	let depth = 0;
	for (; end < text.length; end++) {
		const letter = text[end];
		if (/\s/.test(letter) || STOPS.has(letter) || (letter === ")" && !depth)) break;
		if (letter === "(") depth++;
		if (letter === ")") depth--;
	}
	while (end > first && TAIL.has(text[end - 1])) end--;
	return end > first ? end : null;
}

/** A link; the bare words where no browser could go there. */
export function link_to(address) {
	const href = safe_url(/^www\./i.test(address) ? `https://${address}` : address);
	return href ? element("a", { href, target: "_blank", rel: "noopener noreferrer" }, address) : address;
}

/** Nothing but addresses of the web: no `javascript:`, no `data:`. */
export function safe_url(text) {
	try {
		const url = new URL(text, window.location.origin);
		return ["http:", "https:"].includes(url.protocol) ? url.href : null;
	} catch {
		return null;
	}
}
