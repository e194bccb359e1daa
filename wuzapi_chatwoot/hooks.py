"""What this app tells Frappe of itself. Names only what exists."""

from wuzapi_chatwoot.frappe_host.permissions import row_rules as _row_rules

app_name = "wuzapi_chatwoot"
app_title = "WuzAPI Chatwoot"
app_publisher = "The wuzapi_chatwoot contributors"
app_description = "The bridge between WhatsApp gateways, Chatwoot and Frappe CRM"
app_email = "maintainers@example.com"
app_license = "mit"

after_install = "wuzapi_chatwoot.install.after_install"
after_migrate = "wuzapi_chatwoot.install.after_migrate"
before_uninstall = "wuzapi_chatwoot.uninstall.before_uninstall"
after_uninstall = "wuzapi_chatwoot.uninstall.after_uninstall"

scheduler_events = {
	# Every scheduler tick; normal operation does not depend on it.
	"cron": {
		"* * * * *": [
			"wuzapi_chatwoot.frappe_host.jobs.entry_points.wuzapi_chatwoot_sweep",
			"wuzapi_chatwoot.frappe_host.jobs.entry_points.wuzapi_chatwoot_watch",
		],
		"*/3 * * * *": ["wuzapi_chatwoot.frappe_host.jobs.entry_points.wuzapi_chatwoot_fetch_missed"],
	},
	"hourly_long": ["wuzapi_chatwoot.frappe_host.jobs.entry_points.wuzapi_chatwoot_count"],
	"daily_long": ["wuzapi_chatwoot.frappe_host.jobs.entry_points.wuzapi_chatwoot_trim"],
}

# Rows: both hooks for each DocType, or lists and forms would disagree. Frappe asks the parent about a row of a child table.
permission_query_conditions = {
	**dict.fromkeys(_row_rules.RULES, "wuzapi_chatwoot.frappe_host.permissions.access.row_conditions"),
	# Frappe lists the files, tags and comments of all our rows to whoever may read some of them.
	"File": "wuzapi_chatwoot.frappe_host.permissions.access.attached_conditions",
	"Comment": "wuzapi_chatwoot.frappe_host.permissions.access.attached_conditions",
	"Tag Link": "wuzapi_chatwoot.frappe_host.permissions.access.attached_conditions",
}
has_permission = {
	_doctype: "wuzapi_chatwoot.frappe_host.permissions.access.may_use_row"
	for _doctype, _rule in _row_rules.RULES.items()
	if not _rule.is_child
}

# Loaded with the fields of each DocType, before anything shows them.
_LIST_SCRIPTS = ["public/js/plain_text.js", "public/js/live_order.js", "public/js/live_lists.js"]
doctype_list_js = {_doctype: list(_LIST_SCRIPTS) for _doctype in _row_rules.RULES}

# What names a row of ours is saved by its readers only.
doc_events = {
	_doctype: {"validate": ["wuzapi_chatwoot.frappe_host.permissions.references.check_reference"]}
	for _doctype in (*_row_rules.REFERRING, *_row_rules.REFERRING_PARENTS)
}
# An assignment to somebody who may not see the row would be shared with them.
doc_events["ToDo"]["validate"].append("wuzapi_chatwoot.frappe_host.permissions.assignments.check_assignee")

# Frappe 15 lets the name of a field become a statement of its own.
before_request = ["wuzapi_chatwoot.frappe_host.permissions.request_names.refuse_what_is_no_name"]

# Functions of Frappe that answer any log-in about rows it may not see: for our DocTypes they ask first.
override_whitelisted_methods = {
	"frappe.client.get_count": "wuzapi_chatwoot.api.guarded.get_count",
	"frappe.client.validate_link": "wuzapi_chatwoot.api.guarded.validate_link",
	"frappe.desk.calendar.get_events": "wuzapi_chatwoot.api.guarded.get_events",
	"frappe.desk.doctype.dashboard_chart.dashboard_chart.get": "wuzapi_chatwoot.api.guarded.get_chart",
	"frappe.desk.doctype.tag.tag.get_tagged_docs": "wuzapi_chatwoot.api.guarded.get_tagged_docs",
	"frappe.desk.form.utils.get_next": "wuzapi_chatwoot.api.guarded.get_next",
	"frappe.desk.listview.get_group_by_count": "wuzapi_chatwoot.api.guarded.get_group_by_count",
	"frappe.desk.search.search_link": "wuzapi_chatwoot.api.guarded.search_link",
	"frappe.desk.search.search_widget": "wuzapi_chatwoot.api.guarded.search_widget",
	"frappe.desk.search.get_link_title": "wuzapi_chatwoot.api.guarded.get_link_title",
	"frappe.share.get_users": "wuzapi_chatwoot.api.guarded.get_share_users",
	"frappe.social.doctype.energy_point_log.energy_point_log.get_reviews": "wuzapi_chatwoot.api.guarded.get_reviews",
	"frappe.utils.global_search.search": "wuzapi_chatwoot.api.guarded.global_search",
	"frappe.utils.goal.get_monthly_goal_graph_data": "wuzapi_chatwoot.api.guarded.get_goal_graph",
	"frappe.workflow.doctype.workflow.workflow.get_workflow_state_count": "wuzapi_chatwoot.api.guarded.get_workflow_state_count",
	# The same for what they write about such rows.
	"frappe.automation.doctype.assignment_rule.assignment_rule.bulk_apply": "wuzapi_chatwoot.api.guarded_writes.bulk_apply",
	"frappe.desk.doctype.tag.tag.add_tag": "wuzapi_chatwoot.api.guarded_writes.add_tag",
	"frappe.desk.doctype.tag.tag.add_tags": "wuzapi_chatwoot.api.guarded_writes.add_tags",
	"frappe.desk.doctype.tag.tag.remove_tag": "wuzapi_chatwoot.api.guarded_writes.remove_tag",
	"frappe.desk.form.document_follow.follow_document": "wuzapi_chatwoot.api.guarded_writes.follow_document",
	"frappe.desk.form.document_follow.get_follow_users": "wuzapi_chatwoot.api.guarded_writes.get_follow_users",
	"frappe.desk.form.document_follow.unfollow_document": "wuzapi_chatwoot.api.guarded_writes.unfollow_document",
	"frappe.desk.form.document_follow.update_follow": "wuzapi_chatwoot.api.guarded_writes.update_follow",
	"frappe.desk.like.toggle_like": "wuzapi_chatwoot.api.guarded_writes.toggle_like",
	"frappe.email.relink": "wuzapi_chatwoot.api.guarded_writes.relink",
	"frappe.model.document.unlock_document": "wuzapi_chatwoot.api.guarded_writes.unlock_document",
	"frappe.utils.file_manager.add_attachments": "wuzapi_chatwoot.api.guarded_writes.add_attachments",
}
