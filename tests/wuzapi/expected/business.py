"""What businesses send: templates, buttons, lists, carousels."""

from dataclasses import replace
from datetime import datetime, timezone

from wuzapi_chatwoot.bridge.model.addresses import Address
from wuzapi_chatwoot.bridge.model.content import (
	BusinessMessage,
	Button,
	ButtonKind,
	ListRow,
	ListSection,
	Location,
	Media,
	MediaKind,
	Quote,
	Text,
)
from wuzapi_chatwoot.bridge.model.events import WhatsAppMessage

ANA = Address("447700900123", "s.whatsapp.net")
ANA_LID = Address("222200002222000", "lid")
SHOP = Address("12025550100", "s.whatsapp.net")
SHOP_LID = Address("111100001111000", "lid")
GROUP = Address("120363000000000001", "g.us")

FROM_ANA = WhatsAppMessage(
	id="",
	chat=ANA,
	sender=ANA,
	content=Text(""),
	sent_at=datetime(2026, 3, 14, 10, 21, 7, tzinfo=timezone.utc),
	chat_alt=ANA_LID,
	sender_alt=ANA_LID,
	push_name="Ana Example",
)
FROM_SHOP = replace(FROM_ANA, sender=SHOP, sender_alt=None, from_me=True, push_name="Example Shop")


def picture(name: str) -> Media:
	return _file(MediaKind.IMAGE, name, "image/jpeg")


def offer(name: str) -> Media:
	return replace(_file(MediaKind.DOCUMENT, name, "application/pdf"), file_name="Offer 7.pdf")


def _file(kind: MediaKind, name: str, mime_type: str) -> Media:
	"""Every file at the head of a message is downloaded later: WuzAPI delivers none of them."""
	ticket = (
		f'{{"endpoint":"/chat/download{kind.value}","body":{{"Url":"https://mmg.whatsapp.net/v/t62/{name}.enc?ccb=11-4",'
		f'"DirectPath":"/v/t62/{name}.enc","Mimetype":"{mime_type}",'
		'"MediaKey":"f2Lon55SYIH3aynldZbhvVirNZkBqHhMlcFirhs4C/M=",'
		'"FileEncSHA256":"q464IlUTwmHZM6fyYzbiTOS8gyigr+E9JJb6J8chWwk=",'
		'"FileSHA256":"0g9v/VI7eKhs0vkW+jSvXRkY1197FCI3x1KtayVCE6s=","FileLength":22}}'
	)
	return Media(kind, mime_type, ticket=ticket, size=22)


