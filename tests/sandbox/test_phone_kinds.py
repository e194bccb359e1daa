"""Kinds of messages that have no recorded webhook: their shapes, written out, and what each shows on the phone."""

import base64
import hashlib

ANA, BEN = "447700900123", "447700900456"
SHOP = "12025550100@s.whatsapp.net"


def send(sandbox, **body):
	return sandbox.control("phone/send", {"customer": ANA, **body})["messages"]


def message_of(body):
	return {key: value for key, value in body["event"]["Message"].items() if key != "messageContextInfo"}


def shown(sandbox, customer=ANA):
	return sandbox.control(f"phone/chats/{customer}")["messages"]


def the_one(sandbox, receiver, **body):
	"""Send one, and return its webhook's content and its bubble."""
	send(sandbox, **body)
	(came,) = receiver.wait("wuzapi")
	return message_of(came), shown(sandbox)[-1]


CARA_CARD = (
	"BEGIN:VCARD\nVERSION:3.0\nN:;Cara Sample;;;\nFN:Cara Sample\n"
	"TEL;type=CELL;type=VOICE;waid=447700900789:+447700900789\nEND:VCARD"
)


def test_mentions_and_forwarded_mark(sandbox, receiver):
	text = "@111100001111000 and @447700900456, can you check?"
	body = {"to_group": True, "text": text, "mentions": ["shop", BEN], "forwarded": True, "customer": BEN}
	send(sandbox, **body)
	(came,) = receiver.wait("wuzapi")
	mentioned = ["111100001111000@lid", "447700900456@s.whatsapp.net"]
	assert message_of(came) == {
		"extendedTextMessage": {
			"text": text,
			"contextInfo": {"mentionedJID": mentioned, "forwardingScore": 1, "isForwarded": True},
		}
	}
	bubble = shown(sandbox, "group")[-1]
	assert (bubble["mentions"], bubble["forwarded"]) == (mentioned, True)


def test_link_preview_and_ad_show_on_the_phone(sandbox):
	send(sandbox, text="Look https://example.com/page", link_preview=True, ad={"title": "Spring"})
	(bubble,) = shown(sandbox)
	preview = {"url": "https://example.com/page", "title": "Example", "description": "An example page"}
	assert bubble["link_preview"] == preview
	assert bubble["ad"] == {"title": "Spring", "body": "Chat with us", "url": "https://fb.me/fictional"}


def test_reply_quotes_what_it_answers(sandbox, receiver):
	picture = send(sandbox, kind="image", caption="This one?")[0]["id"]
	receiver.wait("wuzapi")
	send(sandbox, from_me=True, text="Yes", reply_to=picture)
	came = receiver.wait("wuzapi", 2)
	context = next(
		message["extendedTextMessage"]["contextInfo"]
		for message in map(message_of, came)
		if "extendedTextMessage" in message
	)
	assert (context["stanzaID"], context["participant"]) == (picture, f"{ANA}@s.whatsapp.net")
	assert context["quotedMessage"]["imageMessage"]["caption"] == "This one?"
	bubble = shown(sandbox)[-1]
	assert bubble["reply_to"] == picture
	assert bubble["quoted"] == {"id": picture, "text": "This one?", "author": f"{ANA}@s.whatsapp.net"}


def test_video_note_comes_without_its_file_and_can_be_downloaded(sandbox, receiver, gateway):
	send(sandbox, kind="video_note", seconds=9)
	(came,) = receiver.wait("wuzapi")
	assert "base64" not in came
	assert came["event"]["Info"]["MediaType"] == "ptv"
	note = message_of(came)["ptvMessage"]
	assert (note["seconds"], note["mimetype"]) == (9, "video/mp4")
	data = gateway("POST", "/chat/downloadvideo", note).json()["data"]["Data"]
	(bubble,) = shown(sandbox)
	assert (bubble["kind"], bubble["seconds"]) == ("video_note", 9)
	downloaded = base64.b64decode(data.partition(",")[2])
	assert hashlib.sha256(downloaded).hexdigest() == bubble["file"]["sha256"]


