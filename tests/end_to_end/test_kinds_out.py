"""Every kind that an agent can send, as the customer's phone shows it: marks, files byte for byte, voice notes that play."""

import base64
from io import BytesIO

import av
import pytest

VCARD = """BEGIN:VCARD\r
VERSION:3.0\r
FN:{name}\r
TEL;TYPE=CELL;waid={digits}:+{digits}\r
END:VCARD\r
"""


def _file(name, content, mimetype):
	return {"name": name, "data": base64.b64encode(content).decode(), "mimetype": mimetype}


@pytest.mark.parametrize(
	("markdown", "marks"),
	[
		("**Bold**, _slanted_, ~~gone~~ and `code`", "*Bold*, _slanted_, ~gone~ and `code`"),
		("See [our shop](https://example.com/shop)", "See our shop (https://example.com/shop)"),
		("- one\n- two", "- one\n- two"),
		("> You wrote this\n\nYes", "> You wrote this\nYes"),
		("```\na = 1\n```", "```a = 1```"),
		("5 \\* 3 < 20 & 1 > 0", "5 * 3 < 20 & 1 > 0"),
	],
)
def test_markdown_becomes_the_marks_of_whatsapp(scene, markdown, marks):
	scene.starts()
	scene.agent_sends(markdown)
	[bubble] = scene.answered()
	assert (bubble["kind"], bubble["text"], bubble["via"]) == ("text", marks, "api")


def test_a_text_beyond_the_limit_goes_in_pieces_with_the_status_of_the_weakest(scene, sandbox):
	scene.starts()
	sandbox.switch(auto_deliver=False)
	words = " ".join(f"word{number}" for number in range(9_000))
	message_id = scene.agent_sends(words)
	first, second = scene.answered(2)
	assert f"{first['text']} {second['text']}" == words
	assert all(len(bubble["text"]) <= 65_536 for bubble in (first, second))
	confirmed = {"customer": scene.customer, "status": "read"}
	sandbox.control("phone/receipt", {**confirmed, "ids": [first["id"]]})
	sandbox.control("phone/receipt", {**confirmed, "status": "delivered", "ids": [second["id"]]})
	scene.until_shown_as(message_id, "delivered")
	sandbox.control("phone/receipt", {**confirmed, "ids": [second["id"]]})
	scene.until_shown_as(message_id, "read")


def test_the_text_is_the_caption_of_the_first_picture(scene):
	scene.starts()
	names = ["front.jpg", "side.jpg"]
	scene.agent_sends("Our **new** cake", attachments=[{"kind": "image", "name": name} for name in names])
	bubbles = scene.answered(2)
	assert [(bubble["kind"], bubble["caption"]) for bubble in bubbles] == [
		("image", "Our *new* cake"),
		("image", ""),
	]


def test_a_text_too_long_for_a_caption_goes_ahead(scene):
	scene.starts()
	scene.agent_sends("x" * 1025, attachments=[{"kind": "image"}])
	text, picture = scene.answered(2)
	assert (text["kind"], text["text"]) == ("text", "x" * 1025)
	assert (picture["kind"], picture["caption"]) == ("image", "")


def test_files_of_several_kinds_arrive_in_order(scene, sandbox):
	scene.starts()
	kinds = ["image", "video", "document", "text", "voice"]
	message_id = scene.agent_sends("All of it", attachments=[{"kind": kind} for kind in kinds])
	bubbles = scene.answered(5)
	assert [bubble["kind"] for bubble in bubbles] == ["image", "video", "document", "document", "audio"]
	assert [bubble["caption"] for bubble in bubbles] == ["All of it", "", "", "", ""]
	sent = scene.shown(message_id)["attachments"]
	assert [bubble["file"]["sha256"] for bubble in bubbles] == [file["sha256"] for file in sent]
	documents = [bubble["file"]["name"] for bubble in bubbles if bubble["kind"] == "document"]
	assert documents == [file["name"] for file in sent[2:4]], "documents keep their names"


