// How far a set-up or a removal is: its steps as they are done.
import { request } from "../server/request";
import { News } from "./news";
import { step_line, verdict_line, worst_of } from "./steps";

/**
 * `good` is the last word when nothing failed; `next` is `[label, act]` of a button that goes on from there; `finished()`
 * brings up to date what is behind, before the last word is said.
 */
export function show_progress(session, title, { good, next, finished }) {
	const dialog = new frappe.ui.Dialog({ title, fields: [{ fieldname: "steps", fieldtype: "HTML" }] });
	const wrapper = dialog.get_field("steps").$wrapper.attr("aria-live", "polite");
	const news = new News(
		"wuzapi_chatwoot_set_up",
		session,
		() => request("wuzapi_chatwoot.api.sessions.set_up_progress", { session }),
		async ({ running, steps, trouble }) => {
			wrapper.empty().append(...steps.map(step_line));
			if (trouble) wrapper.append(verdict_line(trouble, "broken"));
			if (running) {
				wrapper.append($('<p class="text-muted"></p>').text(__("Asking the gateway and Chatwoot")));
				return false;
			}
			// Whoever reads the verdict closes this, and goes on with the form behind: nothing shall change there any more.
			await finished?.();
			const broken = steps.find(({ state }) => state === "failed");
			wrapper.prepend(verdict_line(broken ? __("Problem: {0}", [broken.name]) : good, worst_of(steps)));
			if (!broken && next) {
				dialog.set_primary_action(next[0], () => {
					dialog.hide();
					next[1]();
				});
			}
			return true;
		}
	);
	dialog.onhide = () => news.stop();
	dialog.show();
}
