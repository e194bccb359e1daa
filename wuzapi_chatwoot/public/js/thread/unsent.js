// A message that the server has not confirmed yet, as its author sees it.
import { element, text_button } from "./elements";
import { quoted } from "./quote";
import { tick } from "./ticks";

export class Unsent {
	/** `acts`: `retry(item)`, `edit(item)`, `discard(item)`. */
	constructor(item, acts) {
		this.acts = acts;
		this.foot = element("div", { class: "wuzapi-foot" }, tick("pending"));
		this.said = element("div", { class: "wuzapi-failure", "aria-live": "polite" });
		const { text, file_name, latitude, longitude, place, answered } = item.message;
		const where = latitude === undefined ? "" : place || `${latitude}, ${longitude}`;
		const box = element(
			"div",
			{ class: "wuzapi-bubble" },
			answered && element("div", { class: "wuzapi-quoted" }, element("div", { class: "wuzapi-quote" }, ...quoted(answered))),
			element(
				"div",
				{ class: "wuzapi-content" },
				file_name && element("div", { class: "wuzapi-file" }, file_name),
				where && element("div", { class: "wuzapi-text", dir: "auto" }, `📍 ${where}`),
				text && element("div", { class: "wuzapi-text", dir: "auto" }, text)
			),
			this.foot
		);
		this.row = element(
			"div",
			{ class: "wuzapi-row wuzapi-unsent", "data-direction": "out", "data-unsent": item.id },
			element("div", { class: "wuzapi-beside" }, box),
			this.said
		);
		this.update(item);
	}

	update(item) {
		const drawn = `${item.state} ${item.reason}`;
		if (this.drawn === drawn) return;
		this.drawn = drawn;
		this.row.dataset.state = item.state;
		const act = (words, name) =>
			text_button(`btn btn-xs btn-default wuzapi-unsent-${name}`, words, () => this.acts[name](item));
		const sentence = sentence_of(item);
		if (!sentence) {
			this.said.replaceChildren();
			return;
		}
		this.said.replaceChildren(
			element("span", { class: item.state === "waiting" ? "wuzapi-waits" : "wuzapi-cause" }, sentence),
			act(__("Retry"), "retry"),
			...(item.state === "refused" && item.message.text ? [act(__("Edit"), "edit")] : []),
			act(__("Discard"), "discard")
		);
	}
}

/** Empty while all is well. */
function sentence_of({ state, reason }) {
	if (state === "refused") return __("Not sent: {0}", [reason]);
	if (state === "held") return __("Not sent yet. Nothing was heard from the server for a while.");
	if (state === "waiting" && reason) return __("{0} Trying again.", [reason]);
	return "";
}
