// Disconnecting and logging out: two different things. Each says what it loses, and asks.
import { call } from "../server/call";
import { request } from "../server/request";
import { bring_up_to_date } from "./form";
import { News } from "./news";

export function disconnect_session(frm) {
	ask(
		frm,
		"disconnect",
		"wuzapi_chatwoot.api.sessions.disconnect",
		__("Disconnect this number? Nothing comes in or goes out until somebody connects it again. The pairing with the phone is kept; messages wait on WhatsApp. Some releases of WuzAPI begin a new pairing when it is connected again: have the phone at hand then."),
		__("Disconnected")
	);
}

export function log_out_session(frm) {
	ask(
		frm,
		"log_out",
		"wuzapi_chatwoot.api.sessions.log_out",
		__("Log this number out? The pairing with the phone ends, and the phone has to scan a code again. What customers write meanwhile does not come in later. Conversations stay."),
		__("Logged out")
	);
}

function ask(frm, act, method, question, done) {
	const session = frm.docname;
	frappe.confirm(question, async () => {
		await call(method, { session });
		const news = new News(
			"wuzapi_chatwoot_pairing",
			session,
			() => request("wuzapi_chatwoot.api.sessions.pairing", { session }),
			({ parted, trouble }) => {
				if (trouble) frappe.msgprint({ message: frappe.utils.escape_html(trouble), indicator: "red" });
				else if (parted === act) frappe.show_alert({ message: done, indicator: "green" });
				else return false;
				bring_up_to_date(session);
				return true;
			}
		);
		setTimeout(() => news.stop(), 120_000);
	});
}
