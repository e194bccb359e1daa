"""What a file is by its first bytes: pictures, sounds, films, PDF and office files are known, everything else is `None`.

Names and types come from strangers. A browser runs what is served under an extension such as `.xhtml` as a page of the
site, so what is not known by its content is kept under an extension that means nothing. Pure: asks no framework.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

# Offset, first bytes, extension.
_MARKS: tuple[tuple[int, bytes, str], ...] = (
	(0, b"\xff\xd8\xff", ".jpg"),
	(0, b"\x89PNG\r\n\x1a\n", ".png"),
	(0, b"GIF87a", ".gif"),
	(0, b"GIF89a", ".gif"),
	(0, b"OggS", ".ogg"),
	(0, b"#!AMR", ".amr"),
	(0, b"fLaC", ".flac"),
	(0, b"ID3", ".mp3"),
	(0, b"\xff\xfb", ".mp3"),
	(0, b"\xff\xf3", ".mp3"),
	(0, b"\xff\xf2", ".mp3"),
	(0, b"\xff\xf1", ".aac"),
	(0, b"\xff\xf9", ".aac"),
	(0, b"%PDF-", ".pdf"),
)
_RIFF = {b"WEBP": ".webp", b"WAVE": ".wav", b"AVI ": ".avi"}
_AUDIO_BRANDS = (b"M4A ", b"M4B ", b"F4A ")
_PHONE_BRANDS = (b"3gp", b"3g2")
_OFFICE_PARTS = {"word/": ".docx", "xl/": ".xlsx", "ppt/": ".pptx"}
_OPEN_DOCUMENT = {
	b"application/vnd.oasis.opendocument.text": ".odt",
	b"application/vnd.oasis.opendocument.spreadsheet": ".ods",
	b"application/vnd.oasis.opendocument.presentation": ".odp",
}
_OLD_OFFICE = (".doc", ".xls", ".ppt")
_UNKNOWN = ".bin"
# A zip of office files has its parts near the start of its list.
_PARTS_LOOKED_AT = 50


def extension_of_content(content: bytes, name: str = "") -> str | None:
	"""`.png`, or `None`. Old office files are alike inside: among those the name decides."""
	for offset, mark, extension in _MARKS:
		if content.startswith(mark, offset):
			return extension
	look: Callable[[bytes, str], str | None]
	for look in (_riff, _boxes, _matroska, _office, _old_office):
		if found := look(content, name):
			return found
	return None


def safe_extension(content: bytes, name: str = "") -> str:
	"""The extension to keep a file under: what a browser makes of it can do no harm."""
	return extension_of_content(content, name) or _UNKNOWN


def _riff(content: bytes, name: str) -> str | None:
	return _RIFF.get(content[8:12]) if content.startswith(b"RIFF") else None


def _boxes(content: bytes, name: str) -> str | None:
	"""MP4 and its kin. The brand tells sound from film; phones and browsers write the film's for both, then the name does."""
	if content[4:8] != b"ftyp":
		return None
	brand = content[8:12]
	if brand in _AUDIO_BRANDS:
		return ".m4a"
	if brand.startswith(_PHONE_BRANDS):
		return ".3gp"
	if brand == b"qt  ":
		return ".mov"
	return ".m4a" if name.lower().endswith(".m4a") else ".mp4"


def _matroska(content: bytes, name: str) -> str | None:
	if not content.startswith(b"\x1aE\xdf\xa3") or b"webm" not in content[:64]:
		return None
	# The desk records sound alone under this name.
	return ".weba" if name.lower().endswith(".weba") else ".webm"


def _office(content: bytes, name: str) -> str | None:
	if not content.startswith(b"PK\x03\x04"):
		return None
	try:
		with zipfile.ZipFile(io.BytesIO(content)) as archive:
			parts = archive.namelist()[:_PARTS_LOOKED_AT]
			if parts and parts[0] == "mimetype" and archive.getinfo("mimetype").file_size < 100:
				return _OPEN_DOCUMENT.get(archive.read("mimetype").strip())
	except (zipfile.BadZipFile, OSError, ValueError, RuntimeError, NotImplementedError, EOFError):
		return None
	if "[Content_Types].xml" not in parts:
		return None
	return next(
		(extension for start, extension in _OFFICE_PARTS.items() if any(p.startswith(start) for p in parts)),
		None,
	)


def _old_office(content: bytes, name: str) -> str | None:
	if not content.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
		return None
	return next((each for each in _OLD_OFFICE if name.lower().endswith(each)), None)
