// Where an answer is written. Keeps what is typed for each conversation until it is handed to the outbox.
import { choose_files } from "./choose_files";
import { DraftFiles } from "./draft_files";
import { element, icon_button } from "./elements";
import { CLIP, CROSS, MICROPHONE, PIN, PLANE } from "./pictures";
import { ask_place } from "./place_dialog";
import { quoted } from "./quote";
import { Recorder } from "./recorder";

export class Composer {
	/** `send(conversation, message)` takes one message over: from then on it is not lost. */
	constructor(send) {
		this.send = send;
		this.drafts = new Map();
		this.conversation = null;
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
		this.files = new DraftFiles(() => this.draw());
		this.recorder = new Recorder({
			recorded: (blob, name) => this.keep_sound(blob, name),
			changed: (recording) => this.element.classList.toggle("wuzapi-records", recording),
		});
		this.send_button = icon_button("btn-primary wuzapi-send", PLANE, __("Send"), () => this.submit());
		this.element = element(
			"div",
			{ class: "wuzapi-composer" },
			this.answered,
			this.files.element,
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
		choose_files((file) => this.add_file(conversation, file));
	}

	add_file(conversation, { name, file_name }) {
		this.draft_of(conversation).files.push({ name, file_name });
		if (conversation === this.conversation) this.draw();
	}

	record() {
		this.recording_for = this.conversation;
		this.recorder.start();
	}

	keep_sound(blob, file_name) {
		const { files } = this.draft_of(this.recording_for);
		files.push(this.files.upload(blob, file_name));
		this.draw();
	}

	ask_place() {
		const { conversation } = this;
		ask_place((place) => {
			const draft = this.draft_of(conversation);
			this.send(conversation, { ...place, ...reply_to(draft.answered) });
			draft.answered = null;
			if (conversation === this.conversation) this.draw();
		});
	}

	/** One message after the other, in the order in which they were written. */
	submit() {
		const { conversation, draft } = this;
		const text = draft.text.trim();
		const [first, ...others] = draft.files;
		if ((!text && !first) || !this.files.stored(draft.files)) return;
		this.drafts.delete(conversation);
		this.input.value = "";
		this.draw();
		this.send(conversation, { text, ...as_file(first), ...reply_to(draft.answered) });
		for (const file of others) this.send(conversation, { text: "", ...as_file(file) });
	}

	/** A message that was not sent after all comes back to be changed, in front of what is being typed. */
	take_back(conversation, { text, file, file_name, answered }) {
		const draft = this.draft_of(conversation);
		draft.text = [text, draft.text].filter(Boolean).join("\n");
		if (file) draft.files.unshift({ name: file, file_name });
		draft.answered ||= answered || null;
		if (conversation === this.conversation) this.show(conversation);
	}

	draw() {
		this.draw_answered();
		const { text, files } = this.draft;
		this.files.draw(files);
		this.send_button.disabled = (!text.trim() && !files.length) || !this.files.stored(files);
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

const as_file = (file) => (file ? { file: file.name, file_name: file.file_name } : {});

/** `answered` is kept beside its number: it is shown until the server has the message. */
const reply_to = (answered) => (answered ? { reply_to: answered.name, answered } : {});
