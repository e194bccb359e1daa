// New signing secrets, on one side or both. The ones before stay good, so that no webhook is lost.
import { call } from "../server/call";
import { show_progress } from "./progress";

export function rotate_secrets(frm) {
	const session = frm.docname;
	const dialog = new frappe.ui.Dialog({
		title: __("New Secrets"),
		fields: [
			{
				fieldname: "side",
				fieldtype: "Select",
				label: __("Whose"),
				reqd: 1,
				default: "gateway",
				options: [
					{ value: "gateway", label: __("The gateway's signing key") },
					{ value: "chatwoot", label: __("Chatwoot's signing secret") },
				],
				description: __("The one before stays good until you empty the field Previous Signing Secret of that side."),
			},
		],
		primary_action_label: __("Make a New One"),
		async primary_action({ side }) {
			await call("wuzapi_chatwoot.api.sessions.rotate", { session, side });
			dialog.hide();
			show_progress(session, __("New Secrets"), {
				good: __("The new secret is in use."),
				finished: () => cur_frm?.docname === session && cur_frm.reload_doc(),
			});
		},
	});
	dialog.show();
}
