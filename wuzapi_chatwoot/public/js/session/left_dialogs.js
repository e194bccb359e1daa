// Dialogs that were closed before they were done (by a slip of Escape, to look something up): opened again as they were
// left. What was typed, tokens among it, is in the page's own memory and nowhere else: leaving the page forgets it.

const left = new Map();

/** `make` returns `[dialog, again]`; `again` brings what it offers up to date. */
export function open_as_left(key, make) {
	const [dialog, again] = left.get(key) || make();
	if (left.has(key)) {
		dialog.set_secondary_action_label(__("Begin Anew"));
		dialog.set_secondary_action(() => {
			forget_left(key);
			dialog.hide();
			open_as_left(key, make);
		});
	}
	left.set(key, [dialog, again]);
	dialog.show();
	again();
}

/** It is done: the next one begins empty. */
export function forget_left(key) {
	left.delete(key);
}
