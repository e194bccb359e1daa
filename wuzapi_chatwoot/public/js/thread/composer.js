// Where an answer is written. Keeps what is typed for each conversation until it is sent.
import { drawing, element } from "./elements";

const CLIP = ["M13 7.5 L8 12.5 a3.2 3.2 0 0 1 -4.5 -4.5 L9 2.5 a2.1 2.1 0 0 1 3 3 L6.7 10.8 a1 1 0 0 1 -1.5 -1.5 L10 4.5"];
const PLANE = ["M2 3 L14 8 L2 13 L4 8 Z", "M4 8 H9"];
const CROSS = ["M4.5 4.5 L11.5 11.5", "M11.5 4.5 L4.5 11.5"];

export class Composer {
	/** `send(text, file)`: send one message; what it refuses comes back into the composer. */
	constructor(send) {
		this.send = send;
		this.drafts = new Map();
		this.conversation = null;
		this.under_way = Promise.resolve();
		this.input = element("textarea", {
			class: "form-control wuzapi-input",
			rows: 1,
			dir: "auto",
			placeholder: __("Write a message"),
			"aria-label": __("Message"),
			oninput: () => this.typed(),
			onkeydown: (event) => this.key(event),
		});
		this.chips = element("div", { class: "wuzapi-chips" });
		this.send_button = button("btn-primary wuzapi-send", PLANE, __("Send"), () => this.submit());
		this.element = element(
			"div",
			{ class: "wuzapi-composer" },
			this.chips,
			element(
				"div",
				{ class: "wuzapi-composer-line" },
				button("btn-default wuzapi-attach", CLIP, __("Attach a file"), () => this.attach()),
				this.input,
				this.send_button
			)
		);
		this.draw();
	}

	get draft() {
		if (!this.drafts.has(this.conversation)) this.drafts.set(this.conversation, { text: "", files: [] });
		return this.drafts.get(this.conversation);
	}

	show(conversation) {
		this.conversation = conversation;
		this.input.value = this.draft.text;
		this.draw();
	}

	typed() {
		this.draft.text = this.input.value;
		this.draw();
	}

	key(event) {
		// While an input method composes, Enter chooses a character.
		if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
		event.preventDefault();
		this.submit();
	}

	attach() {
		const { conversation } = this;
		new frappe.ui.FileUploader({
			folder: "Home/Attachments",
			disable_file_browser: true,
			on_success: (file) => {
				this.drafts.get(conversation).files.push({ name: file.name, file_name: file.file_name });
				if (conversation === this.conversation) this.draw();
			},
		});
	}

	/** One message after the other, in the order in which they were written. */
	submit() {
		const { conversation, draft } = this;
		const text = draft.text.trim();
		const [first, ...others] = draft.files;
		if (!text && !first) return;
		this.drafts.set(conversation, { text: "", files: [] });
		this.show(conversation);
		const messages = [{ text, file: first }, ...others.map((file) => ({ text: "", file }))];
		for (const message of messages) {
			this.under_way = this.under_way.then(() => this.send_one(conversation, message));
		}
	}

	async send_one(conversation, { text, file }) {
		try {
			await this.send(conversation, text, file?.name);
		} catch {
			// Frappe has shown why. Nothing that was written is lost.
			const draft = this.drafts.get(conversation);
			draft.text = [text, draft.text].filter(Boolean).join("\n");
			if (file) draft.files.unshift(file);
			if (conversation === this.conversation) this.show(conversation);
		}
	}

	draw() {
		this.chips.replaceChildren(
			...this.draft.files.map((file, place) =>
				element(
					"span",
					{ class: "wuzapi-chip" },
					element("span", { class: "ellipsis" }, file.file_name),
					button("wuzapi-chip-remove", CROSS, __("Remove {0}", [file.file_name]), () => {
						this.draft.files.splice(place, 1);
						this.draw();
					})
				)
			)
		);
		this.send_button.disabled = !this.draft.text.trim() && !this.draft.files.length;
		this.input.style.height = "auto";
		if (this.input.scrollHeight) this.input.style.height = `${this.input.scrollHeight + 2}px`;
	}
}

function button(kind, picture, label, onclick) {
	return element(
		"button",
		{ type: "button", class: `btn ${kind}`, title: label, "aria-label": label, onclick },
		drawing(picture)
	);
}
