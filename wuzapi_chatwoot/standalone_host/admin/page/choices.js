// The wizard's lists: what exists in Chatwoot and on the gateway, read as soon as address and token are there. What
// cannot be read is told at the entry that is wrong; a number can be typed all the same.

import { make, post, Refused } from "./api.js";

const OTHER = "other";
const form = document.querySelector("#wizard form");
const fields = form.elements;
const takeOver = document.getElementById("take-over");
const ASKED = takeOver.querySelector("span").textContent;
// The field of an answer whose entry is called otherwise here.
const ENTRIES = { gateway_admin_token: "gateway_token" };
const lists = { account: new Map(), inbox_choice: new Map(), gateway_user_id: new Map() };
const turns = { chatwoot: 0, gateway: 0 };
let keeps = false;
let asks = false;

// `kept`: the session has its tokens already.
export function resetChoices(kept) {
	[keeps, asks] = [kept, false];
	for (const side of Object.keys(turns)) turns[side] += 1;
	for (const name of Object.keys(lists)) fill(name, []);
	for (const place of form.querySelectorAll("[data-about]")) tell(place.dataset.about, "");
	showChoices();
	if (kept) readChatwoot();
}

export function chosenUser() {
	return fields.user.value === "choose" ? fields.gateway_user_id.value : null;
}

function fill(name, choices, ...more) {
	lists[name] = new Map(choices.map((choice) => [String(choice.id), choice]));
	fields[name].replaceChildren(...choices.map(option), ...more);
}

function option(choice) {
	const number = typeof choice.id === "number" ? ` (${choice.id})` : "";
	const user = "connected" in choice ? [choice.number || "no number", choice.connected ? "connected" : "not connected"] : [];
	const posts = choice.target ? [posting(choice.target)] : [];
	const about = [`${choice.name || choice.id}${number}`, ...user, ...posts].join(", ");
	const text = choice.refusal ? `${about} – not possible: ${choice.refusal}` : about;
	return make("option", { value: String(choice.id), disabled: Boolean(choice.refusal) }, text);
}

function posting({ posts, where }) {
	if (posts === "us") return "posts to us";
	if (posts === "nowhere") return "posts nowhere";
	return posts === "ours" ? `posts to us for ${where}` : `posts to ${where || "somebody else"}`;
}

const first = (text) => make("option", { value: "", disabled: true, selected: true }, text);
const other = () => make("option", { value: OTHER }, "Another one, by its number");

function tell(field, sentence) {
	const name = ENTRIES[field] ?? field;
	const place = form.querySelector(`[data-about="${name}"]`);
	place.textContent = sentence;
	fields[name].toggleAttribute("aria-invalid", Boolean(sentence));
	fields[name].setAttribute("aria-describedby", place.id);
}

// Asks, unless the entries are not all there; an answer that somebody no longer waits for is dropped.
async function read(side, told, body, take) {
	const turn = ++turns[side];
	for (const field of told) tell(field, "");
	let answer;
	try {
		answer = await post(`choices/${side}`, { session: fields.name.value, ...body });
	} catch (error) {
		if (!(error instanceof Refused)) throw error;
		answer = { trouble: { field: told[0], sentence: error.message } };
	}
	if (turn !== turns[side]) return;
	take(answer);
	if (answer.trouble) tell(answer.trouble.field, answer.trouble.sentence);
	showChoices();
}

async function readChatwoot() {
	const { chatwoot_url: url, chatwoot_token: token, account_id: account } = fields;
	if (!url.value || !(token.value || keeps)) return;
	const body = { chatwoot_url: url.value, chatwoot_token: token.value, account_id: account.value ? Number(account.value) : null };
	await read("chatwoot", ["chatwoot_url", "chatwoot_token", "account_id"], body, (answer) => {
		const { accounts = [], inboxes = [] } = answer;
		fill("account", accounts, other());
		if (accounts.length && !answer.account_id) fields.account.prepend(first("Choose an account"));
		else fields.account.value = lists.account.has(String(answer.account_id)) ? String(answer.account_id) : OTHER;
		if (answer.account_id) fields.account_id.value = answer.account_id;
		const before = fields.inbox_id.value;
		fill("inbox_choice", inboxes, other());
		if (before) fields.inbox_choice.value = lists.inbox_choice.has(before) ? before : OTHER;
		else fields.inbox_choice.prepend(first("Choose an inbox"));
	});
}

async function readGateway() {
	const { gateway_url: url, gateway_token: token } = fields;
	if (fields.user.value !== "choose" || !url.value || !token.value) return;
	const before = fields.gateway_user_id.value;
	await read("gateway", ["gateway_url", "gateway_admin_token"], { gateway_url: url.value, gateway_admin_token: token.value }, ({ users = [], trouble }) => {
		fill("gateway_user_id", users);
		const there = lists.gateway_user_id.get(before);
		if (there && !there.refusal) fields.gateway_user_id.value = before;
		else fields.gateway_user_id.prepend(first(trouble ? "The list could not be read" : users.length ? "Choose a user" : "There is no user"));
	});
}

// Which lists and numbers are to be seen. A number that is not asked for must not hold the form up.
function showChoices() {
	const show = (id, shown) => {
		document.getElementById(id).hidden = !shown;
	};
	const chooses = fields.user.value === "choose";
	show("gateway-user", chooses);
	fields.gateway_user_id.required = chooses;
	if (chooses && !fields.gateway_user_id.options.length) fields.gateway_user_id.append(first("Enter the address and the token first"));
	const accounts = lists.account.size > 0;
	show("account-choice", accounts);
	show("account-number", !accounts || fields.account.value === OTHER);
	fields.account.required = accounts;
	fields.account_id.required = !keeps && !document.getElementById("account-number").hidden;
	const adopts = fields.inbox.value === "adopt";
	const inboxes = lists.inbox_choice.size > 0;
	show("inbox-choice", adopts && inboxes);
	show("inbox-number", adopts && (!inboxes || fields.inbox_choice.value === OTHER));
	fields.inbox_choice.required = adopts && inboxes;
	fields.inbox_id.required = !document.getElementById("inbox-number").hidden;
	askToTakeOver(adopts ? lists.inbox_choice.get(fields.inbox_choice.value) : null, lists.gateway_user_id.get(chosenUser()));
}

function askToTakeOver(inbox, user) {
	const away = [["inbox", inbox], ["user", user]].filter(([, choice]) => ["elsewhere", "ours"].includes(choice?.target.posts));
	const names = away.map(([what, choice]) => `the ${what} ${posting(choice.target)}`).join(", and ");
	takeOver.querySelector("span").textContent = names ? `Today ${names}: it shall post here` : ASKED;
	// Left alone where the set-up itself has asked.
	if (away.length) [takeOver.hidden, asks] = [false, true];
	else if (asks && !fields.take_over.checked) [takeOver.hidden, asks] = [true, false];
}

const CHANGES = {
	chatwoot_url: readChatwoot,
	chatwoot_token: readChatwoot,
	account_id: readChatwoot,
	account() {
		const typed = fields.account.value === OTHER;
		fields.account_id.value = typed ? "" : fields.account.value;
		fields.inbox_id.value = "";
		if (!typed) readChatwoot();
	},
	inbox_choice() {
		fields.inbox_id.value = fields.inbox_choice.value === OTHER ? "" : fields.inbox_choice.value;
	},
	inbox: () => fields.inbox.value === "adopt" && readChatwoot(),
	gateway_url: readGateway,
	gateway_token: readGateway,
	user: readGateway,
};

form.addEventListener("change", ({ target }) => {
	CHANGES[target.name]?.();
	showChoices();
});