def test_what_whatsapp_cannot_show_goes_as_a_document(scene, sandbox):
	scene.starts()
	drawing = b"<svg xmlns='http://www.w3.org/2000/svg'/>"
	scene.agent_sends(attachments=[_file("plan.svg", drawing, "image/svg+xml")])
	[bubble] = scene.answered()
	assert (bubble["kind"], bubble["file"]["name"]) == ("document", "plan.svg")
	assert sandbox.file(f"phone/{bubble['id']}") == drawing


def test_a_recording_is_a_voice_note_that_every_phone_plays(scene, sandbox):
	"""The dashboard records MP3, which iPhones do not play as a voice note."""
	scene.starts()
	message_id = scene.agent_sends(attachments=[{"kind": "voice"}])
	recorded = sandbox.file(f"chatwoot/{scene.shown(message_id)['attachments'][0]['signed_id']}")
	[bubble] = scene.answered()
	assert (bubble["kind"], bubble["file"]["mimetype"]) == ("voice", "audio/ogg; codecs=opus")
	sound = sandbox.file(f"phone/{bubble['id']}")
	assert sound[:4] == b"OggS"
	assert sound != recorded
	with av.open(BytesIO(recorded)) as before, av.open(BytesIO(sound)) as after:
		seconds = _seconds(before)
		assert (after.format.name, after.streams[0].codec_context.name) in (
			("ogg", "opus"),
			("ogg", "libopus"),
		)
		assert _seconds(after) == pytest.approx(seconds, abs=0.2)
	assert bubble["seconds"] == round(seconds)
	heights = base64.b64decode(bubble["waveform"])
	assert len(heights) == 64
	assert max(heights) <= 100
	assert len(set(heights)) > 1, "it shows how loud it is"


def _seconds(file):
	return sum(frame.samples / frame.sample_rate for frame in file.decode(audio=0))


def test_a_recording_with_a_text_goes_as_a_file_after_it(scene):
	scene.starts()
	scene.agent_sends("Please listen", attachments=[{"kind": "voice"}])
	text, sound = scene.answered(2)
	assert (text["kind"], text["text"], sound["kind"]) == ("text", "Please listen", "audio")
	assert sound["file"]["mimetype"] == "audio/mpeg"


def test_what_is_no_sound_goes_as_the_file_it_is(scene, sandbox):
	scene.starts()
	scene.agent_sends(attachments=[_file("broken.mp3", b"ID3 and nothing to hear", "audio/mpeg")])
	[bubble] = scene.answered()
	assert sandbox.file(f"phone/{bubble['id']}") == b"ID3 and nothing to hear"


@pytest.mark.parametrize(("text", "kind"), [("", "sticker"), ("With words", "image")])
def test_a_webp_picture_is_a_sticker_unless_something_is_said(scene, text, kind):
	scene.starts()
	message_id = scene.agent_sends(text, attachments=[{"kind": "webp"}])
	[file] = scene.shown(message_id)["attachments"]
	[bubble] = scene.answered()
	assert (bubble["kind"], bubble["caption"]) == (kind, text)
	assert bubble["file"]["sha256"] == file["sha256"]


def test_contact_cards(scene):
	scene.starts()
	names = {"Cara Sample": "447700900789", "Dan Sample": "447700900790"}
	cards = "".join(VCARD.format(name=name, digits=digits) for name, digits in names.items())
	scene.agent_sends(attachments=[_file("colleagues.vcf", cards.encode(), "text/vcard")])
	bubbles = scene.answered(2)
	assert [bubble["kind"] for bubble in bubbles] == ["contact", "contact"]
	sent = [bubble["contacts"][0] for bubble in bubbles]
	assert [card["name"] for card in sent] == list(names)
	for card, digits in zip(sent, names.values(), strict=True):
		assert f"waid={digits}" in card["vcard"]


def test_a_file_of_cards_that_cannot_be_read_goes_as_it_is(scene, sandbox):
	scene.starts()
	scene.agent_sends(attachments=[_file("colleagues.vcf", b"BEGIN:NOTHING", "text/vcard")])
	[bubble] = scene.answered()
	assert (bubble["kind"], bubble["file"]["name"]) == ("document", "colleagues.vcf")
	assert sandbox.file(f"phone/{bubble['id']}") == b"BEGIN:NOTHING"


