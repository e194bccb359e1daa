"""Messages with a file."""

from dataclasses import replace
from datetime import datetime, timezone

from wuzapi_chatwoot.bridge.model.addresses import Address
from wuzapi_chatwoot.bridge.model.content import Media, MediaKind
from wuzapi_chatwoot.bridge.model.events import WhatsAppMessage

ANA = Address("447700900123", "s.whatsapp.net")
ANA_LID = Address("222200002222000", "lid")


IMAGE_TICKET = (
	'{"endpoint":"/chat/downloadimage","body":{"Url":"https://mmg.whatsapp.net/v/t62.0000-24/100000001_fictional_n.enc?ccb=11-4&oh=00_FICTIONAL&oe=00000000&_nc_sid=000000&mms3=true",'
	'"DirectPath":"/v/t62.0000-24/100000001_fictional_n.enc?ccb=11-4&oh=00_FICTIONAL&oe=00000000&_nc_sid=000000",'
	'"Mimetype":"image/jpeg","MediaKey":"f2Lon55SYIH3aynldZbhvVirNZkBqHhMlcFirhs4C/M=",'
	'"FileEncSHA256":"q464IlUTwmHZM6fyYzbiTOS8gyigr+E9JJb6J8chWwk=",'
	'"FileSHA256":"0g9v/VI7eKhs0vkW+jSvXRkY1197FCI3x1KtayVCE6s=","FileLength":22}}'
)
LATER_IMAGE_TICKET = (
	'{"endpoint":"/chat/downloadimage","body":{"Url":"https://mmg.whatsapp.net/v/t62.0000-24/100000001_fictional_n.enc?ccb=11-4&oh=00_FICTIONAL&oe=00000000&_nc_sid=000000&mms3=true",'
	'"DirectPath":"/v/t62.0000-24/100000001_fictional_n.enc?ccb=11-4&oh=00_FICTIONAL&oe=00000000&_nc_sid=000000",'
	'"Mimetype":"image/jpeg","MediaKey":"vEiJ1eouj51xqKr6t0xle31cwRfXp/2ISytHCPBmo6M=",'
	'"FileEncSHA256":"UboRhS+oFxSdvbE2ZRW4voFvz5P48oVqCr6Kkyzim1M=",'
	'"FileSHA256":"0g9v/VI7eKhs0vkW+jSvXRkY1197FCI3x1KtayVCE6s=","FileLength":22}}'
)
VOICE_TICKET = (
	'{"endpoint":"/chat/downloadaudio","body":{"Url":"https://mmg.whatsapp.net/v/t62.0000-24/100000002_fictional_n.enc?ccb=11-4&oh=00_FICTIONAL&oe=00000000&_nc_sid=000000&mms3=true",'
	'"DirectPath":"/v/t62.0000-24/100000002_fictional_n.enc?ccb=11-4&oh=00_FICTIONAL&oe=00000000&_nc_sid=000000",'
	'"Mimetype":"audio/ogg; codecs=opus","MediaKey":"OVoLRPNRR7cI7Djrxk2IDRhDEJVH0uvbLE8PgbgNrAA=",'
	'"FileEncSHA256":"knYOeXwtI3G3Yeg5EzZWgWZP6WNMb4ZX1OljI8PrzxA=",'
	'"FileSHA256":"NQTwJdqnHAxQ0RSajk0eJGNWR2qMUxMEpfQ1Zl39I1o=","FileLength":40}}'
)
VIDEO_TICKET = (
	'{"endpoint":"/chat/downloadvideo","body":{"Url":"https://mmg.whatsapp.net/v/t62.0000-24/100000003_fictional_n.enc?ccb=11-4&oh=00_FICTIONAL&oe=00000000&_nc_sid=000000&mms3=true",'
	'"DirectPath":"/v/t62.0000-24/100000003_fictional_n.enc?ccb=11-4&oh=00_FICTIONAL&oe=00000000&_nc_sid=000000",'
	'"Mimetype":"video/mp4","MediaKey":"RzV7O2hxSoEVYCAnfiT03lldlRRgDGsrHFIMAKD91yU=",'
	'"FileEncSHA256":"MsnTk/eE527hZ4PzfpIbM7lXl67Yc6eeiCreTTywfx0=",'
	'"FileSHA256":"0OFE3icMleJU23ZuNKrj92xL3XwzY0qZNcEVCOc+0uA=","FileLength":40}}'
)
DOCUMENT_TICKET = (
	'{"endpoint":"/chat/downloaddocument","body":{"Url":"https://mmg.whatsapp.net/v/t62.0000-24/100000004_fictional_n.enc?ccb=11-4&oh=00_FICTIONAL&oe=00000000&_nc_sid=000000&mms3=true",'
	'"DirectPath":"/v/t62.0000-24/100000004_fictional_n.enc?ccb=11-4&oh=00_FICTIONAL&oe=00000000&_nc_sid=000000",'
	'"Mimetype":"application/pdf","MediaKey":"u7ltDKEETQOH+WS5UlPlq5k9pIwg7SDMNMz65f1+FSo=",'
	'"FileEncSHA256":"B5GW6/SvaIrX0wSkgVJelJXeYkxgV/smVJBsrKSHRNA=",'
	'"FileSHA256":"+0hh4hBEl5ACnWtM8jJUGa8GzGBQs7USxvkwZPgbIBM=","FileLength":36}}'
)
STICKER_TICKET = (
	'{"endpoint":"/chat/downloadsticker","body":{"Url":"https://mmg.whatsapp.net/v/t62.0000-24/100000005_fictional_n.enc?ccb=11-4&oh=00_FICTIONAL&oe=00000000&_nc_sid=000000&mms3=true",'
	'"DirectPath":"/v/t62.0000-24/100000005_fictional_n.enc?ccb=11-4&oh=00_FICTIONAL&oe=00000000&_nc_sid=000000",'
	'"Mimetype":"image/webp","MediaKey":"VtUyW/XUffpGsHXIE4R3MX3Qm5LaHZSAmQtUFLiTDQg=",'
	'"FileEncSHA256":"IRj90SBTQYVsZhUzPZcrTJw26OlIg24Mm4yuShZoABk=",'
	'"FileSHA256":"Gt50gDSpqSIRzOeN43HzpffZoDD812N5UdVF+ciVltQ=","FileLength":36}}'
)

