"""The files of messages as private File documents: whoever may read the message may read its file, and nobody else."""

from __future__ import annotations

import mimetypes
import re
from datetime import datetime, timedelta
from typing import Any

import frappe
from frappe.core.doctype.file.utils import get_content_hash
from frappe.model.base_document import get_controller

from ..bridge.ports import OutgoingFile
from ..bridge.records import MessageRow
from .store.times import to_site

_MESSAGE = "WuzAPI Message"
_UNFIT = re.compile(r"[\x00-\x1f\x7f/\\]+")
# Of the 140 characters of the column, some are left for what Frappe adds to a name that is taken.
_LONGEST_NAME = 120
_BATCH = 200


def keep_media(message: MessageRow, file: OutgoingFile) -> None:
	"""A repeat finds the same bytes there and adds nothing."""
	attached = {"attached_to_doctype": _MESSAGE, "attached_to_name": str(message.id)}
	known = {**attached, "content_hash": get_content_hash(file.content)}
	if not file.content or frappe.db.exists("File", known):
		return
	name = _fit_name(file)
	fields = {
		"doctype": "File",
		"file_name": name,
		"is_private": 1,
		"folder": "Home/Attachments",
		"content": file.content,
		**attached,
	}
	doc = _kept_file_class()(fields).insert(ignore_permissions=True)
	if doc.file_name != name:
		# Only on the disk must it differ from the others.
		doc.db_set("file_name", name, update_modified=False)


def _kept_file_class() -> Any:
	"""The site's own File, without what is meant for people who upload."""

	class KeptFile(get_controller("File")):  # type: ignore[misc]
		@property
		def content_type(self) -> None:
			"""Unknown to Frappe, which would draw photographs anew to take out EXIF, and fails with broken ones."""

		@content_type.setter
		def content_type(self, value: object) -> None:
			pass

		def check_max_file_size(self) -> int:
			# The session says how large a file may be.
			return len(self._content or b"")

		def create_attachment_record(self) -> None:
			"""No comment on the message: it shows its file by itself."""

		def notify_update(self) -> None:
			"""Frappe's own tells every reader of files its name."""

	return KeptFile


def _fit_name(file: OutgoingFile) -> str:
	"""Names come from strangers."""
	plain_type = file.mime_type.partition(";")[0].strip().lower()
	name = _UNFIT.sub(" ", file.file_name).strip(" .") or f"file{mimetypes.guess_extension(plain_type) or ''}"
	stem, dot, extension = name.rpartition(".")
	if not dot or len(extension) > 10:
		return name[:_LONGEST_NAME]
	return f"{stem[: _LONGEST_NAME - len(extension) - 1]}.{extension}"


def forget_media(now: datetime, keep: timedelta) -> int:
	"""Delete the files of messages that are older than that; how many. In a job: commits each batch."""
	before, forgotten = to_site(now - keep), 0
	while True:
		old = frappe.get_all(
			"File",
			filters={"attached_to_doctype": _MESSAGE, "creation": ["<", before]},
			pluck="name",
			order_by="creation asc",
			limit=_BATCH,
		)
		for name in old:
			frappe.delete_doc("File", name, ignore_permissions=True, force=True, delete_permanently=True)
		frappe.db.commit()  # nosemgrep - a job's batch; a file that is deleted does not come back
		forgotten += len(old)
		if len(old) < _BATCH:
			return forgotten
