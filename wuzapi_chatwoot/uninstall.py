"""Takes away what `install` added, and what Frappe would leave of our rows. The DocTypes themselves are its business."""

from __future__ import annotations

import shutil

import frappe

from wuzapi_chatwoot.install import ROLES

_APP, _MODULE = "wuzapi_chatwoot", "WuzAPI Chatwoot"
_OURS = ["like", "WuzAPI %"]
# The underscore stands for any character here, and for itself among them.
_OUR_CODE = ["like", "wuzapi_chatwoot.%"]
# What people and Frappe hang onto documents, and the column that says of which DocType the document is.
_HANGING_ON = {
	"Comment": "reference_doctype",
	"Deleted Document": "deleted_doctype",
	"Document Follow": "ref_doctype",
	"DocShare": "share_doctype",
	"List Filter": "reference_doctype",
	"List View Settings": "name",
	"Notification Log": "document_type",
	"Tag Link": "document_type",
	"ToDo": "reference_type",
	"User Permission": "allow",
	"Version": "ref_doctype",
	"View Log": "reference_doctype",
}


# What Frappe 16 makes of a workspace and of an app, and the columns that say of which.
_IN_THE_DESK = {
	"Workspace Sidebar": ("name", "title"),
	"Desktop Icon": ("link_to", "label"),
}


def before_uninstall() -> None:
	remove_from_the_desk()
	for name in frappe.get_all("File", filters={"attached_to_doctype": _OURS}, pluck="name"):
		frappe.delete_doc("File", name, force=True, ignore_permissions=True, delete_permanently=True)
	shutil.rmtree(frappe.get_site_path("private", "wuzapi_chatwoot"), ignore_errors=True)
	remove_what_hangs_on()
	for job in frappe.get_all("Scheduled Job Type", filters={"method": _OUR_CODE}, pluck="name"):
		frappe.db.delete("Scheduled Job Log", {"scheduled_job_type": job})
		frappe.db.delete("Scheduled Job Type", {"name": job})
	for role in ROLES:
		frappe.db.delete("Has Role", {"role": role})
		frappe.delete_doc("Role", role, ignore_missing=True, force=True, ignore_permissions=True)
	# A new installation marks all patches as done by itself.
	frappe.db.delete("Patch Log", {"patch": _OUR_CODE})
	# Last, since a secret that is gone does not come back.
	frappe.db.delete("__Auth", {"doctype": _OURS})
	frappe.db.delete("__UserSettings", {"doctype": _OURS})
	frappe.db.delete("Singles", {"doctype": _OURS})


def remove_what_hangs_on() -> None:
	"""What people wrote themselves about our DocTypes, such as reports and scripts, is theirs and stays."""
	for doctype, column in _HANGING_ON.items():
		frappe.db.delete(doctype, {column: _OURS})


def remove_from_the_desk() -> None:
	"""Frappe 16 deletes an app's workspaces, and leaves the sidebar and the icon that it made of each. Frappe 15 makes none.

	Another app's entry of the same name is left alone.
	"""
	names = [*frappe.get_all("Workspace", filters={"module": _MODULE}, pluck="name"), _MODULE]
	for doctype, columns in _IN_THE_DESK.items():
		if not frappe.db.exists("DocType", doctype):
			continue
		known = set(frappe.db.get_table_columns(doctype))
		filters = [{column: ["in", names]} for column in columns if column in known]
		rows = {row for each in filters for row in frappe.get_all(doctype, filters=each, pluck="name")}
		if "app" in known:
			others = frappe.get_all(
				doctype, filters={"name": ["in", [*rows, ""]], "app": ["not in", ["", _APP]]}, pluck="name"
			)
			rows = rows.difference(others).union(frappe.get_all(doctype, filters={"app": _APP}, pluck="name"))
		for row in rows:
			# Not through its document: that one deletes files of the app's source in developer mode.
			frappe.db.delete(doctype, {"name": row})
			for child in frappe.get_meta(doctype).get_table_fields():
				frappe.db.delete(child.options, {"parent": row, "parenttype": doctype})


def after_uninstall() -> None:
	"""Frappe drops the tables of numbered DocTypes, and leaves what gave them their numbers. The DocTypes themselves it
	puts where deleted documents can be restored from: without the app they could not be.
	"""
	frappe.db.delete("Deleted Document", {"deleted_name": _OURS})
	workspace = {"deleted_doctype": "Workspace", "data": ["like", f'%"module": "{_MODULE}"%']}
	frappe.db.delete("Deleted Document", workspace)
	for sequence in frappe.db.sql_list(
		"""SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE()
		AND table_type = 'SEQUENCE' AND table_name LIKE 'wuzapi\\_%%\\_id\\_seq'"""
	):
		frappe.db.sql_ddl(f"DROP SEQUENCE IF EXISTS `{sequence}`")
