// What a form or a list shows while the line is down.

/** Hidden at first. In the head of the page, which stays in view however far somebody has scrolled. */
export function not_live(page) {
	const line = $('<div class="form-message orange wuzapi-not-live hidden" role="status">');
	line.text(__("No live updates at the moment"));
	return line.insertAfter(page.wrapper.find(".page-head-content").first());
}
