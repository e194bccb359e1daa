// How the number is doing, in words; what to enter on the other sides; what can be done with it.

// In milliseconds.
const FIGURES_EVERY = 10_000;

frappe.ui.form.on("WuzAPI Session", {
	async setup(frm) {
		await frappe.require("wuzapi_live.bundle.js");
		wuzapi_chatwoot.follow(frm);
	},

	refresh(frm) {
		if (frm.is_new()) {
			frm.add_custom_button(__("Set Up a Number"), () => with_tools(({ new_session }) => new_session()));
			return;
		}
		if (frm.wuzapi_stale) {
			frm.wuzapi_stale = false;
			wuzapi_chatwoot.renew(frm);
		}
		show_state(frm);
		show_figures(frm);
		keep_figures_true(frm);
		with_tools(({ show_changes }) => show_changes(frm));
		// For those who set it up.
		const may_change = Boolean(frm.perm[0]?.write);
		// The set-up has entered them; they are longer then, and hold a token.
		frm.toggle_display("webhooks_section", may_change && !frm.doc.callback_url);
		frm.add_custom_button(__("Doctor"), () => with_tools(({ examine_session }) => examine_session(frm)));
		if (!may_change) return;
		show_webhook_addresses(frm);
		add_buttons(frm);
	},
});

async function with_tools(act) {
	await frappe.require("wuzapi_session.bundle.js");
	act(wuzapi_chatwoot.session);
}

function add_buttons(frm) {
	if (frm.doc.setup_unfinished) {
		frm.add_custom_button(__("Continue Setup"), () => with_tools(({ continue_setup }) => continue_setup(frm)));
		frm.change_custom_button_type(__("Continue Setup"), null, "primary");
		frm.add_custom_button(__("Delete"), () => with_tools(({ remove_session }) => remove_session(frm)));
		return;
	}
	const add = (label, act) => frm.add_custom_button(label, () => with_tools(act), __("Session"));
	if (frm.doc.enabled && (frm.doc.held || frm.doc.state !== "connected")) {
		frm.add_custom_button(__("Connect"), () => with_tools(({ connect_session }) => connect_session(frm.docname)));
		frm.change_custom_button_type(__("Connect"), null, "primary");
	}
	add(__("Set Up Again"), ({ set_up_again }) => set_up_again(frm));
	add(__("New Secrets"), ({ rotate_secrets }) => rotate_secrets(frm));
	// The gateway is asked to part only from what may be connected.
	if (frm.doc.enabled && frm.doc.state_since && !frm.doc.held) {
		add(__("Disconnect"), ({ disconnect_session }) => disconnect_session(frm));
		if (!["scan_qr", "logged_out"].includes(frm.doc.state)) {
			add(__("Log Out"), ({ log_out_session }) => log_out_session(frm));
		}
	}
	add(__("Delete"), ({ remove_session }) => remove_session(frm));
}

function label_of(state) {
	return (
		{
			starting: [__("Starting"), "orange"],
			scan_qr: [__("Scan the Code"), "yellow"],
			connected: [__("Connected"), "green"],
			reconnecting: [__("Reconnecting"), "orange"],
			logged_out: [__("Logged Out"), "red"],
			banned: [__("Banned"), "red"],
			failed: [__("Failed"), "red"],
		}[state] || [__("Unknown"), "gray"]
	);
}

async function show_state(frm) {
	const { doc } = frm;
	// The sentence says what these hold.
	frm.toggle_display(["state", "state_since", "state_detail", "banned_until", "new_chats_locked_since"], false);
	if (!doc.enabled && !doc.setup_unfinished) {
		frm.page.set_indicator(__("Off"), "gray");
		frm.dashboard.set_headline(__("Off: webhooks are stored, nothing is sent either way."), "blue");
		return;
	}
	const [label, colour] = how_it_stands(doc);
	frm.page.set_indicator(label, colour);
	const name = doc.name;
	await frappe.require("wuzapi_live.bundle.js");
	const { sentence, advice, since, troubles } = await wuzapi_chatwoot.call("wuzapi_chatwoot.api.sessions.state_words", { session: name });
	if (frm.doc.name !== name || frm.doc.enabled !== doc.enabled) return;
	const text = [sentence, advice, since].filter(Boolean).join(" ");
	const lines = [text, ...troubles].map((line) => frappe.utils.escape_html(line)).join("<br>");
	frm.dashboard.clear_headline();
	frm.dashboard.set_headline(lines, troubles.length ? "red" : colour === "gray" ? "blue" : colour);
}

