"""Small valid files of every kind that people send: picture, voice note, video, document, sticker.

Also tells what a file is by its first bytes, as the gateway does. Where files are kept is not decided here.
"""

from __future__ import annotations

import hashlib
import struct
from dataclasses import dataclass
from functools import cached_property, lru_cache

from wuzapi_chatwoot.sandbox import pictures


@dataclass(frozen=True)
class File:
	"""Bytes with a name and a type."""

	name: str
	mimetype: str
	data: bytes

	@cached_property
	def sha256(self) -> str:
		"""The fingerprint that tests compare files by."""
		return hashlib.sha256(self.data).hexdigest()


@lru_cache(maxsize=256)
def _ogg_crc_of_byte(byte: int) -> int:
	remainder = byte << 24
	for _ in range(8):
		remainder = ((remainder << 1) ^ 0x04C11DB7) if remainder & 0x80000000 else remainder << 1
	return remainder & 0xFFFFFFFF


def _ogg_page(kind: int, position: int, sequence: int, packets: list[bytes]) -> bytes:
	lengths = bytes(len(packet) for packet in packets)
	head = b"OggS\x00" + struct.pack("<BqIII", kind, position, 0x5A5A, sequence, 0)
	page = bytearray(head + bytes([len(lengths)]) + lengths + b"".join(packets))
	crc = 0
	for byte in page:
		crc = ((crc << 8) & 0xFFFFFFFF) ^ _ogg_crc_of_byte((crc >> 24) ^ byte)
	page[22:26] = struct.pack("<I", crc)
	return bytes(page)


@lru_cache(maxsize=1)
def voice_note() -> bytes:
	"""Make two seconds of silence as Ogg/Opus."""
	head = b"OpusHead" + struct.pack("<BBHIhB", 1, 1, 312, 48000, 0, 0)
	vendor = b"sandbox"
	tags = b"OpusTags" + struct.pack("<I", len(vendor)) + vendor + struct.pack("<I", 0)
	# F8 FF FE is Opus for twenty milliseconds of nothing.
	silence = [b"\xf8\xff\xfe"] * 100
	return (
		_ogg_page(2, 0, 0, [head]) + _ogg_page(0, 0, 1, [tags]) + _ogg_page(4, 960 * len(silence), 2, silence)
	)


def video_clip() -> bytes:
	"""Make the outline of an MP4: enough to be told by its first bytes, nothing to be seen."""
	kind = b"ftypmp42\x00\x00\x00\x00mp42isom"
	return struct.pack(">I", len(kind) + 4) + kind + struct.pack(">I", 24) + b"mdat" + b"fictional video "


@lru_cache(maxsize=64)
def document(title: str) -> bytes:
	"""Make a one-page PDF that shows its title."""
	shown = title.encode("latin-1", "replace").replace(b"\\", b"/").replace(b"(", b"[").replace(b")", b"]")
	content = b"BT /F1 24 Tf 60 760 Td (" + shown + b") Tj ET"
	objects = [
		b"<< /Type /Catalog /Pages 2 0 R >>",
		b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
		b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
		b" /Resources << /Font << /F1 5 0 R >> >> >>",
		b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
		b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
	]
	out = bytearray(b"%PDF-1.4\n")
	offsets = []
	for number, each in enumerate(objects, 1):
		offsets.append(len(out))
		out += b"%d 0 obj\n%s\nendobj\n" % (number, each)
	table_at = len(out)
	out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
	for offset in offsets:
		out += b"%010d 00000 n \n" % offset
	out += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, table_at)
	return bytes(out)


def made(kind: str, number: int, name: str = "") -> File:
	"""Make a file of a kind: image, voice, audio, video, document, sticker and so on; ValueError for others."""
	match kind:
		case "image" | "view_once":
			return File(name or f"photo-{number}.jpg", "image/jpeg", pictures.photo(number))
		case "voice":
			return File(name or f"voice-{number}.ogg", "audio/ogg; codecs=opus", voice_note())
		case "audio":
			# The dashboard records MP3: an empty ID3 tag and one silent frame header are enough to be one.
			return File(
				name or f"recording-{number}.mp3",
				"audio/mpeg",
				b"ID3\x04" + b"\0" * 6 + b"\xff\xfb\x90\x64" * 8,
			)
		case "video" | "video_note" | "gif":
			return File(name or f"clip-{number}.mp4", "video/mp4", video_clip())
		case "document":
			title = name or f"Quote {number:04d}.pdf"
			return File(title, "application/pdf", document(title))
		case "sticker":
			return File(name or f"sticker-{number}.webp", "image/webp", pictures.sticker())
		case "animated_sticker":
			return File(name or f"sticker-{number}.webp", "image/webp", pictures.animated_sticker())
	raise ValueError(f"no file of kind {kind!r}")


SIGNATURES: tuple[tuple[bytes, int, str, str], ...] = (
	(b"\xff\xd8\xff", 0, "image/jpeg", ".jpeg"),
	(b"\x89PNG\r\n\x1a\n", 0, "image/png", ".png"),
	(b"GIF8", 0, "image/gif", ".gif"),
	(b"WEBPVP", 8, "image/webp", ".webp"),
	(b"OggS", 0, "application/ogg", ".ogg"),
	(b"ftyp", 4, "video/mp4", ".mp4"),
	(b"%PDF-", 0, "application/pdf", ".pdf"),
	(b"ID3", 0, "audio/mpeg", ".mp3"),
	(b"RIFF", 0, "audio/wave", ".wav"),
	(b"PK\x03\x04", 0, "application/zip", ".zip"),
)


def sniffed(data: bytes) -> tuple[str, str]:
	"""Tell type and file ending by the first bytes."""
	for signature, offset, mimetype, ending in SIGNATURES:
		if data[offset : offset + len(signature)] == signature:
			return mimetype, ending
	try:
		data[:512].decode()
	except UnicodeDecodeError as error:
		# A character cut in two by the limit is still text.
		if error.start < 508:
			return "application/octet-stream", ".bin"
	return "text/plain; charset=utf-8", ".txt"


def is_picture(data: bytes) -> bool:
	"""Say whether the data has all parts that a decoder for JPEG, PNG, GIF and WebP needs; it is not decoded."""
	match sniffed(data)[0]:
		case "image/jpeg":
			frames = (b"\xff\xc0", b"\xff\xc1", b"\xff\xc2")
			return any(frame in data for frame in frames) and b"\xff\xda" in data
		case "image/png":
			return all(part in data for part in (b"IHDR", b"IDAT", b"IEND"))
		case "image/gif":
			return len(data) > 13 and b"," in data[13:]
		case "image/webp":
			return len(data) > 20 and len(data) >= struct.unpack("<I", data[4:8])[0] + 8
	return False
