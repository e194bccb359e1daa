// The middle: what stands between the two, and what can be done to it.

import { act, by, h, icon, keyed } from "./elements.js";

const DIRECTIONS = { in: "to Chatwoot", out: "to WhatsApp" };
const SHUFFLE_MS = 1500;
const SIDES = { gateway: "Gateway", chatwoot: "Chatwoot" };
const ONCE = [
	["Lose next answer", "store_then_timeout", { count: 1, mode: "drop" }],
	["Fail next 3 calls", "fail_next", { status: 500, count: 3 }],
];

let state = null;
let sliding = false;

export function setUpBridge() {
	for (const input of document.querySelectorAll("input[data-switch]"))
		input.addEventListener("change", () => act("switches", { [input.dataset.switch]: input.checked }));
	by("duplicate").addEventListener("change", (event) => act("switches", { duplicate_webhooks: event.target.checked ? 2 : 1 }));
	by("shuffle").addEventListener("change", (event) => act("switches", { shuffle_window_ms: event.target.checked ? SHUFFLE_MS : 0 }));
	by("delay").addEventListener("input", (event) => {
		sliding = true;
		by("delay-shown").textContent = `${event.target.value} ms`;
	});
	by("delay").addEventListener("change", async (event) => {
		await act("switches", { chatwoot_delay_ms: Number(event.target.value) });
		sliding = false;
	});
	for (const [label, fault, value] of ONCE) {
		const button = ([side, name]) => {
			const onclick = () => act("switches", { [`${side}_${fault}`]: value });
			return h("button.quiet", { type: "button", data: { armed: `${side}_${fault}` }, title: `${label}: ${name}`, onclick }, name);
		};
		by("once").append(h("div", {}, h("span", {}, label), ...Object.entries(SIDES).map(button)));
	}
	// Only the countdowns go on without news.
	setInterval(() => state && drawLanes(), 1000);
}

export function drawBridge(fresh) {
	state = fresh;
	const { switches } = state;
	for (const input of document.querySelectorAll("input[data-switch]")) input.checked = switches[input.dataset.switch];
	by("duplicate").checked = switches.duplicate_webhooks > 1;
	by("shuffle").checked = switches.shuffle_window_ms > 0;
	if (!sliding) {
		by("delay").value = switches.chatwoot_delay_ms;
		by("delay-shown").textContent = `${switches.chatwoot_delay_ms} ms`;
	}
	for (const button of by("once").querySelectorAll("button"))
		button.classList.toggle("armed", switches[button.dataset.armed].count > 0);
	drawHealth();
	drawRoute();
	drawLanes();
	drawFigures();
}

function healthState() {
	const { reachable, health } = state.bridge;
	if (reachable === null) return ["unknown", "looking for the bridge …"];
	if (!reachable) return ["unreachable", "bridge not reachable"];
	if (!health) return ["trouble", "bridge answers, health unknown"];
	const words = typeof health.report.status === "string" ? health.report.status : "";
	return health.status === 200 ? ["ok", `bridge ${words || "healthy"}`] : ["trouble", `bridge ${words || `health ${health.status}`}`];
}

function drawHealth() {
	const place = document.querySelector("[data-testid=bridge-health]");
	[place.dataset.state, place.textContent] = healthState();
}

function drawRoute() {
	const { switches, bridge } = state;
	const node = (name, title, ok) => h(`span.node${ok ? "" : ".bad"}`, {}, icon(name), h("small", {}, title));
	const waits = (direction) => bridge.lanes.filter((lane) => lane.direction === direction).reduce((sum, lane) => sum + lane.waiting, 0);
	const wire = (down, count) => h(`span.wire${down ? ".cut" : count ? ".busy" : ""}`, {}, down ? h("i", {}, "✕") : null);
	const open = (name) => bridge.breakers.some((breaker) => breaker.open && String(breaker.destination).includes(name));
	const model = [switches.gateway_down, switches.chatwoot_down, bridge.reachable, waits("in"), waits("out"), open("chatwoot"), open("wuzapi")];
	keyed(by("route"), [model], () => "route", () =>
		h(
			"div.line",
			{},
			node("phone", "WhatsApp", !switches.gateway_down),
			wire(switches.gateway_down, waits("out")),
			node("bridge", "bridge", bridge.reachable !== false),
			wire(switches.chatwoot_down, waits("in")),
			node("desk", "Chatwoot", !switches.chatwoot_down),
		),
	);
}

