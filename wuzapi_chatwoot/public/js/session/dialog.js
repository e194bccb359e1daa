// A dialog that keeps what is typed, and says what is wrong where it was entered: never in another window above it.
import { Refused } from "../server/request";

/** As `frappe.ui.Dialog`. The primary action may throw what a call throws; it runs once at a time. */
export function make_dialog({ primary_action, ...options }) {
	const dialog = new frappe.ui.Dialog({
		...options,
		...(primary_action && { primary_action: (values) => once(dialog, () => primary_action(values)) }),
	});
	dialog.fields_list.forEach(keep_typing);
	keep_cursor(dialog);
	count_press(dialog);
	const get_values = dialog.get_values.bind(dialog);
	dialog.get_values = (ignore_errors, check_invalid) => (ignore_errors || all_given(dialog) ? get_values(true, check_invalid) : null);
	return dialog;
}

/**
 * A dialog takes a moment to come up, then Bootstrap takes the cursor, and Frappe sets it into the first field. Who is typing
 * by then goes on where they were.
 */
function keep_cursor(dialog) {
	let last = null;
	dialog.$wrapper.on("focusin", "input, textarea, select", ({ target }) => (last = target));
	dialog.$wrapper.on("hidden.bs.modal", () => (last = null));
	const first = dialog.focus_on_first_input.bind(dialog);
	dialog.focus_on_first_input = () => ($(last).is(":visible") ? last.focus() : first());
}

/**
 * Frappe shows and hides fields a moment after each change. The button that is held down may move away then: the press counts
 * all the same.
 */
function count_press(dialog) {
	const [button] = dialog.get_primary_btn();
	button?.addEventListener("pointerdown", (down) => {
		const { top } = button.getBoundingClientRect();
		const up = ({ clientX, clientY, target }) => {
			const stayed = Math.hypot(clientX - down.clientX, clientY - down.clientY) < 10;
			const moved = button.getBoundingClientRect().top !== top;
			if (down.button === 0 && stayed && moved && !button.contains(target)) button.click();
		};
		document.addEventListener("pointerup", up, { once: true, capture: true });
	});
}

/**
 * Frappe draws a field anew with what it has last taken from it, which is half a second behind the keyboard: whatever was
 * typed since would be lost.
 */
function keep_typing(field) {
	const refresh = field.refresh_input;
	if (!refresh) return;
	field.refresh_input = function (...given) {
		const input = this.$input?.[0];
		if (input && input === document.activeElement && input.tagName === "INPUT") this.value = this.get_input_value();
		return refresh.apply(this, given);
	};
}

async function once(dialog, act) {
	const button = dialog.get_primary_btn();
	if (button.prop("disabled")) return;
	button.prop("disabled", true);
	clear_trouble(dialog);
	try {
		await act();
	} catch (error) {
		show_trouble(dialog, error);
	} finally {
		button.prop("disabled", false);
	}
}

/** What is missing is said at its field. */
function all_given(dialog) {
	// Frappe decides a moment after each change which fields are shown and needed; who is quick presses the button before.
	dialog.refresh_dependency();
	const given = dialog.get_values(true);
	clear_trouble(dialog);
	const missing = dialog.fields_list.filter(
		({ df }) => df.reqd && !df.hidden && !df.hidden_due_to_dependency && [undefined, null, ""].includes(given[df.fieldname])
	);
	for (const { df } of missing) below(dialog, df.fieldname, TROUBLE, __("This is needed."));
	missing[0]?.set_focus();
	return !missing.length;
}

const TROUBLE = "wuzapi-trouble text-danger";
// What the rules of the document call otherwise.
const OTHER_NAMES = { session_name: "session" };

/** Why something did not work: at the field that the server names, else above all. */
export function show_trouble(dialog, error) {
	if (!(error instanceof Error)) return;
	const field = OTHER_NAMES[error.field] || error.field;
	if (error instanceof Refused && field && is_shown(dialog, field)) {
		below(dialog, field, TROUBLE, error.message);
		dialog.get_field(field).set_focus?.();
		return;
	}
	const line = $('<p class="wuzapi-trouble wuzapi-trouble-all text-danger" role="alert"></p>').text(error.message);
	$(dialog.body).prepend(line);
	line[0].scrollIntoView({ block: "nearest" });
}

export function clear_trouble(dialog) {
	$(dialog.body).find(".wuzapi-trouble").remove();
}

function is_shown(dialog, field) {
	return dialog.has_field(field) && dialog.get_field(field).$wrapper.is(":visible");
}

/** A line of text below a field; an empty one takes it away. */
export function below(dialog, field, classes, text) {
	const { $wrapper } = dialog.get_field(field);
	$wrapper.find(`.${classes.split(" ")[0]}`).remove();
	if (text) $(`<p class="small mt-1 ${classes}" role="alert"></p>`).text(text).appendTo($wrapper);
}
