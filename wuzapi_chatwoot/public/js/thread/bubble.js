// One message. What has not changed keeps its element, so that a new tick does not stop a video.
import { element } from "./elements";
import { media } from "./media";
import { tick } from "./ticks";
import { clock_of, full_time } from "./times";
import { words } from "./words";

export class Bubble {
	/** `again(message)`: somebody wants a failed message sent again. */
	constructor(message, again) {
		this.again = again;
		this.head = element("div", { class: "wuzapi-author" });
		this.content = element("div", { class: "wuzapi-content" });
		this.foot = element("div", { class: "wuzapi-foot" });
		this.box = element("div", { class: "wuzapi-bubble" }, this.head, this.content, this.foot);
		this.failure = element("div", { class: "wuzapi-failure" });
		this.row = element("div", { class: "wuzapi-row" }, this.box, this.failure);
		this.shown = {};
		this.update(message, "");
	}

	update(message, author) {
		// `author` only where it differs from the message before.
		this.row.dataset.message = message.name;
		this.row.dataset.direction = message.direction;
		this.row.dataset.status = message.status;
		this.head.textContent = author;
		this.redraw("content", [message.kind, message.text, message.file_url, message.file_name], () => [
			media(message),
			message.text ? element("div", { class: "wuzapi-text", dir: "auto" }, ...words(message.text)) : null,
		]);
		this.redraw("foot", [message.sent_at, message.status], () => [
			element("time", { title: full_time(message.sent_at) }, clock_of(message.sent_at)),
			message.direction === "out" ? tick(message.status) : null,
		]);
		this.redraw("failure", [message.status, message.error], () => this.draw_failure(message));
	}

	redraw(part, values, draw) {
		const drawn = JSON.stringify(values);
		if (this.shown[part] === drawn) return;
		this.shown[part] = drawn;
		this[part].replaceChildren(...draw().filter(Boolean));
	}

	draw_failure(message) {
		if (message.status !== "failed") return [];
		const button = element(
			"button",
			{ type: "button", class: "btn btn-xs btn-default wuzapi-again" },
			__("Send Again")
		);
		button.addEventListener("click", async () => {
			button.disabled = true;
			try {
				await this.again(message);
			} finally {
				button.disabled = false;
			}
		});
		const cause = element("span", { class: "wuzapi-cause" }, message.error || __("Not sent"));
		return message.direction === "out" ? [cause, button] : [cause];
	}
}

/** Who wrote it, where that is not plain from the side it is on. */
export function author_of(message, is_group) {
	if (message.origin === "customer") return is_group ? message.sender_name : "";
	const places = { phone: __("Phone"), chatwoot: __("Chatwoot"), desk: __("Desk") };
	const place = places[message.origin] || "";
	if (message.origin === "phone" || !message.sender_name) return place;
	return place ? __("{0} · {1}", [message.sender_name, place]) : message.sender_name;
}
