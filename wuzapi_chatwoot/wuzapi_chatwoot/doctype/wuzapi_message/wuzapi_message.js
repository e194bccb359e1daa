frappe.ui.form.on("WuzAPI Message", {
	refresh(frm) {
		if (frm.is_new()) return;
		frm.disable_save();
		frm.add_custom_button(__("Conversation"), () =>
			frappe.set_route("Form", "WuzAPI Conversation", frm.doc.conversation)
		);
		if (frm.doc.status !== "failed") return;
		frm.dashboard.set_headline_alert(frappe.utils.escape_html(frm.doc.error || __("Not sent")), "red");
		if (frm.doc.direction !== "out") return;
		frm.add_custom_button(__("Send Again"), () =>
			frappe
				.xcall("wuzapi_chatwoot.api.messages.send_again", { message: frm.doc.name })
				.then(() => frm.reload_doc())
		);
	},
});
