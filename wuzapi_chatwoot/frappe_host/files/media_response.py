"""Serves the file of a message: to be shown in place as picture, sound or film, or to be downloaded; never as a page."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import quote

import frappe
from werkzeug.http import dump_options_header
from werkzeug.wrappers import Response
from werkzeug.wsgi import wrap_file

from wuzapi_chatwoot.frappe_host.files.file_content import extension_of_content
from wuzapi_chatwoot.frappe_host.files.file_types import UNKNOWN_TYPE, type_of
from wuzapi_chatwoot.frappe_host.i18n.refusal import refuse

_HEAD = 64 * 1024
_HEADERS = {
	# Whatever it is, a browser runs nothing in it.
	"Content-Security-Policy": "sandbox; default-src 'none'; style-src 'unsafe-inline'; media-src 'self'; img-src 'self'",
	"X-Content-Type-Options": "nosniff",
	"Cross-Origin-Resource-Policy": "same-origin",
	"Referrer-Policy": "no-referrer",
	"Cache-Control": "private, max-age=3600",
}


def media_response(file: Any) -> Response:
	"""`file` is a File document that the reader may read. Answers ranges: films are wound."""
	path = Path(file.get_full_path())
	if file.is_remote_file or not path.is_file():
		refuse(frappe._("The file is not there any more"), frappe.DoesNotExistError)
	environ = frappe.local.request.environ
	content = path.open("rb")
	response = Response(wrap_file(environ, content), direct_passthrough=True)
	response.mimetype = _type(content.read(_HEAD), file.file_name or "")
	content.seek(0)
	response.headers.extend(_HEADERS)
	response.headers["Content-Disposition"] = _attachment(file.file_name or "file")
	size = path.stat().st_size
	response.content_length = size
	response.set_etag(file.content_hash or file.name)
	return response.make_conditional(environ, accept_ranges=True, complete_length=size)


def _type(head: bytes, name: str) -> str:
	"""By the content; sound, film and pictures only, so that they can be shown in place."""
	extension = extension_of_content(head, name)
	found = type_of(f"file{extension}") if extension else None
	return found if found and found.startswith(("image/", "audio/", "video/")) else UNKNOWN_TYPE


def _attachment(name: str) -> str:
	plain = name.encode("ascii", "replace").decode().replace("?", "_").replace('"', "_").replace("\\", "_")
	header = dump_options_header("attachment", {"filename": plain})
	if plain != name:
		header += f"; filename*=UTF-8''{quote(name, safe='')}"
	return header
