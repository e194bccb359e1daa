"""The files of messages as private File documents: whoever may read the message may read its file, and nobody else.

On the disk each has a random name, and the extension that its content deserves: private files are found by their address,
and a stranger chose the name. People see the name that the file came with. What the site will not keep as a File is kept
beside, and the message says so: nothing about a file stops a conversation.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import frappe
from frappe.core.doctype.file.utils import get_content_hash
from frappe.model.base_document import get_controller

from wuzapi_chatwoot.bridge.model.records import MessageRow
from wuzapi_chatwoot.bridge.ports.gateway import OutgoingFile
from wuzapi_chatwoot.frappe_host.files.file_content import safe_extension
from wuzapi_chatwoot.frappe_host.files.file_types import UNKNOWN_TYPE, extension_of_type, type_of
from wuzapi_chatwoot.frappe_host.files.refused_files import forget_refused, keep_refused
from wuzapi_chatwoot.frappe_host.store.connection import is_trouble
from wuzapi_chatwoot.frappe_host.store.times import to_site
from wuzapi_chatwoot.frappe_host.telemetry.site_log import site_log

MESSAGE = "WuzAPI Message"
# Frappe shows the names of attachments unescaped.
_UNFIT = re.compile(r"[\x00-\x1f\x7f/\\<>]+")
# Of the 140 characters of the column, some are left for what Frappe adds to a name that is taken.
_LONGEST_NAME = 120
_BATCH = 200
KEPT = "/private/files/wa-"
_SAVEPOINT = "wuzapi_chatwoot_file"


def keep_media(message: MessageRow, file: OutgoingFile) -> None:
	"""A repeat finds the same bytes there and adds nothing."""
	name = _fit_name(file)
	if not file.content:
		_tell(message, f"📄 {name}: the file is empty")
		return
	attached = {"attached_to_doctype": MESSAGE, "attached_to_name": str(message.id)}
	if frappe.db.exists("File", {**attached, "content_hash": get_content_hash(file.content)}):
		return
	messages = len(frappe.local.message_log)
	frappe.db.savepoint(_SAVEPOINT)
	try:
		_insert(name, file.content, attached)
	except Exception as error:
		if _is_of_the_machine(error):
			raise
		frappe.db.rollback(save_point=_SAVEPOINT)
		del frappe.local.message_log[messages:]
		if keep_refused(message.id, file.content):
			site_log().warning(
				f"the site does not keep a file of message {message.id}: {type(error).__name__}"
			)
		_tell(message, f"📄 {name}: this site did not keep the file")


def _insert(name: str, content: bytes, attached: dict[str, str]) -> None:
	fields = {
		"doctype": "File",
		"file_name": f"wa-{frappe.generate_hash(length=20)}{safe_extension(content, name)}",
		"is_private": 1,
		"folder": "Home/Attachments",
		"content": content,
		**attached,
	}
	doc = kept_file_class()(fields).insert(ignore_permissions=True)
	doc.db_set("file_name", name, update_modified=False)


def _is_of_the_machine(error: Exception) -> bool:
	"""The database or the disk: the next try may do. Everything else is about this file, and stays as it is."""
	of_the_machine = OSError | MemoryError | frappe.db.OperationalError | frappe.db.InternalError
	return isinstance(error, of_the_machine) or is_trouble(error)


def _tell(message: MessageRow, line: str) -> None:
	"""In the message's text, above what it says: where the desk shows it."""
	text = frappe.db.get_value(MESSAGE, message.id, "text") or ""
	if line not in text.split("\n"):
		text = "\n".join(each for each in (line, text) if each)
		frappe.db.set_value(MESSAGE, message.id, "text", text, update_modified=False)


