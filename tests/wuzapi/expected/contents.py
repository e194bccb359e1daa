"""Messages that are neither text nor file: places, cards, polls, answers, and what is said about other messages."""

from dataclasses import replace
from datetime import datetime, timezone

from wuzapi_chatwoot.bridge.model.addresses import Address
from wuzapi_chatwoot.bridge.model.content import (
	AlbumStart,
	Choice,
	ContactCard,
	ContactCards,
	Edit,
	GroupInvite,
	Location,
	Order,
	Pin,
	Poll,
	PollVote,
	Product,
	Quote,
	Reaction,
	Revoke,
	Text,
	Undecryptable,
	Unknown,
)
from wuzapi_chatwoot.bridge.model.events import Nothing, WhatsAppMessage

ANA = Address("447700900123", "s.whatsapp.net")
ANA_LID = Address("222200002222000", "lid")
SHOP = Address("12025550100", "s.whatsapp.net")
GROUP = Address("120363000000000001", "g.us")

FROM_ANA = WhatsAppMessage(
	id="",
	chat=ANA,
	sender=ANA,
	content=Text(""),
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
FROM_BEN = replace(
	FROM_ANA,
	chat=GROUP,
	sender=Address("333300003333000", "lid"),
	chat_alt=None,
	sender_alt=Address("447700900456", "s.whatsapp.net"),
	push_name="Ben Sample",
)

FROM_SHOP = replace(FROM_ANA, sender=SHOP, sender_alt=None, from_me=True, push_name="Example Shop")

TO_BUTTONS = Quote("3EB0AAAAAAAAAAAAAAAA60", SHOP, None)

CARA = ContactCard(
	name="Cara Sample",
	vcard=(
		"BEGIN:VCARD\nVERSION:3.0\nN:Sample;Cara;;;\nFN:Cara Sample\n"
		"TEL;type=CELL;type=VOICE;waid=447700900789:+44 7700 900789\nEND:VCARD"
	),
)
DAN = ContactCard(
	name="Dan Sample",
	vcard=(
		"BEGIN:VCARD\nVERSION:3.0\nN:Sample;Dan;;;\nFN:Dan Sample\n"
		"TEL;type=CELL;type=VOICE;waid=447700900790:+44 7700 900790\nEND:VCARD"
	),
)

EXPECTED = {
	# places, cards, invitations
	"message-location.json": replace(
		FROM_ANA,
		id="3A00000000000000A020",
		content=Location(
			latitude=51.5033,
			longitude=-0.1196,
			name="Example Wheel",
			address="1 Sample Road, London",
			caption=None,
			live=False,
		),
	),
	"message-live-location.json": replace(
		FROM_ANA,
		id="3A00000000000000A021",
		content=Location(
			latitude=51.5033, longitude=-0.1196, name=None, address=None, caption="On my way", live=True
		),
	),
	"message-contact.json": replace(FROM_ANA, id="3A00000000000000A022", content=ContactCards((CARA,))),
	"message-contacts-array.json": replace(
		FROM_ANA, id="3A00000000000000A023", content=ContactCards((CARA, DAN))
	),
	"message-group-invite.json": replace(
		FROM_ANA,
		id="3A00000000000000A098",
		content=GroupInvite(group=GROUP, group_name="Example group", code="FICTIONALCODE", caption="Join us"),
	),
	"message-album-parent.json": replace(
		FROM_ANA, id="3A00000000000000A01A", content=AlbumStart(images=2, videos=0)
	),
	# the shop
	"message-product.json": replace(
		FROM_ANA,
		id="3A00000000000000A064",
		content=Product(
			title="Blue mug",
			description="Holds 300 ml",
			price="12.50 EUR",
			url="https://example.com/shop/blue-mug",
		),
	),
	"message-catalog.json": replace(
		FROM_ANA,
		id="3A00000000000000A065",
		content=Product(title="Example Shop", description="All that we have", price="", url=""),
	),
	"message-product-inquiry.json": replace(
		FROM_ANA,
		id="3A00000000000000A068",
		content=Text("Do you have it in red?"),
		quote=Quote("3A00000000000000A067", SHOP, "🛍️ Product: Blue mug, 12.50 EUR"),
	),
	"message-order.json": replace(
		FROM_ANA, id="3A00000000000000A066", content=Order("Example Shop", 3, "37.50 EUR")
	),
	# polls and answers
	"message-poll-creation.json": replace(
		FROM_BEN,
		id="3A00000000000000A050",
		content=Poll("Delivery day?", ("Monday", "Tuesday"), choices_allowed=1),
	),
	"message-poll-vote.json": replace(
		FROM_BEN,
		id="3A00000000000000A051",
		content=PollVote("3EB0AAAAAAAAAAAAAAAA50", options=("Monday",), option_hashes=()),
	),
	"message-poll-vote-hashes-only.json": replace(
		FROM_BEN,
		id="3A00000000000000A052",
		content=PollVote(
			"3EB0AAAAAAAAAAAAAAAA50",
			options=(),
			option_hashes=("agDfwdyGfoRUwsiFbhUS2b8Cp2cQ40EcCXKuyIbHbGE=",),
		),
	),
	"message-template-button-reply.json": replace(
		FROM_ANA, id="3A00000000000000A061", content=Choice("Confirm", "confirm"), quote=TO_BUTTONS
	),
	"message-buttons-response.json": replace(
		FROM_ANA, id="3A00000000000000A060", content=Choice("Confirm", "confirm"), quote=TO_BUTTONS
	),
	"message-interactive-response.json": replace(
		FROM_ANA, id="3A00000000000000A062", content=Choice("Confirm", "confirm"), quote=TO_BUTTONS
	),
	"message-list-response.json": replace(
		FROM_ANA,
		id="3A00000000000000A063",
		content=Choice("Morning slot", "slot-am"),
		quote=Quote("3EB0AAAAAAAAAAAAAAAA61", SHOP, None),
	),
	# about other messages
	"message-reaction.json": replace(
		FROM_ANA, id="3A00000000000000A030", content=Reaction("3EB0AAAAAAAAAAAAAAAA01", "👍")
	),
	"message-reaction-removed.json": replace(
		FROM_ANA, id="3A00000000000000A031", content=Reaction("3EB0AAAAAAAAAAAAAAAA01", "")
	),
	"message-reaction-group.json": replace(
		FROM_BEN, id="3A00000000000000A032", content=Reaction("3A00000000000000B777", "❤️")
	),
	"message-reaction-from-own-phone.json": replace(
		FROM_SHOP, id="3A00000000000000A085", content=Reaction("3A00000000000000A001", "🙏")
	),
	"message-edit-from-own-phone.json": replace(
		FROM_SHOP,
		id="3A00000000000000A086",
		content=Edit("3A00000000000000A080", Text("We open at half past nine")),
	),
	"message-edit.json": replace(
		FROM_ANA,
		id="3A00000000000000A040",
		content=Edit("3A00000000000000A001", Text("Hello, is the shop open tomorrow?")),
	),
	"message-edit-secret-encrypted-decoded.json": replace(
		FROM_ANA,
		id="3A00000000000000A041",
		content=Edit("3A00000000000000A001", Text("Hello, is the shop open tomorrow?")),
	),
	"message-edit-secret-encrypted-undecoded.json": replace(
		FROM_ANA, id="3A00000000000000A042", content=Edit("3A00000000000000A001", None)
	),
	"message-revoke.json": replace(
		FROM_ANA, id="3A00000000000000A043", content=Revoke("3A00000000000000A001", by_admin=False)
	),
	"message-revoke-from-own-phone.json": replace(
		FROM_SHOP, id="3A00000000000000A087", content=Revoke("3A00000000000000A080", by_admin=False)
	),
	"message-revoke-by-group-admin.json": replace(
		FROM_BEN, id="3A00000000000000A044", content=Revoke("3A00000000000000B888", by_admin=True)
	),
	"message-pin-in-chat.json": replace(
		FROM_ANA, id="3A00000000000000A097", content=Pin("3A00000000000000A001", pinned=True)
	),
	"message-unpin-in-chat.json": replace(
		FROM_ANA, id="3A00000000000000A09B", content=Pin("3A00000000000000A001", pinned=False)
	),
	"undecryptable-view-once.json": replace(
		FROM_ANA, id="3A00000000000000A0A1", content=Undecryptable(view_once=True)
	),
	"undecryptable-message.json": replace(
		FROM_ANA, id="3A00000000000000A0A0", content=Undecryptable(view_once=False)
	),
	# what says nothing
	"message-group-sender-key-only.json": Nothing("message without content"),
	"message-empty-unknown.json": replace(FROM_ANA, id="3A00000000000000A099", content=Unknown("empty")),
	"message-ephemeral-setting-changed.json": Nothing("disappearing messages setting"),
	"message-peer-protocol-noise.json": Nothing("between the session's own devices"),
}