EXPECTED = {
	"message-buttons-place.json": replace(
		FROM_ANA,
		id="3A000000000000000C05",
		content=BusinessMessage(
			body="We moved",
			place=Location(
				latitude=51.5033, longitude=-0.1196, name="Example Shop", address="1 Sample Road, London"
			),
			buttons=(Button(label="Thanks"),),
		),
	),
	"message-buttons.json": replace(
		FROM_ANA,
		id="3A000000000000000C04",
		content=BusinessMessage(
			title="Order 42",
			body="Shall we send it today?",
			footer="Example Ltd",
			buttons=(Button(label="Yes, please"), Button(label="Later")),
		),
	),
	"message-carousel.json": replace(
		FROM_ANA,
		id="3A000000000000000C0B",
		content=BusinessMessage(
			body="New in our shop",
			cards=(
				BusinessMessage(
					title="Blue mug",
					body="Holds 300 ml",
					files=(picture("blue"),),
					buttons=(
						Button(label="Buy", kind=ButtonKind.LINK, target="https://example.com/shop/blue"),
					),
				),
				BusinessMessage(
					title="Red mug",
					body="Holds 500 ml",
					files=(picture("red"),),
					buttons=(
						Button(label="Buy", kind=ButtonKind.LINK, target="https://example.com/shop/red"),
					),
				),
			),
		),
	),
	"message-interactive-list.json": replace(
		FROM_ANA,
		id="3A000000000000000C09",
		content=BusinessMessage(
			title="Delivery",
			body="When may we come?",
			footer="Example Ltd",
			sections=(
				ListSection(
					rows=(ListRow(title="Morning", description="09:00 to 12:00"), ListRow(title="Afternoon")),
					title="Monday",
				),
			),
		),
	),
	"message-interactive-payment.json": replace(
		FROM_ANA,
		id="3A000000000000000C0A",
		content=BusinessMessage(
			body="Your order 42",
			buttons=(Button(label="Review and pay", kind=ButtonKind.PAY, target="125.50 BRL"),),
		),
	),
	"message-list-from-own-phone.json": replace(
		FROM_SHOP,
		id="3A000000000000000C07",
		content=BusinessMessage(
			title="Delivery",
			body="When may we come?",
			footer="Example Ltd",
			sections=(
				ListSection(
					rows=(ListRow(title="Morning", description="09:00 to 12:00"), ListRow(title="Afternoon")),
					title="Monday",
				),
				ListSection(rows=(ListRow(title="Evening"),), title="Tuesday"),
			),
		),
	),
	"message-list-of-products.json": replace(
		FROM_ANA,
		id="3A000000000000000C08",
		content=BusinessMessage(
			title="Mugs",
			body="Our best",
			sections=(
				ListSection(
					rows=(ListRow(title="Product 1001"), ListRow(title="Product 1002")), title="Blue"
				),
			),
		),
	),
	"message-list.json": replace(
		FROM_ANA,
		id="3A000000000000000C06",
		content=BusinessMessage(
			title="Delivery",
			body="When may we come?",
			footer="Example Ltd",
			sections=(
				ListSection(
					rows=(ListRow(title="Morning", description="09:00 to 12:00"), ListRow(title="Afternoon")),
					title="Monday",
				),
				ListSection(rows=(ListRow(title="Evening"),), title="Tuesday"),
			),
		),
	),
	"message-structured.json": replace(
		FROM_ANA,
		id="3A000000000000000C0C",
		content=BusinessMessage(
			title="Good news",
			body="Your parcel 42 is on its way",
			footer="Example Ltd",
			buttons=(
				Button(label="Follow it", kind=ButtonKind.LINK, target="https://example.com/track/42"),
				Button(label="Call us", kind=ButtonKind.CALL, target="+44 7700 900000"),
				Button(label="Change the day"),
			),
		),
	),
	"message-template-interactive.json": replace(
		FROM_ANA,
		id="3A000000000000000C03",
		content=BusinessMessage(
			title="Spring sale\nThis week",
			body="All mugs at half price",
			footer="Example Ltd",
			files=(offer("offer"),),
			buttons=(
				Button(label="Copy code", kind=ButtonKind.COPY, target="SPRING50"),
				Button(label="To the shop", kind=ButtonKind.LINK, target="https://example.com/shop"),
				Button(label="Call us", kind=ButtonKind.CALL, target="+447700900000"),
				Button(label="No more offers"),
			),
		),
		quote=Quote(message_id="3EB0AAAAAAAAAAAAAAAA70", author=SHOP, text="Any offers?"),
	),
	"message-template-picture.json": replace(
		FROM_ANA,
		id="3A000000000000000C01",
		content=BusinessMessage(
			body="Your parcel 42 is on its way",
			footer="Example Ltd",
			files=(picture("template"),),
			buttons=(
				Button(label="Follow it", kind=ButtonKind.LINK, target="https://example.com/track/42"),
				Button(label="Call us", kind=ButtonKind.CALL, target="+44 7700 900000"),
				Button(label="Change the day"),
			),
		),
	),
	"message-template-title.json": replace(
		FROM_ANA,
		id="3A000000000000000C02",
		content=BusinessMessage(
			title="Good news",
			body="Your parcel 42 is on its way",
			footer="Example Ltd",
			buttons=(
				Button(label="Follow it", kind=ButtonKind.LINK, target="https://example.com/track/42"),
				Button(label="Call us", kind=ButtonKind.CALL, target="+44 7700 900000"),
				Button(label="Change the day"),
			),
		),
	),
}
