"""The type of a file by its name. Does not look into the file.

Python's own table is short, and what the machine adds to it differs from machine to machine: a sound must not be sent
as a document because its server knows no `.ogg`.
"""

from __future__ import annotations

import mimetypes

UNKNOWN_TYPE = "application/octet-stream"
# What WhatsApp's and browsers' files are called; `.weba` is how the desk names what it records.
_OURS = {
	".3gp": "video/3gpp",
	".aac": "audio/aac",
	".amr": "audio/amr",
	".bin": UNKNOWN_TYPE,
	".flac": "audio/flac",
	".m4a": "audio/mp4",
	".oga": "audio/ogg",
	".ogg": "audio/ogg",
	".opus": "audio/ogg",
	".vcf": "text/vcard",
	".wav": "audio/wav",
	".weba": "audio/webm",
	".webm": "video/webm",
	".webp": "image/webp",
}


def type_of(file_name: str | None) -> str | None:
	"""`image/png`; `None` if the name tells nothing."""
	name = (file_name or "").lower()
	_, dot, extension = name.rpartition(".")
	return _OURS.get(dot + extension) or mimetypes.guess_type(name)[0]


def extension_of_type(mime_type: str) -> str:
	"""`.png`; empty if nobody knows one."""
	for extension, kind in _OURS.items():
		if kind == mime_type:
			return extension
	return mimetypes.guess_extension(mime_type) or ""
