// Calls whose failure is shown where Frappe shows its own.
import { Refused, request } from "./request";

// In milliseconds: what asks the gateway and Chatwoot first takes its time.
export const LONGEST = 120_000;

/** As `request`; the reason is shown as well as thrown. */
export async function call(method, given) {
	try {
		return await request(method, given, { longest: LONGEST });
	} catch (error) {
		show_reason(error);
		throw error;
	}
}

/** A refusal wants to be read; that the line is down passes by itself. */
export function show_reason(error) {
	const message = frappe.utils.escape_html(error.message);
	if (error instanceof Refused) frappe.msgprint({ message, indicator: "red", title: __("Not possible") });
	else frappe.show_alert({ message, indicator: "orange" });
}
