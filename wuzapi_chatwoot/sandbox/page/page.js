// Fetches the state whenever the sandbox tells of a change, and hands it to the three parts of the page.

import { act, by, icon, toast } from "./elements.js";
import { drawAgent, setUpAgent } from "./agent.js";
import { drawBridge, setUpBridge } from "./bridge.js";
import { drawPhone, setUpPhone } from "./phone.js";

let fetching = false;
let again = false;

async function refresh() {
	if (fetching) {
		again = true;
		return;
	}
	fetching = true;
	do {
		again = false;
		try {
			const answer = await fetch("control/state?limit=60");
			const state = await answer.json();
			drawPhone(state);
			drawBridge(state);
			drawAgent(state);
		} catch (error) {
			console.error(error);
			break;
		}
	} while (again);
	fetching = false;
}

for (const button of document.querySelectorAll("button.send")) button.append(icon("send"));
by("reset").addEventListener("click", () => act("reset", {}));

setUpPhone();
setUpAgent();
setUpBridge();
refresh();

const events = new EventSource("control/events");
events.addEventListener("changed", refresh);
events.addEventListener("error", () => toast("The sandbox does not answer; trying again …"));
