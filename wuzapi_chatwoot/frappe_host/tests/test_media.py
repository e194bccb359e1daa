"""Files of messages are kept as they came, all of them, and none twice; nothing about a file holds its message up."""

# bench runs this with unittest alone
# ruff: noqa: PT009, PT027

from __future__ import annotations

import io
import os
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any
from unittest.mock import patch

import frappe
from frappe.model.base_document import get_controller
from PIL import Image

from wuzapi_chatwoot.bridge.model.errors import StoreUnavailable
from wuzapi_chatwoot.bridge.model.records import MessageRow
from wuzapi_chatwoot.bridge.ports.gateway import OutgoingFile
from wuzapi_chatwoot.frappe_host.desk import outbox
from wuzapi_chatwoot.frappe_host.files.media import forget_media, keep_media, shown_file
from wuzapi_chatwoot.frappe_host.tests.site_case import SiteCase, add_message, add_session
from wuzapi_chatwoot.frappe_host.wiring.bridge import bridge_of_site
from wuzapi_chatwoot.patches import rename_files_of_messages


class TestMedia(SiteCase):
	def setUp(self) -> None:
		super().setUp()
		add_session("alpha", 161)
		self.message = add_message("alpha", "+447700900161", "A")
		# As every new site has it. It is for what people upload; WhatsApp has taken such data out already.
		frappe.db.set_single_value("System Settings", "strip_exif_metadata_from_uploaded_images", 1)
		frappe.clear_document_cache("System Settings", "System Settings")

	def test_every_file_of_a_message_is_kept(self) -> None:
		for name in ("Cara.vcf", "Dan.vcf"):
			keep_media(self.message, OutgoingFile(name.encode(), "text/vcard", name))
		self.assertEqual(self.kept(), {"Cara.vcf": b"Cara.vcf", "Dan.vcf": b"Dan.vcf"})

	def test_files_of_one_name_are_kept_apart(self) -> None:
		contents = [b"one", b"other"]
		for content in contents:
			keep_media(self.message, OutgoingFile(content, "text/vcard", "Cara.vcf"))
		self.assertEqual(sorted(self.contents()), contents)

	def test_a_repeat_adds_nothing(self) -> None:
		for _ in range(2):
			for file in (OutgoingFile(_photo(), "image/jpeg", "a.jpg"), OutgoingFile(b"b", "", "b.txt")):
				keep_media(self.message, file)
		self.assertEqual(len(self.contents()), 2)

	def test_the_same_file_of_two_messages_is_each_ones_own(self) -> None:
		other = add_message("alpha", "+447700900162", "B")
		for message in (self.message, other):
			keep_media(message, OutgoingFile(b"same", "text/plain", "same.txt"))
			self.assertEqual(self.kept(message), {"same.txt": b"same"})

	def test_a_file_keeps_its_name_though_another_has_it_already(self) -> None:
		other = add_message("alpha", "+447700900162", "B")
		for message in (self.message, other):
			content = f"of {message.id}".encode()
			keep_media(message, OutgoingFile(content, "application/pdf", "Quote 0042.pdf"))
			self.assertEqual(self.kept(message), {"Quote 0042.pdf": content})

	def test_a_picture_is_kept_byte_for_byte(self) -> None:
		photo = _photo()
		keep_media(self.message, OutgoingFile(photo, "image/jpeg", "photo.jpg"))
		self.assertEqual(list(self.kept().values()), [photo])

	def test_a_file_is_sent_byte_for_byte(self) -> None:
		"""Whatever text Frappe takes it for."""
		for content in (b"\xff\xd8\xff\xe1\x00\x10Exif half a picture", b"\xef\xbb\xbfa,b", b"plain"):
			upload = {"doctype": "File", "file_name": "a.bin", "content": content, "is_private": 1}
			name = frappe.get_doc(upload).insert().name
			self.assertEqual(outbox._file(name).content, content)

	def test_a_broken_picture_is_kept_as_well(self) -> None:
		broken = b"\xff\xd8\xff\xe0 no picture at all"
		keep_media(self.message, OutgoingFile(broken, "image/jpeg", "broken.jpg"))
		self.assertEqual(self.kept(), {"broken.jpg": broken})

	# ---- what strangers send

	def test_what_a_browser_would_run_is_kept_under_an_extension_that_means_nothing(self) -> None:
		page = b"<html xmlns='http://www.w3.org/1999/xhtml'><script>alert(1)</script></html>"
		names = (
			"a.xhtml",
			"a.html",
			"a.shtml",
			"a.xpdl",
			"a.svg",
			"a.xml",
			"a.mht",
			"a.jpg",
			"a.pdf",
			"a",
			"a.js",
		)
		for number, name in enumerate(names):
			content = page + bytes([65 + number])
			keep_media(self.message, OutgoingFile(content, "image/jpeg", name))
			[file] = [each for each in self.files(self.message) if self.bytes_of(each) == content]
			self.assertRegex(file.file_url, r"^/private/files/wa-[0-9a-z]{20}\.bin$")
			self.assertEqual(file.file_name, name)

	def test_a_name_is_no_markup(self) -> None:
		keep_media(self.message, OutgoingFile(b"markup", "", "<img src=x onerror=alert(1)>.pdf"))
		self.assertEqual(set(self.kept()), {"img src=x onerror=alert(1) .pdf"})

	def test_files_of_before_move_to_addresses_that_say_nothing(self) -> None:
		content = b"<html>before</html>"
		attached = {"attached_to_doctype": "WuzAPI Message", "attached_to_name": str(self.message.id)}
		before = frappe.get_doc(
			{**_UPLOAD, "file_name": "before.xhtml", "content": content, **attached}
		).insert()
		old = before.get_full_path()
		with patch.object(frappe.db, "commit"):
			rename_files_of_messages.execute()
		[after] = self.files(self.message)
		self.assertRegex(after.file_url, r"/wa-[0-9a-z]{20}\.bin$")
		self.assertEqual((after.file_name, self.bytes_of(after)), (before.file_name, content))
		frappe.db.after_commit.run()
		self.assertFalse(os.path.exists(old))

	def test_an_uploaded_file_of_the_same_content_gives_no_address(self) -> None:
		page = b"<html><script>alert(2)</script></html>"
		upload = {"doctype": "File", "file_name": "page.xhtml", "content": page, "is_private": 1}
		frappe.get_doc(upload).insert()
		keep_media(self.message, OutgoingFile(page, "image/png", "page.xhtml"))
		[file] = self.files(self.message)
		self.assertRegex(file.file_url, r"/wa-[0-9a-z]{20}\.bin$")

	def test_sound_that_a_browser_records_stays_sound(self) -> None:
		"""Chromium writes the brand of films into it."""
		for name, kind in (
			("voice-1.m4a", "audio/mp4"),
			("voice-2.m4a", "audio/mp4"),
			("film.mp4", "video/mp4"),
		):
			message = add_message("alpha", f"+4479004601{len(name)}", name)
			keep_media(message, OutgoingFile(b"\x00\x00\x00\x18ftypisom recorded", kind, name))
			[file] = self.files(message)
			self.assertEqual(shown_file(file.name, file.file_name, file.file_url)["mime_type"], kind)

	def test_the_same_bytes_are_on_the_disk_once(self) -> None:
		other = add_message("alpha", "+447700900162", "B")
		for message in (self.message, other):
			keep_media(message, OutgoingFile(_photo(), "image/jpeg", f"{message.id}.jpg"))
		[one], [two] = self.files(self.message), self.files(other)
		self.assertEqual(one.file_url, two.file_url)
		self.assertEqual((one.file_name, two.file_name), (f"{self.message.id}.jpg", f"{other.id}.jpg"))

	def test_old_files_leave_the_disk(self) -> None:
		keep_media(self.message, OutgoingFile(_photo(), "image/jpeg", "old.jpg"))
		[file] = self.files(self.message)
		path = file.get_full_path()
		frappe.get_doc({**_UPLOAD, "content": _photo()}).insert()
		with patch.object(frappe.db, "commit"):
			forget_media(datetime.now(timezone.utc) + timedelta(days=2), timedelta(days=1))
		self.assertFalse(os.path.exists(path))

	# ---- what the site does not keep

	def test_a_file_that_the_site_refuses_leaves_a_line_and_its_bytes(self) -> None:
		"""Frappe 16 parses PDFs where it writes files, and its parser raises: here its exception is raised there."""
		for name, content in _ODD.items():
			with self.subTest(name), patch.object(get_controller("File"), "save_file_on_filesystem", _refuse):
				message = add_message("alpha", "+447700900163", f"ID-{name}", text="Look at this")
				for _ in range(2):
					keep_media(message, OutgoingFile(content, "application/pdf", name))
				self.assertEqual(self.files(message), [])
				self.assertEqual(
					frappe.db.get_value("WuzAPI Message", message.id, "text"),
					f"📄 {name}: this site did not keep the file\nLook at this",
				)
				[kept] = _refused(message.id)
				self.assertEqual(kept.read_bytes(), content)
				kept.unlink()
		self.assertEqual(frappe.local.message_log, [])

	def test_odd_files_are_kept_where_the_site_checks_pdfs(self) -> None:
		"""As Frappe 16 does: its check never sees what we keep."""
		write = get_controller("File").save_file_on_filesystem

		def check_and_write(file: Any) -> Any:
			file.check_content()
			return write(file)

		file_class = get_controller("File")
		with (
			patch.object(file_class, "check_content", _refuse, create=True),
			patch.object(file_class, "save_file_on_filesystem", check_and_write),
		):
			for name, content in _ODD.items():
				keep_media(self.message, OutgoingFile(content, "application/pdf", name))
		self.assertEqual(self.kept(), _ODD)

	def test_an_empty_file_leaves_a_line(self) -> None:
		keep_media(self.message, OutgoingFile(b"", "application/pdf", "empty.pdf"))
		self.assertEqual(self.files(self.message), [])
		text = frappe.db.get_value("WuzAPI Message", self.message.id, "text")
		self.assertEqual(text, "📄 empty.pdf: the file is empty\nText of A")

	def test_before_an_update_is_migrated_no_file_is_given_up(self) -> None:
		keep = bridge_of_site().keep_media
		for statement in ("SELECT not_yet FROM `tabFile`", "SELECT 1 FROM `tabWuzAPI Not Yet`"):
			with (
				patch("frappe.db.exists", lambda *_, statement=statement, **__: frappe.db.sql(statement)),
				self.assertRaises(StoreUnavailable),
			):
				keep(self.message, OutgoingFile(b"a", "text/plain", "a.txt"))

			def insert(*_: object, statement: str = statement, **__: object) -> None:
				frappe.db.sql(statement)

			with (
				patch("wuzapi_chatwoot.frappe_host.files.media._insert", insert),
				self.assertRaises(StoreUnavailable),
			):
				keep(self.message, OutgoingFile(b"a", "text/plain", "a.txt"))
		keep(self.message, OutgoingFile(b"a", "text/plain", "a.txt"))
		self.assertEqual(self.contents(), [b"a"])

	def test_a_fault_of_the_machine_is_tried_again(self) -> None:
		for error in (OSError(28, "No space left on device"), frappe.db.OperationalError(1213, "Deadlock")):
			with (
				self.subTest(type(error)),
				patch.object(get_controller("File"), "save_file_on_filesystem", side_effect=error),
				self.assertRaises(type(error)),
			):
				keep_media(self.message, OutgoingFile(b"fault", "text/plain", "a.txt"))

	def kept(self, message: MessageRow | None = None) -> dict[str, bytes]:
		return {file.file_name: self.bytes_of(file) for file in self.files(message or self.message)}

	def contents(self) -> list[bytes]:
		return [self.bytes_of(file) for file in self.files(self.message)]

	def files(self, message: MessageRow) -> list[Any]:
		attached = {"attached_to_doctype": "WuzAPI Message", "attached_to_name": str(message.id)}
		names = frappe.get_all("File", filters=attached, pluck="name")
		files = [frappe.get_doc("File", name) for name in names]
		self.assertTrue(all(file.is_private for file in files))
		return files

	def bytes_of(self, file: Any) -> bytes:
		with open(file.get_full_path(), "rb") as stored:
			return stored.read()