/** Messages pass without a word to this form. */
function keep_figures_true(frm) {
	frm.wuzapi_figures ||= setInterval(() => {
		const seen = !document.hidden && navigator.onLine && $(frm.wrapper).is(":visible");
		if (seen && frm.doc && !frm.is_new()) show_figures(frm);
	}, FIGURES_EVERY);
}

function how_it_stands({ setup_unfinished, held, state_since, state }) {
	if (setup_unfinished) return [__("Setup Incomplete"), "orange"];
	return held ? [__("Disconnected"), "gray"] : label_of(state_since && state);
}

async function show_figures(frm) {
	const { doc } = frm;
	await frappe.require("wuzapi_live.bundle.js");
	// Nothing is said if it does not come: the next look is soon.
	const asked = wuzapi_chatwoot.request("wuzapi_chatwoot.api.sessions.figures", { session: doc.name });
	const counts = await asked.catch(() => null);
	if (!counts || frm.doc.name !== doc.name) return;
	const figures = [
		[__("From WhatsApp"), counts.in, ["WuzAPI Message", { direction: "in" }]],
		[__("To WhatsApp"), counts.out, ["WuzAPI Message", { direction: "out" }]],
		[__("Failed"), counts.failed, ["WuzAPI Message", { status: "failed" }], "text-danger"],
		[__("Refused webhooks"), doc.refused_webhooks, null, "text-danger"],
	];
	const row = $('<div class="row"></div>');
	for (const [label, count, target, alarming] of figures) {
		// Not told to those who only use the session.
		if (count === undefined) continue;
		const figure = $('<div class="col-sm-3 col-6"><div class="text-muted small"></div><div class="h4"></div></div>');
		figure.find(".text-muted").text(label);
		const value = target ? $("<a></a>").on("click", () => open_list(frm, target)) : $("<span></span>");
		value.text(format_number(count || 0, null, 0)).addClass(count && alarming ? alarming : "");
		figure.find(".h4").append(value);
		row.append(figure);
	}
	const wrapper = frm.get_field("figures").$wrapper.empty().append(row);
	if (doc.last_refusal) {
		// The zone is the one that this is shown in.
		const at = `${frappe.datetime.str_to_user(doc.last_refusal_at)} ${frappe.boot.time_zone.user}`;
		$('<p class="text-muted small"></p>')
			.text(__("Last refused webhook, {0}: {1}", [at, doc.last_refusal]))
			.appendTo(wrapper);
	}
}

function open_list(frm, [doctype, filters]) {
	frappe.set_route("List", doctype, { session: frm.doc.name, ...filters });
}

async function show_webhook_addresses(frm) {
	const wrapper = frm.get_field("webhook_addresses").$wrapper;
	const name = frm.doc.name;
	const known = await frappe.db.get_single_value("WuzAPI Settings", "public_url");
	if (frm.doc.name !== name) return;
	const base = (known || frappe.urllib.get_base_url()).replace(/\/+$/, "");
	wrapper.empty();
	for (const [label, method] of [
		[__("Gateway"), "wuzapi_chatwoot.api.webhooks.wuzapi"],
		[__("Chatwoot"), "wuzapi_chatwoot.api.webhooks.chatwoot"],
	]) {
		wrapper.append(address_line(label, `${base}/api/method/${method}?session=${encodeURIComponent(name)}`));
	}
}

function address_line(label, address) {
	const line = $(
		`<div class="form-group">
			<label class="control-label"></label>
			<div class="input-group">
				<input type="text" class="form-control" readonly dir="ltr">
				<div class="input-group-append"><button type="button" class="btn btn-default btn-sm"></button></div>
			</div>
		</div>`
	);
	line.find("label").text(label);
	line.find("input").val(address).attr("aria-label", label);
	line.find("button")
		.text(__("Copy"))
		.on("click", () => frappe.utils.copy_to_clipboard(address));
	return line;
}
