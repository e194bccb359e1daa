"""What a WhatsApp message says: the gateway's message object turned into a value of `bridge.content`.

Not about who wrote it, where and when. Never raises: a value of the wrong type is as good as absent, a kind we do
not know becomes `Unknown`, and what says nothing becomes `Nothing`.
"""

from __future__ import annotations

from collections.abc import Callable

from wuzapi_chatwoot.bridge.model.content import (
	EMPTY,
	AlbumStart,
	Choice,
	ContactCard,
	ContactCards,
	Content,
	Edit,
	GroupInvite,
	Hidden,
	LinkPreview,
	PhoneNumber,
	Pin,
	Poll,
	Reaction,
	Revoke,
	StatusMention,
	Text,
	Undecryptable,
	Unknown,
)
from wuzapi_chatwoot.bridge.model.events import Nothing
from wuzapi_chatwoot.bridge.text.describe import quote_line
from wuzapi_chatwoot.gateways.wuzapi.parse import business, lines, shop
from wuzapi_chatwoot.gateways.wuzapi.parse.fields import Fields, load
from wuzapi_chatwoot.gateways.wuzapi.parse.media import MEDIA
from wuzapi_chatwoot.gateways.wuzapi.parse.places import live_location, location

# Keys that are no object with content: a plain text, and what says nothing to people.
_NOT_CONTENT = frozenset(
	{
		"conversation",
		"messagecontextinfo",
		"senderkeydistributionmessage",
		"fastratchetkeysenderkeydistributionmessage",
		"stickersyncrmrmessage",
	}
)
# How many wrappers (`associatedChildMessage.message`, `groupMentionedMessage.message`, …) are taken off.
_WRAPPERS = 3
_PIN, _UNPIN = 1, 2
# Of an event, a message, a poll.
_SECRET_EDITS = (1, 2, 4)
_SECRET_POLL_OPTION = 5


def content_of(message: Fields) -> Content | Nothing:
	"""Read a message object. A kind we know wins over one that we do not."""
	kind, body = find_body(message)
	if kind is None:
		# A kind that is newer than the gateway leaves nothing but (perhaps) its context behind. Somebody wrote it.
		left = {key for key in message if key != "messagecontextinfo"}
		return Nothing("message without content") if left else Unknown(EMPTY)
	read = _KINDS.get(kind.lower())
	return (read(body) if read else None) or Unknown(kind)


def find_body(message: Fields, wrappers: int = _WRAPPERS) -> tuple[str | None, Fields]:
	"""The gateway's word for the kind of a message, and its object; without content: no word."""
	if message.text("conversation"):
		return "conversation", message
	keys = [key for key in message if key not in _NOT_CONTENT]
	for key in keys:
		if key in _KINDS and message.is_object(key):
			return message.word(key), message.inner(key)
	for key in keys:
		inside = message.inner(key).inner("message")
		if inside and wrappers:
			return find_body(inside, wrappers - 1)
	return (message.word(keys[0]), message.inner(keys[0])) if keys else (None, Fields(None))


def readable_text(message: Fields) -> str | None:
	"""A quoted message in words; `None` if there are none for it."""
	content = content_of(message)
	return None if isinstance(content, Nothing) else quote_line(content) or None


def _text(message: Fields) -> Content:
	return Text(message.text("conversation"))


def _extended_text(body: Fields) -> Content | Nothing:
	if not body.text("text"):
		return Nothing("message without content")
	return Text(body.text("text"), _preview(body))


def _preview(body: Fields) -> LinkPreview | None:
	title, description = body.text("title"), body.text("description")
	if not title and not description:
		return None
	return LinkPreview(body.text("matchedText", "canonicalURL"), title, description)


def _contact(body: Fields) -> Content:
	return ContactCards((_card(body),))


def _contacts(body: Fields) -> Content | None:
	cards = tuple(_card(row) for row in body.rows("contacts"))
	return ContactCards(cards) if cards else None


def _card(body: Fields) -> ContactCard:
	return ContactCard(name=body.name("displayName"), vcard=body.text("vcard"))


def _poll(body: Fields) -> Content | None:
	options = tuple(row.text("optionName") for row in body.rows("options") if row.text("optionName"))
	if not body.text("name") and not options:
		return None
	return Poll(body.text("name"), options, body.count("selectableOptionsCount") or 0)


def _choice(text: str, id: str) -> Content | None:
	return Choice(text or id, id or None) if text or id else None


def _button(body: Fields) -> Content | None:
	text = body.inner("Response").text("SelectedDisplayText") or body.text("selectedDisplayText")
	return _choice(text, body.text("selectedButtonID", "selectedID"))


def _list_row(body: Fields) -> Content | None:
	id = body.inner("singleSelectReply").text("selectedRowID")
	return _choice(body.text("title", "description"), id)


def _interactive_answer(body: Fields) -> Content | None:
	flow = body.inner("InteractiveResponseMessage").inner("NativeFlowResponseMessage")
	flow = flow or body.inner("nativeFlowResponseMessage")
	try:
		chosen = Fields(load(flow.text("paramsJSON")))
	except (ValueError, RecursionError):
		chosen = Fields(None)
	return _choice(body.inner("body").text("text"), chosen.text("id"))


