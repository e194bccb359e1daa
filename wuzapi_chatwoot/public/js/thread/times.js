// Times come in the site's time zone and are shown in the user's.

function users(sent_at) {
	return moment(frappe.datetime.convert_to_user_tz(sent_at, false));
}

export function day_of(sent_at) {
	return users(sent_at).format("YYYY-MM-DD");
}

export function clock_of(sent_at) {
	return users(sent_at).format(frappe.datetime.get_user_time_fmt().replace(":ss", ""));
}

export function full_time(sent_at) {
	return frappe.datetime.str_to_user(sent_at);
}

export function name_of_day(day) {
	const days = moment(day_of(frappe.datetime.system_datetime())).diff(moment(day), "days");
	if (days === 0) return __("Today");
	if (days === 1) return __("Yesterday");
	return moment(day).format(days > 1 && days < 7 ? "dddd" : "LL");
}
