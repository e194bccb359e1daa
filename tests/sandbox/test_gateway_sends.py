"""What the bridge sends through the gateway, as the phone shows it: replies, marks, voice notes, places, polls."""

import base64

import pytest

from wuzapi_chatwoot.sandbox import files, pictures

ANA, BEN = "447700900123", "447700900456"
ANA_JID = f"{ANA}@s.whatsapp.net"
GROUP = "120363000000000001@g.us"


def data_url(kind, mimetype=None):
	made = files.made(kind, 1)
	return f"data:{mimetype or made.mimetype};base64,{base64.b64encode(made.data).decode()}"


IMAGE, VOICE, VIDEO = data_url("image"), data_url("voice", "audio/ogg"), data_url("video")
SENDS = {
	"text": {"Body": "Yes"},
	"image": {"Image": IMAGE, "Caption": "Yes"},
	"audio": {"Audio": VOICE},
	"video": {"Video": VIDEO},
	"document": {"Document": data_url("document", "application/octet-stream"), "FileName": "Quote.pdf"},
	"sticker": {"Sticker": data_url("sticker")},
	"location": {"Latitude": 51.5, "Longitude": -0.12, "Name": "Wheel"},
	"contact": {"Name": "Cara Sample", "Vcard": "BEGIN:VCARD\nVERSION:3.0\nFN:Cara Sample\nEND:VCARD"},
}


@pytest.fixture
def send(gateway):
	def post(kind, customer=ANA, **body):
		return gateway("POST", f"/chat/send/{kind}", {"Phone": customer, **SENDS.get(kind, {}), **body})

	return post


def shown(sandbox, customer=ANA):
	return sandbox.control(f"phone/chats/{customer}")["messages"]


def from_phone(sandbox, **body):
	return sandbox.control("phone/send", {"customer": ANA, **body})["messages"][0]["id"]


@pytest.mark.parametrize("kind", SENDS)
def test_every_kind_can_answer_a_message(sandbox, send, kind):
	target = from_phone(sandbox, text="The blue one?")
	context = {"StanzaID": target, "Participant": ANA_JID}
	assert send(kind, ContextInfo=context).status_code == 200
	bubble = shown(sandbox)[-1]
	assert bubble["reply_to"] == target
	assert bubble["quoted"] == {"id": target, "text": "The blue one?", "author": ANA_JID}


@pytest.mark.parametrize("kind", SENDS)
@pytest.mark.parametrize(("given", "missing"), [("StanzaId", "Participant"), ("Participant", "StanzaID")])
def test_half_a_reply_is_refused(sandbox, send, kind, given, missing):
	answer = send(kind, ContextInfo={given: "3A01"})
	assert answer.status_code == 400
	assert answer.json()["error"] == f"missing {missing} in ContextInfo"
	assert shown(sandbox) == []


def test_words_of_the_quote_are_those_sent_along(sandbox, send):
	context = {"StanzaID": "3A00", "Participant": ANA_JID}
	send("text", ContextInfo=context, QuotedText="As I said")
	send("image", ContextInfo=context, QuotedMessage={"conversation": "As she said"})
	send("image", ContextInfo=context, QuotedMessage={"imageMessage": {"caption": "Under a picture"}})
	send("image", ContextInfo=context, QuotedText="Not read here")
	texts = [bubble["quoted"]["text"] for bubble in shown(sandbox)]
	assert texts == ["As I said", "As she said", "Under a picture", ""]


def test_quote_with_a_union_in_it_is_refused(send):
	answered = {"buttonsResponseMessage": {"Response": {"SelectedDisplayText": "Confirm"}}}
	context = {"StanzaID": "3A00", "Participant": ANA_JID}
	answer = send("text", ContextInfo=context, QuotedMessage=answered)
	assert (answer.status_code, answer.json()["error"]) == (400, "could not decode Payload")


def test_mentions_forwarded_mark_and_link_preview(sandbox, send):
	context = {"MentionedJID": [ANA_JID], "IsForwarded": True}
	body = f"@{ANA} see https://example.com/page"
	send("text", Body=body, ContextInfo=context, LinkPreview=True)
	(bubble,) = shown(sandbox)
	assert (bubble["mentions"], bubble["forwarded"], bubble["quoted"]) == ([ANA_JID], True, None)
	assert bubble["link_preview"]["url"] == "https://example.com/page"