FROM_ANA = WhatsAppMessage(
	id="3A00000000000000A010",
	chat=ANA,
	sender=ANA,
	content=Media(
		kind=MediaKind.IMAGE,
		mime_type="image/jpeg",
		file_name=None,
		caption="The broken part",
		file=None,
		ticket=IMAGE_TICKET,
		size=22,
		seconds=None,
		animated=False,
		view_once=False,
	),
	sent_at=datetime(2026, 3, 14, 10, 21, 7, tzinfo=timezone.utc),
	chat_alt=ANA_LID,
	sender_alt=ANA_LID,
	from_me=False,
	push_name="Ana Example",
	verified_name="",
	quote=None,
	forwarded=False,
	mentions=(),
)
S3_URL = (
	"https://cdn.example.com/wa-media/users/0f1e2d3c4b5a69788796a5b4c3d2e1f0/inbox/447700900123/2026/03/14/images/"
	"3A00000000000000A011.jpeg"
)

EXPECTED = {
	"message-image-base64.json": FROM_ANA,
	"message-image-no-media-delivered.json": replace(
		FROM_ANA,
		id="3A00000000000000A012",
		content=Media(MediaKind.IMAGE, "image/jpeg", ticket=LATER_IMAGE_TICKET, size=22),
	),
	"message-audio-ptt.json": replace(
		FROM_ANA,
		id="3A00000000000000A013",
		content=Media(MediaKind.VOICE, "audio/ogg; codecs=opus", ticket=VOICE_TICKET, size=40, seconds=7),
	),
	"message-video.json": replace(
		FROM_ANA,
		id="3A00000000000000A014",
		content=Media(
			MediaKind.VIDEO,
			"video/mp4",
			caption="How it moves",
			ticket=VIDEO_TICKET,
			size=40,
			seconds=12,
		),
	),
	"message-video-gif.json": replace(
		FROM_ANA,
		id="3A00000000000000A015",
		content=Media(MediaKind.GIF, "video/mp4", ticket=VIDEO_TICKET, size=40, seconds=12),
	),
	"message-document.json": replace(
		FROM_ANA,
		id="3A00000000000000A017",
		content=Media(
			MediaKind.DOCUMENT,
			"application/pdf",
			file_name="Quote 0042.pdf",
			ticket=DOCUMENT_TICKET,
			size=36,
		),
	),
	"message-document-with-caption.json": replace(
		FROM_ANA,
		id="3A00000000000000A018",
		content=Media(
			MediaKind.DOCUMENT,
			"application/pdf",
			file_name="Quote 0042.pdf",
			caption="Signed copy attached",
			ticket=DOCUMENT_TICKET,
			size=36,
		),
	),
	"message-sticker.json": replace(
		FROM_ANA,
		id="3A00000000000000A019",
		content=Media(MediaKind.STICKER, "image/webp", ticket=STICKER_TICKET, size=36),
	),
	"message-sticker-animated.json": replace(
		FROM_ANA,
		id="3A00000000000000A01E",
		content=Media(MediaKind.STICKER, "image/webp", ticket=STICKER_TICKET, size=36, animated=True),
	),
	"message-ptv-video-note.json": replace(
		FROM_ANA,
		id="3A00000000000000A016",
		content=Media(MediaKind.VIDEO_NOTE, "video/mp4", ticket=VIDEO_TICKET, size=40, seconds=12),
	),
	"message-audio-file.json": replace(
		FROM_ANA,
		id="3A00000000000000A01D",
		content=Media(
			MediaKind.AUDIO,
			"audio/mpeg",
			ticket=VOICE_TICKET.replace("audio/ogg; codecs=opus", "audio/mpeg"),
			size=40,
			seconds=200,
		),
	),
	"message-image-s3-and-base64.json": replace(
		FROM_ANA,
		id="3A00000000000000A011",
		content=Media(
			MediaKind.IMAGE,
			"image/jpeg",
			ticket=f'{{"url":"{S3_URL}",{IMAGE_TICKET[1:]}',
			size=22,
		),
	),
	"message-album-child-image.json": replace(
		FROM_ANA,
		id="3A00000000000000A01B",
		content=Media(MediaKind.IMAGE, "image/jpeg", ticket=IMAGE_TICKET, size=22),
	),
	"message-album-child-wrapped.json": replace(
		FROM_ANA,
		id="3A00000000000000A01C",
		content=Media(MediaKind.IMAGE, "image/jpeg", caption="The broken part", ticket=IMAGE_TICKET, size=22),
	),
	"message-view-once.json": replace(
		FROM_ANA,
		id="3A00000000000000A092",
		content=Media(MediaKind.IMAGE, "image/jpeg", ticket=IMAGE_TICKET, size=22, view_once=True),
	),
}

JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00\xff\xd9"
OGG = b"OggS\x00\x02T\x86\xa0\xaa\xb6L\x8e!\xb3\x1fR\xbb\x8d\xcfC\x80j\xcb\x0fH\x08:D\xd3\xb5\x0cg\x1a\xaf~\x06\xbaT\x86"
MP4 = b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom\x94m\xddvI\xc2N\x9am\x0bF\xd10\x11\xd3y"
PDF = b"%PDF-1.4\n% fictional document\n%%EOF\n"
WEBP = b"RIFF\x1c\x00\x00\x00WEBPVP8 \x10\x00\x00\x00*j\xb2@%lJk{\x8d#\x17bY\x9b;"

# What `Reading.media` must hold; the others have none.
MEDIA_BYTES = {
	"message-image-base64.json": JPEG,
	"message-image-s3-and-base64.json": JPEG,
	"message-album-child-image.json": JPEG,
	"message-view-once.json": JPEG,
	"message-audio-ptt.json": OGG,
	"message-audio-file.json": OGG,
	"message-video.json": MP4,
	"message-video-gif.json": MP4,
	"message-document.json": PDF,
	"message-document-with-caption.json": PDF,
	"message-sticker.json": WEBP,
	"message-sticker-animated.json": WEBP,
}
