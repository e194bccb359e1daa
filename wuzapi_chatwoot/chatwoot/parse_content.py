"""What a Chatwoot message says: its text and its files, in webhooks and REST alike. Total, like `parse.py`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ..bridge.events import Attachment
from . import fields
from .file_names import extension_of, fit_name, name_in_url, tidy_type


def text_of(data: Mapping[str, Any]) -> str:
	"""The content as typed: releases before 4.13 and 4.14.2 leave the editor's line ends in it."""
	content = fields.text(data.get("content")) or ""
	content = re.sub(r"\\(?=\r?\n)", "", content).rstrip("\r\n")
	return content if content.strip() else ""


def attachments_of(data: Mapping[str, Any]) -> tuple[Attachment, ...]:
	entries = fields.sequence(data.get("attachments"))
	return tuple(_attachment(entry) for entry in entries if isinstance(entry, dict))


def _attachment(data: Mapping[str, Any]) -> Attachment:
	"""One without a URL is kept: that it cannot be fetched must show on the message."""
	url = fields.text(data.get("data_url")) or ""
	extension = fields.text(data.get("extension")) or ""
	name = name_in_url(url) or fit_name(f"file.{extension}" if extension else "file")
	return Attachment(
		id=fields.whole(data.get("id")) or 0,
		url=url,
		kind=fields.text(data.get("file_type")) or "file",
		file_name=name,
		mime_type=tidy_type(fields.text(data.get("content_type")), extension_of(name) or extension),
		size=fields.whole(data.get("file_size")),
	)
