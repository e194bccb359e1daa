// The wizard's lists: what exists in Chatwoot and on the gateway, read as soon as address and token are there. What is
// wrong is told below its field; a number can be typed all the same.
import { LONGEST } from "../server/call";
import { released } from "../server/renew";
import { request } from "../server/request";
import { below, clear_trouble, show_trouble } from "./dialog";

const OTHER = "other";

export const ACCOUNT_FIELDS = (account_id) => [
	{ fieldname: "account", fieldtype: "Select", label: __("Account"), hidden: 1 },
	{ fieldname: "account_id", fieldtype: "Int", label: __("Number of the Account"), default: account_id, reqd: 1 },
];

export const INBOX_FIELDS = (inbox_id) => [
	{ fieldname: "inbox", fieldtype: "Select", label: __("Inbox"), hidden: 1 },
	{
		fieldname: "inbox_id",
		fieldtype: "Int",
		label: __("Number of the Inbox"),
		default: inbox_id || undefined,
		description: __("Of an API inbox that exists. Empty: a new one is made."),
	},
];

/** Asks once for the same entries, and drops an answer to what stands there no more. */
class Answers {
	turn = 0;
	given = {};

	/** `entries()`: what stands in the dialog now. */
	constructor(dialog, entries) {
		Object.assign(this, { dialog, entries });
	}

	knows(given) {
		return JSON.stringify(given) === JSON.stringify(this.given);
	}

	/** What was answered may be true no more. */
	forget() {
		this.given = {};
	}

	/** The answer was about this, too. */
	also(more) {
		this.given = { ...this.given, ...more };
	}

	async of(method, given) {
		const turn = ++this.turn;
		this.given = given;
		try {
			const answer = await request(method, given, { longest: LONGEST });
			// The lists change the dialog's height, and with it where its button is.
			await released();
			if (turn !== this.turn) return null;
			// Somebody types on: what is entered then is asked about in a moment.
			if (JSON.stringify(this.entries()) === JSON.stringify(given)) return answer;
			this.given = {};
			return null;
		} catch (error) {
			if (turn === this.turn) {
				this.given = {};
				clear_trouble(this.dialog);
				show_trouble(this.dialog, error);
			}
			return null;
		}
	}
}

export class ChatwootChoices {
	/**
	 * `session`: one that is saved, whose address and token are used; `editable`: unless others are entered; `none`: what
	 * choosing no inbox means.
	 */
	constructor(dialog, { session = "", editable = !session, none }) {
		Object.assign(this, { dialog, session, editable, none, inboxes: [] });
		this.news = new Answers(dialog, () => this.entries());
		// Frappe waits for what a change sets off before it draws the field: it shall not wait for the server.
		const change = (field, act) => {
			dialog.get_field(field).df.onchange = () => void act();
		};
		change("inbox", () => this.take_inbox());
		if (!editable) return;
		for (const field of ["chatwoot_url", "chatwoot_token", "account_id"]) change(field, () => this.read());
		change("account", () => this.take_account());
	}

	value(field) {
		return this.dialog.get_value(field) || "";
	}

	entries() {
		if (this.session && !this.editable) return { session: this.session };
		return {
			...(this.session && { session: this.session }),
			chatwoot_url: this.value("chatwoot_url"),
			chatwoot_token: this.value("chatwoot_token"),
			account_id: cint(this.value("account_id")),
		};
	}

	/** `anew`: also if nothing was entered since it was read. */
	async read(anew = false) {
		if (anew) this.news.forget();
		const given = this.entries();
		if (this.news.knows(given) || (!this.session && !(given.chatwoot_url && given.chatwoot_token))) return;
		const seen = await this.news.of("wuzapi_chatwoot.api.sessions.chatwoot_choices", given);
		if (!seen) return;
		tell(this.dialog, ["chatwoot_url", "chatwoot_token", "account_id", "inbox_id"], seen.trouble);
		if (this.editable) await this.show_accounts(seen);
		await this.show_inboxes(seen.inboxes);
	}

	async show_accounts({ accounts, account_id }) {
		const listed = accounts.map((each) => choice(each, [numbered(each)]));
		const known = accounts.some(({ id }) => id === account_id);
		// What the answer is about has been asked: entering it asks nothing anew.
		if (account_id && account_id !== cint(this.value("account_id"))) {
			this.news.also({ account_id });
			await this.dialog.set_value("account_id", account_id);
		}
		const chosen = account_id ? (known ? String(account_id) : OTHER) : "";
		await offer(this.dialog, "account", account_id || !listed.length ? listed : [{ value: "", label: "" }, ...listed], chosen);
		show(this.dialog, "account_id", !accounts.length || chosen === OTHER);
	}

	take_account() {
		const chosen = this.value("account");
		if (chosen === OTHER) show(this.dialog, "account_id", true);
		else if (chosen) this.dialog.set_value("account_id", cint(chosen));
	}

