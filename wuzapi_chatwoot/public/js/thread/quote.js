// The message that another one answers to, in one line with its author.
import { name_of_author } from "./authors";
import { element } from "./elements";
import { summary } from "./kinds";

/** In a bubble; `go()`: show me the original. */
export function quote(answered, go) {
	const label = __("Show the message that is answered: {0}", [summary(answered)]);
	return element(
		"button",
		{ type: "button", class: "wuzapi-quote", title: label, "aria-label": label, onclick: go },
		...quoted(answered)
	);
}

/** Author and words, for any frame around them. */
export function quoted(answered) {
	const kind = answered.deleted ? "wuzapi-quote-text wuzapi-struck" : "wuzapi-quote-text";
	return [
		element("span", { class: "wuzapi-quote-author" }, name_of_author(answered)),
		element("span", { class: kind, dir: "auto" }, summary(answered)),
	];
}