@pytest.mark.parametrize("context", [{"MentionedJID": "x"}, {"IsForwarded": "yes"}, {"StanzaID": 1}])
def test_context_of_wrong_types_is_refused(send, context):
	answer = send("text", ContextInfo=context)
	assert (answer.status_code, answer.json()["error"]) == (400, "could not decode Payload")


@pytest.mark.parametrize("as_list", [False, True])
def test_voice_note_keeps_length_and_waveform(sandbox, send, as_list):
	heights = bytes(range(64))
	encoded = base64.b64encode(heights).decode()
	body = {"mimetype": "audio/ogg; codecs=opus", "Seconds": 7}
	send("audio", **body, Waveform=list(heights) if as_list else encoded)
	(bubble,) = shown(sandbox)
	assert (bubble["kind"], bubble["seconds"], bubble["waveform"]) == ("voice", 7, encoded)
	assert bubble["file"]["mimetype"] == "audio/ogg; codecs=opus"
	assert bubble["file"]["url"] == f"/control/files/phone/{bubble['id']}"


def test_sound_that_is_no_voice_note(sandbox, send):
	send("audio", Audio=data_url("audio"), ptt=False)
	(bubble,) = shown(sandbox)
	assert (bubble["kind"], bubble["waveform"], bubble["seconds"]) == ("audio", "", 0)
	assert bubble["file"]["mimetype"] == "audio/mpeg"


@pytest.mark.parametrize("waveform", [[300], ["1"], "no base64!", 5, True])
def test_waveform_of_something_else_is_refused(send, waveform):
	answer = send("audio", Waveform=waveform)
	assert (answer.status_code, answer.json()["error"]) == (400, "could not decode Payload")


@pytest.mark.parametrize(
	("data", "animated"), [(pictures.sticker(), False), (pictures.animated_sticker(), True)]
)
def test_webp_stickers_pass_through(sandbox, send, data, animated):
	send("sticker", Sticker=f"data:image/webp;base64,{base64.b64encode(data).decode()}")
	(bubble,) = shown(sandbox)
	assert (bubble["kind"], bubble["animated"]) == ("sticker", animated)
	assert bubble["file"]["sha256"] == files.File("", "", data).sha256


@pytest.mark.parametrize("sticker", [IMAGE, VIDEO])
def test_other_pictures_become_webp(sandbox, send, sticker):
	send("sticker", Sticker=sticker)
	assert shown(sandbox)[0]["file"]["mimetype"] == "image/webp"


def test_what_is_no_picture_goes_out_as_a_sticker_as_it_is(sandbox, send):
	assert send("sticker", Sticker=data_url("document")).status_code == 200
	assert send("sticker", Sticker="data:image/webp;base64,SlVOSw==").status_code == 200
	assert [message["kind"] for message in shown(sandbox)] == ["sticker", "sticker"]


def test_without_ffmpeg_nothing_else_becomes_a_sticker(sandbox, send):
	sandbox.switch(gateway_has_ffmpeg=False)
	answer = send("sticker", Sticker=data_url("image"))
	assert answer.status_code == 500
	assert answer.json()["error"].startswith('failed to convert image sticker to webp: exec: "ffmpeg"')
	assert shown(sandbox) == []
	assert send("sticker", Sticker=data_url("sticker")).status_code == 200


# The smallest pictures there are, and each of them cut off.
PIXELS = {
	"png": "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
	"gif": "R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7",
	"webp": base64.b64encode(pictures.sticker()).decode(),
	"jpeg": base64.b64encode(files.made("image", 1).data).decode(),
}


@pytest.mark.parametrize("kind", PIXELS)
def test_picture_is_taken_when_it_is_whole(sandbox, send, kind):
	assert send("image", Image=f"data:image/{kind};base64,{PIXELS[kind]}").status_code == 200
	answer = send("image", Image=f"data:image/{kind};base64,{PIXELS[kind][:16]}")
	assert answer.status_code == 500
	assert answer.json()["error"].startswith("could not decode image for thumbnail preparation")
	assert len(shown(sandbox)) == 1


