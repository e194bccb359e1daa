"""What this app tells Frappe of itself. Names only what exists."""

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
			"wuzapi_chatwoot.frappe_host.jobs.wuzapi_chatwoot_sweep",
			"wuzapi_chatwoot.frappe_host.jobs.wuzapi_chatwoot_watch",
		],
		"*/3 * * * *": ["wuzapi_chatwoot.frappe_host.jobs.wuzapi_chatwoot_fetch_missed"],
	},
	"hourly_long": ["wuzapi_chatwoot.frappe_host.jobs.wuzapi_chatwoot_count"],
	"daily_long": ["wuzapi_chatwoot.frappe_host.jobs.wuzapi_chatwoot_trim"],
}

# Rows: both hooks for each DocType, or lists and forms would disagree.
permission_query_conditions = {
	"WuzAPI Session": "wuzapi_chatwoot.frappe_host.permissions.session_conditions",
	"WuzAPI Session Change": "wuzapi_chatwoot.frappe_host.permissions.change_conditions",
	"WuzAPI Contact": "wuzapi_chatwoot.frappe_host.permissions.contact_conditions",
	"WuzAPI Conversation": "wuzapi_chatwoot.frappe_host.permissions.conversation_conditions",
	"WuzAPI Message": "wuzapi_chatwoot.frappe_host.permissions.message_conditions",
	"WuzAPI Event": "wuzapi_chatwoot.frappe_host.permissions.event_conditions",
	# Frappe lists the files of every message to whoever may read some messages.
	"File": "wuzapi_chatwoot.frappe_host.permissions.file_conditions",
}
has_permission = {
	"WuzAPI Session": "wuzapi_chatwoot.frappe_host.permissions.may_use_session",
	"WuzAPI Session Change": "wuzapi_chatwoot.frappe_host.permissions.may_use_row",
	"WuzAPI Contact": "wuzapi_chatwoot.frappe_host.permissions.may_use_row",
	"WuzAPI Conversation": "wuzapi_chatwoot.frappe_host.permissions.may_use_row",
	"WuzAPI Message": "wuzapi_chatwoot.frappe_host.permissions.may_use_row",
	"WuzAPI Event": "wuzapi_chatwoot.frappe_host.permissions.may_use_row",
}
