// One message. What has not changed keeps its element, so that a new tick does not stop a video.
import { name_of_author } from "./authors";
import { content } from "./content";
import { element, icon_button, text_button } from "./elements";
import { can_be_answered, is_line } from "./kinds";
import { ANSWER, SMILE } from "./pictures";
import { quote } from "./quote";
import { badges, picker } from "./reactions";
import { tick } from "./ticks";
import { clock_of, full_time } from "./times";

export class Bubble {
	/** `acts`: what its reader may do. `again(message)`, `answer(message)`, `react(message, emoji)`, `go_to(name)`. */
	constructor(message, acts) {
		this.acts = acts;
		this.head = element("div", { class: "wuzapi-author" });
		this.quote = element("div", { class: "wuzapi-quoted" });
		this.content = element("div", { class: "wuzapi-content" });
		this.earlier = element("div", { class: "wuzapi-earlier", hidden: true });
		this.foot = element("div", { class: "wuzapi-foot" });
		this.box = element("div", { class: "wuzapi-bubble" });
		this.box.append(this.head, this.quote, this.content, this.earlier, this.foot);
		this.tools = element("div", { class: "wuzapi-tools" });
		this.badges = element("div", { class: "wuzapi-badges" });
		this.choice = element("div", { class: "wuzapi-choice" });
		this.failure = element("div", { class: "wuzapi-failure" });
		const beside = element("div", { class: "wuzapi-beside" }, this.box, this.tools);
		this.row = element("div", { class: "wuzapi-row" }, beside, this.badges, this.choice, this.failure);
		this.shown = {};
		this.update(message, "");
	}

	/** `author` only where it differs from the message before; `answered` as it is by now. */
	update(message, author, answered = message.reply) {
		this.message = message;
		const { name, direction, status, kind, text } = message;
		Object.assign(this.row.dataset, { message: name, direction, status, kind });
		this.row.classList.toggle("wuzapi-deleted", Boolean(message.deleted));
		this.row.classList.toggle("wuzapi-line", is_line(message));
		this.head.textContent = is_line(message) ? name_of_line(message) : author;
		this.redraw("quote", [answered?.name, answered?.text, answered?.deleted], () => [
			answered && quote(answered, () => this.acts.go_to(answered.name)),
		]);
		const files = [message.file_url, message.file_name, message.more_files?.length, status === "pending"];
		this.redraw("content", [kind, text, ...files, message.deleted], () => [
			message.deleted && element("div", { class: "wuzapi-gone" }, __("This message was deleted")),
			...content(message),
		]);
		this.redraw("earlier", [message.edited], () => (message.edited || []).map(earlier));
		this.redraw("foot", [message.sent_at, status, message.edited?.length], () => this.draw_foot(message));
		this.redraw("tools", [can_be_answered(message)], () => this.draw_tools(message));
		this.redraw("badges", [message.reactions], () =>
			badges(message.reactions || [], (emoji) => this.acts.react(this.message, emoji))
		);
		this.redraw("failure", [status, message.error], () => this.draw_failure(message));
	}

	redraw(part, values, draw) {
		const drawn = JSON.stringify(values);
		if (this.shown[part] === drawn) return;
		this.shown[part] = drawn;
		this[part].replaceChildren(...draw().filter(Boolean));
	}

	draw_foot(message) {
		const edited =
			message.edited?.length &&
			text_button("wuzapi-edited", __("edited"), () => this.show_earlier(edited), {
				title: message.edited.join("\n"),
				"aria-label": __("Edited: show the earlier texts"),
				"aria-expanded": String(!this.earlier.hidden),
			});
		return [
			edited,
			element("time", { title: full_time(message.sent_at) }, clock_of(message.sent_at)),
			message.direction === "out" && !is_line(message) && tick(message.status),
		];
	}

	show_earlier(button) {
		this.earlier.hidden = !this.earlier.hidden;
		button.setAttribute("aria-expanded", String(!this.earlier.hidden));
	}

	draw_tools(message) {
		if (!can_be_answered(message)) {
			this.close_choice();
			return [];
		}
		return [
			icon_button("wuzapi-answer", ANSWER, __("Reply"), () => this.acts.answer(this.message)),
			icon_button("wuzapi-react", SMILE, __("React"), () => this.open_choice()),
		];
	}

	open_choice() {
		if (this.choice.firstChild) return this.close_choice();
		const own = this.message.reactions?.find((reaction) => reaction.own)?.emoji;
		const react = (emoji) => this.acts.react(this.message, emoji);
		this.choice.replaceChildren(picker(own, react, () => this.close_choice()));
		this.choice.querySelector("button").focus();
		this.choice.scrollIntoView({ block: "nearest" });
	}

	close_choice() {
		const within = this.choice.contains(document.activeElement);
		this.choice.replaceChildren();
		if (within) this.tools.lastElementChild?.focus();
	}

	/** Catch the eye of somebody who has been brought here. */
	flash() {
		this.row.scrollIntoView({ block: "center" });
		this.row.classList.remove("wuzapi-flash");
		// Reading a size makes the browser notice that the class was gone.
		void this.row.offsetWidth;
		this.row.classList.add("wuzapi-flash");
	}

	draw_failure(message) {
		if (message.status !== "failed") return [];
		const button = text_button("btn btn-xs btn-default wuzapi-again", __("Send Again"), async () => {
			button.disabled = true;
			try {
				await this.acts.again(this.message);
			} finally {
				button.disabled = false;
			}
		});
		const cause = element("span", { class: "wuzapi-cause" }, message.error || __("Not sent"));
		return message.direction === "out" ? [cause, button] : [cause];
	}
}

function earlier(text) {
	return element("div", { class: "wuzapi-earlier-text", dir: "auto" }, text);
}

/** Group changes and calls name people themselves. */
function name_of_line(message) {
	return ["phonecall", "group_change"].includes(message.kind) ? "" : name_of_author(message);
}