class PdfStreamError(Exception):
	"""Of the parser that Frappe 16 uses."""


def _refuse(file: Any) -> None:
	frappe.msgprint("PDF cannot be uploaded")
	raise PdfStreamError("Stream has ended unexpectedly")


def _refused(message: int) -> list[Path]:
	return sorted(Path(frappe.get_site_path("private", "wuzapi_chatwoot", "refused")).glob(f"{message}-*"))


_UPLOAD = {"doctype": "File", "file_name": "upload.jpg", "is_private": 1}
_ODD = {
	"broken.pdf": b"%PDF-1.7\n1 0 obj\n<<",
	"encrypted.pdf": b"%PDF-1.7\ntrailer << /Encrypt 5 0 R /Root 1 0 R >>\n%%EOF",
	"script.pdf": b"%PDF-1.7\n1 0 obj << /OpenAction << /S /JavaScript /JS (app.alert(1)) >> >> endobj\n%%EOF",
	"picture.svg": b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
	"page.html": b"<html><script>alert(1)</script></html>",
}


def _photo() -> bytes:
	"""With EXIF, as cameras write it."""
	exif = Image.Exif()
	exif[0x010F] = "Example camera"
	out = io.BytesIO()
	Image.new("RGB", (8, 8), "red").save(out, format="JPEG", exif=exif)
	return out.getvalue()