def _reaction(body: Fields) -> Content | None:
	target = body.inner("key").id("ID")
	return Reaction(target, body.text("text")) if target else None


def _protocol(body: Fields) -> Content | Nothing:
	target = body.inner("key").id("ID")
	# Protobuf leaves the value 0 out; other encoders of the same structs write the names.
	kind = body.whole("type") if "type" in body else 0
	match body.text("type") or kind:
		case 0 | "REVOKE" if target:
			return Revoke(target, by_admin=_deleted_by_other(body.inner("key")))
		case 14 | "MESSAGE_EDIT" if target:
			edited = content_of(body.inner("editedMessage"))
			if isinstance(edited, Nothing) or edited == Unknown(EMPTY):
				return Edit(target, None)
			return Edit(target, edited)
		case 3 | "EPHEMERAL_SETTING":
			return Nothing("disappearing messages setting")
		case 11 | "SHARE_PHONE_NUMBER":
			return PhoneNumber(shared=True)
		case 25 | "STATUS_MENTION_MESSAGE":
			return StatusMention()
		case _:
			return Nothing("protocol message between devices")


def _deleted_by_other(key: Fields) -> bool:
	# The key is written from the deleting person's point of view; only an admin can delete what others wrote.
	return bool(key.text("participant")) and not key.flag("fromMe")


def _secret(body: Fields) -> Content | None:
	target = body.inner("targetMessageKey").id("ID")
	if target and body.whole("secretEncType") == _SECRET_POLL_OPTION:
		return Undecryptable(what=Hidden.POLL_OPTION, target_id=target)
	return Edit(target, None) if target and body.whole("secretEncType") in _SECRET_EDITS else None


def _pin(body: Fields) -> Content | None:
	target, action = body.inner("key").id("ID"), body.whole("type")
	return Pin(target, pinned=action == _PIN) if target and action in (_PIN, _UNPIN) else None


def _invite(body: Fields) -> Content:
	return GroupInvite(
		group=body.address("groupJID"),
		group_name=body.name("groupName"),
		code=body.text("inviteCode"),
		caption=body.text("caption") or None,
	)


def _album(body: Fields) -> Content:
	return AlbumStart(body.count("expectedImageCount") or 0, body.count("expectedVideoCount") or 0)


# `None` from one of these: known, but without what makes it one of its kind.
_KINDS: dict[str, Callable[[Fields], Content | Nothing | None]] = {
	"conversation": _text,
	**MEDIA,
	"extendedtextmessage": _extended_text,
	"locationmessage": location,
	"livelocationmessage": live_location,
	"contactmessage": _contact,
	"contactsarraymessage": _contacts,
	"pollcreationmessage": _poll,
	"pollcreationmessagev2": _poll,
	"pollcreationmessagev3": _poll,
	"pollcreationmessagev5": _poll,
	"pollcreationmessagev6": _poll,
	"pollresultsnapshotmessage": lines.poll_result,
	"pollresultsnapshotmessagev3": lines.poll_result,
	"polladdoptionmessage": lines.poll_option,
	"pollupdatemessage": lines.hidden_vote,
	"buttonsresponsemessage": _button,
	"templatebuttonreplymessage": _button,
	"listresponsemessage": _list_row,
	"interactiveresponsemessage": _interactive_answer,
	"reactionmessage": _reaction,
	"protocolmessage": _protocol,
	"secretencryptedmessage": _secret,
	"pininchatmessage": _pin,
	"groupinvitemessage": _invite,
	"newsletteradmininvitemessage": lines.admin_invite,
	"newsletterfollowerinvitemessagev2": lines.follower_invite,
	"albummessage": _album,
	"commentmessage": lines.comment,
	"questionresponsemessage": lines.question_answer,
	"statusquestionanswermessage": lines.question_answer,
	"statusquotedmessage": lines.quoted_question,
	"statusmentionmessage": lines.status_mention,
	"groupstatusmentionmessage": lines.group_status_mention,
	"encreactionmessage": lines.hidden_reaction,
	"enccommentmessage": lines.hidden_comment,
	"enceventresponsemessage": lines.hidden_event_answer,
	"eventmessage": lines.event,
	"eventinvitemessage": lines.event_invite,
	"scheduledcallcreationmessage": lines.planned_call,
	"scheduledcalleditmessage": lines.planned_call_changed,
	"stickerpackmessage": lines.sticker_pack,
	"keepinchatmessage": lines.kept,
	"requestphonenumbermessage": lines.asks_for_number,
	# what businesses send
	"ordermessage": shop.order,
	"productmessage": shop.product,
	"requestpaymentmessage": shop.request_payment,
	"sendpaymentmessage": shop.send_payment,
	"declinepaymentrequestmessage": shop.decline_payment,
	"cancelpaymentrequestmessage": shop.cancel_payment,
	"paymentinvitemessage": shop.invite_to_pay,
	"paymentremindermessage": shop.payment_reminder,
	"splitpaymentmessage": shop.split_payment,
	"invoicemessage": shop.invoice,
	"buttonsmessage": business.buttons_message,
	"listmessage": business.list_message,
	"interactivemessage": business.interactive_message,
	"templatemessage": business.template_message,
	"highlystructuredmessage": business.structured_message,
}
