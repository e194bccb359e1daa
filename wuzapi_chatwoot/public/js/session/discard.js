// Deleting a session of which nothing is left outside: its record on this site.
import { LONGEST } from "../server/call";
import { request } from "../server/request";
import { make_dialog } from "./dialog";

export function discard_session(session) {
	const dialog = make_dialog({
		title: __("Delete"),
		fields: [
			{
				fieldtype: "HTML",
				options: frappe.utils.escape_html(
					__(
						"Delete the session {0} from this site? Nothing that was made for it is left on the gateway or in Chatwoot. What else it uses was there before, and stays.",
						[session]
					)
				),
			},
		],
		primary_action_label: __("Delete"),
		async primary_action() {
			await request("wuzapi_chatwoot.api.sessions.discard", { session }, { longest: LONGEST });
			dialog.hide();
			frappe.show_alert({ message: __("The session {0} was deleted.", [frappe.utils.escape_html(session)]), indicator: "green" });
			frappe.model.clear_doc("WuzAPI Session", session);
			await frappe.set_route("List", "WuzAPI Session");
		},
	});
	dialog.get_primary_btn().removeClass("btn-primary").addClass("btn-danger");
	dialog.show();
}
