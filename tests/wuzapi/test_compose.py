"""Request bodies: which endpoint a file goes to, and how."""

from __future__ import annotations

import base64

import pytest

from wuzapi_chatwoot.bridge.model.addresses import Address
from wuzapi_chatwoot.bridge.ports.gateway import OutgoingFile
from wuzapi_chatwoot.gateways.wuzapi.client import compose
from wuzapi_chatwoot.gateways.wuzapi.client.compose import GatewayRequest

ANA = Address("447700900123", "s.whatsapp.net")
TO = "447700900123@s.whatsapp.net"
ID = "3EB0A1B2C3D4E5F6A7B8C9"
DATA = base64.b64encode(b"content").decode()
OPUS = b"OggS\0\2" + b"\0" * 22 + b"OpusHead\1\1"


def _file(mime_type: str, name: str = "a.bin", content: bytes = b"content") -> OutgoingFile:
	return OutgoingFile(content, mime_type, name)


@pytest.mark.parametrize(
	("address", "phone"),
	[
		(ANA, TO),
		(Address("+44 7700-900123", "s.whatsapp.net"), TO),
		(Address("222200002222000", "lid"), "222200002222000@lid"),
		(Address("120363000000000001", "g.us"), "120363000000000001@g.us"),
		(Address.parse("447700900123:12@c.us"), TO),
	],
)
def test_recipient(address, phone):
	assert compose.text(address, "Hi", ID) == GatewayRequest(
		"/chat/send/text", {"Phone": phone, "Body": "Hi", "Id": ID}
	)


@pytest.mark.parametrize(
	("mime_type", "data_url_type"),
	[
		("image/jpeg", "image/jpeg"),
		("image/jpg", "image/jpeg"),
		("image/png", "image/png"),
		("image/gif", "image/gif"),
		("image/webp", "image/webp"),
		("IMAGE/PNG; q=1", "image/png"),
	],
)
def test_pictures(mime_type, data_url_type):
	assert compose.file(ANA, _file(mime_type), ID, "Look") == GatewayRequest(
		"/chat/send/image",
		{"Phone": TO, "Id": ID, "Caption": "Look", "Image": f"data:{data_url_type};base64,{DATA}"},
	)


@pytest.mark.parametrize("mime_type", ["video/mp4", "video/3gpp", "video/quicktime"])
def test_videos(mime_type):
	assert compose.file(ANA, _file(mime_type), ID, "Look") == GatewayRequest(
		"/chat/send/video",
		{"Phone": TO, "Id": ID, "Caption": "Look", "Video": f"data:{mime_type};base64,{DATA}"},
	)


@pytest.mark.parametrize(
	"mime_type",
	[
		"application/pdf",
		"text/plain",
		"image/heic",
		"image/svg+xml",
		"image/bmp",
		"image/tiff",
		"video/webm",
		"video/x-matroska",
	],
)
def test_everything_else_is_a_document(mime_type):
	assert compose.file(ANA, _file(mime_type, "Quote 0042"), ID, "Signed") == GatewayRequest(
		"/chat/send/document",
		{
			"Phone": TO,
			"Id": ID,
			"Caption": "Signed",
			"Document": f"data:application/octet-stream;base64,{DATA}",
			"FileName": "Quote 0042",
			"MimeType": mime_type,
		},
	)


def test_a_file_of_no_type_and_no_name():
	assert compose.file(ANA, _file("", ""), ID) == GatewayRequest(
		"/chat/send/document",
		{
			"Phone": TO,
			"Id": ID,
			"Document": f"data:application/octet-stream;base64,{DATA}",
			"FileName": "file",
			"MimeType": "application/octet-stream",
		},
	)


@pytest.mark.parametrize("caption", [None, ""])
def test_no_caption(caption):
	assert "Caption" not in compose.file(ANA, _file("image/png"), ID, caption).body


@pytest.mark.parametrize(
	("file", "data_url_type", "voice", "mime_type"),
	[
		(_file("audio/ogg; codecs=opus"), "audio/ogg", True, "audio/ogg; codecs=opus"),
		(_file("audio/ogg", content=OPUS), "audio/ogg", True, "audio/ogg; codecs=opus"),
		(_file("audio/opus"), "audio/ogg", True, "audio/ogg; codecs=opus"),
		(_file("audio/ogg"), "audio/ogg", False, "audio/ogg"),
		(_file("audio/mpeg"), "audio/mpeg", False, "audio/mpeg"),
		(_file("audio/webm; codecs=opus"), "audio/webm", False, "audio/webm"),
	],
)
def test_audio_is_a_voice_note_only_as_ogg_opus(file, data_url_type, voice, mime_type):
	"""Audio has no caption; one that is given is left out, and the core sends it as a text of its own."""
	data = base64.b64encode(file.content).decode()

	assert compose.file(ANA, file, ID, "left out") == GatewayRequest(
		"/chat/send/audio",
		{
			"Phone": TO,
			"Id": ID,
			"Audio": f"data:{data_url_type};base64,{data}",
			"ptt": voice,
			"mimetype": mime_type,
		},
	)


def test_sticker():
	assert compose.sticker(ANA, _file("image/webp", "smile.webp"), ID) == GatewayRequest(
		"/chat/send/sticker",
		{"Phone": TO, "Id": ID, "Sticker": f"data:image/webp;base64,{DATA}"},
	)


def test_read_marks():
	assert compose.mark_read(ANA, ("A1", "A2"), ANA) == GatewayRequest(
		"/chat/markread", {"Id": ["A1", "A2"], "ChatPhone": TO, "SenderPhone": TO}
	)
