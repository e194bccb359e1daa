// Steps of a way, one line each: what was found, done or is wrong, and what to do.

const LOOKS = {
	running: ["blue", () => __("Under way")],
	done: ["green", () => __("Done")],
	found: ["green", () => __("Right already")],
	failed: ["red", () => __("Failed")],
	left: ["gray", () => __("Not tried")],
	ok: ["green", () => __("Works")],
	warning: ["orange", () => __("Take care")],
	broken: ["red", () => __("Broken")],
	waiting: ["blue", () => __("Under way")],
	skipped: ["gray", () => __("Cannot be told")],
};

/** `fix` stands below the sentence. */
export function step_line({ name, state, sentence, fix }) {
	const [colour, label] = LOOKS[state] || LOOKS.skipped;
	const line = $(
		`<div class="wuzapi-step mb-2">
			<span class="indicator"></span><span class="step"></span>
			<div class="text-muted small sentence"></div><div class="small fix"></div>
		</div>`
	).attr("data-state", state);
	line.find(".indicator").addClass(colour).attr({ role: "img", "aria-label": label(), title: label() });
	line.find(".step").text(name);
	line.find(".sentence").text(sentence || "");
	line.find(".fix").text(fix || "");
	return line;
}

// From the worst to the best: what stands above the steps is never better than the worst of them.
const TONES = [
	["broken", "text-danger"],
	["failed", "text-danger"],
	["warning", "text-warning"],
	["running", "text-muted"],
	["waiting", "text-muted"],
	["skipped", "text-muted"],
	["ok", "text-success"],
];

/** The worst state among the steps. */
export function worst_of(steps) {
	const found = TONES.find(([state]) => steps.some((step) => step.state === state));
	return found ? found[0] : "ok";
}

export function verdict_line(text, state) {
	const [, tone] = TONES.find(([each]) => each === state) || TONES.at(-1);
	return $('<p class="bold wuzapi-verdict"></p>').text(text).addClass(tone).attr("data-state", state);
}
