// Removing what was made for a session. Asks first, and says what is lost.
import { LONGEST } from "../server/call";
import { request } from "../server/request";
import { make_dialog } from "./dialog";
import { discard_session } from "./discard";
import { bring_up_to_date } from "./form";
import { show_progress } from "./progress";
import { take_tokens } from "./tokens";

export function remove_session(frm) {
	// While the form is being loaded anew there is none.
	if (!frm.doc) return;
	const { name, made_gateway_user, made_inbox, earlier_inboxes } = frm.doc;
	const inboxes = [made_inbox ? `${made_inbox} ${name}` : "", ...(earlier_inboxes || "").split("\n")].filter(Boolean);
	const last = (inboxes[made_inbox ? 0 : inboxes.length - 1] || "").replace(/^\d+ /, "");
	const told = inboxes.map((line) => line.replace(/^(\d+) (.*)$/, "$1 ($2)")).join(", ");
	if (!made_gateway_user && !inboxes.length) {
		discard_session(name);
		return;
	}
	const dialog = make_dialog({
		title: __("Delete"),
		fields: [
			{
				fieldname: "user",
				fieldtype: "Check",
				label: frappe.utils.escape_html(__("The user on the gateway: {0}", [`${name} (${made_gateway_user})`])),
				default: made_gateway_user ? 1 : 0,
				hidden: made_gateway_user ? 0 : 1,
				description: __("The pairing with the phone is lost: nothing comes in or goes out."),
			},
			{
				fieldname: "admin_token",
				fieldtype: "Password",
				label: __("Gateway Administrator's Token"),
				depends_on: "user",
				mandatory_depends_on: "user",
				description: __("It is not kept."),
			},
			{
				fieldname: "inbox",
				fieldtype: "Check",
				label: frappe.utils.escape_html(
					inboxes.length > 1 ? __("The inboxes in Chatwoot: {0}", [told]) : __("The inbox in Chatwoot: {0}", [told])
				),
				hidden: inboxes.length ? 0 : 1,
				description: __(
					"Every conversation in it is lost in Chatwoot, for all agents. An inbox that another session uses now stays."
				),
			},
			{
				fieldname: "inbox_name",
				fieldtype: "Data",
				label: frappe.utils.escape_html(__("Type the name of the inbox, {0}, to delete it", [last])),
				depends_on: "inbox",
				mandatory_depends_on: "inbox",
				hidden: inboxes.length ? 0 : 1,
			},
			{
				fieldtype: "HTML",
				options: frappe.utils.escape_html(
					__("The session is switched off. Its conversations and messages on this site stay.")
				),
			},
		],
		primary_action_label: __("Delete"),
		async primary_action({ user = 0, inbox = 0, admin_token = "", inbox_name = "" }) {
			const given = { session: name, user, inbox, admin_token, inbox_name };
			await request("wuzapi_chatwoot.api.sessions.remove", given, { longest: LONGEST });
			dialog.hide();
			show_progress(name, __("Deleting"), {
				good: __("What was made is gone."),
				next: [__("Delete the Session"), () => discard_session(name)],
				finished: () => bring_up_to_date(name),
			});
		},
	});
	take_tokens(dialog, "admin_token");
	dialog.get_primary_btn().removeClass("btn-primary").addClass("btn-danger");
	dialog.show();
}
