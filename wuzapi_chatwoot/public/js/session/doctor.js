// The doctor: every step of a session's path both ways, the broken one named, with what to do about it; and the proof by
// a message of the number to itself, whose steps are seen as they come.
import { call } from "../server/call";
import { request } from "../server/request";
import { News } from "./news";
import { step_line, verdict_line, worst_of } from "./steps";

export function examine_session(frm) {
	const session = frm.docname;
	let news = null;
	// Counts what is shown, so that an answer that comes late takes nothing away.
	let turn = 0;
	const dialog = new frappe.ui.Dialog({
		title: __("Doctor"),
		size: "large",
		fields: [{ fieldname: "findings", fieldtype: "HTML" }],
		primary_action_label: __("Look Again"),
		primary_action: look,
		secondary_action_label: __("Send a Test Message to This Number"),
		secondary_action: prove,
	});
	const wrapper = dialog.get_field("findings").$wrapper.attr("aria-live", "polite");
	dialog.onhide = () => begin_anew();

	function begin_anew(text) {
		news?.stop();
		turn += 1;
		wrapper.empty();
		if (text) wrapper.append($('<p class="text-muted"></p>').text(text));
		return turn;
	}

	async function look() {
		const mine = begin_anew(__("Asking the gateway and Chatwoot"));
		dialog.disable_primary_action();
		try {
			const found = await call("wuzapi_chatwoot.api.sessions.examine", { session });
			if (mine === turn) show(found);
		} catch {
			// Frappe has shown why.
			dialog.hide();
		}
		dialog.enable_primary_action();
	}

	async function prove() {
		const mine = begin_anew(__("Writing the message in Chatwoot"));
		const button = dialog.get_secondary_btn().prop("disabled", true);
		try {
			await call("wuzapi_chatwoot.api.sessions.prove", { session });
			if (mine !== turn) return;
			const ask = () => request("wuzapi_chatwoot.api.sessions.proof", { session });
			news = new News("wuzapi_chatwoot_proof", session, ask, (seen) => show_proof(seen));
		} catch {
			// Frappe has shown why.
			if (mine === turn) begin_anew();
		} finally {
			button.prop("disabled", false);
		}
	}

	/** True: nothing more comes. */
	function show_proof({ running, trouble, sentence, steps, over }) {
		if (trouble) wrapper.empty().append(verdict_line(trouble, "broken"));
		if (trouble || !steps.length) return Boolean(trouble) && !running;
		wrapper.empty().append(verdict_line(sentence, worst_of(steps)), ...steps.map(step_line));
		return over;
	}

	function show({ verdict, sentence, findings }) {
		wrapper.empty().append(
			verdict_line(sentence, verdict),
			...findings.map(({ step, verdict, ...said }) => step_line({ name: step, state: verdict, ...said }))
		);
	}

	dialog.show();
	look();
}
