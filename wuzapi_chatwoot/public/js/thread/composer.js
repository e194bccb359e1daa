// Where an answer is written. Keeps what is typed for each conversation until it is sent.
import { upload } from "./calls";
import { element, icon_button } from "./elements";
import { CLIP, CROSS, MICROPHONE, PIN, PLANE } from "./pictures";
import { ask_place } from "./place_dialog";
import { quoted } from "./quote";
import { Recorder } from "./recorder";

export class Composer {
	/** `send(conversation, message)`: send one message; what it refuses comes back into the composer. */
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
		this.answered = element("div", { class: "wuzapi-answered" });
		this.chips = element("div", { class: "wuzapi-chips" });
		this.recorder = new Recorder({
			recorded: (blob, name) => this.keep_sound(blob, name),
			changed: (recording) => this.element.classList.toggle("wuzapi-records", recording),
		});
		this.send_button = icon_button("btn-primary wuzapi-send", PLANE, __("Send"), () => this.submit());
		this.element = element(
			"div",
			{ class: "wuzapi-composer" },
			this.answered,
			this.chips,
			element(
				"div",
				{ class: "wuzapi-composer-line" },
				icon_button("btn-default wuzapi-attach", CLIP, __("Attach a file"), () => this.attach()),
				icon_button("btn-default wuzapi-send-place", PIN, __("Send a location"), () => this.ask_place()),
				icon_button("btn-default wuzapi-record", MICROPHONE, __("Record a voice message"), () => this.record()),
				this.input,
				this.send_button
			),
			this.recorder.element
		);
		this.draw();
	}

	get draft() {
		return this.draft_of(this.conversation);
	}

	draft_of(conversation) {
		if (!this.drafts.has(conversation)) this.drafts.set(conversation, { text: "", files: [], answered: null });
		return this.drafts.get(conversation);
	}

	show(conversation) {
		// What is being recorded belongs to the conversation in which it was begun.
		this.recorder.stop(true);
		this.conversation = conversation;
		this.input.value = this.draft.text;
		this.draw();
	}

	typed() {
		this.draft.text = this.input.value;
		this.draw();
	}

	key(event) {
		if (event.key === "Escape" && this.draft.answered) {
			event.preventDefault();
			event.stopPropagation();
			this.answer(null);
			return;
		}
		// While an input method composes, Enter chooses a character.
		if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
		event.preventDefault();
		this.submit();
	}

	/** What is sent next answers to this message; to none: null. */
	answer(message) {
		this.draft.answered = message;
		this.draw();
		this.input.focus();
	}

	attach() {
		const { conversation } = this;
		new frappe.ui.FileUploader({
			folder: "Home/Attachments",
			on_success: (file) => this.add_file(conversation, file),
		});
	}

	add_file(conversation, { name, file_name }) {
		this.draft_of(conversation).files.push({ name, file_name });
		if (conversation === this.conversation) this.draw();
	}

	record() {
		this.recording_for = this.conversation;
		this.recorder.start();
	}

	async keep_sound(blob, name) {
		const conversation = this.recording_for;
		try {
			this.add_file(conversation, await upload(blob, name));
		} catch {
			frappe.show_alert({ message: __("The voice message could not be stored"), indicator: "red" });
		}
	}

	ask_place() {
		const { conversation } = this;
		ask_place(async (place) => {
			const draft = this.draft_of(conversation);
			const { answered } = draft;
			await this.in_turn(() => this.send(conversation, { ...place, reply_to: answered?.name }));
			if (draft.answered === answered) draft.answered = null;
			if (conversation === this.conversation) this.draw();
		});
	}

	/** One message after the other, in the order in which they were written. */
	submit() {
		const { conversation, draft } = this;
		const text = draft.text.trim();
		const [first, ...others] = draft.files;
		if (!text && !first) return;
		this.drafts.delete(conversation);
		this.input.value = "";
		this.draw();
		const messages = [{ text, file: first, answered: draft.answered }, ...others.map((file) => ({ text: "", file }))];
		for (const message of messages) this.in_turn(() => this.send_one(conversation, message));
	}

	in_turn(act) {
		const done = this.under_way.then(act);
		this.under_way = done.catch(() => {});
		return done;
	}

	async send_one(conversation, { text, file, answered }) {
		try {
			await this.send(conversation, { text, file: file?.name, reply_to: answered?.name });
		} catch {
			// Frappe has shown why. Nothing that was written is lost.
			const draft = this.draft_of(conversation);
			draft.text = [text, draft.text].filter(Boolean).join("\n");
			if (file) draft.files.unshift(file);
			draft.answered ||= answered;
			if (conversation === this.conversation) this.show(conversation);
		}
	}

	draw() {
		this.draw_answered();
		this.chips.replaceChildren(
			...this.draft.files.map((file, place) =>
				element(
					"span",
					{ class: "wuzapi-chip" },
					element("span", { class: "ellipsis" }, file.file_name),
					icon_button("wuzapi-chip-remove", CROSS, __("Remove {0}", [file.file_name]), () => {
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

	draw_answered() {
		const { answered } = this.draft;
		this.answered.replaceChildren();
		if (!answered) return;
		this.answered.append(
			element("div", { class: "wuzapi-quote" }, ...quoted(answered)),
			icon_button("wuzapi-chip-remove wuzapi-no-answer", CROSS, __("Do not reply to it"), () => this.answer(null))
		);
	}
}
