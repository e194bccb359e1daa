"""Files of messages are kept as they came, all of them, and none twice; nothing about a file holds its message up."""

# bench runs this with unittest alone
# ruff: noqa: PT009

from __future__ import annotations

import io

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
		for content in (b"one", b"other"):
			keep_media(self.message, OutgoingFile(content, "text/vcard", "Cara.vcf"))
		self.assertEqual(sorted(self.kept().values()), [b"one", b"other"])

	def test_a_repeat_adds_nothing(self) -> None:
		for _ in range(2):
			for file in (OutgoingFile(_photo(), "image/jpeg", "a.jpg"), OutgoingFile(b"b", "", "b.txt")):
				keep_media(self.message, file)
		self.assertEqual(len(self.kept()), 2)

	def test_the_same_file_of_two_messages_is_each_ones_own(self) -> None:
		other = add_message("alpha", "+447700900162", "B")
		for message in (self.message, other):
			keep_media(message, OutgoingFile(b"same", "text/plain", "same.txt"))
			self.assertEqual(self.kept(message), {"same.txt": b"same"})

	def test_a_picture_is_kept_byte_for_byte(self) -> None:
		photo = _photo()
		keep_media(self.message, OutgoingFile(photo, "image/jpeg", "photo.jpg"))
		self.assertEqual(list(self.kept().values()), [photo])

	def test_a_broken_picture_is_kept_as_well(self) -> None:
		broken = b"\xff\xd8\xff\xe0 no picture at all"
		keep_media(self.message, OutgoingFile(broken, "image/jpeg", "broken.jpg"))
		self.assertEqual(self.kept(), {"broken.jpg": broken})

	def kept(self, message: MessageRow | None = None) -> dict[str, bytes]:
		id = str((message or self.message).id)
		attached = {"attached_to_doctype": "WuzAPI Message", "attached_to_name": id}
		files = [
			frappe.get_doc("File", name) for name in frappe.get_all("File", filters=attached, pluck="name")
		]
		self.assertTrue(all(file.is_private for file in files))
		with_bytes = {}
		for file in files:
			with open(file.get_full_path(), "rb") as stored:
				with_bytes[file.file_name] = stored.read()
		return with_bytes


def _photo() -> bytes:
	"""With EXIF, as cameras write it."""
	exif = Image.Exif()
	exif[0x010F] = "Example camera"
	out = io.BytesIO()
	Image.new("RGB", (8, 8), "red").save(out, format="JPEG", exif=exif)
	return out.getvalue()
