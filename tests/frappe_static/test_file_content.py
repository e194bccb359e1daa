"""What a file is by its content. Asks no Frappe."""

from __future__ import annotations

import io
import zipfile

import pytest

from wuzapi_chatwoot.frappe_host.files.file_content import extension_of_content, safe_extension


def archive(*names: str, mimetype: bytes = b"") -> bytes:
	out = io.BytesIO()
	with zipfile.ZipFile(out, "w") as made:
		for name in names:
			made.writestr(name, mimetype if name == "mimetype" else b"x")
	return out.getvalue()


OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
KNOWN = {
	"a.jpg": (b"\xff\xd8\xff\xe0rest", ".jpg"),
	"a.jpeg": (b"\xff\xd8\xff\xe1rest", ".jpg"),
	"a.png": (b"\x89PNG\r\n\x1a\nrest", ".png"),
	"a.gif": (b"GIF89arest", ".gif"),
	"a.webp": (b"RIFF\x00\x00\x00\x00WEBPrest", ".webp"),
	"a.mp4": (b"\x00\x00\x00\x18ftypisomrest", ".mp4"),
	"a.m4a": (b"\x00\x00\x00\x18ftypM4A rest", ".m4a"),
	"recorded.m4a": (b"\x00\x00\x00\x18ftypisomrest", ".m4a"),
	"a.3gp": (b"\x00\x00\x00\x18ftyp3gp5rest", ".3gp"),
	"a.ogg": (b"OggSrest", ".ogg"),
	"a.weba": (b"\x1aE\xdf\xa3\x01\x00webmrest", ".weba"),
	"a.webm": (b"\x1aE\xdf\xa3\x01\x00webmrest", ".webm"),
	"a.amr": (b"#!AMR\nrest", ".amr"),
	"a.mp3": (b"ID3rest", ".mp3"),
	"a.pdf": (b"%PDF-1.4 rest", ".pdf"),
	"a.docx": (archive("[Content_Types].xml", "word/document.xml"), ".docx"),
	"a.xlsx": (archive("[Content_Types].xml", "xl/workbook.xml"), ".xlsx"),
	"a.odt": (archive("mimetype", mimetype=b"application/vnd.oasis.opendocument.text"), ".odt"),
	"a.doc": (OLD_OFFICE, ".doc"),
}


@pytest.mark.parametrize("name", KNOWN)
def test_known_contents_have_their_extension_whatever_they_are_called(name: str) -> None:
	content, extension = KNOWN[name]
	assert extension_of_content(content, name) == extension
	if name not in ("a.doc", "a.weba", "recorded.m4a"):
		assert safe_extension(content, "evil.xhtml") == extension


@pytest.mark.parametrize(
	"content",
	[
		b"",
		b"<html><script>alert(1)</script>",
		b"<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'/>",
		b"\xef\xbb\xbf<!doctype html>",
		b" GIF89a",
		b"MZ\x90\x00",
		b"PK\x03\x04 broken archive",
		archive("index.html"),
		archive("mimetype", mimetype=b"text/html"),
		OLD_OFFICE,
		b"\x1aE\xdf\xa3 something else",
		b"just words",
	],
)
@pytest.mark.parametrize("name", ["invoice.xhtml", "a.svg", "a.jpg", "a.pdf", ""])
def test_what_is_not_known_by_its_content_gets_an_extension_that_means_nothing(
	content: bytes, name: str
) -> None:
	assert safe_extension(content, name) == ".bin"