	async show_inboxes(inboxes) {
		this.inboxes = inboxes;
		const listed = inboxes.map((each) => choice(each, [numbered(each), posting(each.target)]));
		const typed = this.value("inbox_id");
		const known = inboxes.some(({ id, refusal }) => id === cint(typed) && !refusal);
		const chosen = typed ? (known ? String(typed) : OTHER) : "";
		await offer(this.dialog, "inbox", listed.length ? [{ value: "", label: this.none }, ...listed] : [], chosen);
		show(this.dialog, "inbox_id", !listed.length || chosen === OTHER);
		note(this.dialog, "inbox", this.inboxes, chosen);
	}

	take_inbox() {
		const chosen = this.value("inbox");
		show(this.dialog, "inbox_id", chosen === OTHER);
		if (chosen !== OTHER) this.dialog.set_value("inbox_id", cint(chosen) || null);
		note(this.dialog, "inbox", this.inboxes, chosen);
	}
}

export class GatewayChoices {
	/** Reads while `wanted()`, and puts the users into the field `gateway_user_id`. */
	constructor(dialog, wanted) {
		Object.assign(this, { dialog, wanted, users: [] });
		this.news = new Answers(dialog, () => this.entries());
		for (const field of ["by", "gateway_url", "admin_token"]) {
			dialog.get_field(field).df.onchange = () => void this.read();
		}
		dialog.get_field("gateway_user_id").df.onchange = () =>
			note(dialog, "gateway_user_id", this.users, dialog.get_value("gateway_user_id"));
	}

	entries() {
		return {
			gateway_url: this.dialog.get_value("gateway_url") || "",
			admin_token: this.dialog.get_value("admin_token") || "",
		};
	}

	/** `anew`: also if nothing was entered since it was read. */
	async read(anew = false) {
		if (anew) this.news.forget();
		const given = this.entries();
		if (!this.wanted() || !given.gateway_url || !given.admin_token || this.news.knows(given)) return;
		const seen = await this.news.of("wuzapi_chatwoot.api.sessions.gateway_choices", given);
		if (!seen) return;
		const { users, trouble } = seen;
		this.users = users;
		tell(this.dialog, ["gateway_url", "admin_token"], trouble);
		const listed = users.map((user) =>
			choice(user, [
				user.name || user.id,
				user.number || __("no number"),
				user.connected ? __("connected") : __("not connected"),
				posting(user.target),
			])
		);
		const before = this.dialog.get_value("gateway_user_id");
		const chosen = users.some(({ id, refusal }) => id === before && !refusal) ? before : "";
		fill(this.dialog, "gateway_user_id", [{ value: "", label: "" }, ...listed]);
		await this.dialog.set_value("gateway_user_id", chosen);
	}
}

const numbered = ({ name, id }) => `${name} (${id})`;

function choice({ id, refusal }, words) {
	const about = words.join(", ");
	const label = refusal ? __("{0} – not possible: {1}", [about, refusal]) : about;
	return { value: String(id), label, disabled: Boolean(refusal) };
}

function posting({ posts, where }) {
	if (posts === "us") return __("posts here");
	if (posts === "nowhere") return __("posts nowhere");
	return posts === "ours" ? __("posts here for {0}", [where]) : __("posts to {0}", [where]);
}

/** Frappe reads labels as HTML. */
function fill(dialog, field, options) {
	const escaped = options.map((each) => ({ ...each, label: frappe.utils.escape_html(each.label) }));
	dialog.set_df_property(field, "options", escaped);
}

async function offer(dialog, field, options, chosen) {
	const more = options.length ? [...options, { value: OTHER, label: __("Another one, by its number") }] : [];
	show(dialog, field, more.length);
	fill(dialog, field, more);
	await dialog.set_value(field, chosen);
}

function show(dialog, field, shown) {
	dialog.set_df_property(field, "hidden", shown ? 0 : 1);
}

/** Says what is wrong below its field, and no longer what was. */
function tell(dialog, fields, trouble) {
	for (const field of fields) {
		if (dialog.has_field(field)) below(dialog, field, "wuzapi-trouble text-danger", "");
	}
	if (!trouble) return;
	const field = dialog.has_field(trouble.field) ? trouble.field : "inbox_id";
	below(dialog, field, "wuzapi-trouble text-danger", trouble.sentence);
}

/** What is to be confirmed before one is adopted that somebody else uses. */
function note(dialog, field, choices, chosen) {
	const { target } = choices.find(({ id }) => String(id) === chosen) || {};
	const away = target && ["elsewhere", "ours"].includes(target.posts);
	const text = away ? __("Today it {0}: tick Take over if it shall post here instead.", [posting(target)]) : "";
	below(dialog, field, "wuzapi-note bold", text);
}