function drawLanes() {
	const { bridge } = state;
	const place = by("lanes");
	if (bridge.reachable === false) {
		by("lane-count").textContent = "";
		place.replaceChildren(h("p.empty", {}, "bridge not reachable"));
		return;
	}
	const waiting = bridge.lanes.reduce((sum, lane) => sum + lane.waiting, 0);
	by("lane-count").textContent = waiting ? `${waiting} waiting` : "";
	const breakers = bridge.breakers.filter((breaker) => breaker.open).map((breaker) => ({ ...breaker, breaker: true, left: seconds(breaker.until) }));
	const lanes = bridge.lanes.map((lane) => ({ ...lane, left: seconds(lane.next_try_at) }));
	if (!breakers.length && !lanes.length) {
		place.replaceChildren(h("p.empty", {}, "Nothing is waiting."));
		return;
	}
	for (const element of place.querySelectorAll("p.empty")) element.remove();
	keyed(place, [...breakers, ...lanes.slice(0, 40)], (each) => each.lane ?? `breaker ${each.destination}`, (each) => (each.breaker ? drawBreaker(each) : drawLane(each)));
}

const seconds = (moment) => (moment ? Math.max(0, Math.ceil((Date.parse(moment) - Date.now()) / 1000)) : null);

function drawBreaker(breaker) {
	const when = breaker.left === null ? "" : `, next look in ${breaker.left} s`;
	return h("div.lane.bad", {}, h("small.why", {}, `${breaker.destination} does not answer: left alone${when}`));
}

function drawLane(lane) {
	const what = lane.working ? "working" : lane.left === null ? "settling" : `next try in ${lane.left} s`;
	return h(
		`div.lane${lane.last_error ? ".bad" : ""}${lane.working ? ".working" : ""}`,
		{ testid: "lane-row", title: lane.lane },
		h("span.direction", { title: DIRECTIONS[lane.direction] }, icon(lane.direction === "out" ? "out" : "in")),
		h("span", {}, h("b", {}, shortened(lane.lane)), h("small", {}, `${DIRECTIONS[lane.direction] || ""} · ${what}`), lane.last_error ? h("small.why", {}, lane.last_error) : null),
		h("i.badge", {}, String(lane.waiting)),
	);
}

// A lane is named after a chat or after a conversation; people are easier to read.
function shortened(lane) {
	const address = lane.match(/[\w.:-]+@[\w.]+/)?.[0];
	const chat = address && state.chats.find((each) => each.jid === address || each.customer === address.split("@")[0]);
	if (chat) return chat.name;
	const number = Number(lane.match(/\b\d+$/)?.[0]);
	const conversation = state.conversations.find((each) => each.id === number);
	if (conversation) return conversation.contact.name || `#${number}`;
	const words = address ?? lane;
	return words.length > 30 ? `${words.slice(0, 29)}…` : words;
}

function drawFigures() {
	const { gateway, chatwoot } = state.counters;
	const figures = [
		["from phones", gateway.events.Message ?? 0, "message events of the gateway"],
		["arrived", chatwoot.messages.incoming ?? 0, "incoming messages in Chatwoot"],
		["to phones", gateway.messages.sent_by_api ?? 0, "messages shown on phones"],
		["repeats", gateway.repeated_send_ids, "sends repeated with the same id: shown once"],
		["doubled", chatwoot.doubled_source_ids, "messages that Chatwoot got twice"],
	];
	keyed(by("figures"), figures, ([name]) => name, ([name, value, title]) => h("div", { title }, h("dt", {}, name), h("dd", {}, String(value))));
}
