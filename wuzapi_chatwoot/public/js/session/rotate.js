// New signing secrets, on one side or both. The ones before stay good, so that no webhook is lost.
import { LONGEST } from "../server/call";
import { request } from "../server/request";
import { make_dialog } from "./dialog";
import { bring_up_to_date } from "./form";
import { show_progress } from "./progress";

export function rotate_secrets(frm) {
	const session = frm.docname;
	const dialog = make_dialog({
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
			await request("wuzapi_chatwoot.api.sessions.rotate", { session, side }, { longest: LONGEST });
			dialog.hide();
			show_progress(session, __("New Secrets"), {
				good: __("The new secret is in use."),
				finished: () => bring_up_to_date(session),
			});
		},
	});
	dialog.show();
}
