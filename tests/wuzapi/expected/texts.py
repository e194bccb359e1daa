"""Plain messages: texts, answers to texts, and who wrote them from where."""

from dataclasses import replace
from datetime import datetime, timezone

from wuzapi_chatwoot.bridge.model.addresses import Address
from wuzapi_chatwoot.bridge.model.content import AdOrigin, LinkPreview, Quote, Text
from wuzapi_chatwoot.bridge.model.events import WhatsAppMessage

AT = datetime(2026, 3, 14, 10, 21, 7, tzinfo=timezone.utc)

ANA = Address("447700900123", "s.whatsapp.net")
ANA_LID = Address("222200002222000", "lid")
SHOP = Address("12025550100", "s.whatsapp.net")
SHOP_LID = Address("111100001111000", "lid")
GROUP = Address("120363000000000001", "g.us")
CHANNEL = Address("120363999000000001", "newsletter")

FROM_ANA = WhatsAppMessage(
	id="3A00000000000000A001",
	chat=ANA,
	sender=ANA,
	content=Text("Hello, is the shop open today? <b>5 & 6</b>"),
	sent_at=AT,
	chat_alt=ANA_LID,
	sender_alt=ANA_LID,
	from_me=False,
	push_name="Ana Example",
	verified_name="",
	quote=None,
	forwarded=False,
	mentions=(),
	ad=None,
)
FROM_SHOP = WhatsAppMessage(
	id="3A00000000000000A080",
	chat=ANA,
	sender=SHOP,
	content=Text("We open at nine"),
	sent_at=AT,
	chat_alt=ANA_LID,
	sender_alt=None,
	from_me=True,
	push_name="Example Shop",
)

EXPECTED = {
	"message-text.json": FROM_ANA,
	"message-text-extended-link-preview.json": replace(
		FROM_ANA,
		id="3A00000000000000A002",
		content=Text(
			"Look https://example.com/page",
			LinkPreview(url="https://example.com/page", title="Example", description="An example page"),
		),
	),
	"message-text-reply-link-preview.json": replace(
		FROM_ANA,
		id="3A00000000000000A005",
		chat=ANA_LID,
		sender=ANA_LID,
		content=Text(
			"Here: example.com/page",
			LinkPreview(url="example.com/page", title="Example", description="An example page"),
		),
		chat_alt=ANA,
		sender_alt=ANA,
		quote=Quote("3EB0AAAAAAAAAAAAAAAA02", SHOP_LID, "Where is it described?"),
	),
	"message-text-mention-forwarded.json": WhatsAppMessage(
		id="3A00000000000000A004",
		chat=GROUP,
		sender=Address("333300003333000", "lid"),
		content=Text("@111100001111000 can you check?"),
		sent_at=AT,
		sender_alt=Address("447700900456", "s.whatsapp.net"),
		push_name="Ben Sample",
		forwarded=True,
		mentions=(SHOP_LID,),
	),
	"message-text-reply.json": replace(
		FROM_ANA,
		id="3A00000000000000A003",
		content=Text("Yes, that one please"),
		quote=Quote("3EB0AAAAAAAAAAAAAAAA01", SHOP, "Do you want the blue one?"),
	),
	"message-ephemeral.json": replace(FROM_ANA, id="3A00000000000000A093", content=Text("This will vanish")),
	"message-after-retry.json": replace(
		FROM_ANA, id="3A00000000000000A095", content=Text("Decrypted on the second try")
	),
	"message-resent-by-phone.json": replace(
		FROM_ANA,
		id="3A00000000000000A096",
		content=Text("Copy resent by the phone"),
		chat_alt=None,
		sender_alt=None,
	),
	"message-from-business-click-to-ad.json": replace(
		FROM_ANA,
		id="3A00000000000000A094",
		content=Text("I saw your ad"),
		verified_name="Ana Example Ltd",
		ad=AdOrigin(
			title="Spring offer",
			body="Chat with us",
			url="https://fb.me/fictional",
			source_id="120200000000000000",
			click_id="",
		),
	),
	"message-group-text.json": WhatsAppMessage(
		id="3A00000000000000A070",
		chat=GROUP,
		sender=Address("333300003333000", "lid"),
		content=Text("Good morning all"),
		sent_at=AT,
		chat_alt=None,
		sender_alt=Address("447700900456", "s.whatsapp.net"),
		push_name="Ben Sample",
	),
	"message-from-own-phone.json": FROM_SHOP,
	"message-from-own-phone-group.json": replace(
		FROM_SHOP,
		id="3A00000000000000A088",
		chat=GROUP,
		sender=SHOP_LID,
		content=Text("Good morning from the shop"),
		chat_alt=None,
		sender_alt=SHOP,
	),
	"message-from-own-phone-lid-chat.json": replace(
		FROM_SHOP,
		id="3A00000000000000A081",
		chat=ANA_LID,
		sender=SHOP_LID,
		chat_alt=ANA,
	),
	"message-lid-sender-companion-device.json": replace(
		FROM_ANA,
		id="3A00000000000000A084",
		chat=ANA_LID,
		sender=ANA_LID,
		content=Text("Sent from my laptop"),
		chat_alt=ANA,
		sender_alt=ANA,
	),
	"message-lid-sender.json": replace(
		FROM_ANA,
		id="3A00000000000000A082",
		chat=ANA_LID,
		sender=ANA_LID,
		content=Text("Hi from a hidden number"),
		chat_alt=ANA,
		sender_alt=ANA,
	),
	"message-lid-sender-no-alt.json": replace(
		FROM_ANA,
		id="3A00000000000000A083",
		chat=ANA_LID,
		sender=ANA_LID,
		content=Text("Hi, no phone number known"),
		chat_alt=None,
		sender_alt=None,
	),
	"message-status-broadcast.json": replace(
		FROM_ANA,
		id="3A00000000000000A090",
		chat=Address("status", "broadcast"),
		content=Text("On holiday"),
		chat_alt=None,
	),
	"message-newsletter.json": WhatsAppMessage(
		id="3EB0000000000000A091",
		chat=CHANNEL,
		sender=CHANNEL,
		content=Text("Channel update"),
		sent_at=AT,
	),
}
