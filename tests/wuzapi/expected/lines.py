"""Events, payments, polls, comments and other kinds of which people read a line; quotes, names and addresses that are odd."""

from dataclasses import replace
from datetime import datetime, timezone

from wuzapi_chatwoot.bridge.model.addresses import Address
from wuzapi_chatwoot.bridge.model.content import (
	CalendarEvent,
	ChannelInvite,
	Comment,
	Hidden,
	Kept,
	Location,
	LottieSticker,
	Payment,
	PaymentStep,
	PhoneNumber,
	Poll,
	PollOption,
	PollResult,
	Quote,
	StatusMention,
	StickerPack,
	Text,
	Undecryptable,
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
FROM_BEN = replace(
	FROM_ANA,
	chat=GROUP,
	sender=Address("333300003333000", "lid"),
	chat_alt=None,
	sender_alt=Address("447700900456", "s.whatsapp.net"),
	push_name="Ben Sample",
)


def at(month: int, day: int, hour: int) -> datetime:
	return datetime(2026, month, day, hour, tzinfo=timezone.utc)


EXPECTED = {
	"message-channel-admin-invite.json": replace(
		FROM_ANA, id="3A000000000000000C2C", content=ChannelInvite(channel_name="Example news", as_admin=True)
	),
	"message-channel-invite.json": replace(
		FROM_ANA,
		id="3A000000000000000C2B",
		content=ChannelInvite(channel_name="Example news", caption="Have a look"),
	),
	"message-comment-undecrypted.json": replace(
		FROM_BEN,
		id="3A000000000000000C21",
		content=Undecryptable(what=Hidden.COMMENT, target_id="3A0000000000000000R0"),
	),
	"message-comment.json": replace(
		FROM_BEN,
		id="3A000000000000000C22",
		content=Comment(target_id="3A0000000000000000R0", text="Well said"),
	),
	"message-event-answer.json": replace(
		FROM_BEN,
		id="3A000000000000000C0F",
		content=Undecryptable(what=Hidden.EVENT_ANSWER, target_id="3A0000000000000000E1"),
	),
	"message-event-canceled.json": replace(
		FROM_BEN,
		id="3A000000000000000C0E",
		content=CalendarEvent(name="Summer party", starts_at=at(6, 13, 10), canceled=True),
	),
	"message-event-invite.json": replace(
		FROM_ANA,
		id="3A000000000000000C10",
		content=CalendarEvent(
			name="Tasting",
			starts_at=at(6, 13, 10),
			ends_at=at(6, 14, 10),
			description="Do come",
			link="https://call.whatsapp.com/voice/FICTIONAL",
		),
	),
	"message-event.json": replace(
		FROM_BEN,
		id="3A000000000000000C0D",
		content=CalendarEvent(
			name="Summer party",
			starts_at=at(6, 13, 10),
			ends_at=at(6, 13, 13),
			description="Bring a cake",
			place=Location(
				latitude=51.5033, longitude=-0.1196, name="Example Garden", address="1 Sample Road, London"
			),
			link="https://call.whatsapp.com/video/FICTIONAL",
		),
	),
	"message-from-hosted-number.json": replace(
		FROM_ANA, id="3A000000000000000C33", content=Text(body="Written on a hosted number")
	),
	"message-group-status-mention.json": replace(
		FROM_BEN, id="3A000000000000000C2A", content=StatusMention(group=True)
	),
	"message-invoice.json": replace(
		FROM_ANA,
		id="3A000000000000000C1A",
		content=Payment(step=PaymentStep.INVOICE, note="Invoice 42, 12.50 EUR"),
	),
	"message-kept.json": replace(
		FROM_ANA, id="3A000000000000000C2D", content=Kept(target_id="3A0000000000000000K1", kept=True)
	),
	"message-mention-of-us.json": replace(
		FROM_BEN,
		id="3A000000000000000C32",
		content=Text(body="@111100001111000 can you look?"),
		mentions=(SHOP_LID,),
	),
	"message-number-asked.json": replace(
		FROM_ANA, id="3A000000000000000C28", content=PhoneNumber(shared=False)
	),
	"message-number-shared.json": replace(
		FROM_ANA,
		id="3A000000000000000C27",
		content=PhoneNumber(shared=True),
		chat=ANA_LID,
		sender=ANA_LID,
		chat_alt=ANA,
		sender_alt=ANA,
	),
	"message-odd-name.json": replace(
		FROM_ANA, id="3A000000000000000C34", content=Text(body="A bell  and a break\nof line"), push_name=""
	),
	"message-payment-canceled.json": replace(
		FROM_ANA,
		id="3A000000000000000C16",
		content=Payment(step=PaymentStep.CANCELED, target_id="3A0000000000000000P1"),
	),
	"message-payment-declined.json": replace(
		FROM_ANA,
		id="3A000000000000000C15",
		content=Payment(step=PaymentStep.DECLINED, target_id="3EB0AAAAAAAAAAAAAAAA71"),
	),
	"message-payment-invite.json": replace(
		FROM_ANA, id="3A000000000000000C17", content=Payment(step=PaymentStep.INVITED)
	),
	"message-payment-reminder.json": replace(
		FROM_ANA,
		id="3A000000000000000C18",
		content=Payment(step=PaymentStep.REMINDER, amount="800.00 EUR", note="Rent"),
	),
	"message-payment-request.json": replace(
		FROM_ANA,
		id="3A000000000000000C13",
		content=Payment(step=PaymentStep.REQUESTED, amount="12.50 BRL", note="For the cake"),
	),
	"message-payment-sent.json": replace(
		FROM_ANA,
		id="3A000000000000000C14",
		content=Payment(step=PaymentStep.SENT, note="Thank you", target_id="3EB0AAAAAAAAAAAAAAAA71"),
	),
	"message-payment-split.json": replace(
		FROM_BEN,
		id="3A000000000000000C19",
		content=Payment(step=PaymentStep.SPLIT, amount="90.00 EUR", note="Dinner"),
	),
	"message-planned-call-canceled.json": replace(
		FROM_BEN,
		id="3A000000000000000C12",
		content=CalendarEvent(name="", canceled=True, is_call=True, target_id="3A0000000000000000E2"),
	),
	"message-planned-call.json": replace(
		FROM_BEN,
		id="3A000000000000000C11",
		content=CalendarEvent(name="About the order", starts_at=at(6, 13, 10), is_call=True),
	),
	"message-poll-newest.json": replace(
		FROM_BEN, id="3A000000000000000C1C", content=Poll(question="Which mug?", options=("Blue", "Red"))
	),
	"message-poll-option-added.json": replace(
		FROM_BEN,
		id="3A000000000000000C1E",
		content=PollOption(poll_id="3A0000000000000000P0", option="Green"),
	),
	"message-poll-result.json": replace(
		FROM_BEN,
		id="3A000000000000000C1B",
		content=PollResult(question="Delivery day?", votes=(("Monday", 3), ("Tuesday", 0))),
	),
	"message-poll-vote-undecrypted.json": replace(
		FROM_BEN,
		id="3A000000000000000C1F",
		content=Undecryptable(what=Hidden.VOTE, target_id="3A0000000000000000P0"),
	),
	"message-poll-wrapped.json": replace(
		FROM_BEN,
		id="3A000000000000000C1D",
		content=Poll(question="Which day?", options=("Monday",), choices_allowed=0),
	),
	"message-question-answer.json": replace(
		FROM_ANA,
		id="3A000000000000000C23",
		content=Comment(target_id="3EB0000000000000Q001", text="At nine, I think", is_answer=True),
	),
	"message-reaction-undecrypted.json": replace(
		FROM_BEN,
		id="3A000000000000000C20",
		content=Undecryptable(what=Hidden.REACTION, target_id="3A0000000000000000R0"),
	),
	"message-reply-to-card.json": replace(
		FROM_ANA,
		id="3A000000000000000C30",
		content=Text(body="Is this still there?"),
		quote=Quote(
			message_id="3EB0AAAAAAAAAAAAAAAA72", author=SHOP, text="👤 Contact: Cara Sample, +44 7700 900789"
		),
	),
	"message-reply-to-our-status.json": replace(
		FROM_ANA,
		id="3A000000000000000C31",
		content=Text(body="Is this still there?"),
		quote=Quote(message_id="3EB0AAAAAAAAAAAAAAAA72", author=SHOP, text="New mugs today", of_status=True),
	),
	"message-reply-to-picture.json": replace(
		FROM_ANA,
		id="3A000000000000000C2E",
		content=Text(body="Is this still there?"),
		quote=Quote(message_id="3EB0AAAAAAAAAAAAAAAA72", author=SHOP, text="🖼️ Picture: The blue one"),
	),
	"message-reply-to-place.json": replace(
		FROM_ANA,
		id="3A000000000000000C2F",
		content=Text(body="Is this still there?"),
		quote=Quote(message_id="3EB0AAAAAAAAAAAAAAAA72", author=SHOP, text="📍 Location: Example Wheel"),
	),
	"message-status-mention.json": replace(FROM_ANA, id="3A000000000000000C29", content=StatusMention()),
	"message-status-question-answer.json": replace(
		FROM_ANA,
		id="3A000000000000000C24",
		content=Comment(target_id="3EB0000000000000Q002", text="The blue one", is_answer=True),
	),
	"message-sticker-lottie.json": replace(
		FROM_ANA, id="3A000000000000000C26", content=LottieSticker(label="A dancing mug")
	),
	"message-sticker-pack.json": replace(
		FROM_ANA,
		id="3A000000000000000C25",
		content=StickerPack(name="Happy mugs", publisher="Example Ltd", stickers=2, caption="For you"),
	),
}
