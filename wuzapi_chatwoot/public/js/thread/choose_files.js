// Files for a customer, chosen in Frappe's own dialog. They are kept privately: what it offers to make them public with
// is not shown.

/** `chosen(file)` for each, when it is stored: its document. */
export function choose_files(chosen) {
	const uploader = new frappe.ui.FileUploader({
		folder: "Home/Attachments",
		method: "wuzapi_chatwoot.api.messages.keep_upload",
		on_success: chosen,
	});
	uploader.dialog?.$wrapper.addClass("wuzapi-private-files");
}
