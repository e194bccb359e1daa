"""Names and types of files as Chatwoot writes and wants them. Touches no file."""

from __future__ import annotations

import mimetypes
import re
from urllib.parse import unquote, urlsplit

_LONGEST_NAME = 200
_UNFIT = re.compile(r"[\x00-\x1f\x7f/\\\"\u2028\u2029]")

# Types that the standard library lacks or that it takes from whatever the machine has installed.
_TYPE_BY_EXTENSION = {
	"3gp": "video/3gpp",
	"aac": "audio/aac",
	"amr": "audio/amr",
	"docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
	"gif": "image/gif",
	"jpeg": "image/jpeg",
	"jpg": "image/jpeg",
	"m4a": "audio/mp4",
	"mov": "video/quicktime",
	"mp3": "audio/mpeg",
	"mp4": "video/mp4",
	"oga": "audio/ogg",
	"ogg": "audio/ogg",
	"opus": "audio/ogg",
	"pdf": "application/pdf",
	"png": "image/png",
	"pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
	"vcf": "text/vcard",
	"wav": "audio/wav",
	"webm": "video/webm",
	"webp": "image/webp",
	"xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
# What browsers and Chatwoot's own guessing call the same things.
_SAME_TYPE = {
	"audio/mp3": "audio/mpeg",
	"audio/mpeg3": "audio/mpeg",
	"audio/x-mp3": "audio/mpeg",
	"audio/x-mpeg": "audio/mpeg",
	"text/directory": "text/vcard",
	"text/x-vcard": "text/vcard",
}
_VAGUE_TYPES = frozenset({"application/octet-stream", "binary/octet-stream", "text/plain"})
_EXTENSION_BY_TYPE = {
	"application/pdf": "pdf",
	"audio/aac": "aac",
	"audio/amr": "amr",
	"audio/mp4": "m4a",
	"audio/mpeg": "mp3",
	"audio/ogg": "ogg",
	"image/gif": "gif",
	"image/jpeg": "jpg",
	"image/png": "png",
	"image/webp": "webp",
	"text/vcard": "vcf",
	"video/3gpp": "3gp",
	"video/mp4": "mp4",
}


def name_in_url(url: str) -> str:
	"""The last piece of the URL's path, decoded; empty if there is none."""
	try:
		path = urlsplit(url).path
	except ValueError:
		return ""
	return fit_name(unquote(path.rsplit("/", 1)[-1], errors="replace"))


def fit_name(name: str) -> str:
	"""The name without what breaks headers and paths, cut to a length every system takes; keeps its extension."""
	name = _UNFIT.sub("_", name).strip()
	if name in (".", ".."):
		return ""
	if len(name) <= _LONGEST_NAME:
		return name
	extension = extension_of(name)
	ending = f".{extension}" if extension else ""
	return name[: _LONGEST_NAME - len(ending)] + ending


def extension_of(name: str) -> str:
	"""In lower case, without the dot; empty if there is none."""
	stem, dot, extension = name.rpartition(".")
	fits = bool(stem and dot) and extension.isascii() and extension.isalnum() and len(extension) <= 8
	return extension.lower() if fits else ""


def type_by_extension(extension: str) -> str | None:
	extension = extension.lower().lstrip(".")
	return _TYPE_BY_EXTENSION.get(extension) or mimetypes.guess_type(f"file.{extension}")[0]


def tidy_type(told: str | None, extension: str) -> str | None:
	"""The type that was told, under its usual name; by the extension where none was, or one that says little."""
	if told is None:
		return type_by_extension(extension)
	plain = told.partition(";")[0].strip().lower()
	if plain in _VAGUE_TYPES:
		return _TYPE_BY_EXTENSION.get(extension.lower().lstrip("."), told)
	return _SAME_TYPE.get(plain, told)


def extension_by_type(mime_type: str) -> str:
	"""Empty when the type says nothing."""
	plain = mime_type.partition(";")[0].strip().lower()
	if plain == "application/octet-stream":
		return ""
	return _EXTENSION_BY_TYPE.get(plain) or (mimetypes.guess_extension(plain) or "").lstrip(".")
