// The wizard: asks what it takes to set up a session, and shows each step of the work.
import { LONGEST } from "../server/call";
import { request } from "../server/request";
import { ACCOUNT_FIELDS, ChatwootChoices, GatewayChoices, INBOX_FIELDS } from "./choices";
import { make_dialog } from "./dialog";
import { forget_left, open_as_left } from "./left_dialogs";
import { connect_session } from "./pairing";
import { bring_up_to_date } from "./form";
import { show_progress } from "./progress";
import { take_tokens } from "./tokens";

const ADMIN = () => __("The administrator's: make a user");
const CHOOSE = () => __("The administrator's: choose a user");
const USER = () => __("A user's own");
const SAVED = () => __("The saved one");
const TAKE_OVER = () => ({
	fieldname: "take_over",
	fieldtype: "Check",
	label: __("Take over"),
	description: __("The user or the inbox may post its webhooks to another address today: let them come here instead."),
});

const NEW = "new";

export function new_session() {
	open_as_left(NEW, () => wizard(null));
}

/** Of a setup that was not completed. Its entries can be changed. */
export function continue_setup(frm) {
	const { doc } = frm;
	open_as_left(`continue ${doc.name} ${doc.modified}`, () => wizard(doc));
}

export function set_up_again(frm) {
	const session = frm.docname;
	open_as_left(`again ${session}`, () => set_up_again_dialog(session));
}

/** `doc`: the session whose setup goes on; `null`: a new one. */
function wizard(doc) {
	const by_admin = 'eval:["admin", "choose"].includes(doc.by)';
	const saved = (text) => (doc ? `${text} ${__("Empty: the saved one, if the address stays.")}` : text);
	const dialog = make_dialog({
		title: doc ? __("Continue Setup") : __("Set Up a Number"),
		// What can be chosen is told in a line.
		size: "large",
		fields: [
			{
				fieldname: "session",
				fieldtype: "Data",
				label: __("Session"),
				default: doc?.name,
				reqd: 1,
				read_only: doc ? 1 : 0,
				description: __("A short name of your own. It cannot be changed."),
			},
			{ fieldtype: "Section Break", label: __("Gateway") },
			{
				fieldname: "gateway_url",
				fieldtype: "Data",
				label: __("Gateway's Address"),
				default: doc?.gateway_url,
				reqd: 1,
				placeholder: "http://wuzapi.example.com:8080",
			},
			{
				fieldname: "by",
				fieldtype: "Select",
				label: __("Whose Token"),
				default: doc?.made_gateway_user ? "saved" : "admin",
				options: [
					...(doc ? [{ value: "saved", label: SAVED() }] : []),
					{ value: "admin", label: ADMIN() },
					{ value: "choose", label: CHOOSE() },
					{ value: "user", label: USER() },
				],
			},
			{ fieldtype: "Column Break" },
			{
				fieldname: "admin_token",
				fieldtype: "Password",
				label: __("Administrator's Token"),
				depends_on: by_admin,
				mandatory_depends_on: by_admin,
				description: __("A user is made for this number, or chosen. The token is not kept."),
			},
			{
				fieldname: "gateway_user_id",
				fieldtype: "Select",
				label: __("User of the Gateway"),
				depends_on: 'eval:doc.by === "choose"',
				mandatory_depends_on: 'eval:doc.by === "choose"',
			},
			{
				fieldname: "gateway_token",
				fieldtype: "Password",
				label: __("User's Token"),
				depends_on: 'eval:doc.by === "user"',
				mandatory_depends_on: 'eval:doc.by === "user"',
			},
			{ fieldtype: "Section Break", label: __("Chatwoot") },
			{
				fieldname: "chatwoot_url",
				fieldtype: "Data",
				label: __("Chatwoot's Address"),
				default: doc?.chatwoot_url,
				reqd: 1,
				placeholder: "https://chat.example.com",
			},
			{
				fieldname: "chatwoot_token",
				fieldtype: "Password",
				label: __("Access Token"),
				reqd: doc ? 0 : 1,
				description: saved(__("Of an administrator of the account.")),
			},
			{ fieldtype: "Column Break" },
			...ACCOUNT_FIELDS(doc?.account_id),
			...INBOX_FIELDS(doc?.inbox_id),
			{ fieldtype: "Section Break" },
			TAKE_OVER(),
		],
		primary_action_label: doc ? __("Continue Setup") : __("Set Up"),
		async primary_action({ by, account, inbox, ...values }) {
			// What was typed before another one was chosen.
			if (!["admin", "choose"].includes(by)) delete values.admin_token;
			if (by !== "user") delete values.gateway_token;
			if (by !== "choose") delete values.gateway_user_id;
			const method = doc ? "wuzapi_chatwoot.api.sessions.continue_set_up" : "wuzapi_chatwoot.api.sessions.set_up_new";
			const { session } = await request(method, values, { longest: LONGEST });
			forget_left(doc ? `continue ${doc.name} ${doc.modified}` : NEW);
			dialog.hide();
			if (!doc) await frappe.set_route("Form", "WuzAPI Session", session);
			show(session);
		},
	});
	take_tokens(dialog, "admin_token", "gateway_token", "chatwoot_token");
	const choices = [
		new GatewayChoices(dialog, () => dialog.get_value("by") === "choose"),
		new ChatwootChoices(dialog, { session: doc?.name, editable: true, none: __("A new one is made") }),
	];
	return [dialog, () => choices.forEach((each) => each.read(true))];
}

function set_up_again_dialog(session) {
	const dialog = make_dialog({
		title: __("Set Up Again"),
		fields: [
			{
				fieldtype: "HTML",
				options: frappe.utils.escape_html(
					__("Both sides are looked through with what is saved here. What is right already stays as it is.")
				),
			},
			{
				fieldname: "admin_token",
				fieldtype: "Password",
				label: __("Gateway Administrator's Token"),
				description: __("Only if the gateway's user has to be made. It is not kept."),
			},
			...INBOX_FIELDS(),
			TAKE_OVER(),
		],
		primary_action_label: __("Set Up"),
		async primary_action({ inbox, ...values }) {
			const given = { session, ...values };
			await request("wuzapi_chatwoot.api.sessions.set_up", given, { longest: LONGEST });
			forget_left(`again ${session}`);
			dialog.hide();
			show(session);
		},
	});
	take_tokens(dialog, "admin_token");
	dialog.set_df_property("inbox_id", "description", __("Of another API inbox to move to. Empty: it stays where it is."));
	const choices = new ChatwootChoices(dialog, { session, none: __("As it is") });
	return [dialog, () => choices.read(true)];
}

function show(session) {
	show_progress(session, __("Setup"), {
		good: __("Both sides are ready."),
		next: [__("Pair the Phone"), () => connect_session(session)],
		finished: () => bring_up_to_date(session),
	});
}
