"""What a browser gets of a message's file: bytes to show in place or to download, nothing that it would run."""

# bench runs this with unittest alone
# ruff: noqa: PT009, PT027

from __future__ import annotations

from typing import Any

import frappe
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request

from wuzapi_chatwoot.api import conversations, media
from wuzapi_chatwoot.bridge.ports.gateway import OutgoingFile
from wuzapi_chatwoot.frappe_host.files.media import keep_media
from wuzapi_chatwoot.frappe_host.tests.site_case import (
	LISTED,
	MANAGER,
	STRANGER,
	UNLISTED,
	PeopleCase,
	add_message,
	add_session,
)

_PNG = b"\x89PNG\r\n\x1a\n" + bytes(100)
_PAGE = b"<html><script>alert(1)</script></html>"


class TestMediaServed(PeopleCase):
	def setUp(self) -> None:
		super().setUp()
		add_session("alpha", 191, (LISTED,))
		self.message = add_message("alpha", "+447700900191", "A")
		self.addCleanup(_forget_request)

	def test_the_desk_is_given_addresses_of_ours_only(self) -> None:
		self.keep(_PNG, "photo.png")
		with self.as_user(LISTED):
			[shown] = conversations.get_messages(self.message.conversation)["messages"]
		self.assertRegex(shown["file_url"], r"^/api/method/wuzapi_chatwoot\.api\.media\.get\?file=\w+$")
		self.assertEqual((shown["file_name"], shown["mime_type"]), ("photo.png", "image/png"))

	def test_only_pictures_sounds_and_films_have_a_type_and_all_are_attachments(self) -> None:
		contents = {
			"photo.png": (_PNG, "image/png"),
			"voice.ogg": (b"OggS" + bytes(60), "audio/ogg"),
			"invoice.xhtml": (_PAGE, "application/octet-stream"),
			"drawing.svg": (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "application/octet-stream"),
			"photo.jpg": (_PAGE + b" ", "application/octet-stream"),
			"quote.pdf": (b"%PDF-1.7 quote", "application/octet-stream"),
		}
		for name, (content, kind) in contents.items():
			with self.subTest(name):
				response = self.get(self.keep(content, name))
				self.assertEqual(response.get_data(), content)
				self.assertEqual(response.mimetype, kind)
				self.assertEqual(response.headers["Content-Disposition"], f"attachment; filename={name}")
				self.assertEqual(response.headers["X-Content-Type-Options"], "nosniff")
				self.assertIn("sandbox", response.headers["Content-Security-Policy"])

	def test_any_name_makes_one_header(self) -> None:
		for number, name in enumerate(
			('a"b;c.txt', "a\\b.txt", "приклад.txt", "a\r\nSet-Cookie: x=1.txt", "😀.txt")
		):
			with self.subTest(name):
				response = self.get(self.keep(f"text {number}".encode(), name))
				header = response.headers["Content-Disposition"]
				self.assertTrue(header.startswith("attachment; filename="), header)
				self.assertNotIn("\n", header)
				self.assertNotIn("Set-Cookie", response.headers)

	def test_a_film_can_be_wound(self) -> None:
		film = b"\x00\x00\x00\x18ftypisom" + bytes(range(200))
		response = self.get(self.keep(film, "film.mp4"), {"Range": "bytes=10-19"})
		self.assertEqual(response.status_code, 206)
		self.assertEqual(response.get_data(), film[10:20])
		self.assertEqual(response.headers["Content-Range"], f"bytes 10-19/{len(film)}")

	def test_who_may_not_read_the_message_gets_nothing(self) -> None:
		name = self.keep(_PNG, "photo.png")
		for user in (UNLISTED, STRANGER, "Guest"):
			with self.subTest(user), self.assertRaises(frappe.PermissionError):
				self.get(name, user=user)
		for user in (LISTED, MANAGER):
			self.assertEqual(self.get(name, user=user).status_code, 200)

	def test_no_other_file_of_the_site_is_served(self) -> None:
		upload = {"doctype": "File", "file_name": "own.txt", "content": b"own", "is_private": 1}
		doc = frappe.get_doc(upload).insert()
		with self.assertRaises(frappe.PermissionError):
			self.get(doc.name)

	def keep(self, content: bytes, name: str) -> str:
		keep_media(self.message, OutgoingFile(content, "", name))
		attached = {"attached_to_doctype": "WuzAPI Message", "attached_to_name": str(self.message.id)}
		return str(
			frappe.get_all("File", filters=attached, pluck="name", order_by="creation desc", limit=1)[0]
		)

	def get(self, file: str, headers: Any = None, user: str = "Administrator") -> Any:
		with self.as_user(user):
			frappe.local.request = Request(EnvironBuilder(headers=headers or {}).get_environ())
			response = media.get(file)
			response.direct_passthrough = False
			return response


def _forget_request() -> None:
	if hasattr(frappe.local, "request"):
		del frappe.local.request
