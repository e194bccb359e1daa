// Lists of our DocTypes that follow their rows live, in the order they are sorted by, also after the line was down.
import { connection } from "./connection";
import { not_live } from "./not_live";
import { is_pressed } from "./renew";

// In milliseconds: what comes at once is fetched at once, and a busy list does not stand still.
const GATHER = 150;
const EVERY = 2_000;

class Follower {
	/**
	 * Frappe hears the changes, in its event `list_update`. What it does with them is no good here: it waits until nothing
	 * has changed for two seconds, 15 for a large table, which may be never; and it takes the order of a DocType, "DESC",
	 * for ascending.
	 */
	constructor(listview) {
		this.listview = listview;
		this.taken_at = 0;
		this.line = not_live(listview.page);
		listview.debounced_refresh = () => this.changed();
		connection().watch({
			down: () => this.line.removeClass("hidden"),
			back: () => {
				this.line.addClass("hidden");
				this.changed();
			},
			look: () => this.changed(),
		});
		document.addEventListener("visibilitychange", () => this.stale && this.changed());
	}

	changed() {
		this.stale = true;
		this.timer ||= setTimeout(() => this.take(), Math.max(GATHER, this.taken_at + EVERY - Date.now()));
	}

	/** Frappe itself loads a list that is shown again; a tab in the background asks for nothing. */
	take() {
		const { listview } = this;
		this.timer = null;
		if (document.hidden || !$(listview.$frappe_list).is(":visible")) return;
		// Nothing moves away from under a click or a selection.
		const in_use = is_pressed() || listview.$checks?.length || listview.avoid_realtime_update?.();
		this.taken_at = Date.now();
		if (in_use) return this.changed();
		this.stale = false;
		listview.pending_document_refreshes = [];
		// Frappe ignores for three seconds whoever asks for the same again.
		listview.last_args = null;
		listview.refresh();
	}
}

/** Those of a DocType, from their first refresh on. Reports, boards and calendars do as Frappe does. */
export function follow_lists(doctype) {
	const settings = frappe.listview_settings[doctype];
	if (settings.wuzapi_followed) return;
	settings.wuzapi_followed = true;
	const { refresh } = settings;
	const follow = (listview) => {
		if (listview.view_name === "List") listview.wuzapi_follower ||= new Follower(listview);
	};
	settings.refresh = (listview) => {
		refresh?.(listview);
		follow(listview);
	};
	// It may have been loaded before this was.
	if (cur_list?.doctype === doctype && cur_list.$frappe_list) follow(cur_list);
}
