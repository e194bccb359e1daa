frappe.ui.form.on("WuzAPI Event", {
	async setup(frm) {
		await frappe.require("wuzapi_live.bundle.js");
		wuzapi_chatwoot.follow(frm);
	},

	refresh(frm) {
		if (frm.is_new()) return;
		if (frm.wuzapi_stale) {
			frm.wuzapi_stale = false;
			wuzapi_chatwoot.renew(frm);
		}
		frm.disable_save();
		show_payload(frm);
		const [label, colour] = {
			waiting: [__("Waiting"), "orange"],
			done: [__("Done"), "green"],
			ignored: [__("Ignored"), "gray"],
			dead: [__("Dead"), "red"],
		}[frm.doc.state] || [frm.doc.state, "gray"];
		frm.page.set_indicator(label, colour);
		frm.page.set_title(frappe.utils.escape_html(frm.doc.kind || __("Event {0}", [frm.doc.name])));
		if (frm.doc.state === "dead") {
			const why = frm.doc.last_error || __("no reason was noted");
			frm.dashboard.set_headline_alert(
				__("Given up: {0}", [frappe.utils.escape_html(why)]),
				"red"
			);
		}
		if (["dead", "ignored"].includes(frm.doc.state)) {
			frm.add_custom_button(__("Replay"), () => replay(frm)).addClass("btn-primary");
		}
		frm.add_custom_button(__("Conversation"), () => open_conversation(frm));
	},
});

/** In lines, for reading. Only on the page: the row keeps it as it came. */
function show_payload(frm) {
	try {
		frm.doc.payload = JSON.stringify(JSON.parse(frm.doc.payload), null, 2);
	} catch {
		return;
	}
	frm.refresh_field("payload");
}

async function replay(frm) {
	const { replayed } = await wuzapi_chatwoot.call("wuzapi_chatwoot.api.events.replay", { events: [frm.doc.name] });
	frappe.show_alert(
		replayed.length
			? { message: __("Will be worked again"), indicator: "green" }
			: { message: __("It has been worked meanwhile"), indicator: "orange" }
	);
	frm.reload_doc();
}

/** An event's lane names its direction, session, and the chat or the conversation in Chatwoot. */
async function open_conversation(frm) {
	const [, session, ...rest] = frm.doc.lane.split("|");
	const chat = rest.join("|");
	const filters = /^\d+$/.test(chat) ? { session, chatwoot_conversation_id: chat } : { session, chat };
	const { message } = await frappe.db.get_value("WuzAPI Conversation", filters, "name");
	if (message?.name) frappe.set_route("Form", "WuzAPI Conversation", message.name);
	else frappe.msgprint(__("There is no conversation for this event."));
}