@pytest.mark.parametrize(
	"link",
	[
		"https://maps.google.com/?q=51.5033,-0.1196",
		"https://www.openstreetmap.org/?mlat=51.5033&mlon=-0.1196#map=17/51.5033/-0.1196",
		"geo:51.5033,-0.1196",
	],
)
def test_nothing_but_a_map_link_is_a_place(scene, link):
	scene.starts()
	scene.agent_sends(link)
	[bubble] = scene.answered()
	assert bubble["kind"] == "location"
	place = bubble["location"]
	assert (place["latitude"], place["longitude"], place["live"]) == (51.5033, -0.1196, False)


def test_a_map_link_among_words_stays_a_text(scene):
	scene.starts()
	scene.agent_sends("We are here: https://maps.google.com/?q=51.5033,-0.1196")
	[bubble] = scene.answered()
	assert bubble["kind"] == "text"


def test_what_nobody_wrote_is_sent_all_the_same(scene):
	scene.starts()
	scene.agent_sends("We are **closed**", sender="automation")
	scene.agent_sends("How was it?", sender="csat")
	automatic, survey = scene.answered(2)
	assert automatic["text"] == "We are *closed*"
	assert survey["text"].startswith("How was it?")
	assert "/survey/responses/" in survey["text"]


def test_a_moving_gif_is_a_film(scene, sandbox):
	"""By the real converter, through the real gateway's shape of a request."""
	frames = BytesIO()
	with av.open(frames, "w", format="gif") as file:
		stream = file.add_stream("gif", rate=5)
		stream.width, stream.height, stream.pix_fmt = 32, 32, "rgb8"
		for number in range(4):
			frame = av.VideoFrame(32, 32, "gray")
			frame.planes[0].update(bytes([60 * number]) * frame.planes[0].buffer_size)
			frame = frame.reformat(format="rgb8")
			frame.pts = number
			file.mux(stream.encode(frame))
		file.mux(stream.encode(None))
	scene.starts()
	scene.agent_sends("Hooray", attachments=[_file("party.gif", frames.getvalue(), "image/gif")])
	[bubble] = scene.answered()
	assert (bubble["kind"], bubble["caption"], bubble["file"]["mimetype"]) == ("video", "Hooray", "video/mp4")


def test_a_sticker_needs_no_ffmpeg_on_the_gateway(scene, sandbox):
	"""A PNG that calls itself WebP: the gateway would have to convert it."""
	written = BytesIO()
	with av.open(written, "w", format="image2pipe") as file:
		stream = file.add_stream("png", rate=1)
		stream.width, stream.height, stream.pix_fmt = 40, 30, "rgb24"
		file.mux(stream.encode(av.VideoFrame(40, 30, "rgb24")))
		file.mux(stream.encode(None))
	scene.starts()
	sandbox.switch(gateway_has_ffmpeg=False)
	try:
		scene.agent_sends(attachments=[_file("cat.webp", written.getvalue(), "image/webp")])
		[bubble] = scene.answered()
	finally:
		sandbox.switch(gateway_has_ffmpeg=True)
	assert (bubble["kind"], bubble["file"]["mimetype"]) == ("sticker", "image/webp")


def test_options_are_numbered_and_the_number_comes_back_as_the_option(scene):
	scene.starts()
	items = [{"title": "Place an order", "value": "order"}, {"title": "Opening hours", "value": "hours"}]
	scene.agent_sends("How can **we** help?", content_type="input_select", items=items)
	[bubble] = scene.answered()
	assert bubble["text"] == "How can *we* help?\n\n1. Place an order\n2. Opening hours"
	chosen = scene.arrived(scene.customer_sends("2"))
	assert chosen["content"] == "Opening hours"
	assert chosen["content_attributes"]["submitted_values"] == [{"title": "Opening hours", "value": "hours"}]


def test_an_offer_of_nothing_fails_with_its_cause(scene):
	scene.starts()
	message_id = scene.agent_sends(content_type="cards", items=[])
	failed = scene.until_shown_as(message_id, "failed")
	assert failed["external_error"] == "there is nothing in this message that WhatsApp could show"
