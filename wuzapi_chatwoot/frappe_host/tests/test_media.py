"""Files of messages are kept as they came, all of them, and none twice; nothing about a file holds its message up."""

# bench runs this with unittest alone
# ruff: noqa: PT009

from __future__ import annotations

import io
from typing import Any

import frappe
from PIL import Image

from ...bridge.ports import OutgoingFile
from ...bridge.records import MessageRow
from ..media import keep_media
from .site_case import SiteCase, add_message, add_session


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

	def test_a_broken_picture_is_kept_as_well(self) -> None:
		broken = b"\xff\xd8\xff\xe0 no picture at all"
		keep_media(self.message, OutgoingFile(broken, "image/jpeg", "broken.jpg"))
		self.assertEqual(self.kept(), {"broken.jpg": broken})

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


def _photo() -> bytes:
	"""With EXIF, as cameras write it."""
	exif = Image.Exif()
	exif[0x010F] = "Example camera"
	out = io.BytesIO()
	Image.new("RGB", (8, 8), "red").save(out, format="JPEG", exif=exif)
	return out.getvalue()