def test_place_and_contact_card_show_their_parts(sandbox, send):
	send("location")
	send("contact")
	place, card = shown(sandbox)
	assert place["location"] == {
		"latitude": 51.5,
		"longitude": -0.12,
		"name": "Wheel",
		"address": "",
		"live": False,
	}
	assert card["contacts"] == [{"name": "Cara Sample", "vcard": SENDS["contact"]["Vcard"]}]


def test_poll_shows_its_question_and_options(sandbox, gateway):
	body = {"group": ANA_JID, "header": "Which day?", "options": ["Monday", "Tuesday"], "Id": "3EB0A50"}
	for _ in range(2):
		answer = gateway("POST", "/chat/send/poll", body)
		assert answer.json()["data"] == {"Details": "Poll sent successfully", "Id": "3EB0A50"}
	(bubble,) = shown(sandbox)
	poll = {"question": "Which day?", "options": ["Monday", "Tuesday"], "votes": {}}
	assert (bubble["kind"], bubble["poll"]) == ("poll", poll)


@pytest.mark.parametrize("change", [{"group": ""}, {"header": ""}, {"options": ["Monday"]}])
def test_poll_without_its_parts_is_refused(gateway, change):
	body = {"group": ANA_JID, "header": "Which day?", "options": ["Monday", "Tuesday"], **change}
	assert gateway("POST", "/chat/send/poll", body).status_code == 400


def test_edit_changes_own_texts_only(sandbox, gateway, send):
	theirs = from_phone(sandbox, text="Hello")
	send("text", Id="3EB0A1")
	send("image", Id="3EB0A2")
	for target in (theirs, "3EB0A1", "3EB0A2"):
		answer = gateway("POST", "/chat/send/edit", {"Phone": ANA, "Body": "No", "Id": target})
		assert answer.json()["data"]["Id"] == target
	bubbles = [(each["text"], each["edited"], each["earlier_texts"]) for each in shown(sandbox)]
	assert bubbles == [("Hello", False, []), ("No", True, ["Yes"]), ("Yes", False, [])]


def test_own_messages_are_reacted_to_by_their_prefix(sandbox, gateway, send):
	theirs = from_phone(sandbox, text="Hello")
	send("text", Id="3EB0A1")

	def reactions(*targets):
		for target, emoji in targets:
			gateway("POST", "/chat/react", {"Phone": ANA, "Body": emoji, "Id": target})
		return [each["reactions"].get("Example Shop") for each in shown(sandbox)]

	# With the wrong key the phone finds no such message.
	assert reactions((f"me:{theirs}", "🙏"), ("3EB0A1", "🙏")) == [None, None]
	assert reactions((theirs, "🙏"), ("me:3EB0A1", "🎂")) == ["🙏", "🎂"]
	assert reactions((theirs, "remove"), ("me:3EB0A1", "remove")) == [None, None]


def test_group_needs_the_author_for_reactions_and_read_marks(sandbox, gateway):
	target = from_phone(sandbox, to_group=True, text="Hello")

	def seen(participant):
		react = {"Phone": GROUP, "Body": "🙏", "Id": target, "Participant": participant}
		gateway("POST", "/chat/react", react)
		read = {"Id": [target], "ChatPhone": GROUP, "SenderPhone": participant}
		gateway("POST", "/chat/markread", read)
		(bubble,) = shown(sandbox, "group")
		return bubble["reactions"], bubble["status"]

	assert seen("") == ({}, "delivered")
	assert seen(f"{BEN}@s.whatsapp.net") == ({}, "delivered")
	assert seen("222200002222000@lid") == ({"Example Shop": "🙏"}, "read")


def test_only_own_messages_can_be_deleted(sandbox, gateway):
	theirs = from_phone(sandbox, text="Hello")
	gateway("POST", "/chat/delete", {"Phone": ANA, "Id": theirs})
	assert shown(sandbox)[0]["deleted"] is False


def test_typing_of_the_shop_shows_and_ends(sandbox, gateway):
	def state(**body):
		gateway("POST", "/chat/presence", {"Phone": ANA, **body})
		chat = sandbox.control(f"phone/chats/{ANA}")
		return chat["typing"], chat["typing_media"]

	assert state(State="composing") == ("Example Shop", "")
	assert state(State="composing", Media="audio") == ("Example Shop", "audio")
	assert state(State="paused") == ("", "")
