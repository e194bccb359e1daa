// Records a voice message. Where the browser cannot, or the user does not let it, a sound file is chosen instead.
import { element, icon_button } from "./elements";
import { CHECK, CROSS } from "./pictures";

// What phones play first; the ending of each says to the server that it is sound.
const FORMATS = [
	["audio/ogg;codecs=opus", "ogg"],
	["audio/mp4", "m4a"],
	["audio/webm;codecs=opus", "weba"],
];

export class Recorder {
	/** `recorded(blob, file_name)`. `changed(recording)`: its bar is to be shown, or not. */
	constructor({ recorded, changed }) {
		this.recorded = recorded;
		this.changed = changed;
		this.clock = element("time", { class: "wuzapi-recorded" });
		this.element = element(
			"div",
			{ class: "wuzapi-recording", role: "group", "aria-label": __("Recording") },
			icon_button("btn-default wuzapi-discard", CROSS, __("Discard the recording"), () => this.stop(false)),
			element("span", { class: "wuzapi-recording-dot", "aria-hidden": "true" }),
			this.clock,
			icon_button("btn-primary wuzapi-keep", CHECK, __("Keep the recording"), () => this.stop(true))
		);
	}

	get recording() {
		return Boolean(this.machine);
	}

	async start() {
		const format = format_of_browser();
		if (!format) {
			this.choose();
			return;
		}
		if (this.asking || this.recording) return;
		let stream;
		this.asking = true;
		try {
			stream = await navigator.mediaDevices.getUserMedia({ audio: true });
		} catch {
			this.choose();
			return;
		} finally {
			this.asking = false;
		}
		this.record(stream, format);
	}

	record(stream, [mimeType, ending]) {
		const pieces = [];
		const began = Date.now();
		const machine = new MediaRecorder(stream, { mimeType });
		machine.ondataavailable = ({ data }) => pieces.push(data);
		machine.onstop = () => {
			for (const track of stream.getTracks()) track.stop();
			if (!machine.kept) return;
			const stamp = frappe.datetime.system_datetime().replace(/\D/g, "");
			this.recorded(new Blob(pieces, { type: mimeType.split(";")[0] }), `voice-${stamp}.${ending}`);
		};
		machine.start();
		this.machine = machine;
		const tick = () => {
			const seconds = Math.round((Date.now() - began) / 1000);
			this.clock.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
		};
		tick();
		this.ticking = setInterval(tick, 500);
		this.changed(true);
		this.element.querySelector(".wuzapi-keep").focus();
	}

	stop(keep) {
		const { machine } = this;
		if (!machine) return;
		this.machine = null;
		clearInterval(this.ticking);
		this.changed(false);
		machine.kept = keep;
		machine.stop();
	}

	choose() {
		const input = element("input", { type: "file", accept: "audio/*", class: "wuzapi-sound-file" });
		input.addEventListener("change", () => {
			const [file] = input.files;
			if (file) this.recorded(file, file.name);
		});
		input.click();
	}
}

function format_of_browser() {
	// Only on pages that came safely (https) does the browser have these.
	if (!navigator.mediaDevices?.getUserMedia || !window.MediaRecorder) return null;
	return FORMATS.find(([type]) => MediaRecorder.isTypeSupported(type)) || null;
}
