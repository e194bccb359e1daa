// How far a set-up is, or its undoing, while it is under way: our own, or somebody else's.

import { about, get, showSteps } from "./api.js";

const EVERY = 500;
const progress = (name) => get(about(name, "set-up"));
const pause = () => new Promise((resolve) => setTimeout(resolve, EVERY));

// With each new step, what is said below it comes into view.
function showNews(list, steps) {
	const before = list.children.length;
	showSteps(list, steps);
	if (steps.length !== before) list.closest("dialog").querySelector(".told").scrollIntoView({ block: "nearest" });
}

// What `report` brings, with the steps in `list` until then. Nothing is shown where it is not `wanted()` any more.
export async function showStepsUntil(report, name, list, wanted) {
	let ended = false;
	const end = () => (ended = true);
	const endOrPause = () => Promise.race([report.then(end, end), pause()]);
	for (await endOrPause(); !ended; await endOrPause()) {
		const seen = await progress(name).catch(() => null);
		if (!ended && wanted() && seen?.running) showNews(list, seen.steps);
	}
	return report;
}

// Somebody else's, if one is under way: to its end, with its steps in `list`; `tell` is told of the rest.
export async function lookOn(name, list, tell, wanted) {
	const show = (seen) => {
		tell(seen);
		showNews(list, seen.steps);
	};
	let seen = await progress(name);
	while (seen.running && wanted()) {
		show(seen);
		await pause();
		seen = await progress(name).catch(() => seen);
		if (!seen.running && wanted()) show(seen);
	}
}