def test_voice_note_has_a_waveform(sandbox, receiver):
	content, bubble = the_one(sandbox, receiver, kind="voice", seconds=7)
	voice = content["audioMessage"]
	assert (voice["seconds"], bubble["seconds"], voice["PTT"]) == (7, 7, True)
	assert voice["waveform"] == bubble["waveform"]
	heights = base64.b64decode(bubble["waveform"])
	assert len(heights) == 64
	assert max(heights) <= 100


def test_animated_sticker_says_so_and_moves(sandbox, receiver):
	send(sandbox, kind="sticker", animated=True)
	(came,) = receiver.wait("wuzapi")
	assert (came["isSticker"], came["stickerAnimated"]) == (True, True)
	assert message_of(came)["stickerMessage"]["isAnimated"] is True
	data = base64.b64decode(came["base64"])
	assert data[8:16] == b"WEBPVP8X"
	assert data.count(b"ANMF") == 2
	assert shown(sandbox)[0]["animated"] is True


def test_album_is_announced_and_its_pictures_follow(sandbox, receiver):
	sent = send(sandbox, kind="album", pictures=2, videos=1, caption="The cakes")
	came = receiver.wait("wuzapi", 4)
	contents = {each["event"]["Info"]["ID"]: message_of(each) for each in came}
	album, *children = (contents[each["id"]] for each in sent)
	assert album == {"albumMessage": {"expectedImageCount": 2, "expectedVideoCount": 1}}
	assert [next(iter(child)) for child in children] == ["imageMessage", "imageMessage", "videoMessage"]
	assert [child.get("imageMessage", {}).get("caption") for child in children] == ["The cakes", None, None]
	parent, *pictures = shown(sandbox)
	assert parent["album"] == {"pictures": 2, "videos": 1}
	assert {picture["album_of"] for picture in pictures} == {parent["id"]}


def test_album_pictures_may_come_in_a_layer_and_then_without_files(sandbox, receiver):
	sent = send(sandbox, kind="album", pictures=1, as_child=True)
	came = receiver.wait("wuzapi", 2)
	child = next(each for each in came if each["event"]["Info"]["ID"] == sent[1]["id"])
	assert "imageMessage" in message_of(child)["associatedChildMessage"]["message"]
	assert "base64" not in child


def test_view_once_stays_on_the_phone(sandbox, receiver):
	send(sandbox, kind="view_once")
	(came,) = receiver.wait("wuzapi")
	assert came["type"] == "UndecryptableMessage"
	assert came["event"].keys() == {"DecryptFailMode", "Info", "IsUnavailable", "UnavailableType"}
	assert (came["event"]["IsUnavailable"], came["event"]["UnavailableType"]) == (True, "view_once")
	assert (came["event"]["Info"]["Type"], came["event"]["Info"]["MediaType"]) == ("media", "image")
	(bubble,) = shown(sandbox)
	assert (bubble["view_once"], bubble["kind"]) == (True, "view_once")


def test_view_once_may_reach_the_gateway(sandbox, receiver):
	send(sandbox, kind="view_once", delivered=True)
	(came,) = receiver.wait("wuzapi")
	event = came["event"]
	assert event["Message"]["imageMessage"]["viewOnce"] is True
	assert list(event["RawMessage"]) == ["viewOnceMessageV2"]
	assert (event["IsViewOnce"], event["IsViewOnceV2"]) == (True, True)
	assert "base64" in came


def test_file_that_is_too_large_comes_without_it(sandbox, receiver):
	send(sandbox, kind="video", size=3_000_000_000)
	(came,) = receiver.wait("wuzapi")
	assert "base64" not in came
	assert message_of(came)["videoMessage"]["fileLength"] == 3_000_000_000
	assert shown(sandbox)[0]["file"]["size"] == 3_000_000_000


