// The messages of the conversation, and what can be done with it.

frappe.ui.form.on("WuzAPI Conversation", {
	refresh(frm) {
		if (frm.is_new()) return;
		frm.disable_save();
		show_title(frm);
		add_buttons(frm);
		show_thread(frm);
		if (frm.wuzapi_stale) take_changes(frm);
	},

	// Frappe's comments are no messages: kept away from the composer, so that nobody takes one for the other.
	on_tab_change(frm) {
		frm.footer?.wrapper?.toggle(frm.get_active_tab()?.df.fieldname !== "thread_tab");
	},
});

async function show_thread(frm) {
	if (!frm.wuzapi_thread) {
		// Both at once, and once only: opening conversations quickly must not make two threads.
		frm.wuzapi_loading ||= frappe.require(["wuzapi_thread.bundle.css", "wuzapi_thread.bundle.js"]);
		await frm.wuzapi_loading;
		frm.wuzapi_thread ||= new wuzapi_chatwoot.Thread(frm.get_field("thread").$wrapper.get(0), {
			changed: () => take_changes(frm),
		});
	}
	frm.wuzapi_thread.show(Number(frm.doc.name), { is_group: Boolean(frm.doc.is_group) });
}

/** The fields only: reloading the form would scroll the page under the reader. */
async function take_changes(frm) {
	// A form in the background would take over the page's title: it is brought up to date when it is shown.
	frm.wuzapi_stale = !$(frm.wrapper).is(":visible");
	if (frm.wuzapi_stale) return;
	const name = frm.doc.name;
	const doc = await frappe.db.get_doc(frm.doctype, name);
	if (frm.doc.name !== name) return;
	Object.assign(frm.doc, doc);
	frm.refresh_fields();
	show_title(frm);
}

function show_title(frm) {
	const [label, colour] = {
		open: [__("Open"), "blue"],
		pending: [__("Pending"), "orange"],
		snoozed: [__("Snoozed"), "purple"],
		resolved: [__("Resolved"), "green"],
	}[frm.doc.chatwoot_status] || [__("Not in Chatwoot yet"), "gray"];
	frm.page.set_indicator(label, colour);
	const title = frm.doc.contact_name || frm.doc.phone || frm.doc.chat;
	frm.page.set_title(frappe.utils.escape_html(title));
}

function add_buttons(frm) {
	frm.add_custom_button(__("Mark as Read"), () => {
		frappe.xcall("wuzapi_chatwoot.api.messages.mark_read", { conversation: frm.doc.name }).then(({ queued }) =>
			frappe.show_alert(
				queued
					? { message: __("Shown as read on WhatsApp"), indicator: "green" }
					: { message: __("Nothing new to be marked"), indicator: "blue" }
			)
		);
	});
	if (!frappe.model.can_read("WuzAPI Event")) return;
	frm.add_custom_button(__("Events"), () => {
		frappe.set_route("List", "WuzAPI Event", {
			session: frm.doc.session,
			lane: ["in", lanes_of(frm.doc).join(",")],
		});
	});
}

function lanes_of({ session, chat, chatwoot_conversation_id }) {
	const outgoing = [chat, chatwoot_conversation_id].filter(Boolean).map((to) => `out|${session}|${to}`);
	return [`in|${session}|${chat}`, ...outgoing];
}
