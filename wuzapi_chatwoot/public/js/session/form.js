// The session's form behind a dialog.

/** Done when it shows what the server has now. */
export async function bring_up_to_date(session) {
	const frm = cur_frm;
	if (frm?.doctype !== "WuzAPI Session" || frm.docname !== session || frm.is_dirty()) return;
	await wuzapi_chatwoot.renew(frm, { now: true });
}