def test_undelivered_file_can_be_downloaded_once_downloads_work(sandbox, receiver, gateway):
	send(sandbox, kind="document", name="Quote.pdf", undelivered=True)
	(came,) = receiver.wait("wuzapi")
	assert "base64" not in came
	sandbox.switch(downloads_fail=2)
	document = message_of(came)["documentMessage"]
	for _ in range(2):
		answer = gateway("POST", "/chat/downloaddocument", document)
		assert answer.status_code == 500
		assert "status code 404" in answer.json()["error"]
	data = gateway("POST", "/chat/downloaddocument", document).json()["data"]
	assert data["Mimetype"] == "application/pdf"
	assert sandbox.control("switches")["downloads_fail"] == 0


def test_place_and_moving_place(sandbox, receiver):
	content, bubble = the_one(sandbox, receiver, kind="live_location", text="On my way", latitude=1.5)
	live = content["liveLocationMessage"]
	assert live.keys() == {
		"JPEGThumbnail",
		"accuracyInMeters",
		"caption",
		"degreesLatitude",
		"degreesLongitude",
		"sequenceNumber",
		"speedInMps",
		"timeOffset",
	}
	assert (live["degreesLatitude"], live["caption"]) == (1.5, "On my way")
	place = {"latitude": 1.5, "longitude": -0.1196, "name": "", "address": "", "live": True}
	assert bubble["location"] == place
	send(sandbox, kind="location", name="", address="", latitude=-23, longitude=-46.5)
	content = next(each for each in map(message_of, receiver.wait("wuzapi", 2)) if "locationMessage" in each)
	assert content["locationMessage"].keys() == {"JPEGThumbnail", "degreesLatitude", "degreesLongitude"}


def test_several_contact_cards(sandbox, receiver):
	content, bubble = the_one(sandbox, receiver, kind="contacts")
	cards = content["contactsArrayMessage"]
	assert cards["displayName"] == "2 contacts"
	assert cards["contacts"][0] == {"displayName": "Cara Sample", "vcard": CARA_CARD}
	assert [card["name"] for card in bubble["contacts"]] == ["Cara Sample", "Dan Sample"]


def test_template_answer(sandbox, receiver):
	body = {"kind": "template_answer", "text": "Confirm", "reply_to": "3EB0AAAAAAAAAAAAAAAA60"}
	content, bubble = the_one(sandbox, receiver, **body)
	assert content == {
		"templateButtonReplyMessage": {
			"contextInfo": {
				"participant": SHOP,
				"quotedMessage": {"conversation": ""},
				"stanzaID": "3EB0AAAAAAAAAAAAAAAA60",
			},
			"selectedDisplayText": "Confirm",
			"selectedID": "confirm",
			"selectedIndex": 0,
		}
	}
	assert bubble["answer"] == {"id": "confirm", "text": "Confirm", "description": ""}


def test_order_and_product(sandbox, receiver):
	content, bubble = the_one(sandbox, receiver, kind="order", text="Please", items=3, total=9_500)
	order = content["orderMessage"]
	assert (order["itemCount"], order["totalAmount1000"], order["totalCurrencyCode"]) == (3, 9_500, "GBP")
	assert (order["orderTitle"], order["message"], order["sellerJID"]) == ("Example order", "Please", SHOP)
	assert (bubble["order"]["items"], bubble["order"]["total"]) == (3, 9_500)
	send(sandbox, kind="product", title="Bread")
	content = next(each for each in map(message_of, receiver.wait("wuzapi", 2)) if "productMessage" in each)
	assert content["productMessage"]["product"]["title"] == "Bread"
	assert content["productMessage"]["businessOwnerJID"] == SHOP
	assert shown(sandbox)[-1]["product"]["currency"] == "GBP"


def test_kinds_that_a_phone_only_shows(sandbox, receiver):
	content, bubble = the_one(sandbox, receiver, kind="template", text="On its way")
	filled = content["templateMessage"]["Format"]["HydratedFourRowTemplate"]
	assert (filled["Title"], filled["hydratedContentText"]) == (
		{"HydratedTitleText": "Good news"},
		"On its way",
	)
	assert (bubble["kind"], bubble["text"]) == ("template", "On its way")
