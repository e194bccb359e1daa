"""Files that people choose in the desk for a customer."""

from __future__ import annotations

from typing import Any

import frappe


def keep_privately() -> Any:
	"""A File of what Frappe's `upload_file` has read, with the user's own permissions.

	Private whatever the form says. A file of the site's library stays as it is: others may use it.
	"""
	return frappe.get_doc(
		{
			"doctype": "File",
			"folder": "Home/Attachments",
			"file_name": frappe.local.uploaded_filename,
			"file_url": frappe.local.uploaded_file_url,
			"content": frappe.local.uploaded_file,
			"is_private": 1,
		}
	).save()
