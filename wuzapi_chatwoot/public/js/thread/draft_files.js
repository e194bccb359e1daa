// The files of a draft as chips. What was made in the browser (a recording) is uploaded from here, again if need be:
// nobody can record the same twice.
import { upload } from "./calls";
import { element, icon_button, text_button } from "./elements";
import { CROSS } from "./pictures";

export class DraftFiles {
	/** `changed()`: a file got stored, or could not be, or was removed. */
	constructor(changed) {
		this.changed = changed;
		this.element = element("div", { class: "wuzapi-chips" });
	}

	/** A file that is being stored: it gets its `name` then. */
	upload(blob, file_name) {
		const file = { name: null, file_name, blob, failed: false };
		this.try_upload(file);
		return file;
	}

	async try_upload(file) {
		file.failed = false;
		try {
			const { name, file_name } = await upload(file.blob, file.file_name);
			Object.assign(file, { name, file_name, blob: null });
		} catch {
			file.failed = true;
		}
		this.changed();
	}

	/** Whether the server has them all. */
	stored(files) {
		return files.every(({ name }) => name);
	}

	draw(files) {
		this.element.replaceChildren(...files.map((file) => this.chip(files, file)));
	}

	chip(files, file) {
		const again = () => {
			this.try_upload(file);
			this.changed();
		};
		const remove = () => {
			files.splice(files.indexOf(file), 1);
			this.changed();
		};
		return element(
			"span",
			{ class: file.failed ? "wuzapi-chip wuzapi-chip-failed" : "wuzapi-chip" },
			element("span", { class: "ellipsis" }, file.file_name),
			!file.name && !file.failed && element("span", { class: "text-muted" }, __("Storing…")),
			file.failed && element("span", { class: "wuzapi-cause" }, __("Could not be stored")),
			file.failed && text_button("btn btn-xs btn-default wuzapi-chip-retry", __("Retry"), again),
			icon_button("wuzapi-chip-remove", CROSS, __("Remove {0}", [file.file_name]), remove)
		);
	}
}
