// Fields for tokens of other systems.

/** They are no passwords of the reader's: nothing is filled in by the browser, and none could be guessed. */
export function take_tokens(dialog, ...fields) {
	for (const field of fields) {
		const control = dialog.get_field(field);
		control.disable_password_checks?.();
		// `off` is what browsers pass over in a field for passwords.
		control.$input?.attr("autocomplete", "new-password");
	}
}
