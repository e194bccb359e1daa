// The doctor: every step of a session's path both ways, the broken one named, with what to do about it.
import { step_line, verdict_line } from "./steps";

export function examine_session(frm) {
	const session = frm.docname;
	const dialog = new frappe.ui.Dialog({
		title: __("Doctor"),
		size: "large",
		fields: [{ fieldname: "findings", fieldtype: "HTML" }],
		primary_action_label: __("Look Again"),
		primary_action: look,
		secondary_action_label: __("Send a Test Message to This Number"),
		async secondary_action() {
			const args = { session };
			const { conversation } = await frappe.xcall("wuzapi_chatwoot.api.sessions.send_test_message", args);
			dialog.hide();
			// Its ticks tell the rest.
			frappe.set_route("Form", "WuzAPI Conversation", String(conversation));
		},
	});
	const wrapper = dialog.get_field("findings").$wrapper.attr("aria-live", "polite");

	async function look() {
		wrapper.empty().append($('<p class="text-muted"></p>').text(__("Asking the gateway and Chatwoot")));
		dialog.disable_primary_action();
		try {
			const { findings } = await frappe.xcall("wuzapi_chatwoot.api.sessions.examine", { session });
			show(findings);
		} catch {
			// Frappe has shown why.
			dialog.hide();
		}
		dialog.enable_primary_action();
	}

	function show(findings) {
		const broken = findings.find(({ verdict }) => verdict === "broken");
		wrapper.empty().append(
			verdict_line(broken ? __("It breaks at: {0}", [broken.step]) : __("Everything works."), !broken),
			...findings.map(({ step, verdict, ...said }) => step_line({ name: step, state: verdict, ...said }))
		);
	}

	dialog.show();
	look();
}
