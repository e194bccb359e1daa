// What a message says, by its kind. Places, cards and polls come as readable lines, and are taken apart again here:
// what does not look as expected is shown as the text that it is.
import { safe_url } from "./addresses";
import { drawing, element } from "./elements";
import { is_stand_in } from "./kinds";
import { marked } from "./marks";
import { media } from "./media";
import { PERSON, PIN } from "./pictures";

const NUMBER = /^\+?[\d ().\-/]{5,}$/;
const COORDINATES = /(-?\d+(?:\.\d+)?),\s*(-?\d+(?:\.\d+)?)/;

export function content(message) {
	const draw = { location: place, contactcards: cards, poll }[message.kind];
	const drawn = draw?.(message);
	// Several contact cards have a file each.
	const more = (message.more_files || []).map((file) => media({ ...file, kind: "document" }));
	return [media(message), ...more, ...(drawn || [words(message)])];
}

function words(message) {
	if (!message.text) return null;
	const name = is_stand_in(message) ? "wuzapi-text wuzapi-stand-in" : "wuzapi-text";
	return element("div", { class: name, dir: "auto" }, ...marked(message.text));
}

/** `📍 Location: name`, more lines, a link to a map. */
function place({ text }) {
	const lines = text.split("\n");
	const href = /^https?:\S+$/.test(lines.at(-1)) && safe_url(lines.pop());
	if (!href) return null;
	const [title, ...more] = lines.map((line) => line.replace(/^📍\s*/u, ""));
	const coordinates = COORDINATES.exec(decoded(href));
	return [
		element(
			"div",
			{ class: "wuzapi-place" },
			drawing(PIN),
			element(
				"div",
				{},
				element("div", { class: "wuzapi-place-name", dir: "auto" }, title || __("Location")),
				...more.map((line) => element("div", { dir: "auto" }, line)),
				element("a", { href, target: "_blank", rel: "noopener noreferrer" }, __("Open the map")),
				coordinates &&
					element("span", { class: "wuzapi-coordinates" }, `${short(coordinates[1])}, ${short(coordinates[2])}`)
			)
		),
	];
}

const short = (degrees) => String(Number(Number(degrees).toFixed(5)));

function decoded(text) {
	try {
		return decodeURIComponent(text);
	} catch {
		return text;
	}
}

/** Each line `👤 Contact: name, number, number`. */
function cards({ text }) {
	const lines = text.split("\n").filter((line) => line.trim());
	if (!lines.every((line) => line.startsWith("👤"))) return null;
	return lines.map((line) => {
		const parts = line.replace(/^👤\s*[^:,]*:?\s*/u, "").split(", ");
		const numbers = parts.filter((part) => NUMBER.test(part));
		const name = parts.filter((part) => !NUMBER.test(part)).join(", ");
		return element(
			"div",
			{ class: "wuzapi-card" },
			drawing(PERSON),
			element(
				"div",
				{},
				element("div", { class: "wuzapi-card-name", dir: "auto" }, name || __("Contact")),
				...numbers.map((number) =>
					element("div", {}, element("a", { href: `tel:${number.replace(/[^\d+]/g, "")}` }, number))
				)
			)
		);
	});
}

/** The question stands in the first line; the options come by themselves. */
function poll({ text, options }) {
	if (!options?.length) return null;
	const question = text.split("\n• ")[0];
	return [
		element("div", { class: "wuzapi-text", dir: "auto" }, ...marked(question)),
		element(
			"ul",
			{ class: "wuzapi-poll" },
			...options.map((option) => element("li", { dir: "auto" }, option))
		),
	];
}