def kept_file_class() -> Any:
	"""The site's own File, without what is meant for people who upload."""

	class KeptFile(get_controller("File")):  # type: ignore[misc]
		@property
		def content_type(self) -> None:
			"""Unknown to Frappe, which would draw photographs anew to take out EXIF, and fails with broken ones."""

		@content_type.setter
		def content_type(self, value: object) -> None:
			pass

		def save_file(self, *args: Any, **options: Any) -> Any:
			"""Frappe takes the address of any file with the same content, whose extension somebody else chose. We take one of ours."""
			twin = _same_content(self.content, Path(self.file_name).suffix)
			if twin is None:
				return super().save_file(*args, **{**options, "ignore_existing_file_check": True})
			self._content, self.file_url = self.content, twin
			self.file_size, self.content_hash = len(self.content), get_content_hash(self.content)
			return None

		def check_content(self) -> None:
			"""Frappe 16 parses every PDF for scripts, and fails or never ends with broken ones. We serve no file as a page."""

		def check_max_file_size(self) -> int:
			# The session says how large a file may be.
			return len(self._content or b"")

		def create_attachment_record(self) -> None:
			"""No comment on the message: it shows its file by itself."""

		def notify_update(self) -> None:
			"""Frappe's own tells every reader of files its name."""

	return KeptFile


def _same_content(content: bytes, extension: str) -> str | None:
	"""The address of a file that we keep already, under the same extension (`.m4a`)."""
	url = frappe.db.get_value(
		"File",
		{
			"content_hash": get_content_hash(content),
			"attached_to_doctype": MESSAGE,
			"file_url": ["like", f"{KEPT}%{extension}"],
		},
		"file_url",
	)
	return url if url and Path(frappe.get_site_path(url.lstrip("/"))).is_file() else None


def _fit_name(file: OutgoingFile) -> str:
	"""Names come from strangers."""
	plain_type = file.mime_type.partition(";")[0].strip().lower()
	name = _UNFIT.sub(" ", file.file_name).strip(" .") or f"file{extension_of_type(plain_type)}"
	stem, dot, extension = name.rpartition(".")
	if not dot or len(extension) > 10:
		return name[:_LONGEST_NAME]
	return f"{stem[: _LONGEST_NAME - len(extension) - 1]}.{extension}"


def shown_file(name: str, file_name: str, file_url: str) -> dict[str, str | None]:
	"""What the desk is told of a file: an address that only serves it to be shown in place or to be downloaded."""
	address = f"/api/method/wuzapi_chatwoot.api.media.get?file={name}"
	kind = type_of(file_name)
	if file_url.startswith(KEPT):
		# Pictures, sounds and films are shown in place: for those only the content counts, not how the file is called.
		by_content = type_of(file_url)
		if by_content != UNKNOWN_TYPE:
			kind = by_content
		elif kind and kind.startswith(("image/", "audio/", "video/")):
			kind = UNKNOWN_TYPE
	return {"file_url": address, "file_name": file_name, "mime_type": kind}


def forget_media(now: datetime, keep: timedelta) -> int:
	"""Delete the files of messages that are older than that; how many. In a job: commits each batch."""
	before, forgotten = to_site(now - keep), 0
	forget_refused(now - keep)
	while True:
		old = frappe.get_all(
			"File",
			filters={"attached_to_doctype": MESSAGE, "creation": ["<", before]},
			fields=["name", "file_url"],
			order_by="creation asc",
			limit=_BATCH,
		)
		for file in old:
			frappe.delete_doc("File", file.name, ignore_permissions=True, force=True, delete_permanently=True)
			_remove_from_disk(file.file_url)
		frappe.db.commit()  # nosemgrep - a job's batch; a file that is deleted does not come back
		forgotten += len(old)
		if len(old) < _BATCH:
			return forgotten


def _remove_from_disk(url: str | None) -> None:
	"""Frappe leaves the bytes there while another file has the same content, under whatever address."""
	if url and url.startswith(KEPT) and not frappe.db.exists("File", {"file_url": url}):
		Path(frappe.get_site_path(url.lstrip("/"))).unlink(missing_ok=True)
