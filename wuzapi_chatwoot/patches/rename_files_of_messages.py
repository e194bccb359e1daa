"""Files of messages were kept under the names and extensions that strangers chose. Now each has a random name on the disk,
and the extension that its content deserves (`frappe_host/files/media.py`); people see the names that the files came with.
"""

from __future__ import annotations

from pathlib import Path

import frappe

from wuzapi_chatwoot.frappe_host.files.file_content import safe_extension
from wuzapi_chatwoot.frappe_host.files.media import KEPT, MESSAGE

_HEAD = 1024 * 1024


def execute() -> None:
	old = frappe.get_all(
		"File",
		filters={
			"attached_to_doctype": MESSAGE,
			"is_private": 1,
			"file_url": ["not like", f"{KEPT}%"],
		},
		fields=["file_url", "file_name"],
		group_by="file_url",
	)
	for file in old:
		path = Path(frappe.get_site_path((file.file_url or "").lstrip("/")))
		if not (file.file_url or "").startswith("/private/files/") or not path.is_file():
			continue
		url = f"{KEPT}{frappe.generate_hash(length=20)}{_extension(path, file.file_name or '')}"
		# A copy first: whatever else uses the old address, such as an upload of the same content, keeps it.
		_copy(path, Path(frappe.get_site_path(url.lstrip("/"))))
		frappe.db.set_value(
			"File",
			{"file_url": file.file_url, "attached_to_doctype": MESSAGE},
			"file_url",
			url,
			update_modified=False,
		)
		if not frappe.db.exists("File", {"file_url": file.file_url}):
			frappe.db.after_commit.add(lambda path=path: path.unlink(missing_ok=True))
		frappe.db.commit()  # nosemgrep - a patch's step; it begins again where it was stopped


def _extension(path: Path, name: str) -> str:
	size = path.stat().st_size
	# The list of a zip stands at its end.
	with path.open("rb") as file:
		head = file.read(_HEAD if size > 64 * _HEAD else size)
	return safe_extension(head, name)


def _copy(source: Path, target: Path) -> None:
	try:
		target.hardlink_to(source)
	except OSError:
		target.write_bytes(source.read_bytes())
