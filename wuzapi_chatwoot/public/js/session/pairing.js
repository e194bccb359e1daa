// Pairing a number: the code to scan, always the one that is good now, or one to type on the phone; progress in words.
import { LONGEST } from "../server/call";
import { request } from "../server/request";
import { make_dialog } from "./dialog";
import { bring_up_to_date } from "./form";
import { News } from "./news";

const NUMBER_AND_NAME_COME_WITHIN = 30_000;
const ASK = "wuzapi_chatwoot.api.sessions.pairing";

export function connect_session(session) {
	const dialog = make_dialog({
		title: __("Connect {0}", [frappe.utils.escape_html(session)]),
		fields: [
			{ fieldname: "picture", fieldtype: "HTML" },
			{ fieldname: "by_code", fieldtype: "Section Break", label: __("No Camera at Hand?"), collapsible: 1, collapsed: 1 },
			{
				fieldname: "phone",
				fieldtype: "Data",
				label: __("Phone Number"),
				placeholder: "+447700900123",
				description: __("With the country code. The phone shows where to type the code that you get here."),
			},
			{ fieldname: "ask_code", fieldtype: "Button", label: __("Get a Code") },
		],
	});
	const view = new View(dialog.get_field("picture").$wrapper);
	let news = null;
	let closed = false;
	let connected_at = null;
	const begin = async (phone) => {
		news?.stop();
		view.wait();
		try {
			await request("wuzapi_chatwoot.api.sessions.connect", { session, phone }, { longest: LONGEST });
		} catch (error) {
			view.show({ trouble: error.message });
			return;
		}
		if (closed) return;
		news = new News(
			"wuzapi_chatwoot_pairing",
			session,
			() => request(ASK, { session }),
			(seen) => {
				view.show(seen);
				if (seen.state !== "connected") return false;
				dialog.set_df_property("by_code", "hidden", 1);
				// Which number it is, and what it is called, may be told a little later than that it is connected.
				connected_at ||= Date.now();
				return Boolean(seen.number && seen.name) || Date.now() - connected_at > NUMBER_AND_NAME_COME_WITHIN;
			}
		);
	};
	dialog.get_field("ask_code").$input.on("click", () => {
		const phone = (dialog.get_value("phone") || "").trim();
		if (phone) begin(phone);
		else view.trouble(__("Enter the phone number first, with the country code."));
	});
	dialog.onhide = () => {
		closed = true;
		news?.stop();
		bring_up_to_date(session);
	};
	dialog.show();
	begin("");
}

class View {
	constructor(wrapper) {
		this.root = $(
			`<div class="wuzapi-pairing text-center" aria-live="polite">
				<div class="picture"></div><div class="code h2" dir="ltr"></div><div class="number h3" dir="ltr"></div>
				<p class="bold sentence"></p><p class="text-muted advice"></p><p class="text-danger trouble"></p>
			</div>`
		).appendTo(wrapper);
	}

	wait() {
		this.show({ sentence: __("Asking the gateway") });
	}

	show({ state, sentence, advice, qr, code, trouble, number, name }) {
		this.root.attr("data-state", state || "");
		// Who types has no camera at hand: one way at a time.
		this.picture(code ? null : qr);
		this.text("code", code);
		this.text("number", number);
		this.text("sentence", state === "connected" && name ? `${sentence} (${name})` : sentence);
		this.text("advice", code ? __("On the phone: Linked devices, Link with phone number instead; then type this code.") : advice);
		this.trouble(trouble);
	}

	trouble(text) {
		this.text("trouble", text);
	}

	/** One picture, which is replaced: never two codes side by side. */
	picture(qr) {
		const place = this.root.find(".picture");
		if (!qr) {
			place.empty();
			return;
		}
		let image = place.find("img");
		if (!image.length) {
			image = $('<img width="264" height="264">').attr("alt", __("QR code to scan with the phone"));
			// White around it, also in the dark: phones need that.
			place.append(image.addClass("bg-white p-2 mb-3"));
		}
		if (image.attr("src") !== qr) image.attr("src", qr);
	}

	text(name, text) {
		this.root.find(`.${name}`).text(text || "").toggle(Boolean(text));
	}
}
